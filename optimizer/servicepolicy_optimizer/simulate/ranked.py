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
    """The state of n shelves, busiest first, and their queues: one queue for every shelf and class."""

    on_hand: Floats
    """(n,)"""
    owed: Floats
    """(K, n)"""
    level: Floats
    """(K, n)"""
    head: Ints
    """(K, n) row in `queued` of the oldest line that waits."""
    tail: Ints
    """(K, n) row behind the youngest line that has come."""
    queued: Floats
    """(M + 1,) pieces of the lines, by shelf, class and time."""


def by_rank(lines: Lines, rules: ShelfRules, events: Events, whole_lines: bool) -> Served:
    """Serve ranked shelves best class first, others in turn; lines split or whole."""
    shelves, begin, count = np.unique(events.shelf, return_index=True, return_counts=True)
    busiest = np.argsort(-count, kind="stable")
    own = rules.of(shelves[busiest])
    queue = np.where(rules.ranked[lines.shelf], lines.customer_class, 0)
    line_at = np.flatnonzero(events.is_line)
    asks = np.zeros((own.critical_level_pieces.shape[1], events.shelf.size))
    asks[queue[events.line[line_at]], line_at] = -events.change_pieces[line_at]
    came = np.where(events.is_line, 0.0, events.change_pieces)
    floor = _floor(lines, queue, shelves[busiest], np.where(own.ranked, own.critical_level_pieces.T, 0.0))
    nth = np.arange(events.shelf.size) - np.repeat(begin, count)
    place = np.repeat(np.argsort(busiest, kind="stable"), count)
    given = _stepped(floor, came, asks, (nth, place), whole_lines)
    left = given.sum(axis=0)
    on_hand = sums_within(events.shelf, came - left)
    owed = sums_within(events.shelf, asks.sum(axis=0) - left)
    from_stock = np.zeros(lines.shelf.size)
    from_stock[events.line[line_at]] = given[queue[events.line[line_at]], line_at]
    return Served(from_stock, _waits(lines, queue, events, given), on_hand, owed)


def _floor(lines: Lines, queue: Ints, shelves: Ints, level: Floats) -> _Floor:
    classes = level.shape[0]
    row = np.lexsort((queue, lines.shelf))  # stable: within shelf and class by time
    key = lines.shelf * classes + queue
    head = np.searchsorted(key[row], shelves * classes + np.arange(classes)[:, None])
    queued = np.append(lines.pieces[row], np.inf)
    nobody = np.zeros(shelves.size)
    return _Floor(nobody, np.zeros(level.shape), level, head.astype(np.intp), head.astype(np.intp), queued)


def _stepped(floor: _Floor, came: Floats, asks: Floats, at: tuple[Ints, Ints], whole_lines: bool) -> Floats:
    """(K, E) pieces that left at every event, by class.

    at  of every event, its number on its shelf and the place of the shelf on the floor: laid out by number
        and place, each step is one slice of all arrays, and the shelves in it are the first of the floor.
    """
    nth, place = at
    layout = np.lexsort((place, nth))
    came, asks = came[layout], asks[:, layout]
    arrives = asks > 0
    laid = np.zeros(asks.shape)
    serve = _whole if whole_lines else _split
    first = 0
    for last in np.cumsum(np.bincount(nth)).tolist():
        some = last - first
        floor.on_hand[:some] += came[first:last]
        floor.owed[:, :some] += asks[:, first:last]
        floor.tail[:, :some] += arrives[:, first:last]
        for k in range(asks.shape[0]):
            laid[k, first:last] = serve(floor, some, k)
        first = last
    given = np.zeros(asks.shape)
    given[:, layout] = laid
    return given


def _split(floor: _Floor, some: int, k: int) -> Floats:
    """What class k gets of what lies above its level."""
    gets = np.minimum(floor.owed[k, :some], floor.on_hand[:some] - floor.level[k, :some])
    np.maximum(gets, 0.0, out=gets)
    floor.on_hand[:some] -= gets
    floor.owed[k, :some] -= gets
    return gets


def _whole(floor: _Floor, some: int, k: int) -> Floats:
    """The oldest lines of class k, one after another while the next is there whole above its level."""
    gets = np.zeros(some)
    head, tail, level = floor.head[k, :some], floor.tail[k, :some], floor.level[k, :some]
    while True:
        pieces = floor.queued[head]
        leaves = (head < tail) & (pieces <= floor.on_hand[:some] - level + LEAST_PIECES)
        if not leaves.any():
            return gets
        left = np.where(leaves, pieces, 0.0)
        floor.on_hand[:some] -= left
        gets += left
        head += leaves


def _waits(lines: Lines, queue: Ints, events: Events, given: Floats) -> Floats:
    """Until the first event with which the class has got as much as it asked for up to the line."""
    wait = np.zeros(lines.shelf.size)
    for k in range(given.shape[0]):
        mine = np.flatnonzero(queue == k)
        asked = sums_within(lines.shelf[mine], lines.pieces[mine])
        gave = np.flatnonzero(given[k] > 0)
        shelf, time = events.shelf[gave], events.time_days[gave]
        got = sums_within(shelf, given[k, gave])
        at = count_up_to(shelf, got, lines.shelf[mine], asked - LEAST_PIECES, reaching=True)
        found = at < shelf.size
        found[found] = shelf[at[found]] == lines.shelf[mine[found]]
        when = time[np.where(found, at, 0)] if shelf.size else np.zeros(mine.size)
        wait[mine] = np.where(found, when - lines.time_days[mine], np.inf)
    return wait
