"""Solve the master model within limits."""

from dataclasses import replace

import numpy as np
import pyomo.environ as pyo

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.solve.arrays import Arrays, arrays
from servicepolicy_optimizer.solve.highs import Outcome, run
from servicepolicy_optimizer.solve.solution import MasterSolution, master_solution, values_of


def solve(model: pyo.ConcreteModel, limits: Limits, start: MasterSolution | None = None) -> MasterSolution:
    """The cheapest decisions found within the limits, with the proof of how good they are.

    That there is none is an answer too: `held` is INFEASIBLE. `start` is an earlier solution to begin from;
    what of it the model no longer knows is ignored.
    Raises SolverFailed when the solver ends with neither.
    """
    problem = arrays(model)
    found = run(problem, limits, values_of(problem, start) if start else None)
    return master_solution(problem, _exact(problem, found, limits))


def fixed(problem: Arrays, values: Floats) -> Arrays:
    """The same problem with every integral column held at its nearest integer: what is left is linear."""
    at = np.round(values)
    return replace(
        problem,
        lower=np.where(problem.integral, at, problem.lower),
        upper=np.where(problem.integral, at, problem.upper),
        integral=np.zeros_like(problem.integral),
    )


def _exact(problem: Arrays, found: Outcome, limits: Limits) -> Outcome:
    """The outcome with its integers exact and the rest solved again around them.

    HiGHS calls 0.999999 an integer, and the rest of such a solution uses what is missing.
    """
    if found.values is None or not problem.integral.any():
        return found
    again = run(fixed(problem, found.values), limits)
    if again.held is not Held.OPTIMAL:
        return found
    return replace(
        found, objective=again.objective, values=again.values, seconds=found.seconds + again.seconds
    )
