"""Columns of stock that join a compiled master model: what each costs, and what it adds to which row.

The rules of the model say the same; to write and compile a model for a hundred columns takes longer than to
solve it with them. A test compares every coefficient with the compiled model. Basis `segment`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, ColumnSet, Segment, Shelf
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.master.asked import asked
from servicepolicy_optimizer.master.keys import ColumnKey, ShelfKey
from servicepolicy_optimizer.master.stocking_amounts import regions_of

RowName = tuple[str, Any]
"""(family, index), as in the compiled model."""


@dataclass(frozen=True)
class NewColumns:
    """Columns by name, and their coefficients as triples of row, column and amount, those of a shelf in a row
    one after the other.
    """

    names: tuple[ColumnKey, ...]
    cost: Floats
    """(n,)"""
    rows: tuple[RowName, ...]
    """(b,) of each run of triples."""
    run: Ints
    """(b,) how many triples it has; never 0."""
    most: Mapping[RowName, float]
    """Upper side of every row of these: the compiler leaves out a row in which no decision stands yet."""
    column: Ints
    """Of each triple: number in `names`."""
    amount: Floats
    """Of each triple; never 0."""


class ColumnWriter:
    """Writes columns of the shelves of one question."""

    def __init__(self, scenario: Scenario, choices: Choices) -> None:
        """Look up what the scenario asks of whom, once for all columns."""
        self._asked = asked(scenario, choices)
        self._classes = scenario.segmentation.customers.classes
        regions = [region.name for region in scenario.segmentation.regions]
        self._regions = {
            s: [regions.index(region) for region in regions_of(scenario, s)]
            for s in self._asked.pieces_per_year
        }
        self._shelves: dict[ShelfKey, Shelf] = {
            (item_class, option.name, shelf.name): shelf
            for item_class, options in choices.options.items()
            for option in options
            for shelf in option.shelves
        }
        self._of_class: dict[str, list[Segment]] = defaultdict(list)
        for s in self._asked.pieces_per_year:
            self._of_class[s[1]].append(s)
        self._of_fill = self._rows_of_fill()

    def written(self, more: Mapping[ShelfKey, ColumnSet], known: Mapping[ShelfKey, ColumnSet]) -> NewColumns:
        """The columns `more`, numbered on from those that are known."""
        names: list[ColumnKey] = []
        none = np.zeros(0, dtype=np.intp)
        cost, amount, column, run = [np.zeros(0)], [np.zeros(0)], [none], [none]
        rows, sides = list[RowName](), dict[RowName, float]()
        for place, columns in more.items():
            if place not in self._shelves or not columns.size:
                continue
            first, start = known[place].size if place in known else 0, len(names)
            names += [(*place, first + k) for k in range(columns.size)]
            cost.append(columns.cost)
            families, most, amounts = zip(*self._entries(place, columns), strict=True)
            every = np.array(amounts)
            some = every != 0.0
            length = some.sum(axis=1)
            stand = np.flatnonzero(length).tolist()
            rows += [families[n] for n in stand]
            sides |= {families[n]: most[n] for n in stand}
            run.append(length[stand])
            column.append(some.nonzero()[1] + start)
            amount.append(every[some])
        return NewColumns(
            tuple(names),
            np.concatenate(cost),
            tuple(rows),
            np.concatenate(run),
            sides,
            np.concatenate(column),
            np.concatenate(amount),
        )

    def _entries(self, place: ShelfKey, columns: ColumnSet) -> Iterator[tuple[RowName, float, Floats]]:
        """Every row in which a column of the shelf may stand, its upper side, and the amounts (K,)."""
        asking, location = self._asked, self._shelves[place].location
        yield ("columns_of_option", place), 0.0, np.ones(columns.size)
        for s in self._served(place):
            short = columns.pieces_short[:, self._classes.index(s[0]), self._regions[s]].sum(axis=1)
            pieces = asking.pieces_per_year[s]
            if s in asking.fill_rate:
                yield ("fill_rate_floor", s), (1 - asking.fill_rate[s]) * pieces, short
            share = short / pieces
            for row, most, sign in self._of_fill[s]:
                yield row, most, sign * share
        if location in asking.storage_m3:
            yield ("storage", location), asking.storage_m3[location], columns.storage_m3
        for budget, most in asking.inventory_value.items():
            yield ("inventory_budget", budget), most, columns.stock_value
        for budget, most in asking.total_cost.items():
            yield ("total_cost_budget", budget), most, columns.cost - columns.lost_sales_cost
        for budget, most in asking.co2e_kg.items():
            yield ("co2e_budget", budget), most, columns.co2e_kg

    def _served(self, place: ShelfKey) -> Iterator[Segment]:
        """The segments with demand that order from the shelf."""
        shelf = self._shelves[place]
        for s in self._of_class[place[0]]:
            if shelf.customer_class in (None, s[0]) and (s[2] == "*" or s[2] in shelf.regions):
                yield s

    def _rows_of_fill(self) -> Mapping[Segment, list[tuple[RowName, float, float]]]:
        """Segment -> the rows in which its planned fill rate (1 less the share short) stands: their upper
        side, and the sign of what is short there.
        """
        asking, found = self._asked, defaultdict[Segment, list[tuple[RowName, float, float]]](list)
        for s in asking.otif:
            found[s].append((("otif_floor", (*s, s[2])), 1.0, 1.0))
        for s in asking.pieces_per_year if asking.distinct_promises else ():
            found[s].append((("promise_within_plan", (*s, s[2])), 1.0, 1.0))
        for family, pairs in (
            ("better_customer_fill", asking.better_customer),
            ("better_item_fill", asking.better_item),
        ):
            for better, worse in pairs:
                found[better].append(((family, (*better, *worse, better[2])), 0.0, 1.0))
                found[worse].append(((family, (*better, *worse, better[2])), 0.0, -1.0))
        return found
