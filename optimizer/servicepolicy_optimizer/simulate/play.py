"""The inner engine: shelves played event by event, all at once. Plain arrays in, plain arrays out.

It knows no scenario, no policy and no formula: order lines come, pieces leave, orders are placed and arrive.
At one time what comes in is put away first, then lines are served, then a review looks at the shelf.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.events import Events, merged
from servicepolicy_optimizer.simulate.first_come import first_come
from servicepolicy_optimizer.simulate.in_rows import sums_within
from servicepolicy_optimizer.simulate.lines import LeadTimes, Lines, Receipts, ShelfRules
from servicepolicy_optimizer.simulate.lost import Sold, sold
from servicepolicy_optimizer.simulate.ranked import by_rank
from servicepolicy_optimizer.simulate.replenishment import arrivals, orders_placed


@dataclass(frozen=True)
class Played:
    """What happened to M lines on N shelves, and how the stock stood after each of E events."""

    from_stock_pieces: Floats
    """(M,) delivered at once."""
    wait_days: Floats
    """(M,) until the line's last piece came in; inf where nothing that was ordered brings it; 0 where it is
    lost."""
    cycle: Ints
    """(M,) number of the replenishment cycle, over all shelves, in which the line was asked for."""
    receipts: Receipts
    events: Events
    on_hand_pieces: Floats
    """(E,) after the event."""
    owed_pieces: Floats
    """(E,) waiting for stock, after the event."""
    lost_pieces: Floats
    """(M,) asked for and never delivered."""


def play(
    lines: Lines,
    rules: ShelfRules,
    until_days: float,
    lead_times: LeadTimes,
    *,
    in_sequence: bool = False,
    whole_lines: bool = False,
    lost: bool = False,
) -> Played:
    """Play the lines against the shelves up to a time (after the last line).

    lead_times   asked once, for all orders; step by step where what is short is lost
    in_sequence  orders of a shelf never overtake each other; else each has its own lead time
    whole_lines  a line leaves whole or waits; else what is on the shelf leaves at once and the rest waits
    lost         what is short does not wait, but is lost; orders then follow from what was delivered

    Who is served: on shelves that are not ranked, first come, first served. On ranked ones class k takes only
    what lies above its critical level; when stock comes in, waiting lines are served best class first, within
    a class the oldest first, again only above the class's level. No line passes an older one of its class.

    >>> lines = Lines(np.zeros(3, int), np.array([1.0, 2.0, 9.0]), np.array([4.0, 4.0, 1.0]),
    ...               np.zeros(3, int))
    >>> rules = ShelfRules(*(np.array([x]) for x in (2.0, 5.0, 6.0, 0.0, 0.0)), np.zeros((1, 1)),
    ...                    np.array([False]))
    >>> played = play(lines, rules, 10.0, lambda orders: np.full(orders.shelf.size, 3.0))
    >>> played.from_stock_pieces.tolist(), played.wait_days.tolist()
    ([4.0, 2.0, 1.0], [0.0, 2.0, 0.0])
    """
    if lost:
        return _played_without_waiting(lines, rules, sold(lines, rules, lead_times, in_sequence, whole_lines))
    orders = orders_placed(lines, rules, until_days)
    receipts = arrivals(orders, lead_times(orders), in_sequence)
    events = merged(lines, receipts, rules.start_pieces)
    stepped = rules.ranked | whole_lines
    served, wait = np.zeros(lines.shelf.size), np.zeros(lines.shelf.size)
    on_hand, owed = np.zeros(events.shelf.size), np.zeros(events.shelf.size)
    for one_way, some in ((first_come, ~stepped), (by_rank, stepped)):
        of_lines, of_events = _rows(lines, events, some)
        if of_events.size:
            part = one_way(lines.of(of_lines), rules, events.of(of_events, of_lines), whole_lines)
            served[of_lines], wait[of_lines] = part.from_stock_pieces, part.wait_days
            on_hand[of_events], owed[of_events] = part.on_hand_pieces, part.owed_pieces
    nothing = np.zeros(lines.shelf.size)
    return Played(served, wait, _cycles(lines, events), receipts, events, on_hand, owed, nothing)


def _played_without_waiting(lines: Lines, rules: ShelfRules, got: Sold) -> Played:
    events = merged(lines, got.receipts, np.maximum(rules.start_pieces, 0.0))
    left = np.zeros(events.shelf.size)
    left[events.is_line] = got.from_stock_pieces[events.line[events.is_line]]
    on_hand = sums_within(events.shelf, np.where(events.is_line, -left, events.change_pieces))
    nothing, lost = np.zeros(lines.shelf.size), lines.pieces - got.from_stock_pieces
    return Played(
        got.from_stock_pieces, nothing, _cycles(lines, events), got.receipts, events, on_hand,
        np.zeros(events.shelf.size), lost,
    )  # fmt: skip


def _cycles(lines: Lines, events: Events) -> Ints:
    """(M,) number of the replenishment cycle of each line."""
    cycle = np.zeros(lines.shelf.size, np.intp)
    cycle[events.line[events.is_line]] = events.cycle[events.is_line]
    return cycle


def _rows(lines: Lines, events: Events, some: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Rows of the lines and of the events on some of the shelves."""
    return np.flatnonzero(some[lines.shelf]), np.flatnonzero(some[events.shelf])
