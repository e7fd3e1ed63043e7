"""Rows that may give way: can a problem be solved without some of them, and how far must they give?"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, hstack

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats
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


def least_giving_way(problem: Arrays, soft: dict[int, float], limits: Limits) -> Floats | None:
    """(m,) how far each row gives way when Σ price · amount is least. `soft`: row -> price; others are kept.

    Elastic programming: Chinneck (2008), Feasibility and Infeasibility in Optimization, ch. 6. None when not
    even that has a solution, or time runs out first.
    """
    rows = np.array(list(soft), dtype=int)
    above = rows[np.isfinite(problem.row_upper[rows])]
    below = rows[np.isfinite(problem.row_lower[rows])]
    number = np.concatenate([above, below])
    sign = np.concatenate([-np.ones(above.size), np.ones(below.size)])
    shape = (problem.matrix.shape[0], number.size)
    slack = csc_array((sign, (number, np.arange(number.size))), shape=shape)
    stretched = replace(
        problem,
        cost=np.concatenate([np.zeros_like(problem.cost), [soft[row] for row in number.tolist()]]),
        constant=0.0,
        matrix=csc_array(hstack([problem.matrix, slack])),
        lower=np.concatenate([problem.lower, np.zeros(number.size)]),
        upper=np.concatenate([problem.upper, np.full(number.size, np.inf)]),
        integral=np.concatenate([problem.integral, np.zeros(number.size, dtype=bool)]),
    )
    found = run(stretched, limits)
    if found.values is None:
        return None
    gives = np.zeros(problem.matrix.shape[0])
    np.add.at(gives, number, found.values[problem.cost.size :])
    return gives
