"""How much to order: the economic order quantity, its variants, and quantities under minimum, multiple and
cap.

Sources: Harris (1913); Zipkin (2000), ch. 3; Snyder & Shen (2019), ch. 3; Silver, Pyke & Thomas (2017), ch.
4. Money is in the scenario's currency. Functions are elementwise: shapes broadcast.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array


class OrderQuantity(NamedTuple):
    """A quantity and what it costs a year; whether the cost holds the purchase is said by the function."""

    order_quantity_pieces: Array
    cost_per_year: Array


class OrderQuantityWithBackorders(NamedTuple):
    """A quantity, the share of demand that is backordered on purpose, and the yearly cost without
    purchase.
    """

    order_quantity_pieces: Array
    backordered_share: Array
    cost_per_year: Array


def economic_order_quantity(
    fixed_cost_per_order: npt.ArrayLike,
    holding_cost_per_piece_year: npt.ArrayLike,
    demand_pieces_per_year: npt.ArrayLike,
) -> OrderQuantity:
    """Q = sqrt(2 K D / h), cost sqrt(2 K D h) without purchase.

    >>> [round(float(value), 4) for value in economic_order_quantity(8, 0.225, 1300)]
    [304.0468, 68.4105]
    """
    k, h, d = _floats(fixed_cost_per_order, holding_cost_per_piece_year, demand_pieces_per_year)
    return OrderQuantity(np.sqrt(2 * k * d / h), np.sqrt(2 * k * d * h))


def order_cost_per_year(
    order_quantity_pieces: npt.ArrayLike,
    fixed_cost_per_order: npt.ArrayLike,
    holding_cost_per_piece_year: npt.ArrayLike,
    demand_pieces_per_year: npt.ArrayLike,
) -> Array:
    """K D / Q + h Q / 2: ordering and cycle stock of any quantity, without purchase.

    >>> float(order_cost_per_year(200, 8, 0.225, 1300))
    74.5
    """
    q, k, h, d = _floats(
        order_quantity_pieces, fixed_cost_per_order, holding_cost_per_piece_year, demand_pieces_per_year
    )
    orders = np.divide(
        d, q, out=np.zeros(np.broadcast(d, q).shape), where=np.broadcast_to(q > 0, np.broadcast(d, q).shape)
    )
    return np.asarray(k * orders + h * q / 2)


def economic_order_quantity_with_backorders(
    fixed_cost_per_order: npt.ArrayLike,
    holding_cost_per_piece_year: npt.ArrayLike,
    backorder_cost_per_piece_year: npt.ArrayLike,
    demand_pieces_per_year: npt.ArrayLike,
) -> OrderQuantityWithBackorders:
    """Q = sqrt(2 K D (h + p) / (h p)), backordered share h / (h + p); p is per piece and YEAR, not per piece.

    >>> [round(float(value), 6) for value in economic_order_quantity_with_backorders(8, 0.225, 5, 1300)]
    [310.812555, 0.043062, 66.921364]
    """
    k, h, p, d = _floats(
        fixed_cost_per_order,
        holding_cost_per_piece_year,
        backorder_cost_per_piece_year,
        demand_pieces_per_year,
    )
    quantity = np.sqrt(2 * k * d * (h + p) / (h * p))
    return OrderQuantityWithBackorders(quantity, h / (h + p), np.sqrt(2 * k * d * h * p / (h + p)))


def economic_production_quantity(
    fixed_cost_per_order: npt.ArrayLike,
    holding_cost_per_piece_year: npt.ArrayLike,
    demand_pieces_per_year: npt.ArrayLike,
    production_pieces_per_year: npt.ArrayLike,
) -> OrderQuantity:
    """Q = sqrt(2 K D / (h (1 - D / P))) when an order arrives at rate P; cost sqrt(2 K D h (1 - D / P)).

    >>> [round(float(value), 4) for value in economic_production_quantity(4, 0.08, 80, 110)]
    [171.2698, 3.7368]
    """
    k, h, d, p = _floats(
        fixed_cost_per_order, holding_cost_per_piece_year, demand_pieces_per_year, production_pieces_per_year
    )
    if np.any(p <= d):
        raise ValueError(
            "production_pieces_per_year: below the demand, which can then never be met; raise it"
        )
    return economic_order_quantity(k, h * (1 - d / p), d)


def within_bounds(
    quantity_pieces: npt.ArrayLike,
    minimum_pieces: npt.ArrayLike = 0.0,
    multiple_pieces: npt.ArrayLike = 0.0,
    cap_pieces: npt.ArrayLike = np.inf,
) -> tuple[Array, Array]:
    """The allowed quantities next below and next above a wish: at least the minimum, a multiple, at most the
    cap.

    Multiple 0 leaves quantities as they are. The minimum is lifted to the next multiple; a cap below it
    gives way to it. Since ordering and holding cost is convex in Q, the better of the two is the best
    allowed quantity.

    >>> [float(q) for q in within_bounds(304.05, 100, 48, 1000)]
    [288.0, 336.0]
    """
    wish, minimum, multiple, cap = _floats(quantity_pieces, minimum_pieces, multiple_pieces, cap_pieces)
    step = np.where(multiple > 0, multiple, 1.0)
    lowest = np.where(multiple > 0, np.maximum(np.ceil(minimum / step - 1e-9), 1.0) * step, minimum)
    highest = np.where((multiple > 0) & np.isfinite(cap), np.floor(cap / step + 1e-9) * step, cap)
    highest = np.maximum(highest, lowest)
    down = np.where(multiple > 0, np.floor(wish / step + 1e-9) * step, wish)
    up = np.where(multiple > 0, np.ceil(wish / step - 1e-9) * step, wish)
    return np.clip(down, lowest, highest), np.clip(up, lowest, highest)


def _floats(*values: npt.ArrayLike) -> list[Array]:
    """Each value as an array of floats."""
    return [np.asarray(value, float) for value in values]
