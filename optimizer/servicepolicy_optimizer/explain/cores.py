"""Cores by the relaxation: linear programs that differ in the bounds of what is changed, no more.

Where even the relaxation needs more changes than a set has, the set is not enough, and misses a core: what is
left when all is added to it that leaves it too little (Bailey & Stuckey 2005, Discovery of minimal
unsatisfiable subsets of constraints using hitting set dualization).
"""

from dataclasses import replace

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.explain.hitting_sets import Some
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Session, relaxed

LACKS = 1e-6
"""A set that lacks less, in weight of changes, may be enough: the solver's tolerance is no proof."""
HELPS = 1e-9
"""A thing of which all takes off less of what is lacking is no help."""


class Cores:
    """The relaxation of the loosened model; `seconds` were spent on it."""

    def __init__(self, problem: Arrays, changed: Ints, weight: Floats, limits: Limits) -> None:
        """changed: (n,) columns of the things; weight: (n,)."""
        cost = np.zeros(problem.cost.size)
        cost[changed] = weight
        self.seconds = 0.0
        self._weight, self._changed = weight, changed
        self._entries = problem.matrix[:, changed].T.tocsr()
        self._session = Session(replace(relaxed(problem), cost=cost, constant=0.0), limits)

    def missed_by(self, some: Some) -> Some | None:
        """A core of which a set has nothing; None where the relaxation lets the set be enough.

        What helps least is added first, so that little is left.
        """
        everything = frozenset(range(self._weight.size))
        helps = self._helps(some)
        if helps is None:
            return None
        left = _helping(helps) - some
        for thing in sorted(left, key=lambda one: (helps[one], one)):
            more = self._helps(everything - left | {thing}) if thing in left else None
            if more is not None:
                left = _helping(more) & (left - {thing})
        return left

    def _helps(self, some: Some) -> Floats | None:
        """(n,) what each thing takes at most off what is lacking; None where nothing is.

        What is lacking, min Σ_{t ∉ some} weight[t] · part of t, is convex in what a set has, so its slopes
        bound it: without a slope a thing can be added, and as much is lacking as before.
        """
        has = np.zeros(self._weight.size)
        has[list(some)] = 1.0
        self._session.bound_columns(self._changed, has, np.ones(has.size))
        found = self._session.run()
        self.seconds += found.seconds
        if found.held is Held.INFEASIBLE:
            return np.zeros(has.size)
        if found.held is not Held.OPTIMAL or found.objective is None or found.row_prices is None:
            return None
        lacking = found.objective - float(self._weight @ has)
        return self._entries @ found.row_prices if lacking > LACKS else None


def _helping(helps: Floats) -> Some:
    return frozenset(np.flatnonzero(helps > HELPS).tolist())
