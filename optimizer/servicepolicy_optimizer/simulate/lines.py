"""What the engine is told: order lines, the rules of the shelves, and the orders that follow from both."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.in_rows import span_over

LEAST_PIECES = 1e-9
"""Less than this is rounding (goods that are measured, not counted)."""


@dataclass(frozen=True)
class Lines:
    """M order lines, sorted by shelf and time; lines of one shelf at one time in the order they are served.

    `sorted_lines` sorts what is not.
    """

    shelf: Ints
    """(M,) number of the shelf."""
    time_days: Floats
    """(M,) at least 0."""
    pieces: Floats
    """(M,) above 0."""
    customer_class: Ints
    """(M,) 0 is the best."""

    def of(self, rows: NDArray[np.bool_] | Ints) -> Self:
        """Some of the lines."""
        return replace(
            self,
            shelf=self.shelf[rows],
            time_days=self.time_days[rows],
            pieces=self.pieces[rows],
            customer_class=self.customer_class[rows],
        )


@dataclass(frozen=True)
class ShelfRules:
    """How N shelves are run: (r, nQ) with continuous or periodic review, and who is served when.

    When the inventory position (on hand + on order - owed) is at or below r, the fewest whole batches of Q
    that lift it above r are ordered: after an order line (continuous review) or at a review. With Q = 0 the
    position is lifted to r itself (order-up-to; base stock r).
    """

    reorder_point_pieces: Floats
    """(N,) r"""
    order_quantity_pieces: Floats
    """(N,) Q; 0: order up to r."""
    start_pieces: Floats
    """(N,) position at time 0, all of it on hand. Below 0 (only where classes are not ranked and lines are
    split): owed by earlier lines, which are served first."""
    review_days: Floats
    """(N,) 0: continuous review."""
    first_review_days: Floats
    """(N,) time of the first review."""
    critical_level_pieces: Floats
    """(N, K) stock on hand at or below which class k waits; rises with k."""
    ranked: NDArray[np.bool_]
    """(N,) True: rationed, classes are served by level and rank. False: first come, first served."""

    def of(self, shelves: Ints) -> "ShelfRules":
        """Some of the shelves."""
        return ShelfRules(
            self.reorder_point_pieces[shelves],
            self.order_quantity_pieces[shelves],
            self.start_pieces[shelves],
            self.review_days[shelves],
            self.first_review_days[shelves],
            self.critical_level_pieces[shelves],
            self.ranked[shelves],
        )


@dataclass(frozen=True)
class Orders:
    """P replenishment orders, sorted by shelf and the time they were placed."""

    shelf: Ints
    """(P,)"""
    placed_days: Floats
    """(P,)"""
    pieces: Floats
    """(P,)"""
    number: Ints
    """(P,) 0, 1, 2, ... within the shelf."""


LeadTimes = Callable[[Orders], Floats]
"""Orders -> the lead time of each, in days (P,)."""


@dataclass(frozen=True)
class Receipts:
    """What came in, sorted by shelf and time of arrival."""

    shelf: Ints
    """(P,)"""
    time_days: Floats
    """(P,)"""
    pieces: Floats
    """(P,)"""


def sorted_lines(shelf: Ints, time_days: Floats, pieces: Floats, customer_class: Ints) -> tuple[Lines, Ints]:
    """Lines sorted as the engine wants them, and which row each of them was; ties keep their order.

    >>> lines, row = sorted_lines(*np.array([[1, 0, 1], [5, 3, 2], [1, 1, 4], [0, 0, 0]]))
    >>> lines.time_days.tolist(), row.tolist()
    ([3, 2, 5], [1, 2, 0])
    """
    row = np.argsort(shelf * span_over(time_days) + time_days, kind="stable")
    return Lines(shelf[row], time_days[row], pieces[row], customer_class[row]), row
