"""What every service path uses, as one sparse matrix: resources down, paths across.

The rules of the master model say the same of the paths that are in it; `rows` says which of its rows a
resource stands in, and a test holds the two together, coefficient by coefficient.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.master.asked import Asked, asked
from servicepolicy_optimizer.path_table import MEANS, PathTable, path_table

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
        place = np.empty(self.size, dtype=np.int32)
        place[first] = np.arange(self.size, dtype=np.int32)
        used = self.uses.tocsr()
        taken = np.zeros(self.size, dtype=bool)
        starts = used.indptr[:-1][np.diff(used.indptr) > 0]
        if starts.size:
            taken[first[np.minimum.reduceat(place[used.indices], starts)]] = True
        return taken


def path_uses(scenario: Scenario, choices: Choices) -> PathUses:
    """Lay out all paths of the choices."""
    servings = tuple(_servings(choices))
    paths = _Paths(servings, tuple(path_table(choices.paths.get(serving, ())) for serving in servings))
    asking, entries = asked(scenario, choices), _Entries()
    entries.sorted_by(paths.serving, lambda n: ("serving", servings[n]), np.ones(paths.size))
    _means(entries, paths, asking)
    _budgets(entries, paths, asking)
    _demand(entries, paths, asking)
    _openings(entries, paths, choices.facility_cost)
    cost = np.where(paths.of(choices.lost_by_promise), paths.cost_without_lost_sales, paths.cost)
    return PathUses(servings, paths.start, cost, entries.matrix(paths.size), tuple(entries.number))


def _servings(choices: Choices) -> Iterator[tuple[Segment, str]]:
    for s in choices.targets:
        for d in dict.fromkeys(option.deployment for option in choices.options.get(s[1], ())):
            yield s, d


@dataclass(frozen=True)
class _Paths:
    """All paths, one serving after the other."""

    servings: tuple[tuple[Segment, str], ...]
    tables: tuple[PathTable, ...]
    """Of each serving."""

    @cached_property
    def start(self) -> Ints:
        """(servings + 1,) number of the first path of each."""
        return np.cumsum([0, *map(len, self.tables)])

    @property
    def size(self) -> int:
        """P."""
        return int(self.start[-1])

    @cached_property
    def serving(self) -> Ints:
        """(P,) number of the serving of each."""
        return np.repeat(np.arange(len(self.servings)), np.diff(self.start))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Those that are served."""
        return tuple(dict.fromkeys(s for s, _ in self.servings))

    @cached_property
    def segment(self) -> Ints:
        """(P,) number of the segment of each."""
        number = {s: n for n, s in enumerate(self.segments)}
        return np.array([number[s] for s, _ in self.servings], dtype=np.intp)[self.serving]

    @property
    def cost(self) -> Floats:
        """(P,) all parts."""
        return _joined(table.cost for table in self.tables)

    @cached_property
    def cost_without_lost_sales(self) -> Floats:
        """(P,)"""
        return _joined(table.cost_without_lost_sales for table in self.tables)

    def amount(self, name: str) -> Floats:
        """(P,) one of the amounts."""
        return _joined(table.amounts[name] for table in self.tables)

    def lines_per_day(self, location: str) -> Floats:
        """(P,)"""
        return _joined(table.lines_per_day.get(location, np.zeros(len(table))) for table in self.tables)

    @property
    def locations(self) -> tuple[str, ...]:
        """Those at which some path has lines."""
        return tuple(dict.fromkeys(location for table in self.tables for location in table.lines_per_day))

    def of(self, segments: Collection[Segment]) -> NDArray[np.bool_]:
        """(P,) whether each path is of one of these segments."""
        return np.array([s in segments for s in self.segments], dtype=bool)[self.segment]

    def taken(self, means: str) -> tuple[tuple[str, ...], Ints]:
        """Names of one of MEANS, and (P,) the number of the one that each path takes."""
        axis, number, taken = MEANS.index(means), dict[str, int](), [np.zeros(0, dtype=np.intp)]
        known = dict[tuple[str, ...], Ints]()
        for table in self.tables:
            names = table.names[axis]
            if names not in known:
                of = [number.setdefault(name, len(number)) for name in names]
                known[names] = np.array(of, dtype=np.intp)
            taken.append(known[names][table.means[:, axis]])
        return tuple(number), np.concatenate(taken)


def _joined(parts: Iterable[Floats]) -> Floats:
    return np.concatenate([np.zeros(0), *parts])


