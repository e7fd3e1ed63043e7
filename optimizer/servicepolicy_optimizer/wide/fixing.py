"""Price and fix: branch on the few decisions that bind many segments; at every leaf the master model over
the paths that can be in its optimum.

At a node the relaxation over all paths is a bound. At a leaf, with the stocking options whole, what is left
out of the model has a reduced cost above what its best solution can be away from the relaxation, so a
solution with it costs more than the one that is held (Dantzig, Fulkerson & Johnson 1954).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from servicepolicy_models.proof import Held, Stopped
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.master.garbage import no_garbage_meanwhile
from servicepolicy_optimizer.solve import MasterSolution, arrays, solved
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.wide.generation import WHOLE, PathRelaxation, Relaxed, narrowed
from servicepolicy_optimizer.wide.lagrangian import Mask
from servicepolicy_optimizer.wide.levels import with_levels
from servicepolicy_optimizer.wide.takes import with_takes

FIRST_PATHS = 3
"""Paths a segment in the first master model of a leaf, on average."""
NEXT_PATHS = 12
"""The same, once something is held: that nothing costs less is soon proven."""
WIDER = 2
"""The next has so many times as many."""
SHARE_OF_TIME = 0.5
"""Of what is left, for a master model that is not yet the last of its leaf."""

Mixed = Callable[[Arrays], Arrays]
"""What is done to every model, such as to forbid that columns are mixed."""
Branch = Mapping[int, float]
"""Number of a decision among `PathRelaxation.few` -> the value at which it is held."""


@dataclass(frozen=True)
class Fixed:
    """A solution of the master model over all paths, and the choices that it is told in."""

    choices: Choices
    """Only with the paths that were kept: the numbers of the solution's paths are theirs."""
    solution: MasterSolution
    kept: Mask
    """(P,)"""


