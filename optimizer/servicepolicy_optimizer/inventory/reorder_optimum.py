"""The cheapest (r, Q) against backorder or shortage costs, exactly, for one item.

Sources: Zipkin (2000), 6.5 (exact cost, g(r) = g(r + Q)); Federgruen & Zheng, Operations Research 40 (1992)
(the optimal positions are the cheapest levels, added one at a time); Hadley & Whitin (1963), ch. 4 (the
iteration on cycles). A cost per piece AND TIME waits on backorders; a cost per piece SHORT counts stockouts:
never mix them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from servicepolicy_optimizer.inventory.demand import Demand
from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.order_quantity import (
    economic_order_quantity,
    economic_order_quantity_with_backorders,
)
from servicepolicy_optimizer.inventory.shelf import mean_position, position_average, position_stockout

LONGEST_SEARCH_LEVELS = 1_000_000


@dataclass(frozen=True)
class ReorderCosts:
    """What a continuous review policy of one item pays; times in one unit throughout (here: years)."""

    fixed_cost_per_order: float
    holding_cost_per_piece_year: float
    backorder_cost_per_piece_year: float = 0.0
    """For a piece short, each year it waits."""
    shortage_cost_per_piece: float = 0.0
    """For a piece short, however long it waits."""


class CostParts(NamedTuple):
    """Yearly cost of a policy by part."""

    ordering_per_year: float
    holding_per_year: float
    backorder_per_year: float
    shortage_per_year: float

    @property
    def total_per_year(self) -> float:
        """The sum of the parts."""
        return float(sum(self))


class ReorderPolicy(NamedTuple):
    """A reorder point, an order quantity and their yearly cost."""

    reorder_point_pieces: float
    order_quantity_pieces: float
    cost_per_year: float


def reorder_cost(
    lead_time_demand: Demand,
    demand_pieces_per_year: float,
    costs: ReorderCosts,
    reorder_point_pieces: float,
    order_quantity_pieces: float,
) -> CostParts:
    """K d / Q + h I + b B + pi d P(no stock), with the exact mean stock I and backorders B of an (r, Q)
    policy.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> costs = ReorderCosts(100, 20, 150)
    >>> round(reorder_cost(Demand(Family.POISSON, 3.0, 0.0), 1.5, costs, 3, 5).total_per_year, 7)
    107.9235806
    """
    r, q = np.asarray(reorder_point_pieces, float), np.asarray(order_quantity_pieces, float)
    backorders = float(position_average(lead_time_demand, r, q, 1)[0])
    on_hand = float(mean_position(lead_time_demand, r, q) - lead_time_demand.mean_pieces) + backorders
    stockout = float(position_stockout(lead_time_demand, r, q))
    return CostParts(
        costs.fixed_cost_per_order * demand_pieces_per_year / order_quantity_pieces,
        costs.holding_cost_per_piece_year * on_hand,
        costs.backorder_cost_per_piece_year * backorders,
        costs.shortage_cost_per_piece * demand_pieces_per_year * stockout,
    )


def cheapest_whole_policy(
    lead_time_demand: Demand, demand_pieces_per_year: float, costs: ReorderCosts
) -> ReorderPolicy:
    """Cheapest whole (r, Q) of a counting demand: take the levels y in order of their cost rate while that
    helps.

    g(y) = h (y - mu) + (h + b) G(y) + pi d P(D >= y); C(r, Q) = (K d + sum of g over r+1..r+Q) / Q.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> best = cheapest_whole_policy(Demand(Family.POISSON, 3.0, 0.0), 1.5, ReorderCosts(100, 20, 150))
    >>> best.reorder_point_pieces, best.order_quantity_pieces, round(best.cost_per_year, 4)
    (3.0, 5.0, 107.9236)
    """
    rate = _cost_rate(lead_time_demand, demand_pieces_per_year, costs)
    middle = int(lead_time_demand.mean_pieces)
    while float(rate(middle + 1.0)) < float(rate(float(middle))):
        middle += 1
    while float(rate(middle - 1.0)) <= float(rate(float(middle))):
        middle -= 1
    low = high = middle
    total = costs.fixed_cost_per_order * demand_pieces_per_year + float(rate(float(middle)))
    for _ in range(LONGEST_SEARCH_LEVELS):
        below, above = float(rate(low - 1.0)), float(rate(high + 1.0))
        if min(below, above) >= total / (high - low + 1):
            break
        low, high = (low - 1, high) if below <= above else (low, high + 1)
        total += min(below, above)
    return ReorderPolicy(float(low - 1), float(high - low + 1), total / (high - low + 1))


def best_reorder_point(
    lead_time_demand: Demand, demand_pieces_per_year: float, costs: ReorderCosts, order_quantity_pieces: float
) -> float:
    """Best r for a given Q, continuous demand: the r with g(r) = g(r + Q).  [pieces]

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> demand = Demand(Family.NORMAL, 1300 / 12, 150 / 12 ** 0.5)
    >>> round(best_reorder_point(demand, 1300, ReorderCosts(8, 0.225, 7.5), 318), 3)
    127.788
    """
    rate = _cost_rate(lead_time_demand, demand_pieces_per_year, costs)
    low, high = _bracket(lead_time_demand, order_quantity_pieces)
    root = brentq(lambda r: float(rate(r + order_quantity_pieces) - rate(r)), low, high, xtol=1e-10)
    return float(root)


def cheapest_policy(
    lead_time_demand: Demand, demand_pieces_per_year: float, costs: ReorderCosts
) -> ReorderPolicy:
    """Cheapest (r, Q) of a continuous demand: the Q at which the marginal level costs what the average one
    does.

    At the optimum g(r) = g(r + Q) = C(r, Q) (Zipkin 2000, 6.5.2).

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> demand = Demand(Family.NORMAL, 1300 / 12, 150 / 12 ** 0.5)
    >>> [round(value, 3) for value in cheapest_policy(demand, 1300, ReorderCosts(8, 0.225, 7.5))]
    [126.867, 328.449, 78.071]
    """
    rate = _cost_rate(lead_time_demand, demand_pieces_per_year, costs)

    def marginal_over_average(quantity: float) -> float:
        """g(r(Q)) - C(r(Q), Q): negative while a larger quantity pays."""
        r = best_reorder_point(lead_time_demand, demand_pieces_per_year, costs, quantity)
        parts = reorder_cost(lead_time_demand, demand_pieces_per_year, costs, r, quantity)
        return float(rate(r)) - parts.total_per_year

    start = float(
        economic_order_quantity(
            costs.fixed_cost_per_order, costs.holding_cost_per_piece_year, demand_pieces_per_year
        ).order_quantity_pieces
    )
    high = start
    while marginal_over_average(high) < 0:
        high *= 2
    low = start * 1e-3
    while marginal_over_average(low) > 0:
        low /= 10
    quantity = float(brentq(marginal_over_average, low, high, xtol=1e-9))
    r = best_reorder_point(lead_time_demand, demand_pieces_per_year, costs, quantity)
    total = reorder_cost(lead_time_demand, demand_pieces_per_year, costs, r, quantity).total_per_year
    return ReorderPolicy(r, quantity, total)


def policy_from_eoq_with_backorders(
    lead_time_demand: Demand, demand_pieces_per_year: float, costs: ReorderCosts
) -> ReorderPolicy:
    """Q from the deterministic EOQ with backorders, then the best r for it; at most 11.8 % above the optimum.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> demand = Demand(Family.NORMAL, 1300 / 12, 150 / 12 ** 0.5)
    >>> policy = policy_from_eoq_with_backorders(demand, 1300, ReorderCosts(8, 0.225, 7.5))
    >>> round(policy.reorder_point_pieces, 2), round(policy.order_quantity_pieces, 2)
    (128.64, 308.57)
    """
    quantity = float(
        economic_order_quantity_with_backorders(
            costs.fixed_cost_per_order,
            costs.holding_cost_per_piece_year,
            costs.backorder_cost_per_piece_year,
            demand_pieces_per_year,
        ).order_quantity_pieces
    )
    r = best_reorder_point(lead_time_demand, demand_pieces_per_year, costs, quantity)
    total = reorder_cost(lead_time_demand, demand_pieces_per_year, costs, r, quantity).total_per_year
    return ReorderPolicy(r, quantity, total)


def policy_from_eoq_and_fractile(
    lead_time_demand: Demand, demand_pieces_per_year: float, costs: ReorderCosts
) -> ReorderPolicy:
    """Q = EOQ, r = mu + sd Phi^-1(b / (b + h)): ignores that Q protects too, so much too high; normal demand.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> demand = Demand(Family.NORMAL, 1300 / 12, 150 / 12 ** 0.5)
    >>> round(policy_from_eoq_and_fractile(demand, 1300, ReorderCosts(8, 0.225, 7.5)).reorder_point_pieces, 2)
    190.34
    """
    h, b = costs.holding_cost_per_piece_year, costs.backorder_cost_per_piece_year
    quantity = float(
        economic_order_quantity(costs.fixed_cost_per_order, h, demand_pieces_per_year).order_quantity_pieces
    )
    r = float(lead_time_demand.mean_pieces + lead_time_demand.sd_pieces * ndtri(b / (b + h)))
    total = reorder_cost(lead_time_demand, demand_pieces_per_year, costs, r, quantity).total_per_year
    return ReorderPolicy(r, quantity, total)


def _cost_rate(law: Demand, demand_pieces_per_year: float, costs: ReorderCosts) -> Callable[[float], Array]:
    """g(y), the cost rate while the inventory position was y a lead time ago."""
    h, b = costs.holding_cost_per_piece_year, costs.backorder_cost_per_piece_year
    per_stockout = costs.shortage_cost_per_piece * demand_pieces_per_year
    below = 1.0 if bool(law.is_counting) else 0.0

    def rate(level: float) -> Array:
        """h (y - mu) + (h + b) G(y) + pi d P(D >= y)."""
        return np.asarray(
            h * (level - law.mean_pieces)
            + (h + b) * law.loss(level)
            + per_stockout * law.survival(level - below)
        )

    return rate


def _bracket(law: Demand, order_quantity_pieces: float) -> tuple[float, float]:
    """Levels so far below and above the demand that g(r + Q) - g(r) has opposite signs."""
    wide = 40 * float(law.sd_pieces) + 1
    return float(law.mean_pieces) - order_quantity_pieces - wide, float(law.mean_pieces) + wide
