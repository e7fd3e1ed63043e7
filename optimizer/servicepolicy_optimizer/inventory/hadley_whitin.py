"""Reorder point and quantity under a cost per piece short: the cycle iteration of Hadley & Whitin.

Source: Hadley & Whitin, Analysis of Inventory Systems (1963), 4.2-4.4; Nahmias & Olsen (2015), 5.4. An
approximation: backorders are left out of the stock, and a cost per piece SHORT is not a cost per piece and
time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from servicepolicy_optimizer.inventory.reorder_optimum import ReorderCosts, ReorderPolicy

ITERATIONS = 200


def hadley_whitin(
    reorder_point_at_stockout_chance: Callable[[float], float],
    loss_pieces: Callable[[float], float],
    lead_time_demand_mean_pieces: float,
    demand_pieces_per_year: float,
    costs: ReorderCosts,
) -> ReorderPolicy:
    """Iterate P(D > r) = Q h / (pi d) and Q = sqrt(2 d (K + pi n(r)) / h); cost h (Q/2 + r - mu) + (K + pi
    n) d / Q.

    reorder_point_at_stockout_chance  the r with P(D > r) = chance
    loss_pieces                       n(r) = E[(D - r)+], pieces short a cycle
    pi is `costs.shortage_cost_per_piece`: per piece SHORT; stock is charged net of backorders, as in the
    source.

    >>> costs = ReorderCosts(100, 2, shortage_cost_per_piece=10)
    >>> uniform = hadley_whitin(lambda p: 100 * (1 - p), lambda r: (100 - r) ** 2 / 200, 50, 1000, costs)
    >>> round(uniform.order_quantity_pieces, 2), round(uniform.reorder_point_pieces, 2)
    (319.44, 93.61)
    """
    d, h, pi = demand_pieces_per_year, costs.holding_cost_per_piece_year, costs.shortage_cost_per_piece
    quantity = float(np.sqrt(2 * d * costs.fixed_cost_per_order / h))
    for _ in range(ITERATIONS):
        chance = quantity * h / (pi * d)
        if chance >= 1:
            raise ValueError("shortage_cost_per_piece: so low that holding no stock is cheapest; raise it")
        r = reorder_point_at_stockout_chance(chance)
        last = quantity
        quantity = float(np.sqrt(2 * d * (costs.fixed_cost_per_order + pi * loss_pieces(r)) / h))
        if abs(quantity - last) <= 1e-12 * quantity:
            break
    short = loss_pieces(r)
    stock = h * (quantity / 2 + r - lead_time_demand_mean_pieces)
    return ReorderPolicy(r, quantity, stock + (costs.fixed_cost_per_order + pi * short) * d / quantity)
