"""Whole items of a group with few rows: two lists, and a tree of relaxations where they leave a gap.

Where one item is large its mix keeps a row to the last piece, and no whole items near it do. Then the rungs
of that item are parted, those that bring more into the rows than its mix from those that bring less, and
each part has prices of its own: branch and bound (Land & Doig 1960), every node searched by its lists.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from servicepolicy_models.errors import SolverFailed
from servicepolicy_models.proof import Stopped
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.realise.group import Effort, Group, Mask, Priced
from servicepolicy_optimizer.realise.relaxed_group import RelaxedGroup
from servicepolicy_optimizer.realise.two_lists import cheapest_pair

MOST_NODES = 20
"""Of this tree."""
WHOLE = 1e-9
"""Currency a year: an item whose mix is spread by less is whole."""


@dataclass(frozen=True)
class Searched:
    """What was found."""

    chosen: Ints
    """(N,)"""
    is_done: bool
    """Nothing is left that could cost so much less that it is worth it."""
    in_time: bool = True
    """No limit of seconds cut the search short."""


def searched(group: Group, priced: Priced, known: Ints, effort: Effort) -> Searched:
    """The cheapest choice found, or the one that is known; it is proven where nothing is left open.

    priced: the group at prices that are near to the best.
    """
    at = _Incumbent(group, known)
    everything = np.ones(group.cost.shape, dtype=bool)
    is_proven = at.improved(priced, everything)
    if is_proven or at.cost - priced.bound <= effort.worth:
        return Searched(at.chosen, is_done=True)
    near = priced.reduced - priced.reduced.min(axis=1)[:, None] <= at.cost - priced.bound
    relaxation = RelaxedGroup(group, near, effort.limits)
    number, nodes, unparted = count(1), [(priced.bound, 0, near)], np.inf
    for _ in range(MOST_NODES):
        if not nodes or at.cost - nodes[0][0] <= effort.worth:
            break
        _, _, allowed = heapq.heappop(nodes)
        try:
            mixed = relaxation.mixed(allowed)
        except SolverFailed:
            return Searched(at.chosen, is_done=False)
        if mixed.stopped is Stopped.TIME_LIMIT:
            return Searched(at.chosen, is_done=False, in_time=False)
        if mixed.price is None:
            continue
        here = group.at(mixed.price)
        bound = _bound(here, allowed)
        if at.cost - bound <= effort.worth or at.improved(here, allowed) or at.cost - bound <= effort.worth:
            continue
        parts = list(_parted(here, group, mixed.weights, allowed))
        if not parts:
            unparted = min(unparted, bound)
        for part in parts:
            heapq.heappush(nodes, (bound, next(number), part))
    left = min([unparted, *(bound for bound, _, _ in nodes[:1])])
    return Searched(at.chosen, is_done=at.cost - left <= effort.worth)


class _Incumbent:
    """The cheapest choice so far."""

    def __init__(self, group: Group, known: Ints) -> None:
        self._group = group
        self.chosen, self.cost = known, group.total(known)

    def improved(self, priced: Priced, allowed: Mask) -> bool:
        """Look for a cheaper one, and take it by plain arithmetic; whether there is none that costs less."""
        found = cheapest_pair(self._group, priced, allowed, self.cost)
        if found.chosen is not None and self._group.keeps(found.chosen):
            cost = self._group.total(found.chosen)
            if cost < self.cost:
                self.chosen, self.cost = found.chosen, cost
        return found.is_proven


def _bound(priced: Priced, allowed: Mask) -> float:
    return float(np.where(allowed, priced.reduced, np.inf).min(axis=1).sum()) + priced.worth_of_sides


def _parted(priced: Priced, group: Group, weights: Floats, allowed: Mask) -> Iterator[Mask]:
    """The allowed rungs (N, M) in two parts: those of the item whose mix is spread most, by what they are
    worth in the rows. None where every item is whole.

    weights: (N, M) of the mix.
    """
    worth = -np.tensordot(priced.price, group.rows, 1)
    mean = (weights * worth).sum(axis=1, keepdims=True)
    spread = (weights * np.abs(worth - mean)).sum(axis=1)
    item = int(spread.argmax())
    if spread[item] <= WHOLE:
        return
    for side in (worth[item] <= mean[item], worth[item] > mean[item]):
        part = allowed.copy()
        part[item] &= side
        yield part
