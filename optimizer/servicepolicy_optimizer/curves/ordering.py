"""How much an item orders at a time under a supply option, and at which price."""

import numpy as np

from servicepolicy_models.means import SupplyOption
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.inventory.price_breaks import order_quantity_pieces

LEAST_CARRYING_RATE = 1e-6
"""Where holding is free the largest allowed quantity is best; this rate finds it."""


def order_quantities(
    supply: SupplyOption,
    carrying_rate_per_year: float,
    days_per_year: float,
    unit_cost: Floats,
    pieces_per_day: Floats,
) -> tuple[Floats, Floats]:
    """Order quantity (n,) in whole pieces and purchase price (n,) in currency per piece.

    The cheapest of purchase + ordering + carrying a year, in whole multiples between the minimum order and
    the
    longest cover (at least one piece); see `order_quantity_pieces`.
    """
    factors = np.array([1.0, *(step.unit_cost_factor for step in supply.quantity_breaks)])
    starts = np.array([0.0, *(step.from_pieces for step in supply.quantity_breaks)])
    best = order_quantity_pieces(
        pieces_per_day * days_per_year,
        supply.fixed_cost_per_order,
        max(carrying_rate_per_year, LEAST_CARRYING_RATE),
        np.broadcast_to(starts, (unit_cost.size, starts.size)),
        unit_cost[:, None] * supply.unit_cost_factor * factors,
        minimum_pieces=max(supply.minimum_order_pieces, 1.0),
        multiple_pieces=max(supply.order_multiple_pieces, 1.0),
        cap_pieces=np.maximum(np.floor(pieces_per_day * supply.maximum_cover_days), 1.0),
    )
    return best.order_quantity_pieces, best.unit_cost