@dataclass
class Search:
    """The tree: what is open, what is held, and what that proves."""

    over: PathRelaxation
    mixed: Mixed
    cheaper_than: float = np.inf
    """What costs as much is not looked for."""
    best: Fixed | None = None
    _open: list[tuple[float, Branch]] = field(default_factory=list)
    """(bound, branch)."""
    _proven: float = np.inf
    """Least of what was proven of the branches that were closed."""
    _seconds: float = 0.0
    """In the solver, at leaves."""

    def __post_init__(self) -> None:
        self._before = self.over.seconds

    def run(self, root: Relaxed) -> Fixed:
        """The cheapest decisions over all paths within the limits, with a bound that holds for all."""
        if root.held is not Held.OPTIMAL:
            return self._without(root.held)
        self._branch_or_close(root, {})
        while self._open and self._left() > 0:
            bound, branch = self._open.pop(self._next())
            if bound >= self._worth_less_than():
                self._proven = min(self._proven, bound)
                continue
            self.over.hold(branch)
            node = self.over.solve()
            if node.held is Held.NOTHING:
                self._open.append((bound, branch))
                break
            if node.held is Held.OPTIMAL:
                self._branch_or_close(node.raised_to(bound), branch)
        self.over.hold({})
        return self._ended()

    def _left(self) -> float:
        """Seconds in the solver that the limits leave to this search."""
        return self.over.scenario.limits.time_limit_seconds - self._spent()

    def _spent(self) -> float:
        return self.over.seconds - self._before + self._seconds

    def _next(self) -> int:
        """Down until something is held or known, then the branch of the lowest bound."""
        if not np.isfinite(self._objective()):
            return len(self._open) - 1
        return min(range(len(self._open)), key=lambda n: self._open[n][0])

    def _worth_less_than(self) -> float:
        """A branch of this bound or more cannot better what is held by more than the gap."""
        objective, gap = self._objective(), self.over.scenario.limits.relative_gap
        return objective - gap * abs(objective) if np.isfinite(objective) else np.inf

    def _objective(self) -> float:
        found = None if self.best is None else self.best.solution.objective
        return self.cheaper_than if found is None else found

    def _branch_or_close(self, node: Relaxed, branch: Branch) -> None:
        assert node.few is not None
        if node.bound >= self._worth_less_than():
            self._proven = min(self._proven, node.bound)
            return
        away = np.minimum(node.few, 1.0 - node.few)
        if away.max(initial=0.0) <= WHOLE:
            self._close(node, node.few)
            self._leave_for_later(node, node.few, branch)
            return
        number = self._most_open(node.few, away)
        # What is pushed last is looked at first.
        self._open += [
            (node.without(number), {**branch, number: 0.0}),
            (node.with_it(number), {**branch, number: 1.0}),
        ]

    def _most_open(self, few: Floats, away: Floats) -> int:
        """Options first, of these the one that is nearest to being taken; then openings and channels."""
        order = [n for n in range(few.size) if away[n] > WHOLE]
        stock = [n for n in order if self._is_option(n)]
        return max(stock or order, key=lambda n: float(few[n]))

    def _is_option(self, number: int) -> bool:
        return str(self.over.few[number][0]) == "stock"

    def _leave_for_later(self, node: Relaxed, few: Floats, branch: Branch) -> None:
        """What is left of a branch without the options that were closed: one of them is not taken."""
        taken = [n for n in range(few.size) if self._is_option(n) and few[n] > 0.5 and n not in branch]
        for number in taken:
            self._open.append((node.without(number), {**branch, number: 0.0}))
            branch = {**branch, number: 1.0}

    def _close(self, leaf: Relaxed, few: Floats) -> None:
        """Solve a leaf: the options are whole; paths and promises are still mixed."""
        assert leaf.reduced_cost is not None
        options = {
            index
            for (component, index), value in zip(self.over.few, few, strict=True)
            if component == "stock" and value > 0.5
        }
        allowed = served_by(self.over, options)
        costs = np.where(allowed, leaf.reduced_cost, np.inf)
        proven = leaf.bound
        first = FIRST_PATHS if self.best is None else NEXT_PATHS
        most = first * len(self.over.choices.targets)
        while True:
            sought = self._worth_less_than()
            enough = max(sought - leaf.bound, 0.0)
            within = _width(costs, most, enough)
            kept = costs <= within
            everything = bool(kept[allowed].all())
            last = everything or within >= enough
            solution, choices = self._tried(kept, options, leaf.bound, SHARE_OF_TIME if not last else 1.0)
            outside = np.inf if everything else sought if within >= enough else leaf.bound + within
            proven = max(leaf.bound, min(_bound_of(solution), outside))
            if solution.objective is not None and solution.objective < self._objective():
                self.best = Fixed(choices, solution, kept)
            if last or proven >= self._worth_less_than() or self._left() <= 0:
                break
            most *= WIDER
        self._proven = min(self._proven, proven)

    def _tried(
        self, kept: Mask, options: set[tuple[str, str]], bound: float, share_of_time: float
    ) -> tuple[MasterSolution, Choices]:
        """The master model over some paths, until it is solved or what it holds is within the gap of a bound
        that is known already.
        """
        limits = self.over.scenario.limits
        problem, choices = self._leaf(kept, options)
        seconds = max(self._left() * share_of_time, 1.0)
        limits = limits.model_copy(update={"time_limit_seconds": seconds})
        enough = bound + limits.relative_gap * abs(bound) * (1 - 1e-3)
        solution = solved(problem, limits, enough=enough, less_than=self._worth_less_than())
        self._seconds += solution.seconds
        return solution, choices

    @no_garbage_meanwhile
    def _leaf(self, kept: Mask, options: set[tuple[str, str]]) -> tuple[Arrays, Choices]:
        """The master model with some paths and options, and its choices."""
        choices = narrowed(self.over.choices, self.over.uses, kept)
        taken = {
            item_class: tuple(option for option in offered if (item_class, option.name) in options)
            for item_class, offered in choices.options.items()
        }
        choices = replace(choices, options=taken)
        problem = self.mixed(arrays(build(self.over.scenario, choices)))
        return with_takes(with_levels(problem), choices), choices

    def _ended(self) -> Fixed:
        if self.best is None or self.best.solution.objective is None:
            proven = not self._open and np.isposinf(self._proven)
            return self._without(Held.INFEASIBLE if proven else Held.NOTHING)
        bound = min([self._proven, *(bound for bound, _ in self._open)])
        objective, gap = self.best.solution.objective, self.over.scenario.limits.relative_gap
        near = objective - bound <= (gap + 1e-9) * max(abs(objective), 1e-9)
        solution = replace(
            self.best.solution,
            held=Held.OPTIMAL if near else Held.FEASIBLE,
            stopped=Stopped.CONVERGED if near else Stopped.TIME_LIMIT,
            bound=min(bound, objective),
            seconds=self._spent(),
        )
        return replace(self.best, solution=solution)

    def _without(self, held: Held) -> Fixed:
        stopped = Stopped.CONVERGED if held is Held.INFEASIBLE else Stopped.TIME_LIMIT
        choices = narrowed(self.over.choices, self.over.uses, self.over.taken)
        return Fixed(choices, MasterSolution(held, stopped), self.over.taken)


def served_by(over: PathRelaxation, options: set[tuple[str, str]]) -> Mask:
    """(P,) paths of the deployments of some options."""
    deployment = {
        item_class: option.deployment
        for item_class, offered in over.choices.options.items()
        for option in offered
        if (item_class, option.name) in options
    }
    of = np.array([deployment.get(s[1]) == d for s, d in over.uses.serving], dtype=bool)
    return np.repeat(of, np.diff(over.uses.start))


def _bound_of(solution: MasterSolution) -> float:
    """What the model over the kept paths proves of them."""
    if solution.held is Held.INFEASIBLE:
        return np.inf
    return -np.inf if solution.bound is None else solution.bound


def _width(costs: Floats, most: int, enough: float) -> float:
    """Reduced cost up to which paths are kept: the least so many, or, where they are not many more, all that
    cost no more than `enough`. What costs more cannot better what is held.
    """
    possible = np.sort(costs[np.isfinite(costs) & (costs <= max(enough, 0.0))])
    if possible.size > WIDER * most:
        return max(float(possible[most]), 0.0)
    return max(enough if np.isfinite(enough) else float(possible.max(initial=0.0)), 0.0)
