"""What a supply or transport mode costs a year in all: freight, cycle stock, safety stock and stock on the
way.

Source: Chopra & Meindl (2016), ch. 14: the cheapest freight rate is seldom the cheapest mode.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array


def mode_cost_per_year(
    demand_pieces_per_year: npt.ArrayLike,
    freight_cost_per_piece: npt.ArrayLike,
    holding_cost_per_piece_year: npt.ArrayLike,
    order_quantity_pieces: npt.ArrayLike,
    safety_stock_pieces: npt.ArrayLike,
    transit_days: npt.ArrayLike,
    days_per_year: float = 365.0,
) -> Array:
    """freight D + h (Q / 2 + safety stock + D x transit / days of the year); no purchase, no fixed order
    cost.

    >>> float(mode_cost_per_year(120000, 0.65, 30, 2000, 986.3, 5).round(-2))
    186900.0
    """
    demand, freight, holding, quantity, safety, transit = (
        np.asarray(value, float)
        for value in (
            demand_pieces_per_year,
            freight_cost_per_piece,
            holding_cost_per_piece_year,
            order_quantity_pieces,
            safety_stock_pieces,
            transit_days,
        )
    )
    on_the_way = demand * transit / days_per_year
    return np.asarray(demand * freight + holding * (quantity / 2 + safety + on_the_way))
