"""An item's policy played against random order lines, event by event: uses no formula of the program."""

import heapq
from dataclasses import dataclass

import numpy as np

ORDER, RECEIPT, REVIEW = 0, 1, 2


@dataclass(frozen=True)
class Played:
    """What the customers got, by class, and what stood on the shelf."""

    unit_fill_rate: np.ndarray
    """(I,) share of pieces delivered at once."""
    on_hand_pieces: float
    """Average over time."""


def played(item, lines_per_day, sizes, chances, supply, days, rng) -> Played:
    """Play an `ItemPolicy` over some days of compound Poisson order lines; what is short waits.

    lines_per_day (I,), best class first; a line of class i has sizes[i][k] pieces with chances[i][k]. supply:
    mean and deviation of the lead time in days (gamma), orders may overtake each other.
    """
    reorder, quantity, review = item.reorder_point_pieces, item.order_quantity_pieces, item.review_days
    levels = [item.critical_level_pieces.get(name, 0.0) for name in sorted(item.unit_fill_rate)]
    position = on_hand = reorder + quantity
    waiting = np.zeros(len(levels))
    asked, got = np.zeros(len(levels)), np.zeros(len(levels))
    events = _lines(lines_per_day, sizes, chances, days, rng)
    events += [(day, REVIEW, 0, 0.0) for day in (np.arange(review, days, review) if review else ())]
    heapq.heapify(events)
    clock = stock_days = 0.0
    while events:
        time, kind, who, pieces = heapq.heappop(events)
        if time > days:
            break
        stock_days, clock = stock_days + on_hand * (time - clock), time
        if kind == ORDER:
            given = min(pieces, max(on_hand - levels[who], 0.0))
            asked[who], got[who] = asked[who] + pieces, got[who] + given
            on_hand, position = on_hand - given, position - pieces
            waiting[who] += pieces - given
        elif kind == RECEIPT:
            on_hand += pieces
            for k, level in enumerate(levels):
                given = min(waiting[k], max(on_hand - level, 0.0))
                on_hand, waiting[k] = on_hand - given, waiting[k] - given
        if (kind == REVIEW or (kind == ORDER and not review)) and position <= reorder:
            ordered = quantity * np.ceil((reorder + 1 - position) / quantity)
            position += ordered
            heapq.heappush(events, (time + _lead_time_days(supply, rng), RECEIPT, 0, ordered))
    return Played(got / asked, stock_days / clock)


def _lines(lines_per_day, sizes, chances, days, rng):
    """(time, ORDER, class, pieces) of every line."""
    lines = []
    for who, rate in enumerate(lines_per_day):
        count = rng.poisson(rate * days)
        times = rng.uniform(0, days, count)
        pieces = rng.choice(sizes[who], count, p=chances[who])
        lines += list(zip(times.tolist(), [ORDER] * count, [who] * count, pieces.tolist(), strict=True))
    return lines


def _lead_time_days(supply, rng):
    mean, deviation = supply
    return mean if deviation == 0 else rng.gamma((mean / deviation) ** 2, deviation**2 / mean)
