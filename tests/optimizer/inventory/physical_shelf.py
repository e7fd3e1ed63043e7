"""A shelf simulated order by order, a judge of the formulas that uses none of them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Seen:
    """What the simulated shelf did, by class."""

    unit_fill_rate: np.ndarray
    line_fill_rate: float
    on_hand_pieces: float
    backorders_pieces: np.ndarray


def simulate_shelf(
    *,
    reorder_point,
    order_quantity,
    lines_per_day,
    sizes,
    size_chance,
    lead_time_days,
    days,
    rng,
    levels=(0,),
    shares=(1.0,),
    review_days=0.0,
    lead_time_of=None,
):
    """(r, nQ) on one shelf: Poisson order lines, partial deliveries, backorders cleared best class first."""
    lines = rng.poisson(lines_per_day * days)
    times = np.sort(rng.uniform(0, days, lines))
    pieces = rng.choice(np.asarray(sizes), lines, p=size_chance)
    classes = rng.choice(len(levels), lines, p=shares)
    levels = np.asarray(levels)
    on_hand = position = reorder_point + order_quantity
    owed = np.zeros(len(levels), dtype=int)
    asked, served, whole = np.zeros(len(levels)), np.zeros(len(levels)), 0
    stock_days, owed_days, now = 0.0, np.zeros(len(levels)), 0.0
    due: list[tuple[float, int]] = []
    next_review = review_days
    line = 0
    while True:
        event = min(
            times[line] if line < lines else np.inf,
            due[0][0] if due else np.inf,
            next_review if review_days else np.inf,
        )
        if event >= days:
            break
        stock_days, owed_days, now = (
            stock_days + on_hand * (event - now),
            owed_days + owed * (event - now),
            event,
        )
        if due and due[0][0] == event:
            on_hand += due.pop(0)[1]
            for k in range(len(levels)):
                given = min(owed[k], max(on_hand - levels[k], 0))
                owed[k] -= given
                on_hand -= given
        elif line < lines and times[line] == event:
            k, x = classes[line], int(pieces[line])
            given = min(x, max(on_hand - levels[k], 0))
            on_hand, position = on_hand - given, position - x
            owed[k] += x - given
            asked[k], served[k], whole = asked[k] + x, served[k] + given, whole + (given == x)
            line += 1
        else:
            next_review += review_days
        if (not review_days or event == next_review - review_days) and position <= reorder_point:
            batches = -(-(reorder_point + 1 - position) // order_quantity)
            position += batches * order_quantity
            wait = lead_time_days if lead_time_of is None else lead_time_of(rng)
            due.append((event + wait, batches * order_quantity))
            due.sort()
    return Seen(served / asked, whole / lines, stock_days / now, owed_days / now)
