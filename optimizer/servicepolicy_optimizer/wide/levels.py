"""Rows that say of every response time what the order between segments says of their sum.

A segment has one response, so that of one is never slower than that of another exactly where, for every time
t, it is within t whenever the other is (disjunctive programming: Balas 1985). The relaxation of the sum alone
lets half a fast path and half a slow one pass for two of medium speed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.widened import Widening

ORDERS = ("better_customer_response", "better_item_response")
MOST_LEVELS = 24
"""A row whose segments have more different times stays as it is."""
ONE_OF = ("path", "promise")
"""Decisions of which a segment takes one; either may be what the row compares."""

Responses = Mapping[float, list[int]]
"""Response time -> the columns of a segment that have it."""


def with_levels(problem: Arrays) -> Arrays:
    """The problem with rows that no solution breaks, and that mixes do:

        within[s,t] = Σ_{q : hours[q] ≤ t} path[s,q],   within[s,t] ≥ within[s',t]   ∀ t

    for every row hours[s] ≤ hours[s'].
    """
    wider, levels = Widening(problem), dict[Segment, dict[float, int]]()
    for better, worse, responses in _orders(problem):
        times = sorted(responses[better].keys() | responses[worse].keys())
        if len(times) > MOST_LEVELS:
            continue
        for segment in (better, worse):
            if segment not in levels:
                levels[segment] = _within(wider, segment, responses[segment])
        for time in times[:-1]:
            entries = {
                column: sign
                for segment, sign in ((better, 1.0), (worse, -1.0))
                if (column := _last(levels[segment], time)) is not None
            }
            if entries:
                wider.row(("better_within", (*better, *worse, time)), entries, lower=0.0)
    return wider.widened()


def _within(wider: Widening, segment: Segment, responses: Responses) -> dict[float, int]:
    """Time -> column: whether the response is within it. Each adds to the one before it."""
    found, before = dict[float, int](), None
    for time in sorted(responses):
        column = wider.column(("within", (*segment, time)), {}, integral=False)
        entries = {column: -1.0, **dict.fromkeys(responses[time], 1.0)}
        if before is not None:
            entries[before] = 1.0
        wider.row(("response_within", (*segment, time)), entries, 0.0, 0.0)
        found[time] = before = column
    return found


def _last(levels: Mapping[float, int], time: float) -> int | None:
    """The column of the last level up to a time; None where there is none: the response is never so fast."""
    within = [level for level in levels if level <= time]
    return levels[max(within)] if within else None


def _orders(problem: Arrays) -> Iterator[tuple[Segment, Segment, dict[Segment, Responses]]]:
    """Better and worse segment of every row of order, and the responses that the row gives them."""
    rows, choices = problem.matrix.tocsr(), _choices(problem)
    for number, (family, index) in enumerate(problem.rows):
        if family not in ORDERS:
            continue
        first, end = rows.indptr[number], rows.indptr[number + 1]
        hours = dict(
            zip(rows.indices[first:end].tolist(), np.abs(rows.data[first:end]).tolist(), strict=True)
        )
        compared = next((of for of in ONE_OF if any(problem.columns[n][0] == of for n in hours)), "path")
        found: dict[Segment, Responses] = {}
        for segment in (_segment(index), _segment(index[3:])):
            of = found[segment] = defaultdict(list)
            for column in choices.get((compared, segment), ()):
                # What takes no time has no entry.
                of[hours.get(column, 0.0)].append(column)
        better, worse = found
        yield better, worse, found


def _choices(problem: Arrays) -> Mapping[tuple[str, Segment], list[int]]:
    """Of what a segment takes one."""
    found = defaultdict(list)
    for number, (component, index) in enumerate(problem.columns):
        if component in ONE_OF:
            found[component, _segment(index)].append(number)
    return found


def _segment(index: Sequence[str]) -> Segment:
    """The segment that an index begins with."""
    i, j, r = index[:3]
    return i, j, r
