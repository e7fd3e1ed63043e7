"""The cheapest choice of whole items from two lists: each holds choices for half of the items.

At prices of the rows a choice costs the bound, what each of its rungs costs above the least of its item, and
what it leaves of the rows, none of them negative. So the choices of either half are listed by what they
cost above the least, and pairs of them are looked at until no pair can be cheaper (Horowitz & Sahni 1974).
Lists that would be too long lose their dearest; the choice is proven where nothing that was lost could be in
a cheaper one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.realise.group import Group, Mask, Priced

LONGEST = 500
"""Choices of a list."""
PAIRS_AT_ONCE = 100_000
ROUNDING = 1e-13
"""Share of what a row can come to that sums in another order may differ by."""


@dataclass(frozen=True)
class Found:
    """What two lists tell."""

    chosen: Ints | None
    """(N,) that costs less than what was known; None where no pair does."""
    is_proven: bool
    """Nothing that is allowed costs less than this, or than what was known."""


def cheapest_pair(group: Group, priced: Priced, allowed: Mask, less_than: float) -> Found:
    """The cheapest choice of allowed rungs (N, M) that is found, if it costs less than that.

    >>> cost = np.array([[0.0, 2.0, 9.0], [0.0, 3.0, 8.0]])
    >>> short = np.array([[[5.0, 3.0, 0.0], [6.0, 2.0, 0.0]]])
    >>> group = Group(cost, short, np.array([-np.inf]), np.array([5.5]))
    >>> cheapest_pair(group, group.at(np.array([-1.0])), cost >= 0, 17.0).chosen.tolist()
    [1, 1]
    """
    reduced = np.where(allowed, priced.reduced, np.inf)
    base = reduced.argmin(axis=1)
    least = reduced.min(axis=1)
    gap = less_than - (float(least.sum()) + priced.worth_of_sides)
    if gap <= 0:
        return Found(None, is_proven=True)
    extra = reduced - least[:, None]
    near = extra <= gap
    rungs = near.sum(axis=1)
    open_items = np.argsort(-rungs, kind="stable")[: np.count_nonzero(rungs > 1)]
    decided = np.flatnonzero(rungs == 1)
    taken = group.rows[:, decided, base[decided]].sum(axis=1)
    clear = ROUNDING * np.abs(group.rows).max(axis=2).sum(axis=1)
    room = group.least - taken + clear, group.most - taken - clear
    # Items with many rungs in turn to either half, so that neither list is much the longer.
    halves = [_listed(group, extra, near, open_items[one::2], gap) for one in (0, 1)]
    (first, second), left = _best_pair(halves[0], halves[1], priced, room, gap)
    is_proven = left <= min(half.lost_from for half in halves)
    if first < 0:
        return Found(None, is_proven)
    chosen = base.copy()
    halves[0].read(first, chosen)
    halves[1].read(second, chosen)
    return Found(chosen, is_proven)


@dataclass(frozen=True)
class _Step:
    """An item that was added to all choices of a list."""

    item: int
    came_from: Ints
    """(L,) number of the choice without the item."""
    rung: Ints
    """(L,)"""


@dataclass(frozen=True)
class _Listed:
    """L choices for half of the items, the cheapest first."""

    extra: Floats
    """(L,) currency a year above the least of each item."""
    rows: Floats
    """(R, L) what they bring into each row."""
    number: Ints
    """(L,) of the choice in the last step."""
    steps: tuple[_Step, ...]
    lost_from: float
    """What was lost costs at least so much above the least."""

    def read(self, place: int, chosen: Ints) -> None:
        """Write the rungs of the choice at a place of the list."""
        number = int(self.number[place])
        for step in reversed(self.steps):
            chosen[step.item] = step.rung[number]
            number = int(step.came_from[number])


def _listed(group: Group, extra: Floats, near: NDArray[np.bool_], items: Ints, gap: float) -> _Listed:
    costs, rows, lost_from = np.zeros(1), np.zeros((len(group.rows), 1)), np.inf
    steps = []
    for item in items.tolist():
        rungs = np.flatnonzero(near[item])
        together = (costs[:, None] + extra[item, rungs]).ravel()
        kept = np.flatnonzero(together <= gap)
        if kept.size > LONGEST:
            by_cost = np.argpartition(together[kept], LONGEST)
            lost_from = min(lost_from, float(together[kept[by_cost[LONGEST]]]))
            kept = kept[by_cost[:LONGEST]]
        came_from, which = np.divmod(kept, rungs.size)
        costs, rows = together[kept], rows[:, came_from] + group.rows[:, item, rungs[which]]
        steps.append(_Step(item, came_from, rungs[which]))
    order = np.argsort(costs, kind="stable")
    return _Listed(costs[order], rows[:, order], order, tuple(steps), lost_from)


def _best_pair(
    one: _Listed, other: _Listed, priced: Priced, room: tuple[Floats, Floats], gap: float
) -> tuple[tuple[int, int], float]:
    """The places of the cheapest pair that keeps the rows, (−1, −1) where none is within the gap; and what
    it costs above the bound.

    room: (R,) and (R,) what both may come to together, at least and at most.
    """
    least, most = room
    price = priced.price
    side = np.where(price > 0, least, np.where(price < 0, most, 0.0))
    of_one, of_other = one.extra + price @ one.rows, other.extra + price @ other.rows - price @ side
    below = [k for k in range(len(most)) if one.rows[k].max() + other.rows[k].max() > most[k]]
    above = [k for k in range(len(least)) if one.rows[k].min() + other.rows[k].min() < least[k]]
    best, place, begin = gap, (-1, -1), 0
    while begin < one.extra.size:
        end = int(np.searchsorted(other.extra, best - one.extra[begin]))
        if not end:
            break
        some = slice(begin, begin + max(PAIRS_AT_ONCE // end, 1))
        cost = of_one[some, None] + of_other[:end]
        for k in below:
            cost[one.rows[k, some, None] + other.rows[k, :end] > most[k]] = np.inf
        for k in above:
            cost[one.rows[k, some, None] + other.rows[k, :end] < least[k]] = np.inf
        cheapest = int(cost.argmin())
        if cost.flat[cheapest] < best:
            best = float(cost.flat[cheapest])
            place = begin + cheapest // end, cheapest % end
        begin = some.stop
    return place, best
