"""Envelopes, best rungs and columns of a shelf with very many items, item by item.

Envelopes and best rungs are those of `curves.envelope` to the last bit: the same divisions and comparisons.
Columns are added up item by item, in their order, so their last digits are not those of the plain road.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.compiled.machine_code import machine_code

Array = npt.NDArray[np.float64]


@machine_code
def envelopes(on_hand: Any, fill: Any, nearly_rising: float, step_worth: Any, odd: Any) -> None:
    """`curves.envelope.envelope` of ladders (n, M) into step_worth (n, M - 1).

    odd (n,): those that bend more often, and are to be scanned
    """
    items, steps = step_worth.shape
    chord, worth = np.empty(steps), np.empty(steps)
    for n in range(items):
        first_stock, first_fill = on_hand[n, 0], fill[n, 0]
        falls = 0
        for m in range(steps):
            stock, gained = on_hand[n, m + 1] - on_hand[n, m], fill[n, m + 1] - fill[n, m]
            up, along = on_hand[n, m + 1] - first_stock, fill[n, m + 1] - first_fill
            # Divided by, whatever it is: so that several steps are taken at once.
            step, slope = stock / gained, up / along
            worth[m] = step if gained > 0 else np.inf
            chord[m] = slope if along > 0 else np.inf
            falls += not (gained >= 0 and stock >= 0)
        fine = falls == 0
        tangent, least = 0, chord[0]
        for m in range(1, steps):
            if chord[m] < least:
                tangent, least = m, chord[m]
        lowest = np.inf
        for m in range(steps - 1, -1, -1):
            own = least if m <= tangent else worth[m]
            lowest = min(lowest, own)
            if own - lowest > nearly_rising * lowest:
                same = on_hand[n, m + 1] == on_hand[n, m] and fill[n, m + 1] == fill[n, m]
                fine = fine and same
            step_worth[n, m] = lowest
        odd[n] = not fine


@machine_code
def worths(
    pieces: Any, short: Any, worth_of_all: Any, objective: Any, held: Any, charged: Any, worth: Any
) -> bool:
    """Pieces on hand that all of an item's fill rate is worth, (n, K); whether holding a piece earns.

    pieces (n, C), short (C, K), worth_of_all (n,), objective (K,), held (A, n), charged (A, K)
    """
    earns = False
    items, width = worth.shape
    gained, per_piece = np.empty(width), np.empty(width)
    for n in range(items):
        for k in range(width):
            gained[k] = 0.0
            per_piece[k] = 0.0
        for c in range(pieces.shape[1]):
            amount = pieces[n, c]
            if amount != 0.0:
                for k in range(width):
                    gained[k] += amount * short[c, k]
        for a in range(charged.shape[0]):
            amount = held[a, n]
            for k in range(width):
                per_piece[k] += amount * charged[a, k]
        for k in range(width):
            earns = earns or per_piece[k] < 0
            worth[n, k] = (gained[k] + worth_of_all[n] * objective[k]) / per_piece[k]
    return earns


@machine_code
def best_of_envelopes(step_worth: Any, worth: Any, best: Any) -> None:
    """`Envelope.best` at worth (n, K) into best (n, K).

    Where a price follows a lower one, its search goes on from there.
    """
    items, steps = step_worth.shape
    for n in range(items):
        low, before = 0, -np.inf
        for k in range(worth.shape[1]):
            asked = worth[n, k]
            if not asked >= before:
                low = 0
            while low < steps and step_worth[n, low] < asked:
                low += 1
            before = asked
            best[n, k] = low


@machine_code
def added_up(
    on_hand: Any, fill: Any, chosen: Any, amounts: Any, demanded: Any, ordered: Any, found: Any
) -> None:
    """What items at rungs chosen (n, K) take and leave short, added to `found`: see `columns_of`.

    on_hand, fill (n, M), amounts (n, A), demanded (n, I, R), ordered (n, I)
    found   stocked (A, K), short (I, R, K), and the least fill rate of what each class orders (I, K)
    """
    stocked, short, worst = found
    items, width = chosen.shape
    classes, regions = demanded.shape[1:]
    stock, missing = np.empty(width), np.empty(width)
    for n in range(items):
        for k in range(width):
            stock[k] = on_hand[n, chosen[n, k]]
            missing[k] = fill[n, chosen[n, k]]
        for i in range(classes):
            if ordered[n, i]:
                for k in range(width):
                    worst[i, k] = min(worst[i, k], missing[k])
        for k in range(width):
            missing[k] = 1.0 - missing[k]
        for a in range(amounts.shape[1]):
            amount = amounts[n, a]
            for k in range(width):
                stocked[a, k] += stock[k] * amount
        for i in range(classes):
            for r in range(regions):
                pieces = demanded[n, i, r]
                if pieces != 0.0:
                    for k in range(width):
                        short[i, r, k] += missing[k] * pieces


@machine_code
def slopes(
    on_hand: Any, fill: Any, holding_cost: Any, pieces: Any, least: float, low: float, high: float, found: Any
) -> tuple[int, int]:
    """Currency per piece saved of every step that saves more than `least` pieces and costs something.

    Those up to `low` or from `high` on go into `found`, in order; how many there are, and how many are found.
    on_hand, fill (n, M), holding_cost (n,) a piece, pieces (n,) a year
    """
    count, kept = 0, 0
    for n in range(fill.shape[0]):
        for m in range(fill.shape[1] - 1):
            saved = fill[n, m + 1] * pieces[n] - fill[n, m] * pieces[n]
            cost = (on_hand[n, m + 1] - on_hand[n, m]) * holding_cost[n]
            if saved > least and cost > 0:
                slope = cost / saved
                if slope > 0:
                    count += 1
                    if slope <= low or slope >= high:
                        found[kept] = slope
                        kept += 1
    return count, kept
