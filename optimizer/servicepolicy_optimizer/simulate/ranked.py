"""A shelf with reserve levels, or one from which only whole lines leave: who is served depends on what is
there, so it is played step by step, the n-th event of every shelf at once.
"""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.events import Events
from servicepolicy_optimizer.simulate.first_come import Served
from servicepolicy_optimizer.simulate.in_rows import count_up_to, sums_within
from servicepolicy_optimizer.simulate.lines import LEAST_PIECES, Lines, ShelfRules


@dataclass
class _Floor:
    """The state of the shelves, busiest first, and their queues: one queue for every shelf and class."""

    on_hand: Floats
    """(n,)"""
    owed: Floats
    """(n, K)"""
    level: Floats
    """(n, K)"""
    head: Ints
    """(n, K) row in `queued` of the oldest line that waits."""
    tail: Ints
    """(n, K) row behind the youngest line that has come."""
    queued: Floats
    """(M + 1,) pieces of the lines, by shelf, class and time."""


def by_rank(lines: Lines, rules: ShelfRules, events: Events, whole_lines: bool) -> Served:
    """Serve ranked shelves best class first, others in turn; lines split or whole."""
    shelves, begin, count = np.unique(events.shelf, return_index=True, return_counts=True)
    busiest = np.argsort(-count, kind="stable")
    own = rules.of(shelves[busiest])
    queue = np.where(rules.ranked[lines.shelf], lines.customer_class, 0)
    line_at = np.flatnonzero(events.is_line)
    class_of = np.zeros(events.shelf.size, np.intp)
    class_of[line_at] = queue[events.line[line_at]]
    level = np.where(own.ranked[:, None], own.critical_level_pieces, 0.0)
    floor = _floor(lines, queue, shelves[busiest], level)
    given = _stepped(floor, events, class_of, (begin[busiest], count[busiest]), whole_lines)
    came = np.where(events.is_line, 0.0, events.change_pieces)
    asked = np.where(events.is_line, -events.change_pieces, 0.0)
    on_hand = sums_within(events.shelf, came - given.sum(axis=1))
    owed = sums_within(events.shelf, asked - given.sum(axis=1))
    from_stock = np.zeros(lines.shelf.size)
    from_stock[events.line[line_at]] = given[line_at, class_of[line_at]]
    return Served(from_stock, _waits(lines, queue, events, given), on_hand, owed)


def _floor(lines: Lines, queue: Ints, shelves: Ints, level: Floats) -> _Floor:
    classes = level.shape[1]
    row = np.lexsort((queue, lines.shelf))  # stable: within shelf and class by time
    key = lines.shelf * classes + queue
    head = np.searchsorted(key[row], shelves[:, None] * classes + np.arange(classes))
    queued = np.append(lines.pieces[row], np.inf)
    nobody = np.zeros(shelves.size)
    return _Floor(nobody, np.zeros(level.shape), level, head.astype(np.intp), head.astype(np.intp), queued)


def _stepped(
    floor: _Floor, events: Events, class_of: Ints, runs: tuple[Ints, Ints], whole_lines: bool
) -> Floats:
    """(E, K) pieces that left at every event, by class. runs: first event and number of events, by shelf."""
    begin, count = runs
    given = np.zeros((events.shelf.size, floor.level.shape[1]))
    lines = events.is_line
    serve = _whole if whole_lines else _split
    for step in range(int(count.max())):
        some = int(np.searchsorted(-count, -step))  # those that have so many events
        at = begin[:some] + step
        change, is_line, who = events.change_pieces[at], lines[at], class_of[at]
        floor.on_hand[:some] += np.where(is_line, 0.0, change)
        shelf = np.flatnonzero(is_line)
        floor.owed[shelf, who[shelf]] -= change[shelf]
        floor.tail[shelf, who[shelf]] += 1
        for k in range(floor.level.shape[1]):
            given[at, k] = serve(floor, some, k)
    return given


def _split(floor: _Floor, some: int, k: int) -> Floats:
    """What class k gets of what lies above its level."""
    above = floor.on_hand[:some] - floor.level[:some, k]
    gets = np.minimum(floor.owed[:some, k], np.maximum(above, 0.0))
    floor.on_hand[:some] -= gets
    floor.owed[:some, k] -= gets
    return gets


def _whole(floor: _Floor, some: int, k: int) -> Floats:
    """The oldest lines of class k, one after another while the next is there whole above its level."""
    gets = np.zeros(some)
    while True:
        pieces = floor.queued[floor.head[:some, k]]
        above = floor.on_hand[:some] - floor.level[:some, k]
        leaves = (floor.head[:some, k] < floor.tail[:some, k]) & (pieces <= above + LEAST_PIECES)
        if not leaves.any():
            return gets
        left = np.where(leaves, pieces, 0.0)
        floor.on_hand[:some] -= left
        gets += left
        floor.head[:some, k] += leaves


def _waits(lines: Lines, queue: Ints, events: Events, given: Floats) -> Floats:
    """Until the first event with which the class has got as much as it asked for up to the line."""
    wait = np.zeros(lines.shelf.size)
    for k in range(given.shape[1]):
        mine = np.flatnonzero(queue == k)
        asked = sums_within(lines.shelf[mine], lines.pieces[mine])
        gave = np.flatnonzero(given[:, k] > 0)
        shelf, time = events.shelf[gave], events.time_days[gave]
        got = sums_within(shelf, given[gave, k])
        at = count_up_to(shelf, got, lines.shelf[mine], asked - LEAST_PIECES, reaching=True)
        found = at < shelf.size
        found[found] = shelf[at[found]] == lines.shelf[mine[found]]
        when = time[np.where(found, at, 0)] if shelf.size else np.zeros(mine.size)
        wait[mine] = np.where(found, when - lines.time_days[mine], np.inf)
    return wait
