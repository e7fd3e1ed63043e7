"""Everything that happens on the shelves, in the order in which it happens."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.in_rows import span_over
from servicepolicy_optimizer.simulate.lines import Lines, Receipts

NO_LINE = -1


@dataclass(frozen=True)
class Events:
    """E events sorted by shelf and time: of every shelf its start, then receipts and lines."""

    shelf: Ints
    """(E,)"""
    time_days: Floats
    """(E,)"""
    change_pieces: Floats
    """(E,) what comes in is positive, what is asked for negative; first the stock at the start."""
    line: Ints
    """(E,) row of the line, or NO_LINE."""
    cycle: Ints
    """(E,) replenishment cycles begun so far, over all shelves: the start and every receipt begin one."""

    @property
    def is_line(self) -> NDArray[np.bool_]:
        """(E,) whether it is an order line."""
        return np.asarray(self.line != NO_LINE)

    def of(self, rows: Ints, lines: Ints) -> "Events":
        """Some shelves' events, with the lines numbered among those that are kept."""
        line = self.line[rows]
        renumbered = np.where(line == NO_LINE, NO_LINE, np.searchsorted(lines, line))
        return Events(
            self.shelf[rows], self.time_days[rows], self.change_pieces[rows], renumbered, self.cycle[rows]
        )


def merged(lines: Lines, receipts: Receipts, start_pieces: Floats) -> Events:
    """Starts (N,), receipts and lines in one row of events; at one time in this order."""
    shelves, count = start_pieces.size, lines.shelf.size
    shelf = np.concatenate([np.arange(shelves), receipts.shelf, lines.shelf])
    time = np.concatenate([np.zeros(shelves), receipts.time_days, lines.time_days])
    change = np.concatenate([start_pieces, receipts.pieces, -lines.pieces])
    line = np.concatenate([np.full(shelves + receipts.shelf.size, NO_LINE), np.arange(count)])
    # Three sorted runs: a stable sort merges them, and keeps their order where times are equal.
    row = np.argsort(shelf * span_over(time) + time, kind="stable")
    line = line[row].astype(np.intp)
    return Events(shelf[row], time[row], change[row], line, np.cumsum(line == NO_LINE) - 1)
