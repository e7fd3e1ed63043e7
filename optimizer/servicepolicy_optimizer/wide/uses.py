"""What every service path uses, as one sparse matrix: resources down, paths across.

The rules of the master model say the same of the paths that are in it; `rows` says which of its rows a
resource stands in, and a test holds the two together, coefficient by coefficient.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.master.asked import Asked, asked
from servicepolicy_optimizer.path_table import PathTable, path_table

Resource = tuple[str, Any]
"""What a path may use: `("labour", "EDI")`, `("hours", segment)`, `("serving", (segment, deployment))`."""


@dataclass(frozen=True)
class PathUses:
    """P paths and what each adds to the master model."""

    serving: tuple[tuple[Segment, str], ...]
    """(segment, deployment) that an option of the item class uses, in the order of their paths."""
    start: Ints
    """(servings + 1,) number of the first path of each."""
    cost: Floats
    """(P,) in the objective."""
    uses: csc_array
    """(resources, P)"""
    resources: tuple[Resource, ...]

    @property
    def size(self) -> int:
        """P."""
        return int(self.cost.size)

    def cheapest_of_each(self) -> NDArray[np.bool_]:
        """(P,) True for the cheapest path of every resource: no row of the model is without a path."""
        first = np.lexsort((np.arange(self.size), self.cost))
        used = self.uses[:, first].tocsr()
        used.sort_indices()
        taken = np.zeros(self.size, dtype=bool)
        taken[first[used.indices[used.indptr[:-1][np.diff(used.indptr) > 0]]]] = True
        return taken


def path_uses(scenario: Scenario, choices: Choices) -> PathUses:
    """Lay out all paths of the choices."""
    of = _Laying(scenario, choices, asked(scenario, choices))
    servings, start = [], [0]
    for serving in _servings(choices):
        table = path_table(choices.paths.get(serving, ()))
        of.lay(serving, table)
        servings.append(serving)
        start.append(start[-1] + len(table))
    first = np.array(start, dtype=np.intp)
    return PathUses(tuple(servings), first, of.costs(), of.matrix(), tuple(of.number))


def _servings(choices: Choices) -> Iterator[tuple[Segment, str]]:
    for s in choices.targets:
        for d in dict.fromkeys(option.deployment for option in choices.options.get(s[1], ())):
            yield s, d


@dataclass
class _Laying:
    """Entries of the matrix on their way."""

    scenario: Scenario
    choices: Choices
    asked: Asked
    number: dict[Resource, int] = field(default_factory=dict)
    _paths: int = 0
    _costs: list[Floats] = field(default_factory=list)
    _rows: list[Ints] = field(default_factory=list)
    _columns: list[Ints] = field(default_factory=list)
    _values: list[Floats] = field(default_factory=list)

    def lay(self, serving: tuple[Segment, str], table: PathTable) -> None:
        """Take the paths of a segment under a deployment."""
        s, _ = serving
        of_demand = s in self.choices.lost_by_promise
        self._costs.append(table.cost_without_lost_sales if of_demand else table.cost)
        self._all(("serving", serving), np.ones(len(table)))
        self._means(table)
        self._budgets(table)
        self._demand(s, table)
        for facility, needing in table.needing.items():
            if facility in self.choices.facility_cost:
                self._some(("open", (s, facility)), needing, np.ones(len(table)))
        self._paths += len(table)

    def _means(self, table: PathTable) -> None:
        for channel, using in table.users_of("channel"):
            if channel in self.asked.labour_hours:
                self._some(("labour", channel), using, table.amounts["channel_labour_hours"])
        for mode, using in table.users_of("mode"):
            if mode in self.asked.weight_kg:
                self._some(("weight", mode), using, table.amounts["weight_kg"])
        for location, lines in table.lines_per_day.items():
            if location in self.asked.location_lines:
                self._all(("location_lines", location), lines)
            for process, using in table.users_of("process"):
                if (process, location) in self.asked.process_lines:
                    self._some(("process_lines", (process, location)), using, lines)

    def _budgets(self, table: PathTable) -> None:
        for currency in self.asked.total_cost:
            self._all(("total_cost", currency), table.cost_without_lost_sales)
        for unit in self.asked.co2e_kg:
            self._all(("co2e", unit), table.amounts["co2e_kg"])

    def _demand(self, s: Segment, table: PathTable) -> None:
        """What only segments that order something are asked."""
        if s not in self.asked.pieces_per_year:
            return
        hours = table.amounts["promised_response_hours"]
        self._all(("hours", s), hours)
        if s in self.asked.otif:
            self._all(("otif", s), self.asked.otif[s] / table.amounts["on_time_probability"])
        if s[0] in self.asked.one_channel:
            for channel, using in table.users_of("channel"):
                self._some(("channel", (s, channel)), using, np.ones(len(table)))
        if self.asked.distinct_promises:
            for rung in np.unique(hours).tolist():
                self._some(("rung", rung), np.flatnonzero(hours == rung), np.ones(len(table)))

    def _all(self, resource: Resource, amount: Floats) -> None:
        self._some(resource, np.arange(amount.size), amount)

    def _some(self, resource: Resource, paths: Ints, amount: Floats) -> None:
        """amount: (n,) of every path of the serving; paths: which of them use the resource. A resource of
        which nobody uses anything (a channel without labour) is none: its row is not in the model.
        """
        paths = paths[amount[paths] != 0]
        if paths.size:
            row = self.number.setdefault(resource, len(self.number))
            self._rows.append(np.full(paths.size, row))
            self._columns.append(self._paths + paths)
            self._values.append(amount[paths])

    def costs(self) -> Floats:
        """(P,)"""
        return np.concatenate([np.zeros(0), *self._costs])

    def matrix(self) -> csc_array:
        """(resources, P), without zeros."""
        none = np.zeros(0, dtype=np.intp)
        rows, columns = np.concatenate([none, *self._rows]), np.concatenate([none, *self._columns])
        values = np.concatenate([np.zeros(0), *self._values])
        return csc_array(coo_array((values, (rows, columns)), shape=(len(self.number), self._paths)))
