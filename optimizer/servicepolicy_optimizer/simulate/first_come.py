"""A shelf from which everybody is served in turn: no step depends on a choice, so all is one running sum.

Net stock = start + what came in - what was asked for. What is on the shelf is its positive part, what is owed
its negative part; the n-th piece asked for leaves when the n-th piece is there (Axsäter, Inventory Control,
2015, 5.2).
"""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.simulate.events import Events
from servicepolicy_optimizer.simulate.in_rows import count_up_to, sums_within
from servicepolicy_optimizer.simulate.lines import LEAST_PIECES, Lines, ShelfRules


@dataclass(frozen=True)
class Served:
    """What happened on some shelves; see `play.Played`."""

    from_stock_pieces: Floats
    wait_days: Floats
    on_hand_pieces: Floats
    owed_pieces: Floats


def first_come(lines: Lines, rules: ShelfRules, events: Events, whole_lines: bool) -> Served:
    """Serve the lines in turn, splitting what is not there whole (`by_rank` serves whole lines)."""
    del rules, whole_lines
    net = sums_within(events.shelf, events.change_pieces)
    on_hand = np.maximum(net, 0.0)
    at_line = events.is_line
    before = np.zeros(lines.shelf.size)
    before[events.line[at_line]] = net[at_line] - events.change_pieces[at_line]
    from_stock = np.clip(before, 0.0, lines.pieces)
    return Served(from_stock, _waits(lines, events, from_stock), on_hand, on_hand - net)


def _waits(lines: Lines, events: Events, from_stock: Floats) -> Floats:
    """Until the first receipt with which as much has come in as was asked for up to the line."""
    short = np.flatnonzero(lines.pieces - from_stock > LEAST_PIECES)
    came = ~events.is_line
    shelf, time = events.shelf[came], events.time_days[came]
    # The start may be below zero: all sums are lifted by the most that any shelf owes at its start.
    lift = max(0.0, -float(events.change_pieces[came].min(initial=0.0)))
    there = sums_within(shelf, events.change_pieces[came]) + lift
    asked = sums_within(lines.shelf, lines.pieces)[short] + lift
    wanted = lines.shelf[short]
    at = count_up_to(shelf, there, wanted, asked - LEAST_PIECES, reaching=True)
    found = at < shelf.size
    found[found] = shelf[at[found]] == wanted[found]
    wait = np.zeros(lines.shelf.size)
    wait[short] = np.where(found, time[np.where(found, at, 0)] - lines.time_days[short], np.inf)
    return wait
