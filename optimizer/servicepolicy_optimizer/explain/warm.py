"""A question kept warm: its shelves and columns serve every question that differs in what is asked of them.

Exact answers in two passes. First every question learns columns (`learn`), which all of them share; then each
is solved to the optimum over the same columns (`solved`). So a difference of two answers is a difference of
what was asked, and not of how many columns the one had found and the other had not.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from servicepolicy_models.changes import Level
from servicepolicy_models.errors import NoPolicyToExplain, error
from servicepolicy_models.rules import Limits
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.conflicts import conflicts
from servicepolicy_optimizer.curves.item_curves import Curves
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.floor import Floor, first_floor, raised
from servicepolicy_optimizer.item_by_item import ItemChoices, item_choices
from servicepolicy_optimizer.master import Model, build, with_whole_columns
from servicepolicy_optimizer.question import Question, Tell, asked_again, in_silence, question
from servicepolicy_optimizer.refine import refined, with_better_columns
from servicepolicy_optimizer.solve import MasterSolution, Prices, relax, solve
from servicepolicy_optimizer.whole_model import must_fit

ROUNDS = 3
"""Rounds in which a question that differs little learns columns: the others' columns serve it too."""

Build = Callable[[Scenario, Choices], Model]
"""The master model, or the master model with something more asked of it."""


@dataclass(frozen=True)
class Exact:
    """The optimum over the columns, or over every rung of every item."""

    asked: Question
    choices: Choices
    """What the solution chose from."""
    solution: MasterSolution

    @property
    def cost(self) -> float | None:
        """TLC + LSC a year; None where nothing is held."""
        return self.solution.objective if self.solution.option else None


class Warm:
    """The scenario as it is, and what all questions about it share."""

    def __init__(self, scenario: Scenario, facts: Facts, tell: Tell, memory: Memory) -> None:
        """Stock the shelves, make the columns and refine them once. memory: what was met before.

        Raises TooLarge where there are too many paths to solve the model many times.
        """
        self.memory = memory
        asked = question(scenario, facts, memory.of(scenario, facts), tell)
        must_fit(asked.choices)
        self.small: ItemChoices | None = item_choices(asked)
        tell("refine", 0.0, "")
        if self.small is None:
            better = refined(scenario, facts, asked.choices, asked.room, asked.curves, lambda number: None)
            asked = asked.with_curves(better.curves)
        self.asked = asked
        self._floor: Floor | None = None

    @property
    def level(self) -> Level:
        """How exact answers are."""
        every_item = self.asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
        return Level.ITEM_BY_ITEM if self.small is not None or every_item else Level.MIXED_COLUMNS

    def again(self, scenario: Scenario) -> Question:
        """The question with other promises, capacities or budgets."""
        return asked_again(self.asked, scenario, in_silence)

    def learn(
        self,
        asked: Question,
        made: Build = build,
        objective: float = 1.0,
        seen: Callable[[Prices], Prices] = lambda prices: prices,
        rounds: int = ROUNDS,
    ) -> None:
        """Add the columns that another question asks for.

        objective: weight of a column's own cost in what the model minimises. seen: the prices as columns see
        them, where the model minimises something else that they bring.
        """
        if self.level is Level.ITEM_BY_ITEM:
            return
        grown = self.asked.curves
        for _ in range(min(rounds, asked.scenario.limits.refinements)):
            choices = replace(asked.choices, columns=grown.columns)
            prices = seen(relax(made(asked.scenario, choices), asked.scenario.limits))
            better = with_better_columns(asked.facts, asked.room, grown, prices, objective)
            if better is None:
                break
            grown = better
        self._keep(grown)

    def learn_all(self, asked: Question) -> float | None:
        """Add the columns with which another question costs what it costs over every mix there is.

        Returns what no mix of rungs undercuts; None where the columns known are all there is, and where no
        bound is found in time. The relaxation's columns (`learn`) are those of means chosen in part; here the
        means are whole, and their columns are looked for until none is missing (`floor.py`). What lies below
        the shelves holds for every question about them, so the next one begins with it.
        """
        if self.level is Level.ITEM_BY_ITEM:
            return None
        known = self._floor or first_floor(self.asked)
        choices = replace(asked.choices, columns=self.asked.curves.columns)
        asked = replace(asked, choices=choices, curves=self.asked.curves)
        bound, self._floor = raised(replace(known, asked=asked, curves=self.asked.curves))
        self._keep(self._floor.curves)
        return bound

    def choices_of(self, asked: Question) -> Choices:
        """What a question chooses from, as exactly as this question is answered."""
        if self.small is not None:
            small = self.small.choices
            return replace(asked.choices, options=small.options, columns=small.columns)
        if asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
            return asked.choices
        return replace(asked.choices, columns=self.asked.curves.columns)

    def model(self, asked: Question, choices: Choices, made: Build = build) -> Model:
        """The model of a question; where items are decided one by one, no columns are mixed."""
        model = made(asked.scenario, choices)
        return model if self.small is None else with_whole_columns(model)

    def solved(self, asked: Question, made: Build = build, start: MasterSolution | None = None) -> Exact:
        """The optimum, to the last digit that the time allows."""
        choices = self.choices_of(asked)
        model = self.model(asked, choices, made)
        return Exact(asked, choices, solve(model, exactly(asked.scenario.limits), start))

    def base(self) -> Exact:
        """The scenario as it is. Raises NoPolicyToExplain, with what stands against it, where it has none."""
        found = self.solved(self.asked)
        if found.cost is None:
            told = conflicts(self.asked.scenario, found.choices, whole_columns=self.small is not None)
            mend = "Ask for its repairs."
            raise NoPolicyToExplain(
                [error("/", one.sentence, f"conflict.{one.family}", mend) for one in told]
                or [error("/", "No policy was found within the time limit.", "explain.no_policy", mend)]
            )
        return found

    def _keep(self, curves: Curves) -> None:
        self.asked = self.asked.with_curves(curves)


def exactly(limits: Limits) -> Limits:
    """The scenario's limits without a gap: differences of costs must not be differences of gaps."""
    return limits.model_copy(update={"relative_gap": 0.0})
