"""The search for sets of changes, over columns that suit them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from servicepolicy_models.changes import ChangeKind, Level, RepairWishes
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.explain.correction_sets import Correction, Search
from servicepolicy_optimizer.explain.elastic_arrays import Elastic, elastic
from servicepolicy_optimizer.explain.loosened import Loose
from servicepolicy_optimizer.explain.moves import Moves, moves
from servicepolicy_optimizer.explain.warm import ROUNDS, Warm
from servicepolicy_optimizer.master import Model
from servicepolicy_optimizer.refine import with_better_columns
from servicepolicy_optimizer.solve import Relaxation
from servicepolicy_optimizer.solve.arrays import Arrays, arrays
from servicepolicy_optimizer.solve.highs import relaxed


@dataclass(frozen=True)
class Found:
    """What the search found."""

    corrections: tuple[Correction, ...]
    feasible: bool
    """Nothing need be changed."""
    complete: bool
    """There is no other set."""
    level: Level


def search(scenario: Scenario, warm: Warm, loose: Loose, wishes: RepairWishes) -> Found:
    """Sets of changes, the lightest first, each with the least amounts."""
    allowed = moves(scenario, loose.choices, wishes)
    looking = _Looking(warm, loose, allowed)
    looking.learn(lambda one: one.weighed())
    first = looking.search()
    corrections = list(first.sets(wishes.look_at_most))
    if corrections and not corrections[0].things:
        return Found((), True, True, warm.level)
    for correction in corrections:
        if correction.amounts:
            looking.learn(lambda one, chosen=correction.things: one.sized(chosen))  # type: ignore[misc]
    again = looking.search()
    return Found(
        tuple(again.with_least_amounts(one) if one.amounts else one for one in corrections),
        False,
        first.complete and _every_combination_is_there(scenario, allowed),
        warm.level,
    )


def _every_combination_is_there(scenario: Scenario, allowed: Sequence[Moves]) -> bool:
    """Where every item keeps its promise there are columns for each rung, not for each pair of rungs."""
    stocked = (ChangeKind.FILL_RATE, ChangeKind.CYCLE_SERVICE_LEVEL, ChangeKind.OTIF)
    promises = [move for move in allowed if move.thing.kind in stocked]
    return scenario.fill_rate_basis is not FillRateBasis.EVERY_ITEM or len(promises) < 2


@dataclass
class _Looking:
    """The loosened model and its slack, rebuilt whenever there are more columns."""

    warm: Warm
    loose: Loose
    allowed: tuple[Moves, ...]
    _known: tuple[Loose, Model, Elastic] | None = None

    def search(self) -> Search:
        """A search over the columns that are known by now."""
        _, found = self._made()
        return found

    def learn(self, asked: Callable[[Search], Arrays]) -> None:
        """Add the columns that the relaxation of what is asked would use."""
        if self.warm.level is Level.ITEM_BY_ITEM:
            return
        limits, question = self.loose.scenario.limits, self.warm.asked
        for _ in range(ROUNDS):
            model, found = self._made()
            prices = Relaxation(model, limits, relaxed(asked(found))).prices()
            grown = with_better_columns(
                question.facts, question.room, self.warm.asked.curves, prices, objective=0.0
            )
            if grown is None:
                return
            self.warm.asked = self.warm.asked.with_curves(grown)
            choices = replace(self.loose.choices, columns=grown.columns)
            self.loose = replace(self.loose, choices=choices)

    def _made(self) -> tuple[Model, Search]:
        """The same model again while no columns joined, with a search of its own."""
        if self._known is None or self._known[0] is not self.loose:
            self._known = (self.loose, *self._written())
        _, model, slack = self._known
        limits = self.loose.scenario.limits
        return model, Search(slack, self.allowed, limits, limits.time_limit_seconds)

    def _written(self) -> tuple[Model, Elastic]:
        model = self.warm.model(replace(self.warm.asked, scenario=self.loose.scenario), self.loose.choices)
        return model, elastic(self.loose, arrays(model), self.allowed)
