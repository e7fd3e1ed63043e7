"""The columns that every shelf starts with, before prices from the master model refine them."""

import numpy as np

from servicepolicy_models.means import StockPolicy
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.curves.columns import StockedShelf, StockPrices, best_rungs, column
from servicepolicy_optimizer.curves.guarantee import cheapest_keeping
from servicepolicy_optimizer.curves.item_curves import Curves, ShelfColumns, joined
from servicepolicy_optimizer.curves.price_grid import price_grid
from servicepolicy_optimizer.curves.stockroom import Place, Stockroom
from servicepolicy_optimizer.facts import Floats, Ints


def first_columns(scenario: Scenario, room: Stockroom, made: dict[tuple[int, bytes], ShelfColumns]) -> Curves:
    """Columns over the whole range of prices, or of promises under the basis `every_item`.

    made: columns of shelves met before; new ones are added to it.
    """
    every_item = scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    for place, shelf in room.shelves.items():
        rationed = room.options[place].stock_policy is StockPolicy.RATIONED
        if identity(room, place) not in made:
            made[identity(room, place)] = (
                _guaranteed(shelf, room.vectors[place]) if every_item else _priced(scenario, shelf, rationed)
            )
    curves = {place: made[identity(room, place)] for place in room.shelves}
    return Curves(
        {place: columns for place, (columns, _) in curves.items()},
        {place: rungs for place, (_, rungs) in curves.items()},
    )


def identity(room: Stockroom, place: Place) -> tuple[int, bytes]:
    """What two places must share to have the same columns: the stocked shelf, and the promises asked of
    it.
    """
    asked = (room.promises, room.vectors)
    return id(room.shelves[place]), b"|".join(one[place].tobytes() for one in asked if place in one)


def _priced(scenario: Scenario, shelf: StockedShelf, rationed: bool) -> ShelfColumns:
    """One column a price; prices that choose the same rungs give one column."""
    regions = shelf.items.pieces.shape[2]
    columns: dict[bytes, tuple[ColumnSet, Ints]] = {}
    for price in price_grid(shelf, scenario.limits.price_levels, rationed):
        chosen = best_rungs(shelf, StockPrices(np.repeat(price[:, None], regions, axis=1)))
        columns.setdefault(chosen.tobytes(), (column(shelf, chosen, price), chosen))
    return _unzipped(list(columns.values()))


def _guaranteed(shelf: StockedShelf, vectors: Floats) -> ShelfColumns:
    """One column a vector of promises that every item keeps."""
    columns: dict[bytes, tuple[ColumnSet, Ints]] = {}
    for promise in vectors:
        chosen = cheapest_keeping(shelf, promise)
        columns.setdefault(chosen.tobytes(), (column(shelf, chosen, np.zeros_like(promise)), chosen))
    return _unzipped(list(columns.values()))


def _unzipped(pairs: list[tuple[ColumnSet, Ints]]) -> ShelfColumns:
    return joined([columns for columns, _ in pairs]), tuple(chosen for _, chosen in pairs)
