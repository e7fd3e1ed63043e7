"""Sets of changes that are enough, the lightest first: guessed, judged by the relaxation, then by the model.

A guess is the lightest set that hits every core (`hitting_sets.py`). Where the relaxation says that it is not
enough, a core is learned that it misses (`cores.py`); else the model, with all that is whole, is asked for
the least sizes of this set. Where it takes guesses back, it is asked for the lightest set itself: so it
never searches more often than without guesses.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.explain.cores import Cores
from servicepolicy_optimizer.explain.hitting_sets import CLOSE, HittingSets, Some, chosen
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.solve.highs import Outcome

PATIENCE = 3
"""After so many guesses that the model takes back it is asked for the lightest set itself: that takes as long
as twenty of them."""


class WholeModel(Protocol):
    """The model with all that is whole."""

    def least_sizes(self, some: Some, less_than: float) -> Outcome:
        """With these things changed and no others, where sizes are less than a figure."""

    def lightest(self, sets: HittingSets) -> Outcome:
        """Least weight and sizes of what hits every core and is not known."""

    def changed(self, values: Floats) -> Some:
        """What is changed in a solution."""


class Enough(NamedTuple):
    """A set that is enough."""

    some: Some
    found: Outcome
    """With the least sizes."""
    weighs: float
    """With its sizes."""
    proven: bool
    """No lighter set is enough, but for those found before and what contains them."""


@dataclass
class Seeking:
    """What is known so far of sets of things."""

    sets: HittingSets
    cores: Cores
    size_counts: float
    """What sizes count beside weights."""
    size_at_most: float
    """Of what all sizes together count."""
    model: WholeModel
    limits: Limits
    """`time_limit_seconds` are for everything."""
    complete: bool = False
    """There is no other set than those that were told."""
    _seconds: float = 0.0
    _taken_back: int = 0
    """Guesses that the relaxation let pass and the model did not."""
    _sure: list[Enough] = field(default_factory=list)
    """Not yet told."""
    _passed_over: list[Some] = field(default_factory=list)
    """They may be enough, but are none of the lightest that are asked for."""

    def lightest(self, most: int) -> Iterator[Enough]:
        """At most so many sets, and of equal weight those with the least sizes."""
        for left in range(most, 0, -1):
            at_least = self._sought(left)
            if not self._sure:
                break
            first = min(self._sure, key=lambda one: one.weighs)
            self._sure.remove(first)
            yield first._replace(proven=first.weighs <= at_least + CLOSE)
        self.complete = not self._sure and self._no_other()

    def _no_other(self) -> bool:
        """Whether it is proven that no set is enough which was not told."""
        self.sets.allow(self._passed_over)
        self._passed_over.clear()
        return self._sought(1) == math.inf and not self._sure and not self._passed_over

    def _sought(self, most: int) -> float:
        """Look until no set that is not known is lighter than the lightest that is sure.

        Returns what every other set weighs at least. most: so many sets are asked for, at most.
        """
        at_least = -math.inf
        while (left := self._seconds_left()) > 0:
            found = self.sets.lightest(self.limits.model_copy(update={"time_limit_seconds": left}))
            self._seconds += found.seconds
            if found.held is Held.INFEASIBLE:
                return math.inf
            guess = chosen(found)
            if guess is None:
                break
            at_least = self._weight(guess)
            if min((one.weighs for one in self._sure), default=math.inf) <= at_least + CLOSE:
                break
            self._judge(guess, most)
        return at_least

    def _judge(self, guess: Some, most: int) -> None:
        """Learn that a guess is enough, or a core that it misses."""
        core = self.cores.missed_by(guess)
        if core is not None:
            self.sets.cores.append(core)
            return
        weights = sorted(one.weighs for one in self._sure)
        too_much = weights[most - 1] if len(weights) >= most else math.inf
        found = self._asked(guess, (too_much - self._weight(guess)) / self.size_counts)
        if found.held is Held.INFEASIBLE:
            self.sets.cores.append(frozenset(range(self.sets.weight.size)) - guess)
            self._taken_back += 1
            if self._taken_back % PATIENCE == 0:
                self._lightest_of_model()
        else:
            self._learn_sure(guess, found)

    def _learn_sure(self, some: Some, found: Outcome) -> None:
        self.sets.known.append(some)
        if found.values is None or found.objective is None:
            self._passed_over.append(some)
            return
        weighs = self._weight(some) + self.size_counts * found.objective
        self._sure.append(Enough(some, found, weighs, proven=False))

    def _lightest_of_model(self) -> None:
        """What the whole model finds lightest of all that is not known; nothing else is lighter."""
        found = self.model.lightest(self.sets)
        self._seconds += found.seconds
        some = None if found.values is None else self.model.changed(found.values)
        if found.held is Held.INFEASIBLE:
            self.sets.cores.append(frozenset())
        elif some is not None and found.objective is not None and found.held is Held.OPTIMAL:
            self.sets.at_least = found.objective - self.size_at_most
            self._learn_sure(some, self._asked(some))

    def _asked(self, some: Some, less_than: float = math.inf) -> Outcome:
        found = self.model.least_sizes(some, less_than)
        self._seconds += found.seconds
        return found

    def _seconds_left(self) -> float:
        return self.limits.time_limit_seconds - self._seconds - self.cores.seconds

    def _weight(self, some: Some) -> float:
        return float(self.sets.weight[list(some)].sum())
