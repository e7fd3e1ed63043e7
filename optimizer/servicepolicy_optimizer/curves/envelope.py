"""The lower envelope of every item's ladder: at which price an item climbs from rung to rung.

Where all classes see the same fill rate, an item's cost at a price is holding x on hand + price x what is
short, so only the rungs on the lower convex envelope of (fill rate, stock on hand) are ever best, and they
are best in order of price. Once the prices of the steps are known, any number of prices is answered by
looking up.
"""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints

NEARLY_RISING = 1e-8
"""Steps that get cheaper by less than this share are rounding."""


@dataclass(frozen=True)
class Envelope:
    """n items x (M - 1) steps."""

    step_worth: Floats
    """(n, M - 1) pieces on hand that the step costs per unit of fill rate gained, never falling along a row:
    an item takes the step when a unit of its fill rate is worth more. Steps over rungs above the envelope are
    taken together; inf for a step that gains nothing."""

    def best(self, worth: Floats, items: Ints | None = None) -> Ints:
        """(n, K) the best rung where a unit of fill rate is worth so many pieces on hand, (n, K); of equal
        rungs the lowest. items: (n,) whose they are; all, in their order, unless it is said.

        >>> at = envelope(np.array([[0.0, 1.0, 3.0]]), np.array([[0.5, 0.8, 0.9]]))
        >>> at.step_worth.round(6).tolist(), at.best(np.array([[1.0, 4.0, 90.0]])).tolist()
        ([[3.333333, 20.0]], [[0, 1, 2]])
        """
        steps = self.step_worth.shape[1]
        row = ((np.arange(len(worth)) if items is None else items) * steps)[:, None]
        flat, low, left = self.step_worth.ravel(), np.zeros(worth.shape, np.intp), steps
        while left > 1:
            half = left // 2
            low += half * (flat.take(row + (low + (half - 1))) < worth)
            left -= half
        if steps:
            low += flat.take(row + low) < worth
        return low


def envelope(on_hand_pieces: Floats, fill_rate: Floats) -> Envelope:
    """The envelope of ladders (n, M) of stock on hand and fill rate.

    A ladder bends twice at most, save for rounding: where reorder points lie far below what is asked for, the
    first stock gains little, and the rungs up to the tangent from the lowest are above the envelope. Whatever
    bends more often is scanned.
    """
    on_hand, gained = np.diff(on_hand_pieces, axis=1), np.diff(fill_rate, axis=1)
    if not gained.shape[1]:
        return Envelope(gained)
    nothing = (on_hand == 0) & (gained == 0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        worth = np.where(gained > 0, on_hand / gained, np.inf)
        up, along = on_hand_pieces[:, 1:] - on_hand_pieces[:, :1], fill_rate[:, 1:] - fill_rate[:, :1]
        chord = np.where(along > 0, up / along, np.inf)
        tangent = np.argmin(chord, axis=1)[:, None]
        least = np.take_along_axis(chord, tangent, 1)
        worth = np.where(np.arange(worth.shape[1]) <= tangent, least, worth)
        rising = np.minimum.accumulate(worth[:, ::-1], axis=1)[:, ::-1]
        bent = (worth - rising > NEARLY_RISING * rising) & ~nothing
    odd = (bent | (gained < 0) | (on_hand < 0)).any(axis=1)
    if odd.any():
        rising = np.ascontiguousarray(rising)
        rising[odd] = scanned(on_hand_pieces[odd], fill_rate[odd])
    return Envelope(np.ascontiguousarray(rising))


def scanned(on_hand_pieces: Floats, fill_rate: Floats) -> Floats:
    """(n, M - 1) `step_worth` of any ladders: rung by rung, what lies above the envelope is taken off again
    (Andrew's monotone chain), all rows at a time.
    """
    n, rungs = on_hand_pieces.shape
    rows = np.arange(n)
    chain = np.zeros((n, rungs), np.intp)
    last = np.zeros(n, np.intp)
    for rung in range(1, rungs):
        stock, fill = on_hand_pieces[:, rung], fill_rate[:, rung]
        while True:
            top, before = chain[rows, last], chain[rows, np.maximum(last - 1, 0)]
            top_stock, top_fill = on_hand_pieces[rows, top], fill_rate[rows, top]
            better = (stock <= top_stock) & (fill >= top_fill) & ((stock < top_stock) | (fill > top_fill))
            above = (stock - top_stock) * (top_fill - fill_rate[rows, before]) <= (
                top_stock - on_hand_pieces[rows, before]
            ) * (fill - top_fill)
            off = (last > 0) & (better | (above & (fill > top_fill)))
            if not off.any():
                break
            last -= off
        lowest = better & (last == 0)
        joins = (fill > top_fill) & ~lowest
        last += joins
        chain[rows, last] = np.where(joins | lowest, rung, chain[rows, last])
    return _worth_of_chain(on_hand_pieces, fill_rate, chain, last)


def _worth_of_chain(on_hand_pieces: Floats, fill_rate: Floats, chain: Ints, last: Ints) -> Floats:
    """Steps up to the first rung of the chain cost nothing, those beyond the last are never taken."""
    n, rungs = on_hand_pieces.shape
    worth = np.full((n, rungs - 1), np.inf)
    worth[np.arange(rungs - 1) < chain[:, :1]] = -np.inf
    for link in range(rungs - 1):
        on = np.flatnonzero(last > link)
        start, end = chain[on, link], chain[on, link + 1]
        slope = (on_hand_pieces[on, end] - on_hand_pieces[on, start]) / (
            fill_rate[on, end] - fill_rate[on, start]
        )
        covered = (np.arange(rungs - 1) >= start[:, None]) & (np.arange(rungs - 1) < end[:, None])
        worth[on] = np.where(covered, slope[:, None], worth[on])
    return worth
