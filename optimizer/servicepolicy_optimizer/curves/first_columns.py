"""The columns that every shelf starts with, before prices from the master model refine them."""

from collections.abc import Mapping

import numpy as np

from servicepolicy_models.means import StockPolicy
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.curves.columns import Prices, StockedShelf, best_rungs, column
from servicepolicy_optimizer.curves.guarantee import cheapest_keeping, promise_vectors
from servicepolicy_optimizer.curves.price_grid import price_grid
from servicepolicy_optimizer.curves.stockroom import Place, ShelfKey, Stockroom
from servicepolicy_optimizer.facts import Floats, Ints


def first_columns(scenario: Scenario, room: Stockroom) -> Mapping[Place, tuple[ColumnSet, tuple[Ints, ...]]]:
    """Place -> its columns and, for each, the rung of every item (n,)."""
    made: dict[ShelfKey, tuple[ColumnSet, tuple[Ints, ...]]] = {}
    for place, key in room.keys.items():
        if key not in made:
            rationed = room.options[place].stock_policy is StockPolicy.RATIONED
            if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
                made[key] = _guaranteed(scenario, room.shelves[place], room.promises[place], rationed)
            else:
                made[key] = _priced(scenario, room.shelves[place], rationed)
    return {place: made[key] for place, key in room.keys.items()}


def joined(columns: list[ColumnSet]) -> ColumnSet:
    """Several sets as one."""
    return ColumnSet(
        **{
            name: np.concatenate([getattr(c, name) for c in columns])
            for name in ColumnSet.__dataclass_fields__
        }
    )


def _priced(scenario: Scenario, shelf: StockedShelf, rationed: bool) -> tuple[ColumnSet, tuple[Ints, ...]]:
    """One column a price; prices that choose the same rungs give one column."""
    regions = shelf.items.pieces.shape[2]
    columns: dict[bytes, tuple[ColumnSet, Ints]] = {}
    for price in price_grid(shelf, scenario.limits.price_levels, rationed):
        chosen = best_rungs(shelf, Prices(np.repeat(price[:, None], regions, axis=1)))
        columns.setdefault(chosen.tobytes(), (column(shelf, chosen, price), chosen))
    return _unzipped(list(columns.values()))


def _guaranteed(
    scenario: Scenario, shelf: StockedShelf, least: Floats, rationed: bool
) -> tuple[ColumnSet, tuple[Ints, ...]]:
    """One column a vector of promises that every item keeps."""
    columns: dict[bytes, tuple[ColumnSet, Ints]] = {}
    for promise in promise_vectors(least, scenario.promise_ladder.fill_rates, own_raises=rationed):
        chosen = cheapest_keeping(shelf, promise)
        columns.setdefault(chosen.tobytes(), (column(shelf, chosen, np.zeros_like(promise)), chosen))
    return _unzipped(list(columns.values()))


def _unzipped(pairs: list[tuple[ColumnSet, Ints]]) -> tuple[ColumnSet, tuple[Ints, ...]]:
    return joined([columns for columns, _ in pairs]), tuple(chosen for _, chosen in pairs)
