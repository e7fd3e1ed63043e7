"""Solve the model of many futures, and read each future's own decisions from it."""

from dataclasses import dataclass, replace

import numpy as np
import pyomo.environ as pyo

from servicepolicy_models.proof import Held, Stopped
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master.futures import PREFIX
from servicepolicy_optimizer.solve.arrays import Arrays, arrays
from servicepolicy_optimizer.solve.highs import Outcome, run
from servicepolicy_optimizer.solve.optimum import exact
from servicepolicy_optimizer.solve.solution import MasterSolution, master_solution


@dataclass(frozen=True)
class FuturesSolution:
    """What the whole holds, and what is decided in each future."""

    held: Held
    stopped: Stopped
    objective: float | None
    bound: float | None
    futures: tuple[MasterSolution, ...]
    """Empty when nothing is held."""


def solve_futures(model: pyo.ConcreteModel, limits: Limits) -> FuturesSolution:
    """The best shared decisions within the limits, with their bound."""
    problem = arrays(model)
    found = exact(problem, run(problem, limits), limits)
    parts = () if found.values is None else tuple(_part(problem, found, n) for n in range(len(model.future)))
    return FuturesSolution(found.held, found.stopped, found.objective, found.bound, parts)


def _part(problem: Arrays, found: Outcome, n: int) -> MasterSolution:
    """The decisions of future n, under the names of a master model."""
    assert found.values is not None
    prefix = f"{PREFIX}{n}."
    own = np.flatnonzero([component.startswith(prefix) for component, _ in problem.columns])
    names = tuple(
        (problem.columns[number][0].removeprefix(prefix), problem.columns[number][1])
        for number in own.tolist()
    )
    part = replace(problem, columns=names, matrix=problem.matrix[:, own], cost=problem.cost[own])
    return master_solution(part, replace(found, values=found.values[own]))
