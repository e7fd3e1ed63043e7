"""Whole items of one group of shelves, chosen so that they cost less.

First by what prices prove, then by lists where there are few rows, and where these leave a gap by the
solver's tree. Its relaxation has few fractional items, at most as many as rows, and prices say which rungs
can be in a choice that costs less than the one that is known: those whose reduced cost is below the gap
(Nemhauser & Wolsey 1988, II.5.2; Pisinger 1995). Only they are decided.
"""

import numpy as np

from servicepolicy_models.errors import SolverFailed
from servicepolicy_models.proof import Stopped
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.realise.by_lists import searched
from servicepolicy_optimizer.realise.group import Effort, Group, Priced
from servicepolicy_optimizer.realise.relaxed_group import RelaxedGroup, problem_of
from servicepolicy_optimizer.solve.highs import run

FEW_ROWS = 8
"""With more, pairs of two lists seldom keep them all."""
MOST_RUNGS = 300
"""Of least reduced cost, that the solver decides."""


def chosen_by_solver(group: Group, known: Ints, effort: Effort) -> Ints:
    """(N,) a rung for every item: the cheapest choice found, or the one that is known.

    >>> from servicepolicy_models.rules import Limits
    >>> cost = np.array([[0.0, 2.0, 9.0], [0.0, 3.0, 8.0]])
    >>> short = np.array([[[5.0, 3.0, 0.0], [6.0, 2.0, 0.0]]])
    >>> group = Group(cost, short, np.array([-np.inf]), np.array([5.5]))
    >>> chosen_by_solver(group, np.array([2, 2]), Effort(0.1, 100, Limits())).tolist()
    [1, 1]
    """
    return chosen_in_time(group, known, effort)[0]


def chosen_in_time(
    group: Group, known: Ints, effort: Effort, price: Floats | None = None
) -> tuple[Ints, bool]:
    """`chosen_by_solver`, and whether no limit of seconds cut it short: then it is the same at any time.

    price: (R,) of the rows, where prices near to the best are known; the relaxation tells them otherwise.
    """
    if price is None:
        try:
            mixed = RelaxedGroup(group, np.ones(group.cost.shape, dtype=bool), effort.limits).mixed()
        except SolverFailed:
            return known, True
        if mixed.price is None:
            return known, mixed.stopped is not Stopped.TIME_LIMIT
        price = mixed.price
    priced = group.at(price)
    if group.total(known) - priced.bound <= effort.worth:
        return known, True
    if len(group.rows) <= FEW_ROWS:
        found = searched(group, priced, known, effort)
        if found.is_done or not found.in_time:
            return found.chosen, found.in_time
        known = found.chosen
    return _by_tree(group, priced, known, effort)


def _by_tree(group: Group, priced: Priced, known: Ints, effort: Effort) -> tuple[Ints, bool]:
    """The best choice among the rungs that are near, or the known one; and whether it was found in time."""
    cost = group.total(known)
    extra = priced.reduced - priced.reduced.min(axis=1)[:, None]
    near = extra <= cost - priced.bound
    if np.count_nonzero(near) > MOST_RUNGS:
        near = extra <= np.partition(extra, MOST_RUNGS, axis=None)[MOST_RUNGS]
    items = np.arange(known.size)
    near[items, known] = True
    gap = {"relative_gap": effort.worth / max(abs(cost), effort.worth) if effort.worth > 0 else 0.0}
    start = np.zeros(near.shape)
    start[items, known] = 1.0
    problem, limits = problem_of(group, near, integral=True), effort.limits.model_copy(update=gap)
    try:
        found = run(problem, limits, start[near], most_nodes=effort.most_nodes)
    except SolverFailed:
        return known, True  # a better choice is a gift: without it there is one
    in_time = found.stopped is not Stopped.TIME_LIMIT
    if found.values is None:
        return known, in_time
    share = np.zeros(near.shape)
    share[near] = found.values
    best = share.argmax(axis=1)
    return (best if group.keeps(best) and group.total(best) < cost else known), in_time
