"""Whole items of one group of shelves, chosen by the solver.

    min Σ_n Σ_m cost[n,m] x[n,m]    Σ_m x[n,m] = 1 ∀ n,    x binary
    least[k] ≤ Σ_n Σ_m short[k,n,m] x[n,m] ≤ most[k]   ∀ promises k
    Σ_n Σ_m use[r,n,m] x[n,m] ≤ room[r]                ∀ limits r

A multiple-choice knapsack with several rows. Its relaxation has few fractional items, at most as many as
rows, and its prices say which rungs can be in a choice that costs less than the one that is known: those
whose reduced cost is below the gap (Nemhauser & Wolsey 1988, II.5.2; Pisinger 1995). Only they are decided.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array, kron, vstack

from servicepolicy_models.errors import SolverFailed
from servicepolicy_models.proof import Stopped
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import relaxed, run

MOST_RUNGS = 300
"""Of least reduced cost, that are decided."""
INSIDE = 1e-6
"""Share of a side that is kept clear of, more than the solver's tolerance."""


Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """N items with M rungs each, and R rows that what is chosen keeps."""

    cost: Floats
    """(N, M) currency a year."""
    rows: Floats
    """(R, N, M) what each rung brings into each row."""
    least: Floats
    """(R,) −inf where there is no such side."""
    most: Floats
    """(R,)"""

    def total(self, chosen: Ints) -> float:
        """Cost of a choice (N,)."""
        return float(self.cost[np.arange(chosen.size), chosen].sum())

    def keeps(self, chosen: Ints) -> bool:
        """Whether a choice (N,) keeps every row, by plain arithmetic."""
        comes_to = self.rows[:, np.arange(chosen.size), chosen].sum(axis=1)
        return bool(((comes_to >= self.least) & (comes_to <= self.most)).all())


@dataclass(frozen=True)
class Effort:
    """How much is done for a choice that costs less."""

    worth: float
    """Less than this, in currency a year, is not looked for."""
    most_nodes: int
    """Of the search tree: unlike a time, the same on every machine."""
    limits: Limits
    """Of each run; the time is for the case that nodes take unusually long."""


def chosen_by_solver(group: Group, known: Ints, effort: Effort) -> Ints:
    """(N,) a rung for every item: the cheapest choice found, or the one that is known.

    >>> cost = np.array([[0.0, 2.0, 9.0], [0.0, 3.0, 8.0]])
    >>> short = np.array([[[5.0, 3.0, 0.0], [6.0, 2.0, 0.0]]])
    >>> group = Group(cost, short, np.array([-np.inf]), np.array([5.5]))
    >>> chosen_by_solver(group, np.array([2, 2]), Effort(0.1, 100, Limits())).tolist()
    [1, 1]
    """
    return chosen_in_time(group, known, effort)[0]


def chosen_in_time(group: Group, known: Ints, effort: Effort) -> tuple[Ints, bool]:
    """`chosen_by_solver`, and whether no limit of seconds cut it short: then it is the same at any time."""
    problem = _problem(group)
    try:
        mixed = run(relaxed(problem), effort.limits)
    except SolverFailed:
        return known, True
    if mixed.row_prices is None or mixed.objective is None:
        return known, mixed.stopped is not Stopped.TIME_LIMIT
    gap = group.total(known) - mixed.objective
    if gap <= effort.worth:
        return known, True
    reduced = problem.cost - problem.matrix.T @ mixed.row_prices
    near = reduced <= gap
    if np.count_nonzero(near) > MOST_RUNGS:
        near = reduced <= np.partition(reduced, MOST_RUNGS)[MOST_RUNGS]
    near[np.arange(known.size) * group.cost.shape[1] + known] = True
    return _cheaper(group, _only(problem, near), near, known, effort)


def _cheaper(group: Group, few: Arrays, near: Mask, known: Ints, effort: Effort) -> tuple[Ints, bool]:
    """The best choice among the rungs that are near, or the known one; and whether it was found in time."""
    cost = abs(group.total(known))
    limits = effort.limits.model_copy(update={"relative_gap": effort.worth / max(cost, effort.worth)})
    start = np.zeros(near.size)
    start[np.arange(known.size) * group.cost.shape[1] + known] = 1.0
    try:
        found = run(few, limits, start[near], most_nodes=effort.most_nodes)
    except SolverFailed:
        return known, True  # a better choice is a gift: without it there is one
    in_time = found.stopped is not Stopped.TIME_LIMIT
    if found.values is None:
        return known, in_time
    share = np.zeros(near.size)
    share[near] = found.values
    best = share.reshape(group.cost.shape).argmax(axis=1)
    return (best if group.keeps(best) and group.total(best) < group.total(known) else known), in_time


def _problem(group: Group) -> Arrays:
    items, rungs = group.cost.shape
    one = kron(eye_array(items), np.ones((1, rungs)))
    sides = np.concatenate([group.least, group.most]).reshape(2, -1)
    # Rows in shares of their side, so that the solver's tolerance is one too.
    with np.errstate(invalid="ignore"):
        scale = np.max(np.where(np.isfinite(sides), np.abs(sides), 0.0), axis=0, initial=0.0)
    scale = np.where(scale > 0, scale, 1.0)
    rows = group.rows.reshape(len(group.rows), -1) / scale[:, None]
    least, most = sides / scale
    inside = np.minimum(INSIDE, np.where(np.isfinite(most - least), (most - least) / 4, np.inf))
    return Arrays(
        cost=group.cost.ravel(),
        constant=0.0,
        matrix=csc_array(vstack([one, rows])),
        row_lower=np.concatenate([np.ones(items), least + inside]),
        row_upper=np.concatenate([np.ones(items), most - inside]),
        lower=np.zeros(items * rungs),
        upper=np.ones(items * rungs),
        integral=np.ones(items * rungs, dtype=bool),
        rows=tuple(("row", n) for n in range(items + len(rows))),
        columns=tuple(("rung", n) for n in range(items * rungs)),
    )


def _only(problem: Arrays, kept: Mask) -> Arrays:
    return replace(
        problem,
        cost=problem.cost[kept],
        matrix=csc_array(problem.matrix[:, np.flatnonzero(kept)]),
        lower=problem.lower[kept],
        upper=problem.upper[kept],
        integral=problem.integral[kept],
        columns=tuple(name for name, keep in zip(problem.columns, kept.tolist(), strict=True) if keep),
    )