@dataclass
class _Entries:
    """Entries of the matrix on their way. A resource of which nobody uses anything (a channel without labour)
    is none: its row is not in the model.
    """

    number: dict[Resource, int] = field(default_factory=dict)
    _rows: list[NDArray[np.int32]] = field(default_factory=list)
    _paths: list[NDArray[np.int32]] = field(default_factory=list)
    _values: list[Floats] = field(default_factory=list)

    def sorted_by(self, code: Ints, resource: Callable[[int], Resource], amount: Floats) -> None:
        """(P,) amounts, each of the resource that a code stands for."""
        using = np.flatnonzero(amount).astype(np.int32)
        coded = code[using]
        row_of = np.zeros(int(coded.max(initial=-1)) + 1, dtype=np.int32)
        for one in np.flatnonzero(np.bincount(coded, minlength=row_of.size)).tolist():
            row_of[one] = self.number.setdefault(resource(one), len(self.number))
        self._rows.append(row_of[coded])
        self._paths.append(using)
        self._values.append(amount[using])

    def all_of(self, resource: Resource, amount: Floats) -> None:
        """(P,) amounts of one resource."""
        self.sorted_by(np.zeros(amount.size, dtype=np.intp), lambda _: resource, amount)

    def matrix(self, paths: int) -> csc_array:
        """(resources, P), without zeros."""
        none = np.zeros(0, dtype=np.int32)
        rows, columns = np.concatenate([none, *self._rows]), np.concatenate([none, *self._paths])
        values = np.concatenate([np.zeros(0), *self._values])
        return csc_array(coo_array((values, (rows, columns)), shape=(len(self.number), paths)))


def _means(entries: _Entries, paths: _Paths, asking: Asked) -> None:
    _capacity(entries, paths, ("labour", "channel", "channel_labour_hours"), asking.labour_hours)
    _capacity(entries, paths, ("weight", "mode", "weight_kg"), asking.weight_kg)
    for location in paths.locations:
        _lines(entries, paths, asking, location)


def _capacity(
    entries: _Entries, paths: _Paths, of: tuple[str, str, str], limited: Mapping[str, float]
) -> None:
    """of: the resource, one of MEANS, the amount. limited: names that have a capacity."""
    family, means, amount = of
    names, taken = paths.taken(means)
    counts = np.array([name in limited for name in names], dtype=bool)[taken]
    entries.sorted_by(taken, lambda n: (family, names[n]), np.where(counts, paths.amount(amount), 0.0))


def _lines(entries: _Entries, paths: _Paths, asking: Asked, location: str) -> None:
    """Lines a day at a location, of each process and of all."""
    processes, taken = paths.taken("process")
    limited = np.array([(process, location) in asking.process_lines for process in processes], dtype=bool)
    if limited.any():
        lines = np.where(limited[taken], paths.lines_per_day(location), 0.0)
        entries.sorted_by(taken, lambda n: ("process_lines", (processes[n], location)), lines)
    if location in asking.location_lines:
        entries.all_of(("location_lines", location), paths.lines_per_day(location))


def _budgets(entries: _Entries, paths: _Paths, asking: Asked) -> None:
    for currency in asking.total_cost:
        entries.all_of(("total_cost", currency), paths.cost_without_lost_sales)
    for unit in asking.co2e_kg:
        entries.all_of(("co2e", unit), paths.amount("co2e_kg"))


def _demand(entries: _Entries, paths: _Paths, asking: Asked) -> None:
    """What only segments that order something are asked."""
    of_demand, hours = paths.of(asking.pieces_per_year), paths.amount("promised_response_hours")
    entries.sorted_by(paths.segment, lambda n: ("hours", paths.segments[n]), np.where(of_demand, hours, 0.0))
    fill = np.array([asking.otif.get(s, 0.0) for s in paths.segments])[paths.segment]
    entries.sorted_by(
        paths.segment, lambda n: ("otif", paths.segments[n]), fill / paths.amount("on_time_probability")
    )
    channels, taken = paths.taken("channel")
    of_one_channel = paths.of([s for s in asking.pieces_per_year if s[0] in asking.one_channel])
    entries.sorted_by(
        paths.segment * len(channels) + taken,
        lambda n: ("channel", (paths.segments[n // len(channels)], channels[n % len(channels)])),
        of_one_channel.astype(np.float64),
    )
    if asking.distinct_promises:
        rungs, rung = np.unique(hours, return_inverse=True)
        entries.sorted_by(rung, lambda n: ("rung", rungs[n].item()), of_demand.astype(np.float64))


def _openings(entries: _Entries, paths: _Paths, fixed_cost: Collection[str]) -> None:
    for facility in fixed_cost:
        needing = np.zeros(paths.size)
        for first, table in zip(paths.start[:-1].tolist(), paths.tables, strict=True):
            needing[first + table.needing.get(facility, np.zeros(0, dtype=np.intp))] = 1.0
        resources = [("open", (s, facility)) for s in paths.segments]
        entries.sorted_by(paths.segment, resources.__getitem__, needing)
