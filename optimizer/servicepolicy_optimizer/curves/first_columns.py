"""The columns that every shelf starts with, before prices from the master model refine them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial

import numpy as np

from servicepolicy_models.means import StockPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.curves.columns import StockedShelf, StockPrices, best_rungs_at, columns_of
from servicepolicy_optimizer.curves.guarantee import cheapest_keeping
from servicepolicy_optimizer.curves.item_curves import Curves, ShelfColumns
from servicepolicy_optimizer.curves.price_grid import price_grid
from servicepolicy_optimizer.curves.recalled_columns import recalled_columns
from servicepolicy_optimizer.curves.shelf_fingerprint import fingerprint_at, shelf_fingerprint
from servicepolicy_optimizer.curves.stock import Bench
from servicepolicy_optimizer.curves.stockroom import Place, Stockroom
from servicepolicy_optimizer.facts import Floats, Rungs
from servicepolicy_optimizer.recall import NOTHING_KEPT, Part, Recall

Identity = tuple[int, bytes]
"""What two places must share to have the same columns: the stocked shelf, and promises made into columns."""


def first_columns(
    scenario: Scenario, room: Stockroom, made: dict[Identity, ShelfColumns], recall: Recall = NOTHING_KEPT
) -> Curves:
    """Columns over the whole range of prices, or of promises under the basis `every_item`.

    made: columns of shelves met before; new ones are added to it. recall: where columns are found that were
    computed for any question.
    """
    known_as = {place: _identity(room, place) for place in room.shelves}
    bench = Bench()
    made_from = MadeFrom(scenario, room)
    for place, identity in known_as.items():
        if identity not in made:
            made[identity] = _first(scenario, room, place, (recall, bench), made_from)
    curves = {place: made[identity] for place, identity in known_as.items()}
    return Curves(
        {place: columns for place, (columns, _) in curves.items()},
        {place: rungs for place, (_, rungs) in curves.items()},
    )


def _identity(room: Stockroom, place: Place) -> Identity:
    promised = room.vectors.get(place)
    return id(room.shelves[place]), b"" if promised is None else promised.tobytes()


@dataclass(frozen=True)
class MadeFrom:
    """What tells two shelves apart, without looking at their items."""

    scenario: Scenario
    room: Stockroom

    def __call__(self, place: Place) -> tuple[Part, ...]:
        """Of a place."""
        key = self.room.keys[place]
        return (self.room.demand_sha256, self._of_all, *self._at(*key[1:3]), *key)

    @cached_property
    def _of_all(self) -> bytes:
        return shelf_fingerprint(self.scenario)

    @cached_property
    def _at(self) -> Callable[[str, str], tuple[bytes, ...]]:
        return cache(partial(fingerprint_at, self.scenario))


def _first(
    scenario: Scenario, room: Stockroom, place: Place, kept: tuple[Recall, Bench], made_from: MadeFrom
) -> ShelfColumns:
    (recall, bench), shelf, promised = kept, room.shelves[place], room.vectors.get(place)
    known_as = partial(made_from, place)
    if promised is not None:
        of_promises = partial(_guaranteed, vectors=promised)
        return recalled_columns(recall, shelf, ("promised", promised), of_promises, known_as, bench)
    levels, rationed = scenario.limits.price_levels, room.options[place].stock_policy is StockPolicy.RATIONED
    priced = partial(_priced, levels=levels, rationed=rationed)
    return recalled_columns(recall, shelf, ("priced", levels, rationed), priced, known_as, bench)


def _priced(shelf: StockedShelf, levels: int, rationed: bool) -> ShelfColumns:
    """One column a price; prices that choose the same rungs give one column."""
    regions = shelf.items.pieces.shape[2]
    grid = price_grid(shelf, levels, rationed)
    prices = [StockPrices(np.repeat(price[:, None], regions, axis=1)) for price in grid]
    return _told_apart(shelf, best_rungs_at(shelf, prices), grid)


def _guaranteed(shelf: StockedShelf, vectors: Floats) -> ShelfColumns:
    """One column a vector of promises that every item keeps."""
    chosen = np.stack([cheapest_keeping(shelf, promise) for promise in vectors], axis=1)
    return _told_apart(shelf, chosen, np.zeros_like(vectors))


def _told_apart(shelf: StockedShelf, chosen: Rungs, price_per_piece_short: Floats) -> ShelfColumns:
    """Each choice of rungs (n, K) once, under the first price that made it."""
    by_column, first = np.ascontiguousarray(chosen.T), dict[bytes, int]()
    for number, one in enumerate(by_column):
        first.setdefault(one.tobytes(), number)
    kept = list(first.values())
    if len(kept) < len(by_column):
        chosen, by_column = chosen[:, kept], by_column[kept]
    return columns_of(shelf, chosen, price_per_piece_short[kept]), tuple(by_column)
