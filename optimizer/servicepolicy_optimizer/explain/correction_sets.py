"""Sets of changes that are enough and of which nothing can be left out, the smallest first.

A minimal correction set is the lightest set of changes that is enough; forbidding it and every larger set
that contains it, the next one is found, until there is none (Liffiton & Sakallah 2008, Algorithms for
computing minimal unsatisfiable subsets of constraints). `seeking.py` tells how each is found.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, vstack

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.explain.cores import Cores
from servicepolicy_optimizer.explain.elastic_arrays import Elastic
from servicepolicy_optimizer.explain.hitting_sets import CLOSE, HittingSets, Some
from servicepolicy_optimizer.explain.moves import Moves, Thing
from servicepolicy_optimizer.explain.seeking import Seeking
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Outcome, Session, relaxed, run

SIZE_COUNTS = 0.5
"""All sizes together count less than this share of the lightest change: they only choose among equals."""
TAKEN = 0.5
"""A binary above this is 1."""


@dataclass(frozen=True)
class Correction:
    """Changes that are enough."""

    weight: float
    rungs: Mapping[Thing, float]
    """Promise -> the rung it is changed to."""
    amounts: Mapping[Thing, float]
    """Limit -> how much more of it is needed."""
    given_up: tuple[Thing, ...]
    """Rules."""
    proven: bool
    """No lighter set is enough, but for those found before and what contains them."""

    @property
    def things(self) -> frozenset[Thing]:
        """Everything that changes."""
        return frozenset((*self.rungs, *self.amounts, *self.given_up))


@dataclass
class Search:
    """Looks for one set after the other."""

    elastic: Elastic
    allowed: tuple[Moves, ...]
    limits: Limits
    seconds_left: float
    """For all sets together."""
    complete: bool = False
    """There is no other set."""
    _sizing: Session | None = None

    def sets(self, most: int) -> Iterator[Correction]:
        """At most so many sets, lightest first, and of equal weight those with the least sizes."""
        seeking = self._seeking()
        for one in seeking.lightest(most):
            yield self._read(one.found, self._things(one.some), one.proven)
        self.complete = seeking.complete

    def with_least_amounts(self, correction: Correction) -> Correction:
        """The same set, its amounts found again over the columns of this search."""
        least = self._run(self.sized(correction.things))
        return correction if least.values is None else self._read(least, correction.things, correction.proven)

    def _seeking(self) -> Seeking:
        weight = np.array([move.weight for move in self.allowed])
        changed = np.array([self.elastic.changed[move.thing] for move in self.allowed], dtype=np.intp)
        limits = self.limits.model_copy(
            update={"relative_gap": 0.0, "time_limit_seconds": max(self.seconds_left, 1e-3)}
        )
        return Seeking(
            HittingSets(weight),
            Cores(self.elastic.problem, changed, weight, limits),
            self.size_counts(),
            SIZE_COUNTS * min(weight.tolist(), default=1.0),
            self,
            limits,
        )

    def least_sizes(self, some: Some, less_than: float) -> Outcome:
        """With these things changed and no others, where sizes are less than a figure.

        Where the relaxation already needs more than that, the model is not asked.
        """
        things = self._things(some)
        if math.isfinite(less_than):
            mixed = self._relaxed_sizes(things)
            if mixed.objective is not None and mixed.bound is not None and mixed.bound > less_than + CLOSE:
                return replace(mixed, held=Held.NOTHING, values=None, objective=None, bound=less_than)
        return self._run(self.sized(things), less_than)

    def _relaxed_sizes(self, chosen: frozenset[Thing]) -> Outcome:
        """The least sizes where nothing need be whole: linear programs that differ in bounds only."""
        if self._sizing is None:
            self._sizing = Session(relaxed(self.sized(chosen)), self._limits())
        number = np.array(list(self.elastic.changed.values()), dtype=np.intp)
        has = np.array([float(thing in chosen) for thing in self.elastic.changed])
        self._sizing.bound_columns(number, has, has)
        found = self._sizing.run()
        self.seconds_left -= found.seconds
        return found

    def lightest(self, sets: HittingSets) -> Outcome:
        """Least weight and sizes of what hits every core and is not known."""
        problem = self.weighed()
        entries, lower, upper = sets.rows()
        columns = [self.elastic.changed[move.thing] for move in self.allowed]
        within = np.zeros((len(entries), problem.cost.size))
        within[:, columns] = entries
        return self._run(
            replace(
                problem,
                matrix=csc_array(vstack([problem.matrix, csc_array(within)])),
                row_lower=np.concatenate([problem.row_lower, lower]),
                row_upper=np.concatenate([problem.row_upper, upper]),
                rows=(*problem.rows, *(("sets", n) for n in range(len(entries)))),
            )
        )

    def changed(self, values: Floats) -> Some:
        """What is changed in a solution."""
        return frozenset(
            number
            for number, move in enumerate(self.allowed)
            if values[self.elastic.changed[move.thing]] > TAKEN
        )

    def _things(self, some: Some) -> frozenset[Thing]:
        return frozenset(self.allowed[number].thing for number in some)

    def _limits(self) -> Limits:
        seconds = max(min(self.limits.time_limit_seconds, self.seconds_left), 1e-3)
        return self.limits.model_copy(update={"relative_gap": 0.0, "time_limit_seconds": seconds})

    def _run(self, problem: Arrays, less_than: float = math.inf) -> Outcome:
        found = run(problem, self._limits(), less_than=less_than)
        self.seconds_left -= found.seconds
        return found

    def weighed(self) -> Arrays:
        """Σ weight · changed, and sizes for the last word."""
        cost = self.size_counts() * self._sizes()
        for move in self.allowed:
            cost[self.elastic.changed[move.thing]] += move.weight
        return replace(self.elastic.problem, cost=cost, constant=0.0)

    def sized(self, chosen: frozenset[Thing]) -> Arrays:
        """Σ sizes, with these things changed and no others."""
        problem = replace(self.elastic.problem, cost=self._sizes(), constant=0.0)
        lower, upper = problem.lower.copy(), problem.upper.copy()
        for thing, column in self.elastic.changed.items():
            lower[column] = upper[column] = float(thing in chosen)
        return replace(problem, lower=lower, upper=upper)

    def size_counts(self) -> float:
        """What all sizes count beside weights: less than half of the lightest change."""
        lightest = min((move.weight for move in self.allowed), default=1.0)
        return SIZE_COUNTS * lightest / max(len(self.allowed), 1)

    def _sizes(self) -> Floats:
        """(n,) how far a change goes: share of the rungs of a promise, of the most needed of a limit."""
        cost = np.zeros(self.elastic.problem.cost.size)
        for move in self.allowed:
            for place, rung in enumerate(move.rungs):
                cost[self.elastic.rungs[move.thing, rung]] = (place + 1) / len(move.rungs)
        for column, unit in self.elastic.amounts.values():
            cost[column] = 1.0 / max(float(self.elastic.problem.upper[column]), 1.0) if unit else 0.0
        return cost

    def _read(self, found: Outcome, chosen: frozenset[Thing], proven: bool) -> Correction:
        values = np.zeros(self.elastic.problem.cost.size) if found.values is None else found.values
        rungs = {
            thing: rung for (thing, rung), column in self.elastic.rungs.items() if values[column] > TAKEN
        }
        amounts = {
            thing: float(values[column]) * unit
            for thing, (column, unit) in self.elastic.amounts.items()
            if thing in chosen
        }
        weight = {move.thing: move.weight for move in self.allowed}
        return Correction(
            weight=sum(weight[thing] for thing in chosen),
            rungs=rungs,
            amounts=amounts,
            given_up=tuple(thing for thing in chosen if thing not in rungs and thing not in amounts),
            proven=proven,
        )
