"""The lightest set of changes that holds one of every core, and none of the sets that are known.

    min Σ weight[t] x[t]    x binary
    Σ_{t ∈ core} x[t] ≥ 1              ∀ cores
    Σ_{t ∈ set} x[t] ≤ |set| − 1       ∀ sets that are known

A core is a set of changes of which at least one is needed, so what is enough hits every core (Reiter 1987, A
theory of diagnosis from first principles).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csc_array

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Outcome, run

CLOSE = 1e-9
"""Sets whose weights and sizes differ by less are equal."""
TAKEN = 0.5
"""A binary above this is 1."""

Some = frozenset[int]
"""Numbers of the things of a set."""


@dataclass
class HittingSets:
    """What is known of sets of n things."""

    weight: Floats
    """(n,) above 0."""
    cores: list[Some] = field(default_factory=list)
    """Of each at least one is in every set that is enough."""
    known: list[Some] = field(default_factory=list)
    """Neither these nor what contains them is looked for."""
    at_least: float = 0.0
    """What every set weighs that is not known."""
    _lightest: float = -np.inf
    """What the last one weighed that was found: with more to keep, none is lighter."""

    def rows(self) -> tuple[Floats, Floats, Floats]:
        """(rows, n) entries and both sides (rows,) of what every set keeps."""
        things, cores, known = self.weight.size, len(self.cores), [len(one) - 1.0 for one in self.known]
        entries = np.vstack([_members(self.cores, things), _members(self.known, things), self.weight])
        lower = np.concatenate([np.ones(cores), np.full(len(known), -np.inf), [self.at_least]])
        return entries, lower, np.concatenate([np.full(cores, np.inf), known, [np.inf]])

    def lightest(self, limits: Limits) -> Outcome:
        """Its values are the set (`chosen`) and, so that there is a problem without things, a 0."""
        things = self.weight.size
        entries, lower, upper = self.rows()
        problem = Arrays(
            cost=np.append(self.weight, 0.0),
            constant=0.0,
            matrix=csc_array(np.column_stack([entries, np.zeros(len(entries))])),
            row_lower=lower,
            row_upper=upper,
            lower=np.zeros(things + 1),
            upper=np.append(np.ones(things), 0.0),
            integral=np.ones(things + 1, dtype=bool),
            rows=tuple(("set", n) for n in range(len(entries))),
            columns=tuple(("changed", n) for n in range(things + 1)),
        )
        found = run(problem, limits, enough=self._lightest + CLOSE)
        if found.objective is None:
            return found
        if found.objective <= self._lightest + CLOSE:
            return replace(found, held=Held.OPTIMAL, bound=found.objective)
        if found.held is Held.OPTIMAL:
            self._lightest = found.objective
        return found

    def allow(self, some: Collection[Some]) -> None:
        """Look for these sets again."""
        self.known = [one for one in self.known if one not in some]
        self._lightest = -np.inf


def chosen(found: Outcome) -> Some | None:
    """The set that was found; None where none is proven the lightest."""
    if found.values is None or found.held is not Held.OPTIMAL:
        return None
    return frozenset(np.flatnonzero(found.values[:-1] > TAKEN).tolist())


def _members(sets: Sequence[Some], things: int) -> Floats:
    """(sets, things) 1 where a thing is in a set."""
    found = np.zeros((len(sets), things))
    for row, some in zip(found, sets, strict=True):
        row[list(some)] = 1.0
    return found
