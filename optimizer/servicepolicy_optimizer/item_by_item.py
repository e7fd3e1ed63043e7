"""Few items: every item is a shelf of its own, every rung a column, and the master model is exact.

What the mix of columns and the search for whole items approximate, a small question need not: its reorder
points are
decided by the master itself, together with options, paths, capacities and budgets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.choices import Choices, ColumnSet, Shelf, StockingOption
from servicepolicy_optimizer.curves.columns import StockedShelf, rung_columns
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.solve import MasterSolution

MOST_COLUMNS = 3_000
"""A question with more rungs than this is not small."""


@dataclass(frozen=True)
class ItemChoices:
    """The choices with a shelf for every item, and the way back."""

    choices: Choices
    rungs: Mapping[Place, Ints]
    """Place of an item's own shelf -> rung of each of its columns."""
    items: Mapping[Place, tuple[Place, ...]]
    """Place of the whole shelf -> the places of its items' own shelves, in the order of the shelf's items."""

    def chosen(self, solution: MasterSolution) -> dict[Place, Ints]:
        """Place of every shelf of the chosen options -> the rung (n,) of every item."""
        column = {key[:3]: key[3] for key, weight in solution.weight.items() if weight > 0.5}
        return {
            place: np.array([self.rungs[own][int(column[own])] for own in owns], dtype=np.intp)
            for place, owns in self.items.items()
            if solution.option.get(place[0]) == place[1]
        }


def item_choices(asked: Question) -> ItemChoices | None:
    """The same choices, item by item; None where the question is not small, or promises every item by
    itself.
    """
    if asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        return None
    kept = _kept(asked)
    if kept is None:
        return None
    columns: dict[Place, ColumnSet] = {}
    rungs: dict[Place, Ints] = {}
    owned: dict[Place, tuple[Place, ...]] = {}
    options: dict[str, tuple[StockingOption, ...]] = {}
    for item_class, offered in asked.choices.options.items():
        options[item_class] = tuple(_own_shelves(option, kept) for option in offered)
        for option in offered:
            for shelf in option.shelves:
                place = (item_class, option.name, shelf.name)
                owns = tuple((item_class, option.name, _own(shelf, n).name) for n in range(len(kept[place])))
                owned[place] = owns
                for n, own in enumerate(owns):
                    rungs[own] = kept[place][n]
                    columns[own] = rung_columns(asked.room.shelves[place], n, kept[place][n])
    return ItemChoices(replace(asked.choices, options=options, columns=columns), rungs, owned)


def _kept(asked: Question) -> dict[Place, list[Ints]] | None:
    """Place -> the rungs worth having of each of its items; None as soon as they are too many."""
    shelves = asked.room.shelves
    if sum(shelf.items.rows.size for shelf in shelves.values()) > MOST_COLUMNS:
        return None
    if any(so_far > MOST_COLUMNS for so_far in accumulate(map(_rising_rungs, shelves.values()))):
        return None
    kept: dict[Place, list[Ints]] = {}
    total = 0
    for place, shelf in shelves.items():
        kept[place] = list(_worth_having(shelf))
        total += sum(rungs.size for rungs in kept[place])
        if total > MOST_COLUMNS:
            return None
    return kept


def _rising_rungs(shelf: StockedShelf) -> int:
    """At most as many as the rungs worth having: those whose stock and best fill rate exceed all before."""
    on_hand, fill = shelf.rungs.on_hand_pieces, shelf.rungs.fill_rate
    if fill.shape[2] > 1 or not on_hand.size:
        return int(on_hand.shape[0])
    order = np.argsort(on_hand, axis=1, kind="stable")
    by_stock = np.take_along_axis(on_hand, order, axis=1)
    highest = np.maximum.accumulate(np.take_along_axis(fill[:, :, 0], order, axis=1), axis=1)
    rising = (np.diff(by_stock, axis=1) > 0) & (np.diff(highest, axis=1) > 1e-15)
    return int(on_hand.shape[0] + rising.sum())


def _own(shelf: Shelf, n: int) -> Shelf:
    return replace(shelf, item=n)


def _own_shelves(option: StockingOption, kept: Mapping[Place, list[Ints]]) -> StockingOption:
    """The option with a shelf for each item; a shelf that nobody orders from has none."""
    return replace(
        option,
        shelves=tuple(
            _own(shelf, n)
            for shelf in option.shelves
            for n in range(len(kept[option.item_class, option.name, shelf.name]))
        ),
    )


def _worth_having(shelf: StockedShelf) -> Iterator[Ints]:
    """For each item the rungs that no other rung beats in stock on hand and every class's fill rate."""
    for n in range(shelf.items.rows.size):
        on_hand, fill = shelf.rungs.on_hand_pieces[n], shelf.rungs.fill_rate[n]
        order = np.lexsort((*(-fill[:, i] for i in range(fill.shape[1])), on_hand))
        yield np.sort(_undominated(order, fill))


def _undominated(order: Ints, fill: Floats) -> Ints:
    """Of rungs in the order of rising stock, those that serve some class better than every rung before."""
    kept: list[int] = []
    for rung in order:
        if not kept or not (fill[kept] >= fill[rung] - 1e-15).all(axis=1).any():
            kept.append(int(rung))
    return np.array(kept, dtype=np.intp)
