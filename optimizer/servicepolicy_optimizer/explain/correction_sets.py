"""Sets of changes that are enough and of which nothing can be left out, the smallest first.

A minimal correction set is found by minimising the weight of what changes; forbidding it and every larger set
that contains it, the next one is found, until there is none (Liffiton & Sakallah 2008, Algorithms for
computing minimal unsatisfiable subsets of constraints).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csc_array, vstack

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.explain.elastic_arrays import Elastic
from servicepolicy_optimizer.explain.moves import Moves, Thing
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Outcome, run

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
    cuts: list[frozenset[Thing]] = field(default_factory=list)
    """Sets that were handed out; what contains one of them is not looked for."""

    def sets(self, most: int) -> Iterator[Correction]:
        """At most so many sets, lightest first. A set is forbidden once it was handed out."""
        for _ in range(most):
            found = self._next()
            if found is None:
                return
            yield found
            self.cuts.append(found.things)
            if not found.things:
                self.complete = True
                return
        self.complete = self._run(self.weighed()).held is Held.INFEASIBLE

    def _next(self) -> Correction | None:
        lightest = self._run(self.weighed())
        if lightest.held is Held.INFEASIBLE:
            self.complete = True
        if lightest.values is None:
            return None
        chosen = self._taken(lightest.values)
        least = self._run(self.sized(chosen))
        values = lightest.values if least.values is None else least.values
        return self._read(values, chosen, proven=lightest.held is Held.OPTIMAL)

    def with_least_amounts(self, correction: Correction) -> Correction:
        """The same set, its amounts found again over the columns of this search."""
        least = self._run(self.sized(correction.things))
        if least.values is None:
            return correction
        return self._read(least.values, correction.things, correction.proven)

    def _run(self, problem: Arrays) -> Outcome:
        seconds = max(min(self.limits.time_limit_seconds, self.seconds_left), 1e-3)
        exact = self.limits.model_copy(update={"relative_gap": 0.0, "time_limit_seconds": seconds})
        found = run(problem, exact)
        self.seconds_left -= found.seconds
        return found

    def weighed(self) -> Arrays:
        """Σ weight · changed, and sizes for the last word; what was found before is forbidden."""
        cost, lightest = self._sizes(), min((move.weight for move in self.allowed), default=1.0)
        cost *= SIZE_COUNTS * lightest / max(len(self.allowed), 1)
        for move in self.allowed:
            cost[self.elastic.changed[move.thing]] += move.weight
        return _with_cuts(replace(self.elastic.problem, cost=cost, constant=0.0), self._numbers())

    def sized(self, chosen: frozenset[Thing]) -> Arrays:
        """Σ sizes, with these things changed and no others."""
        problem = replace(self.elastic.problem, cost=self._sizes(), constant=0.0)
        lower, upper = problem.lower.copy(), problem.upper.copy()
        for thing, column in self.elastic.changed.items():
            lower[column] = upper[column] = float(thing in chosen)
        return replace(problem, lower=lower, upper=upper)

    def _sizes(self) -> Floats:
        """(n,) how far a change goes: share of the rungs of a promise, of the most needed of a limit."""
        cost = np.zeros(self.elastic.problem.cost.size)
        for move in self.allowed:
            for place, rung in enumerate(move.rungs):
                cost[self.elastic.rungs[move.thing, rung]] = (place + 1) / len(move.rungs)
        for column, unit in self.elastic.amounts.values():
            cost[column] = 1.0 / max(float(self.elastic.problem.upper[column]), 1.0) if unit else 0.0
        return cost

    def _numbers(self) -> list[list[int]]:
        return [[self.elastic.changed[thing] for thing in cut] for cut in self.cuts]

    def _taken(self, values: Floats) -> frozenset[Thing]:
        return frozenset(thing for thing, column in self.elastic.changed.items() if values[column] > TAKEN)

    def _read(self, values: Floats, chosen: frozenset[Thing], proven: bool) -> Correction:
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


def _with_cuts(problem: Arrays, cuts: list[list[int]]) -> Arrays:
    """Σ changed ≤ n − 1 over each of these sets of n columns."""
    if not cuts:
        return problem
    rows = np.concatenate([np.full(len(cut), n) for n, cut in enumerate(cuts)])
    columns = np.concatenate([np.array(cut, dtype=int) for cut in cuts])
    more = csc_array((np.ones(rows.size), (rows, columns)), shape=(len(cuts), problem.cost.size))
    return replace(
        problem,
        matrix=csc_array(vstack([problem.matrix, more])),
        row_lower=np.concatenate([problem.row_lower, np.full(len(cuts), -np.inf)]),
        row_upper=np.concatenate([problem.row_upper, [len(cut) - 1.0 for cut in cuts]]),
        rows=(*problem.rows, *(("forbidden_again", n) for n in range(len(cuts)))),
    )
