"""The master model as `settle` asks it: as it is, or, where it has very many paths, by price and fix."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.curves.item_curves import Curves
from servicepolicy_optimizer.floor import cut_without_prices
from servicepolicy_optimizer.impossible import impossible
from servicepolicy_optimizer.master import Model, build, build_floor
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.refine import possible_gain, refined, with_better_columns
from servicepolicy_optimizer.solve import MasterSolution, Prices, solve
from servicepolicy_optimizer.wide.fixing import Fixed, Search
from servicepolicy_optimizer.wide.generation import PathRelaxation, Relaxed
from servicepolicy_optimizer.wide.start import begun

MOST_PATHS = 5_000
"""A master model with more paths is priced and fixed; docs/performance.md compares both at 12,733 paths."""

MOST_SEGMENTS = 200
"""So is one with more segments: its rows take long to build, and price and fix builds them less often."""


@dataclass(frozen=True)
class Told:
    """A solution, and the choices in whose numbers it is told."""

    solution: MasterSolution
    """Paths by their number in the question's choices."""
    choices: Choices
    narrow: MasterSolution
    """The same, paths by their number in `choices`."""


def unchanged(model: Model) -> Model:
    """The model as it is."""
    return model


class Master(Protocol):
    """What decides, once columns are refined."""

    @property
    def asked(self) -> Question:
        """The question with the refined columns."""
        ...

    @property
    def floor(self) -> float | None:
        """No policy costs less, whatever rung each item has; None where that is not known."""
        ...

    def solved(self, scenario: Scenario, mixed: Callable[[Model], Model] = unchanged) -> Told:
        """The cheapest decisions; scenario: the question's own, or one with less room."""
        ...

    def impossible(self) -> bool:
        """Whether it is proven that no policy keeps everything. False proves nothing."""
        ...


def prepared(asked: Question, tell: Callable[[int], None], most_paths: int = MOST_PATHS) -> Master:
    """The master of a question with its columns refined; `tell` hears the round."""
    if _is_wide(asked, most_paths):
        return Wide(asked, tell)
    curves = refined(asked.scenario, asked.facts, asked.choices, asked.room, asked.curves, tell)
    return Plain(asked.with_curves(curves))


def as_it_is(asked: Question, most_paths: int = MOST_PATHS) -> Master:
    """The master of a question whose columns are refined already."""
    return Wide(asked, lambda number: None, refine=False) if _is_wide(asked, most_paths) else Plain(asked)


def _is_wide(asked: Question, most_paths: int) -> bool:
    paths = sum(len(paths) for paths in asked.choices.paths.values())
    return paths > most_paths or len(asked.choices.targets) > MOST_SEGMENTS


@dataclass(frozen=True)
class Plain:
    """Few paths: all of them are in the model."""

    asked: Question
    floor: float | None = None

    def solved(self, scenario: Scenario, mixed: Callable[[Model], Model] = unchanged) -> Told:
        """See `Master`."""
        choices = self.asked.choices
        solution = solve(mixed(build(scenario, choices)), self.asked.scenario.limits)
        return Told(solution, choices, solution)

    def impossible(self) -> bool:
        """See `Master`."""
        return impossible(self.asked)


class Wide:
    """Many paths: the relaxation prices them, and the model holds those that can be in an optimum."""

    def __init__(self, asked: Question, tell: Callable[[int], None], refine: bool = True) -> None:
        """Solve the relaxation, refining the columns of stock meanwhile."""
        growing = _Growing(asked)
        of_items = asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
        self._over = begun(asked.scenario, asked.choices)
        self._relaxed = self._over.solve(tell, growing if refine and not of_items else None)
        self.asked = asked.with_curves(growing.curves)
        self.floor = None if of_items else _floor(self.asked, self._relaxed)

    def solved(self, scenario: Scenario, mixed: Callable[[Model], Model] = unchanged) -> Told:
        """See `Master`. With less room the relaxation starts from the paths that are known."""
        over, relaxed = self._over, self._relaxed
        if scenario != self.asked.scenario:
            over = PathRelaxation(scenario, self.asked.choices, hint=lambda uses: self._over.taken)
            relaxed = over.solve()
        fixed = Search(over, mixed).run(relaxed)
        return Told(_in_all_numbers(fixed, over), fixed.choices, fixed.solution)

    def impossible(self) -> bool:
        """See `Master`. Under the basis `every_item` the columns are all there is; else the floor of the
        relaxation, which knows every choice of rungs, must break something too.
        """
        if self.asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
            return True
        shelves = cut_without_prices(self.asked).shelves
        floor = PathRelaxation(
            self.asked.scenario,
            self.asked.choices,
            hint=lambda uses: self._over.taken,
            made=lambda scenario, choices: build_floor(scenario, choices, shelves),
        )
        return floor.solve().held is Held.INFEASIBLE


@dataclass
class _Growing:
    """Better columns of stock, as the relaxation's prices ask for them."""

    asked: Question

    def __post_init__(self) -> None:
        self.curves: Curves = self.asked.curves

    def __call__(self, choices: Choices, prices: Prices) -> Choices | None:
        better = with_better_columns(self.asked.facts, self.asked.room, self.curves, prices)
        if better is None:
            return None
        self.curves = better
        return replace(choices, columns=better.columns)


def _floor(asked: Question, relaxed: Relaxed) -> float | None:
    """The relaxation over every rung of every item: what it could still fall by is taken off."""
    if relaxed.held is not Held.OPTIMAL or relaxed.prices is None:
        return None
    return relaxed.bound - possible_gain(asked.facts, asked.room, relaxed.prices)


def _in_all_numbers(fixed: Fixed, over: PathRelaxation) -> MasterSolution:
    """The solution with its paths numbered as in the choices over all paths."""
    start = dict(zip(over.uses.serving, over.uses.start.tolist(), strict=False))
    end = dict(zip(over.uses.serving, over.uses.start[1:].tolist(), strict=True))
    numbers = {
        s: (d, int(np.flatnonzero(fixed.kept[start[s, d] : end[s, d]])[q]))
        for s, (d, q) in fixed.solution.path.items()
    }
    return replace(fixed.solution, path=numbers)
