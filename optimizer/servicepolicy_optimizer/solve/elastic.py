"""Rows that may give way: can a problem be solved without some of them, and how far must they give?"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, hstack

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import run

ANY_SOLUTION = 0.5
"""Relative gap at which a question of yes or no may stop."""


def can_be_kept(problem: Arrays, dropped: Collection[int], limits: Limits) -> tuple[bool | None, float]:
    """Whether some solution keeps every row but the dropped ones, by number, and the seconds it took to know.

    None when time runs out first.
    """
    rows = list(dropped)
    lower, upper = problem.row_lower.copy(), problem.row_upper.copy()
    lower[rows], upper[rows] = -np.inf, np.inf
    free = replace(problem, cost=np.zeros_like(problem.cost), constant=0.0, row_lower=lower, row_upper=upper)
    found = run(free, limits.model_copy(update={"relative_gap": ANY_SOLUTION}))
    answer = {Held.OPTIMAL: True, Held.FEASIBLE: True, Held.INFEASIBLE: False}
    return answer.get(found.held), found.seconds


def least_giving_way(problem: Arrays, soft: Mapping[int, float], limits: Limits) -> Floats | None:
    """(m,) how far each row gives way when Σ price · amount is least. `soft`: row -> price; others are kept.

    Elastic programming: Chinneck (2008), Feasibility and Infeasibility in Optimization, ch. 6. None when not
    even that has a solution, or time runs out first.
    """
    found = run(stretched(replace(problem, cost=np.zeros_like(problem.cost), constant=0.0), soft), limits)
    if found.values is None:
        return None
    gives = np.zeros(problem.matrix.shape[0])
    number, _ = _sides(problem, soft)
    np.add.at(gives, number, found.values[problem.cost.size :])
    return gives


def stretched(problem: Arrays, soft: Mapping[int, float]) -> Arrays:
    """The problem with rows that may give way, each at a price: a column more for each side to miss."""
    number, sign = _sides(problem, soft)
    slack = csc_array((sign, (number, np.arange(number.size))), shape=(problem.matrix.shape[0], number.size))
    return replace(
        problem,
        cost=np.concatenate([problem.cost, [soft[row] for row in number.tolist()]]),
        matrix=csc_array(hstack([problem.matrix, slack])),
        lower=np.concatenate([problem.lower, np.zeros(number.size)]),
        upper=np.concatenate([problem.upper, np.full(number.size, np.inf)]),
        integral=np.concatenate([problem.integral, np.zeros(number.size, dtype=bool)]),
    )


def row_scale(problem: Arrays) -> Floats:
    """(m,) to miss a row altogether: its right-hand side, or its largest coefficient if that is more."""
    side = np.where(np.isfinite(problem.row_upper), problem.row_upper, problem.row_lower)
    largest = np.zeros_like(side)
    np.maximum.at(largest, problem.matrix.indices, np.abs(problem.matrix.data))
    return np.maximum(np.maximum(np.abs(side), largest), 1e-9)


def _sides(problem: Arrays, soft: Mapping[int, float]) -> tuple[Ints, Floats]:
    """Row number and sign of every side that may be missed: −1 above the upper, 1 below the lower side."""
    rows = np.array(list(soft), dtype=np.intp)
    above = rows[np.isfinite(problem.row_upper[rows])]
    below = rows[np.isfinite(problem.row_lower[rows])]
    return np.concatenate([above, below]), np.concatenate([-np.ones(above.size), np.ones(below.size)])
