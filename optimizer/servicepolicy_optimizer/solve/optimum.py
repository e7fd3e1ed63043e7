"""Solve the master model within limits."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo

from servicepolicy_models.errors import SolverFailed
from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.solve.arrays import Arrays, arrays
from servicepolicy_optimizer.solve.branches import by_few_branches, may_take_few
from servicepolicy_optimizer.solve.highs import Outcome, is_near, relaxed, run
from servicepolicy_optimizer.solve.parts import undecided
from servicepolicy_optimizer.solve.solution import MasterSolution, master_solution, values_of

LEAST_SECONDS = 1e-3
"""What a search gets whose time the relaxation has spent: it says what is held."""


def solve(model: pyo.ConcreteModel, limits: Limits, start: MasterSolution | None = None) -> MasterSolution:
    """The cheapest decisions of a model; see `solved`."""
    return solved(arrays(model), limits, start)


def solved(
    problem: Arrays,
    limits: Limits,
    start: MasterSolution | None = None,
    enough: float = -np.inf,
    less_than: float = np.inf,
    doubtful: bool = False,
) -> MasterSolution:
    """The cheapest decisions found within the limits, with the proof of how good they are.

    That there is none is an answer too: `held` is INFEASIBLE. `start` is an earlier solution to begin from;
    what of it the model no longer knows is ignored. With a solution that costs no more than `enough` the
    search ends; what does not cost `less_than` is not looked for. `doubtful`: it may well be that there is
    none, so that this is asked first (`at_root`). Raises SolverFailed when the solver ends with
    neither.
    """
    relaxation = _relaxation(problem, limits)
    told = _told_by(relaxation, problem, less_than)
    if told is not None:
        return master_solution(problem, told)
    limits = _left_of(limits, relaxation)
    root = at_root(problem, limits) if doubtful else None
    if root is not None and root.held is Held.INFEASIBLE:
        return master_solution(problem, root)
    limits, first = _left_of(limits, root), None
    plain = start is None and not doubtful and np.isneginf(enough) and np.isposinf(less_than)
    if plain and relaxation is not None and may_take_few(problem, relaxation):
        branched = by_few_branches(problem, relaxation, limits)
        if branched.outcome is not None:
            return master_solution(problem, _with_whole(problem, branched.outcome, limits))
        limits, first = _less(limits, branched.seconds), branched.values
    known = run(held_at(problem, values_of(problem, start)), _to_finish(limits)) if start else None
    begin, left = known.values if known else first, undecided(problem, relaxation)
    if left is None:
        found = exact(problem, run(problem, limits, begin, enough, less_than=less_than), limits)
    else:
        found = run(left.problem, limits, left.start(begin), enough, less_than=less_than)
        found = left.whole(exact(left.problem, found, limits))
    if known and known.held is Held.OPTIMAL and found.held is Held.NOTHING:
        found = replace(known, held=Held.FEASIBLE, stopped=found.stopped, bound=None)
    return master_solution(problem, found)


def _relaxation(problem: Arrays, limits: Limits) -> Outcome | None:
    """None where it tells nothing, and where the solver fails at it: the tree may still be searched."""
    if not problem.integral.any():
        return None
    try:
        return run(relaxed(problem), limits)
    except SolverFailed:
        return None


def _told_by(relaxation: Outcome | None, problem: Arrays, less_than: float) -> Outcome | None:
    """What is known before any tree: the optimum of the relaxation where every integral column is whole in
    it, and so it is that of the problem, usual where no budget, capacity or rule ties decisions together; or
    that nothing costs less, or that nothing keeps every row even in parts. None otherwise.
    """
    if relaxation is None or relaxation.held is Held.INFEASIBLE:
        return relaxation
    if relaxation.held is not Held.OPTIMAL:
        return None
    if relaxation.values is None or relaxation.objective is None:
        return None
    if relaxation.objective >= less_than:
        return replace(relaxation, held=Held.NOTHING, values=None, objective=None, bound=less_than)
    return relaxation if _is_whole(problem, relaxation.values) else None


def _is_whole(problem: Arrays, values: Floats) -> bool:
    decided = values[problem.integral]
    return np.array_equal(decided, np.round(decided))


def _with_whole(problem: Arrays, found: Outcome, limits: Limits) -> Outcome:
    """`exact`, where integers are not exact already."""
    if found.values is None or _is_whole(problem, found.values):
        return found
    return exact(problem, found, limits)


def at_root(problem: Arrays, limits: Limits) -> Outcome | None:
    """What the root of the tree tells; asked for a proof that there is no solution. None where it fails.

    Without presolve: where most columns are integral, to try each of them at 0 and at 1 takes far longer than
    what the rows alone say of them, and the relaxation of what is left.
    """
    try:
        return run(problem, limits, most_nodes=1, presolve=False)
    except SolverFailed:
        return None


def _left_of(limits: Limits, spent: Outcome | None) -> Limits:
    """The limits of a search after another."""
    return limits if spent is None else _less(limits, spent.seconds)


def _less(limits: Limits, seconds: float) -> Limits:
    left = max(limits.time_limit_seconds - seconds, LEAST_SECONDS)
    return limits.model_copy(update={"time_limit_seconds": left})


def held_at(problem: Arrays, values: Mapping[int, float]) -> Arrays:
    """The same problem with some columns, by number, held at a value; what is left is linear."""
    numbers, at = list(values), list(values.values())
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[numbers] = upper[numbers] = at
    return replace(relaxed(problem), lower=lower, upper=upper)


def _to_finish(limits: Limits) -> Limits:
    """With every integer held the rest takes milliseconds: a spent limit must not cost the answer."""
    return limits.model_copy(update={"time_limit_seconds": max(limits.time_limit_seconds, 10.0)})


def exact(problem: Arrays, found: Outcome, limits: Limits) -> Outcome:
    """The outcome with its integers exact and the rest solved again around them.

    HiGHS calls 0.999999 an integer, and the rest of such a solution uses what is missing.
    """
    if found.values is None or not problem.integral.any():
        return found
    integral = np.flatnonzero(problem.integral)
    at_integers = dict(zip(integral.tolist(), np.round(found.values[integral]).tolist(), strict=True))
    again = run(held_at(problem, at_integers), _to_finish(limits))
    if again.held is not Held.OPTIMAL:
        return found
    # The exact integers may cost more: then the solution may be further from its bound than it was.
    near = found.bound is not None and is_near(again.objective or 0.0, found.bound, limits.relative_gap)
    return replace(
        found,
        held=Held.OPTIMAL if near else Held.FEASIBLE,
        objective=again.objective,
        values=again.values,
        seconds=found.seconds + again.seconds,
    )
