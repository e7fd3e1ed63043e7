"""Shelves whose shortages are lost: what is not there when it is asked for is gone, and nobody waits.

The position falls by what is delivered, so when a shelf orders depends on what it had: orders and lines are
played together, the n-th line of every shelf at once, with what is under way beside it.
"""

from dataclasses import dataclass, field

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.lines import (
    LEAST_PIECES,
    LeadTimes,
    Lines,
    Orders,
    Receipts,
    ShelfRules,
)
from servicepolicy_optimizer.simulate.replenishment import arrivals

UNDER_WAY = 8
"""Orders of a shelf for which there is room at first; doubled when it fills."""


@dataclass
class _Floor:
    """n shelves, busiest first, and their orders under way."""

    on_hand: Floats
    on_order: Floats
    """(n,)"""
    due_days: Floats
    """(n, places) inf where nothing is under way."""
    due_pieces: Floats
    """(n, places)"""
    orders: Ints
    """(n,) placed so far."""
    latest_days: Floats
    """(n,) latest arrival so far."""
    placed: list[Orders] = field(default_factory=list)

    def receive(self, some: int, now: Floats) -> None:
        """What is due by now is put away."""
        came = self.due_days[:some] <= now[:, None]
        pieces = (self.due_pieces[:some] * came).sum(axis=1)
        self.on_hand[:some] += pieces
        self.on_order[:some] -= pieces
        self.due_days[:some][came] = np.inf

    def order(self, at: Ints, orders: Orders, arrive: Floats) -> None:
        """Send orders of the shelves at these places on their way."""
        if np.isfinite(self.due_days[at]).all(axis=1).any():
            more = np.full_like(self.due_days, np.inf)
            self.due_days = np.concatenate([self.due_days, more], axis=1)
            self.due_pieces = np.concatenate([self.due_pieces, np.zeros_like(more)], axis=1)
        free = np.argmax(np.isinf(self.due_days[at]), axis=1)
        self.due_days[at, free], self.due_pieces[at, free] = arrive, orders.pieces
        self.on_order[at] += orders.pieces
        self.orders[at] += 1
        self.placed.append(orders)


@dataclass(frozen=True)
class Sold:
    """What M lines got, and what was received for it."""

    from_stock_pieces: Floats
    """(M,)"""
    receipts: Receipts


def sold(
    lines: Lines, rules: ShelfRules, lead_times: LeadTimes, in_sequence: bool, whole_lines: bool
) -> Sold:
    """Play the lines; what a line does not get is lost. Continuous review, no reserve levels.

    lead_times is asked at every step, for the orders placed in it. Raises ValueError for shelves that are
    reviewed or ranked: nothing is planned for them whose shortages are lost.
    """
    if rules.review_days.any() or rules.ranked.any():
        raise ValueError("rules: what is short is lost on shelves without reviews and reserve levels only")
    count = np.bincount(lines.shelf, minlength=rules.ranked.size)
    busiest = np.argsort(-count, kind="stable")
    place = np.argsort(busiest, kind="stable")[lines.shelf]
    nth = np.arange(lines.shelf.size) - np.repeat(np.cumsum(count) - count, count)
    layout = np.lexsort((place, nth))
    own, floor = rules.of(busiest), _floor(rules, busiest)
    got, leads, first = np.zeros(lines.shelf.size), [np.zeros(0)], 0
    for last in np.cumsum(np.bincount(nth)).tolist():
        rows, some = layout[first:last], last - first
        now, asked = lines.time_days[rows], lines.pieces[rows]
        floor.receive(some, now)
        there = floor.on_hand[:some]
        gets = np.where(
            there >= asked - LEAST_PIECES, asked, 0.0 if whole_lines else np.minimum(there, asked)
        )
        got[rows] = gets
        floor.on_hand[:some] = np.maximum(there - gets, 0.0)
        ordered = _ordered(own, floor, some)
        at = np.flatnonzero(ordered > LEAST_PIECES)
        if at.size:
            orders = Orders(busiest[at], now[at], ordered[at], floor.orders[at].copy())
            lead = lead_times(orders)
            arrive = now[at] + lead
            if in_sequence:
                arrive = np.maximum(arrive, floor.latest_days[at])
                floor.latest_days[at] = arrive
            floor.order(at, orders, arrive)
            leads.append(lead)
        first = last
    return Sold(got, _receipts(floor.placed, np.concatenate(leads), in_sequence))


def _floor(rules: ShelfRules, busiest: Ints) -> _Floor:
    shelves = busiest.size
    start = np.maximum(rules.start_pieces[busiest], 0.0)
    under_way = np.full((shelves, UNDER_WAY), np.inf)
    nothing = np.zeros(shelves)
    return _Floor(
        start, nothing.copy(), under_way, np.zeros_like(under_way), np.zeros(shelves, np.intp), nothing.copy()
    )


def _ordered(own: ShelfRules, floor: _Floor, some: int) -> Floats:
    """(some,) the fewest whole batches that lift the position above r; to r itself where Q = 0."""
    short = own.reorder_point_pieces[:some] - floor.on_hand[:some] - floor.on_order[:some]
    quantity = own.order_quantity_pieces[:some]
    batches = np.floor(short / np.where(quantity > 0, quantity, 1.0) + LEAST_PIECES) + 1.0
    return np.maximum(np.where(quantity > 0, batches * quantity, short), 0.0)


def _receipts(placed: list[Orders], lead_time_days: Floats, in_sequence: bool) -> Receipts:
    """All orders as they came in, sorted by shelf and time."""
    if not placed:
        nothing = np.zeros(0)
        return Receipts(np.zeros(0, np.intp), nothing, nothing)
    shelf, days, pieces, number = (
        np.concatenate([getattr(one, name) for one in placed])
        for name in ("shelf", "placed_days", "pieces", "number")
    )
    row = np.lexsort((number, shelf))
    return arrivals(Orders(shelf[row], days[row], pieces[row], number[row]), lead_time_days[row], in_sequence)
