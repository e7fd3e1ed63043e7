"""Order quantities when the price falls with the quantity: all-units and incremental discounts, for many
items at once.

Sources: Silver, Pyke & Thomas (2017), 4.6; Snyder & Shen (2019), 3.4; Hadley & Whitin (1963), ch. 2.
Within a tier the yearly cost is convex in the quantity, so the best allowed quantity of the tier is next to
its EOQ.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.order_quantity import within_bounds


class DiscountedOrderQuantity(NamedTuple):
    """The cheapest quantity of each item, shape (N,), or scalars of shape ()."""

    order_quantity_pieces: Array
    tier: npt.NDArray[np.int64]
    """The price tier it falls in, 0-based."""
    unit_cost: Array
    """Mean price paid for a piece."""
    cost_per_year: Array
    """Purchase + ordering + holding."""


def order_quantity_pieces(
    demand_pieces_per_year: npt.ArrayLike,
    fixed_cost_per_order: npt.ArrayLike,
    carrying_rate_per_year: npt.ArrayLike,
    break_from_pieces: npt.ArrayLike,
    break_unit_cost: npt.ArrayLike,
    *,
    incremental: bool = False,
    minimum_pieces: npt.ArrayLike = 0.0,
    multiple_pieces: npt.ArrayLike = 0.0,
    cap_pieces: npt.ArrayLike = np.inf,
) -> DiscountedOrderQuantity:
    """The quantity that is cheapest a year, purchase included, under price breaks, minimum, multiple and cap.

    demand_pieces_per_year   D                                                      (N,) or ()
    fixed_cost_per_order     K                                                      (N,) or ()
    carrying_rate_per_year   i, share of the price paid                             (N,) or ()
    break_from_pieces        first quantity of each tier, rising, the first 0 or 1  (N, B) or (B,)
    break_unit_cost          price of a piece in each tier                          (N, B) or (B,)
    incremental              False: the tier's price for all pieces; True: only for those above its break
    minimum_, multiple_, cap_pieces   bounds, see `within_bounds`                   (N,) or ()

    cost = D p + K D / Q + i p Q / 2 with p the mean price paid at Q. Unused tiers may start at infinity.

    >>> best = order_quantity_pieces(1300, 8, 0.3, [0, 400, 800], [0.75, 0.72, 0.68])
    >>> float(best.order_quantity_pieces), int(best.tier), round(float(best.cost_per_year), 2)
    (800.0, 2, 978.6)
    """
    demand, fixed, rate, minimum, multiple, cap = (
        np.asarray(value, float)[..., None]
        for value in (
            demand_pieces_per_year,
            fixed_cost_per_order,
            carrying_rate_per_year,
            minimum_pieces,
            multiple_pieces,
            cap_pieces,
        )
    )
    start, price = np.asarray(break_from_pieces, float), np.asarray(break_unit_cost, float)
    _check_breaks(start, price)
    used = np.isfinite(start)
    start = np.where(used, start, 0.0)
    # What the pieces below the tier cost more than its own price: paid once an order, like a fixed cost.
    carried_over = _carried_over(start, price, used) if incremental else np.zeros_like(start)
    wish = np.sqrt(2 * (fixed + carried_over) * demand / (rate * price))
    end = np.concatenate(
        [np.where(used[..., 1:], start[..., 1:], np.inf), np.full((*start.shape[:-1], 1), np.inf)], -1
    )
    candidates = []
    for quantity in within_bounds(np.clip(wish, start, end), np.maximum(minimum, start), multiple, cap):
        inside = used & (quantity >= start) & ((quantity < end) | (incremental & (quantity <= end)))
        candidates.append(
            (quantity, np.where(inside, _cost(quantity, demand, fixed, rate, price, carried_over), np.inf))
        )
    quantity = np.stack([q for q, _ in candidates], axis=-1)
    cost = np.stack([c for _, c in candidates], axis=-1)
    return _cheapest(np.broadcast_to(quantity, cost.shape), cost, demand, fixed, rate)


def _check_breaks(start: Array, price: Array) -> None:
    """Refuse breaks that do not rise or prices that are not positive."""
    if start.shape != price.shape:
        raise ValueError("break_from_pieces, break_unit_cost: different shapes; give one price a tier")
    finite = np.where(np.isfinite(start), start, np.finfo(float).max)
    if np.any(np.diff(finite, axis=-1) < 0) or np.any(start[..., 0] > 1):
        raise ValueError("break_from_pieces: tiers must start at 0 or 1 and rise; sort them")
    if np.any(~(price > 0) & np.isfinite(start)):
        raise ValueError("break_unit_cost: a price is not above 0; give what a piece costs")


def _carried_over(start: Array, price: Array, used: npt.NDArray[np.bool_]) -> Array:
    """cum_t - c_t b_t, with cum_t what the pieces below the tier's break cost."""
    width = np.diff(np.where(used, start, 0.0), axis=-1)
    below = np.concatenate(
        [np.zeros((*start.shape[:-1], 1)), np.cumsum(np.maximum(width, 0) * price[..., :-1], -1)], -1
    )
    carried: Array = below - price * start
    return np.where(used, carried, 0.0)


def _cost(
    quantity: Array, demand: Array, fixed: Array, rate: Array, price: Array, carried_over: Array
) -> Array:
    """Yearly purchase, ordering and holding cost of a quantity in its tier."""
    safe = np.where(quantity > 0, quantity, 1.0)
    paid_per_order = price * quantity + carried_over
    mean_price = np.where(quantity > 0, paid_per_order / safe, price)
    orders = np.where(quantity > 0, demand / safe, 0.0)
    cost: Array = demand * mean_price + fixed * orders + rate * paid_per_order / 2
    return cost


def _cheapest(
    quantity: Array, cost: Array, demand: Array, fixed: Array, rate: Array
) -> DiscountedOrderQuantity:
    """The cheapest candidate over tiers (axis -2) and roundings (axis -1); the price is read back from its
    cost.
    """
    shape = cost.shape[:-2]
    flat = cost.reshape(*shape, cost.shape[-2] * cost.shape[-1])  # no -1: there may be no items
    best = np.argmin(flat, axis=-1)[..., None]
    chosen = np.take_along_axis(quantity.reshape(flat.shape), best, -1)
    cheapest = np.take_along_axis(flat, best, -1)
    orders = np.divide(demand, chosen, out=np.zeros_like(chosen), where=chosen > 0)
    turned_over = demand + rate * chosen / 2
    price = np.divide(
        cheapest - fixed * orders, turned_over, out=np.zeros_like(chosen), where=turned_over > 0
    )
    return DiscountedOrderQuantity(
        chosen[..., 0], best[..., 0] // cost.shape[-1], price[..., 0], cheapest[..., 0]
    )
