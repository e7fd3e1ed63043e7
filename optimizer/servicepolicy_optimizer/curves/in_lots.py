"""Columns of a shelf with more items than memory holds ladders of: lot after lot, no ladder is kept."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.curves.columns import (
    StockedShelf,
    StockPrices,
    best_rungs_at,
    columns_of,
)
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.inventory.side_by_side import side_by_side

Stock = Callable[[ShelfItems], StockedShelf]
"""Puts items on a shelf, with their ladder."""


@dataclass(frozen=True)
class ManyItems:
    """K columns, and the rung of every item in each."""

    columns: ColumnSet
    chosen: NDArray[np.int16]
    """(n, K)"""


def columns_in_lots(items: ShelfItems, stock: Stock, price_per_piece_short: Floats) -> ManyItems:
    """What `columns_of` makes of the best rungs at prices (K, I), with no more than some lots of ladders at a
    time; lots are added up in their order, whatever thread was first.
    """
    regions = items.pieces.shape[2]
    prices = [StockPrices(np.repeat(one[:, None], regions, axis=1)) for one in price_per_piece_short]
    chosen = np.empty((items.rows.size, len(prices)), np.int16)

    def of_lot(lot: Ints) -> ColumnSet:
        shelf = stock(items.of(lot))
        best = best_rungs_at(shelf, prices)
        chosen[lot] = best
        return columns_of(shelf, best, price_per_piece_short)

    total: ColumnSet | None = None
    for part in side_by_side(of_lot, items.demand.parts()):
        total = part if total is None else _together(total, part)
    if total is None:
        raise ValueError("items: a shelf without items has no columns; leave it out")
    return ManyItems(total, chosen)


def _together(first: ColumnSet, then: ColumnSet) -> ColumnSet:
    """Two lots of items at the same prices: amounts add, the worst promise counts."""
    added = {one.name: getattr(first, one.name) + getattr(then, one.name) for one in fields(first)}
    added["price_per_piece_short"] = first.price_per_piece_short
    added["fill_rate"] = np.minimum(first.fill_rate, then.fill_rate)
    return ColumnSet(**added)
