"""What the master model decided, as plain numbers by name."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from servicepolicy_models.proof import Held, Stopped
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.master.keys import ColumnKey
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Outcome

NEGLIGIBLE = 1e-9
"""A column with less weight is not in the mix; the others are scaled back to 1."""


@dataclass(frozen=True)
class MasterSolution:
    """What is decided, what it costs, and its proof. The decisions are empty when nothing is held."""

    held: Held
    stopped: Stopped
    objective: float | None = None
    bound: float | None = None
    """No solution of the master model costs less."""
    option: Mapping[str, str] = field(default_factory=dict)
    """Item class -> name of its stocking option."""
    weight: Mapping[ColumnKey, float] = field(default_factory=dict)
    """(item class, option, shelf, column) -> share of the mix; the shares of a shelf add up to 1."""
    path: Mapping[Segment, tuple[str, int]] = field(default_factory=dict)
    """Segment -> (deployment, number of its path in `Choices.paths[segment, deployment]`)."""
    open: tuple[str, ...] = ()
    """Facilities with a fixed cost that are paid for."""
    promise: Mapping[Segment, tuple[float, float]] = field(default_factory=dict)
    """Segment -> (fill rate, response hours); only where the scenario limits how many promises there are."""
    seconds: float = 0.0
    """In the solver."""
    size: Mapping[str, int] = field(default_factory=dict)
    """Variables, constraints, nonzeros."""


def master_solution(problem: Arrays, outcome: Outcome) -> MasterSolution:
    """Read an outcome by name."""
    return MasterSolution(
        held=outcome.held,
        stopped=outcome.stopped,
        objective=outcome.objective,
        bound=outcome.bound,
        seconds=outcome.seconds,
        size={
            "variables": problem.matrix.shape[1],
            "constraints": problem.matrix.shape[0],
            "nonzeros": problem.matrix.nnz,
        },
        **({} if outcome.values is None else _decisions(problem, outcome.values)),
    )


def values_of(problem: Arrays, solution: MasterSolution) -> dict[int, float]:
    """Column number -> value of the integral decisions that a solution names, 0 for those it does not take.

    Decisions that follow from these (channels of classes, promises in use) are left open.
    """
    taken: dict[str, Mapping[Any, float]] = {
        "stock": {(j, g): 1.0 for j, g in solution.option.items()},
        "weight": solution.weight,
        "path": {(*s, *way): 1.0 for s, way in solution.path.items()},
        "open": dict.fromkeys(solution.open, 1.0),
        "promise": {(*s, *promise): 1.0 for s, promise in solution.promise.items()},
    }
    return {
        number: taken[component].get(index, 0.0)
        for number, (component, index) in enumerate(problem.columns)
        if component in taken and problem.integral[number]
    }


def _decisions(problem: Arrays, values: Floats) -> dict[str, Any]:
    taken: dict[str, dict[Any, float]] = defaultdict(dict)
    for number in np.flatnonzero(values > NEGLIGIBLE).tolist():
        component, index = problem.columns[number]
        if component == "weight" or values[number] > 0.5:
            taken[component][index] = float(values[number])
    return {
        "option": {j: g for j, g in taken["stock"]},
        "weight": _scaled_to_one(taken["weight"]),
        "path": {index[:3]: index[3:] for index in taken["path"]},
        "open": tuple(taken["open"]),
        "promise": {index[:3]: index[3:] for index in taken["promise"]},
    }


def _scaled_to_one(weight: Mapping[ColumnKey, float]) -> dict[ColumnKey, float]:
    total: dict[tuple[str, str, str], float] = defaultdict(float)
    for key, share in weight.items():
        total[key[:3]] += share
    # A shelf of an option that is not chosen may hold a trace of weight where an integer is not quite one.
    return {key: share / total[key[:3]] for key, share in weight.items() if total[key[:3]] > 0.5}
