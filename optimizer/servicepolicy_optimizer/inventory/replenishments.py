"""How many replenishment orders a year a shelf places under an (r, nQ) policy.

The inventory position is uniform over Q levels just before a line (continuous review) or a review period
(periodic review), whatever the reorder point; demand of x pieces then crosses an order with the chance
min(x, Q) / Q. What is lost, not delivered later, is taken to be ordered all the same.

Sources: Hadley & Whitin, Analysis of Inventory Systems (1963), ch. 5 (orders of an (nQ, r, T) system);
Axsäter, Inventory Control (2015), 5.3 (uniform position).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array, Whole
from servicepolicy_optimizer.inventory.periodic import orders_per_review
from servicepolicy_optimizer.inventory.shelf_laws import LawfulDemand, ShelfFigures
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw
from servicepolicy_optimizer.inventory.side_by_side import side_by_side


def replenishments_per_day(described: LawfulDemand, order_quantity_pieces: npt.ArrayLike) -> Array:
    """Orders a day of the N items of a shelf, each by its own law.  (N,)

    order_quantity_pieces  Q, (N,); with 0 every line, or every review period with demand, places an order

    >>> from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
    >>> from servicepolicy_optimizer.inventory.shelf_laws import lawful_demand
    >>> sizes = OrderSizes.of_entries(1, [0, 0], [1.0, 9.0], [3.0, 1.0])  # 12 pieces in 4 lines a day
    >>> one = np.array([1.0])
    >>> figures = ShelfFigures(12 * one, 84 * one, 4 * one, 21 * one, sizes, 5.0, 0.0, 0.0)
    >>> replenishments_per_day(lawful_demand(figures), [6.0]).tolist()  # 3 lines x 1/6 + 1 line x 6/6
    [1.5]
    """
    quantity = np.broadcast_to(np.asarray(order_quantity_pieces, float), described.law.shape)
    if described.figures.review_days <= 0:
        return _by_line(described.figures, quantity)
    in_review = described.with_lead_time(0.0, 0.0).demand
    orders = np.zeros(quantity.shape)

    def count(lot: Whole) -> None:
        orders[lot] = _share_of_reviews(in_review.exposed.of(lot).tabulated(), quantity[lot])

    for _ in side_by_side(count, in_review.parts()):
        pass
    return orders / described.figures.review_days


def _by_line(figures: ShelfFigures, quantity: Array) -> Array:
    """lambda E[min(x, Q)] / Q. Where sizes are not known min(E[x], Q) is taken, which is never less."""
    batch = np.where(quantity > 0, quantity, 1.0)
    lines, sizes = figures.lines_per_day, figures.sizes
    crossing = np.minimum(sizes.pieces / batch[sizes.item], 1.0)
    by_size = np.bincount(sizes.item, sizes.lines_per_day * crossing, batch.size)
    by_mean = np.minimum(figures.pieces_per_day / batch, lines)
    return np.where(quantity > 0, np.where(sizes.lines > 0, by_size, by_mean), lines)


def _share_of_reviews(demand: ShortageLaw, quantity: Array) -> Array:
    """E[min(D / Q, 1)], D the demand of a review period; P(D > 0) where Q = 0."""
    batched = orders_per_review(demand, np.where(quantity > 0, quantity, 1.0))
    return np.clip(np.where(quantity > 0, batched, demand.survival(np.zeros(quantity.shape))), 0.0, 1.0)
