"""Rows that say of every means of serving whether a segment takes it.

A path is a channel, a process, a mode and a frequency, and what a segment uses of a channel's hours, of a
process's lines or of a mode's weight is the same on each of its paths that take it. So a capacity is shared
out among segments, not among their many paths: a knapsack with one decision for a segment, of which the
solver finds covers (Balas 1975; Crowder, Johnson & Padberg 1983), each of which says of all paths at once
what over paths it would have to say of each. And to take no path of a means is a decision that halves what
is left, to leave out one path is none.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.path_table import MEANS, path_table
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.widened import Widening

SHARED = {"channel_labour": "channel", "process_lines": "process", "mode_weight": "mode"}
"""Row of a capacity -> of which of MEANS it is one."""

Taken = tuple[tuple[Segment, str], str, str]
"""Segment and deployment, one of MEANS, and its name."""


@dataclass(frozen=True)
class _Paths:
    """The paths of a problem, and what each is made of."""

    columns: Mapping[Taken, list[int]]
    """Their numbers, by what they take."""
    taken_by: Mapping[tuple[int, str], Taken]
    """Number of a path and one of MEANS -> what it takes."""
    alike: frozenset[int]
    """Those that take the same as another path of the segment under the same deployment."""


def with_takes(problem: Arrays, choices: Choices) -> Arrays:
    """The problem with a decision for every means x of a segment s under a deployment d, and with the rows of
    capacities over these:

        takes[s,d,x] = Σ_{q : x of q} path[s,d,q],   takes[s,d,x] ∈ {0, 1}   ∀ s, d, x
        Σ_{s,d} amount[s,d,x] · takes[s,d,x] ≤ capacity[x]                   ∀ x with a capacity

    A segment that takes one channel, one process, one mode and one frequency takes the path that is made of
    them: so paths that can be told apart by these need not be called whole.
    """
    paths, wider = _paths(problem, choices), Widening(problem)
    takes = {taken: _takes(wider, taken, columns) for taken, columns in paths.columns.items()}
    rows = problem.matrix.tocsr()
    for number, (family, _) in enumerate(problem.rows):
        if family in SHARED:
            first, end = rows.indptr[number], rows.indptr[number + 1]
            for taken, amount in _of_segments(paths, family, rows.indices[first:end], rows.data[first:end]):
                wider.entry(number, takes[taken], amount)
                for column in paths.columns[taken]:
                    wider.entry(number, column, -amount)
    found = wider.widened()
    found.matrix.eliminate_zeros()
    told_apart = [column for (column, _) in paths.taken_by if column not in paths.alike]
    found.integral[told_apart] = False
    return found


def _takes(wider: Widening, taken: Taken, paths: list[int]) -> int:
    column = wider.column(("takes", taken), {})
    wider.row(("takes_means", taken), {column: -1.0, **dict.fromkeys(paths, 1.0)}, 0.0, 0.0)
    return column


def _of_segments(paths: _Paths, family: str, columns: Ints, amounts: Floats) -> Iterator[tuple[Taken, float]]:
    """What segments use of a capacity when they take its means, where every path of theirs uses as much."""
    of: dict[Taken, list[float]] = defaultdict(list)
    for column, amount in zip(columns.tolist(), amounts.tolist(), strict=True):
        of[paths.taken_by[column, SHARED[family]]].append(amount)
    for taken, used in of.items():
        if len(used) == len(paths.columns[taken]) and min(used) == max(used):
            yield taken, used[0]


def _paths(problem: Arrays, choices: Choices) -> _Paths:
    columns, taken_by = defaultdict(list), {}
    made_of: dict[object, list[int]] = defaultdict(list)
    tables = {serving: path_table(paths) for serving, paths in choices.paths.items()}
    for number, (component, index) in enumerate(problem.columns):
        if component != "path":
            continue
        s, d, q = index[:3], index[3], index[4]
        table = tables[s, d]
        for means, names, code in zip(MEANS, table.names, table.means[q].tolist(), strict=True):
            columns[(s, d), means, names[code]].append(number)
            taken_by[number, means] = ((s, d), means, names[code])
        made_of[s, d, *(taken_by[number, means] for means in MEANS)].append(number)
    alike = frozenset(number for same in made_of.values() if len(same) > 1 for number in same)
    return _Paths(columns, taken_by, alike)
