"""The master model as `settle` asks it: as it is, or, where it has very many paths, by price and fix."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.curves.item_curves import Curves
from servicepolicy_optimizer.floor import cut_without_prices, enough_for, item_level_bound
from servicepolicy_optimizer.impossible import impossible
from servicepolicy_optimizer.master import build, build_floor
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.recalled_promises import with_promise_columns
from servicepolicy_optimizer.refine import refined, with_better_columns
from servicepolicy_optimizer.solve import Compiled, MasterSolution, Prices, compiled, solved, unchanged
from servicepolicy_optimizer.whole_model import paths_of
from servicepolicy_optimizer.wide.fixing import Fixed, Mixed, Search
from servicepolicy_optimizer.wide.generation import Grow, PathRelaxation, Relaxed, mixed_options
from servicepolicy_optimizer.wide.item_bound import ItemBound, over_all_rungs

MOST_PATHS = 3_000
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
    mixing: Callable[[], Compiled]
    """The model over `choices` in which columns may be mixed."""


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

    def item_level_bound(self, cost: float) -> float | None:
        """No policy costs less, whatever rung each item has; sought only as far as it is near to the cost of
        the policy that is held.
        """
        ...

    def solved(self, scenario: Scenario, mixed: Mixed = unchanged, cheaper_than: float = np.inf) -> Told:
        """The cheapest decisions; scenario: the question's own, or one with less room. What does not cost
        less than `cheaper_than` need not be found.
        """
        ...

    def impossible(self) -> bool:
        """Whether it is proven that no policy keeps everything. False proves nothing."""
        ...


def prepared(asked: Question, tell: Callable[[int], None], most_paths: int = MOST_PATHS) -> Master:
    """The master of a question with its columns refined; `tell` hears the round."""
    if is_wide(asked, most_paths):
        return Wide(asked, tell)
    asked = with_promise_columns(asked)
    better = refined(asked.scenario, asked.facts, asked.choices, asked.room, asked.curves, tell)
    return Plain(asked.with_curves(better.curves), better.master, better.prices, better.floor)


def as_it_is(asked: Question, most_paths: int = MOST_PATHS) -> Master:
    """The master of a question whose columns are refined already."""
    if is_wide(asked, most_paths):
        return Wide(asked, lambda number: None, refine=False)
    return Plain(asked, compiled(build(asked.scenario, asked.choices)))


def is_wide(asked: Question, most_paths: int = MOST_PATHS) -> bool:
    """Whether a question is priced and fixed."""
    return paths_of(asked.choices) > most_paths or len(asked.choices.targets) > MOST_SEGMENTS


@dataclass(frozen=True)
class Plain:
    """Few paths: all of them are in the model."""

    asked: Question
    known: Compiled
    """The model as asked."""
    prices: Prices | None = None
    """Of its relaxation, where they are known."""
    floor: float | None = None

    def item_level_bound(self, cost: float) -> float | None:
        """See `Master`. What is known is not lost where time runs out first."""
        found = item_level_bound(self.asked, self.known, self.prices, enough_for(cost))
        return max((bound for bound in (self.floor, found) if bound is not None), default=None)

    def solved(self, scenario: Scenario, mixed: Mixed = unchanged, cheaper_than: float = np.inf) -> Told:
        """See `Master`; found whatever it costs."""
        choices, own = self.asked.choices, scenario == self.asked.scenario
        model = self.known if own else compiled(build(scenario, choices))
        problem = mixed(model.problem)
        # What a mix keeps, whole columns often do not.
        doubtful = bool((problem.integral > model.problem.integral).any())
        solution = solved(problem, self.asked.scenario.limits, doubtful=doubtful)
        return Told(solution, choices, solution, lambda: model)

    def impossible(self) -> bool:
        """See `Master`."""
        return impossible(self.asked)


class Wide:
    """Many paths: the relaxation prices them, and the model holds those that can be in an optimum."""

    def __init__(self, asked: Question, tell: Callable[[int], None], refine: bool = True) -> None:
        """Solve the relaxation, refining the columns of stock meanwhile."""
        self._growing = growing = _Growing(asked)
        self._of_items = asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
        self._over = PathRelaxation(asked.scenario, asked.choices)
        grow = growing if refine and not self._of_items else None
        self._relaxed = self._over.solve(tell, grow)
        if grow is not None and self._relaxed.held is Held.OPTIMAL:
            self._relaxed = refined_further_down(self._over, self._relaxed, grow)
        self.asked = asked.with_curves(growing.curves)
        self.floor = None if self._of_items else _floor(self.asked, self._over, self._relaxed)

    def item_level_bound(self, cost: float) -> float | None:
        """See `Master`. Columns that it finds on the way are its own."""
        if self._of_items or self.floor is None:
            return None
        found = ItemBound(self.asked, self._over, self._growing, cost).raised(self._relaxed)
        return max(self.floor, found)

    def solved(self, scenario: Scenario, mixed: Mixed = unchanged, cheaper_than: float = np.inf) -> Told:
        """See `Master`. With less room the relaxation starts from the paths that are known."""
        over, relaxed = self._over, self._relaxed
        if scenario != self.asked.scenario:
            over = PathRelaxation(scenario, self.asked.choices, known=self._over.taken)
            relaxed = over.solve()
        fixed = Search(over, mixed, cheaper_than).run(relaxed)
        return Told(
            _in_all_numbers(fixed, over),
            fixed.choices,
            fixed.solution,
            lambda: compiled(build(scenario, fixed.choices)),
        )

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
            known=self._over.taken,
            made=lambda scenario, choices: build_floor(scenario, choices, shelves),
            # Stock has no columns here, but amounts that only their cuts hold: these are never missed.
            growing=("path",),
        )
        return floor.solve().held is Held.INFEASIBLE


def refined_further_down(over: PathRelaxation, root: Relaxed, grow: Grow) -> Relaxed:
    """The relaxation with columns refined where stocking options are whole: with other options other columns
    are wanted than with a mix of options, where the prices are others.

    Goes down as the search does at first: of the options in the mix, the one that is nearest to being taken.
    """
    node, branch = root, dict[int, float]()
    while node.few is not None and (mixed := mixed_options(over, node.few)):
        branch[max(mixed, key=node.few.__getitem__)] = 1.0
        over.hold(branch)
        node = over.solve(grow=grow)
    over.hold({})
    return over.solve(grow=grow) if branch else root


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


def _floor(asked: Question, over: PathRelaxation, relaxed: Relaxed) -> float | None:
    """The relaxation over every rung of every item."""
    return None if relaxed.held is not Held.OPTIMAL else over_all_rungs(asked, over, relaxed).bound


def _in_all_numbers(fixed: Fixed, over: PathRelaxation) -> MasterSolution:
    """The solution with its paths numbered as in the choices over all paths."""
    start = dict(zip(over.uses.serving, over.uses.start.tolist(), strict=False))
    end = dict(zip(over.uses.serving, over.uses.start[1:].tolist(), strict=True))
    numbers = {
        s: (d, int(np.flatnonzero(fixed.kept[start[s, d] : end[s, d]])[q]))
        for s, (d, q) in fixed.solution.path.items()
    }
    return replace(fixed.solution, path=numbers)
