"""When a shelf orders, how much, and when that arrives: it follows from the order lines alone.

The inventory position falls by what is asked for, served or not, so orders do not depend on who is served.
"""

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.in_rows import count_up_to, latest_within, sums_within
from servicepolicy_optimizer.simulate.lines import LEAST_PIECES, Lines, Orders, Receipts, ShelfRules


def orders_placed(lines: Lines, rules: ShelfRules, until_days: float) -> Orders:
    """The replenishment orders of all shelves up to a time.

    After D pieces were asked for since the start y, what was ordered altogether is Q (floor((r - y + D) / Q)
    + 1), at least 0 (Q = 0: r - y + D): the least that keeps the position above r. An order is placed
    whenever that sum has risen since the shelf was last looked at. At one time: lines, then the review.
    """
    asked = sums_within(lines.shelf, lines.pieces)
    watched = rules.review_days[lines.shelf] == 0
    review_shelf, review_time = _reviews(rules, until_days)
    seen = count_up_to(lines.shelf, lines.time_days, review_shelf, review_time, reaching=False)
    running = np.concatenate([[0.0], np.cumsum(lines.pieces)])
    first = np.searchsorted(lines.shelf, review_shelf)
    shelf = np.concatenate([lines.shelf[watched], review_shelf])
    time = np.concatenate([lines.time_days[watched], review_time])
    asked = np.concatenate([asked[watched], running[seen] - running[first]])
    row = np.argsort(shelf, kind="stable")
    shelf, time, asked = shelf[row], time[row], asked[row]
    ordered = _ordered_altogether(rules, shelf, asked)
    new = ordered - np.where(np.diff(shelf, prepend=-1) == 0, np.roll(ordered, 1), 0.0)
    at = new > LEAST_PIECES
    number = sums_within(shelf[at], np.ones(int(at.sum()))).astype(np.intp) - 1
    return Orders(shelf[at], time[at], new[at], number)


def most_orders(lines: Lines, rules: ShelfRules, until_days: float) -> Ints:
    """(N,) at least as many orders as any reorder point makes each shelf place for these lines.

    So lead times can be drawn shelf by shelf, the same whatever the reorder points are. A batch is ordered
    for every Q pieces, an order at most for every line, or for every review.
    """
    shelves = rules.order_quantity_pieces.size
    asked = np.bincount(lines.shelf, lines.pieces, shelves)
    batched, reviewed = rules.order_quantity_pieces > 0, rules.review_days > 0
    batch, gap = (
        np.where(batched, rules.order_quantity_pieces, 1.0),
        np.where(reviewed, rules.review_days, 1.0),
    )
    by_batch = np.where(batched, np.ceil(asked / batch), np.inf)
    by_look = np.where(reviewed, np.ceil(until_days / gap), np.bincount(lines.shelf, minlength=shelves))
    return np.asarray(np.minimum(by_batch, by_look) + 2, np.intp)


def arrivals(orders: Orders, lead_time_days: Floats, in_sequence: bool) -> Receipts:
    """What comes in when: each order after its own lead time (P,).

    in_sequence  True: no order overtakes an earlier one of its shelf; it waits and both arrive together.
    """
    arrived = orders.placed_days + lead_time_days
    if in_sequence:
        arrived = latest_within(orders.shelf, arrived)
    row = np.lexsort((arrived, orders.shelf))
    return Receipts(orders.shelf[row], arrived[row], orders.pieces[row])


def _reviews(rules: ShelfRules, until_days: float) -> tuple[Ints, Floats]:
    """Shelf and time of every review before the end, sorted by both."""
    reviewed = np.flatnonzero(rules.review_days > 0)
    first, gap = rules.first_review_days[reviewed], rules.review_days[reviewed]
    count = np.maximum(np.ceil((until_days - first) / gap), 0).astype(np.intp)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(reviewed, count), np.repeat(first, count) + nth * np.repeat(gap, count)


def _ordered_altogether(rules: ShelfRules, shelf: Ints, asked: Floats) -> Floats:
    short = (rules.reorder_point_pieces - rules.start_pieces)[shelf] + asked
    quantity = rules.order_quantity_pieces[shelf]
    batch = np.where(quantity > 0, quantity, 1.0)
    batches = np.floor(short / batch) + 1.0
    return np.asarray(np.maximum(np.where(quantity > 0, batches * batch, short), 0.0))
