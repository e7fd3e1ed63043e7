"""A tree of few branches, searched from the basis of the relaxation.

Where few decisions tie others together the relaxation mixes a handful of them, and a branch or two on each is
all there is to search: some runs, each from the last basis. A solver's own search first makes the problem
smaller, looks for cuts and for solutions, and takes many times as long (Land & Doig 1960).
"""

import heapq
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from servicepolicy_models.errors import SolverFailed
from servicepolicy_models.proof import Held, Stopped
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Outcome, Session, is_near, relaxed

MOST_RUNS = 16
"""Of the relaxation. What takes more is left to the solver's own search."""
WHOLE = 1e-9
"""What is nearer to an integer is one."""
LAST_DIGITS = 1e-9
"""Share of the objective that a branch must be better by."""
SHARE_OF_TIME = 0.5
"""Of the limit of seconds. The rest is for the solver's own search."""


@dataclass(frozen=True)
class Branched:
    """What few branches tell."""

    outcome: Outcome | None
    """Proven; None where that takes more."""
    values: Floats | None
    """(n,) of the best solution that was found."""
    seconds: float
    """In the solver."""


@dataclass(frozen=True)
class _Branch:
    """Bounds (n,) of the integral columns, and the relaxation within them."""

    lower: Floats
    upper: Floats
    mixed: Outcome
    objective: float
    values: Floats
    """(n,) of the integral columns."""


class _EndedEarly(Exception):
    """A run ended without an answer: for want of time, usually."""


def may_take_few(problem: Arrays, relaxation: Outcome) -> bool:
    """Whether most columns are mixed anyway: where most are integral, as whole columns of stock are, a tree
    is deep.
    """
    integral = int(np.count_nonzero(problem.integral))
    return relaxation.held is Held.OPTIMAL and 2 * integral <= problem.cost.size


def by_few_branches(problem: Arrays, relaxation: Outcome, limits: Limits) -> Branched:
    """The optimum within the gap that is asked, if it takes few runs; relaxation: of the problem, solved."""
    tree = _Tree(problem, relaxation, limits)
    try:
        is_done = tree.searched(relaxation)
    except (SolverFailed, _EndedEarly):
        return Branched(None, tree.values, tree.seconds)
    return Branched(tree.outcome(relaxation, is_done), tree.values, tree.seconds)


class _Tree:
    """What is open, and the best that was found."""

    def __init__(self, problem: Arrays, relaxation: Outcome, limits: Limits) -> None:
        self._problem, self._limits = problem, limits
        self._most_seconds = SHARE_OF_TIME * limits.time_limit_seconds
        self._session = Session(relaxed(problem), limits, relaxation.basis)
        self._number: Ints = np.flatnonzero(problem.integral)
        self._runs, self._count = 0, count()
        self._open: list[tuple[float, int, _Branch]] = []
        self._best: _Branch | None = None
        self.seconds = 0.0

    @property
    def values(self) -> Floats | None:
        """(n,) of the best."""
        return None if self._best is None else self._best.mixed.values

    def outcome(self, relaxation: Outcome, is_done: bool) -> Outcome | None:
        """What is proven; is_done: nothing is open."""
        seconds = relaxation.seconds + self.seconds
        if self._best is None:
            nothing = Outcome(Held.INFEASIBLE, Stopped.CONVERGED, None, None, None, None, seconds)
            return nothing if is_done else None
        objective = self._best.objective
        bound = min([objective, *(one[0] for one in self._open[:1])])
        if not is_near(objective, bound, self._limits.relative_gap):
            return None
        return replace(self._best.mixed, bound=bound, row_prices=None, basis=None, seconds=seconds)

    def searched(self, relaxation: Outcome) -> bool:
        """Whether nothing is open at the end: the nearest branch first, and from there down."""
        lower, upper = self._problem.lower[self._number], self._problem.upper[self._number]
        self._push(self._branch(lower, upper, relaxation))
        while self._open:
            branch: _Branch | None = heapq.heappop(self._open)[2]
            while branch is not None and self._may_be_better(branch):
                if np.abs(branch.values - np.round(branch.values)).max() <= WHOLE:
                    self._best = branch
                    break
                if self._runs + 2 > MOST_RUNS or self.seconds >= self._most_seconds:
                    self._push(branch)
                    return False
                branch = self._nearer_side(branch)
        return True

    def _nearer_side(self, branch: _Branch) -> _Branch | None:
        """The better of the two sides of a mixed column; the other is left open."""
        column = self._mixed_most(branch.values)
        least, most = branch.lower.copy(), branch.upper.copy()
        least[column], most[column] = np.ceil(branch.values[column]), np.floor(branch.values[column])
        up, down = self._within(least, branch.upper), self._within(branch.lower, most)
        if up is None or down is None:
            return up or down
        nearer, other = (up, down) if up.objective <= down.objective else (down, up)
        self._push(other)
        return nearer

    def _within(self, lower: Floats, upper: Floats) -> _Branch | None:
        self._session.bound_columns(self._number, lower, upper)
        mixed = self._session.run(max(self._most_seconds - self.seconds, 0.0))
        self._runs += 1
        self.seconds += mixed.seconds
        if mixed.stopped is not Stopped.CONVERGED or mixed.held is Held.NOTHING:
            raise _EndedEarly
        return self._branch(lower, upper, mixed)

    def _branch(self, lower: Floats, upper: Floats, mixed: Outcome) -> _Branch | None:
        """None where nothing is within these bounds."""
        if mixed.values is None or mixed.objective is None:
            return None
        return _Branch(lower, upper, mixed, mixed.objective, mixed.values[self._number])

    def _mixed_most(self, values: Floats) -> int:
        """The integral column furthest from an integer; of equal ones the dearest."""
        away = np.round(np.abs(values - np.round(values)), 6)
        equal = np.flatnonzero(away == away.max())
        return int(equal[np.abs(self._problem.cost[self._number[equal]]).argmax()])

    def _may_be_better(self, branch: _Branch) -> bool:
        best = self._best
        return best is None or branch.objective < best.objective - LAST_DIGITS * abs(best.objective)

    def _push(self, branch: _Branch | None) -> None:
        if branch is not None and self._may_be_better(branch):
            heapq.heappush(self._open, (branch.objective, next(self._count), branch))
