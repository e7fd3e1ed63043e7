"""The relaxation over more paths than a model should hold: only those that its prices ask for are in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.master import Model, build, build_new_columns
from servicepolicy_optimizer.path_table import path_table
from servicepolicy_optimizer.solve import Prices, Relaxation
from servicepolicy_optimizer.solve.relaxation import NO_MISS
from servicepolicy_optimizer.wide.rows import rows_of
from servicepolicy_optimizer.wide.uses import PathUses, path_uses

ROUNDS = 100
"""Times the relaxation is solved at most until its prices ask for nothing more."""
AT_ONCE = 3
"""Paths of one segment under one deployment that join in a round."""
NEGLIGIBLE = 1e-8
"""Share of the objective that all paths together may still promise to save."""
WHOLE = 1e-6
"""A decision so near to 0 or 1 is taken."""
FEW = ("stock", "open", "choose_channel")
"""Decisions that bind many segments at once, and are few."""

Mask = NDArray[np.bool_]
Grow = Callable[[Choices, Prices], Choices | None]
"""Choices with better columns of stock at these prices; None where there are none."""
Build = Callable[[Scenario, Choices], Model]
"""The master model, or another with the same paths and the same rows for them."""


@dataclass(frozen=True)
class Relaxed:
    """What the relaxation over all paths came to, with some decisions held."""

    held: Held
    """OPTIMAL: what follows holds. INFEASIBLE: proven for every path. NOTHING: out of time."""
    bound: float = -np.inf
    """No solution costs less, mixed or not."""
    reduced_cost: Floats | None = None
    """(P,) a solution with this path costs at least `bound` + so much."""
    few: Floats | None = None
    """(n,) the decisions of FEW, in the order of `PathRelaxation.few`."""
    prices: Prices | None = None


class PathRelaxation:
    """The relaxation in the solver. It keeps every path that joined, whatever is held next."""

    def __init__(
        self, scenario: Scenario, choices: Choices, known: Mask | None = None, made: Build = build
    ) -> None:
        """known: (P,) paths to start with, beside the cheapest of each kind."""
        self.scenario, self.choices = scenario, choices
        self.uses = uses = path_uses(scenario, choices)
        self.taken = uses.cheapest_of_each() if known is None else uses.cheapest_of_each() | known
        number = {s: n for n, s in enumerate(dict.fromkeys(s for s, _ in uses.serving))}
        self._segment = np.array([number[s] for s, _ in uses.serving], dtype=np.intp)
        self._serving = np.repeat(np.arange(len(uses.serving)), np.diff(uses.start))
        model = made(scenario, narrowed(choices, uses, self.taken))
        self._relaxation = Relaxation(model, scenario.limits, growing=("weight", "path"))
        self._rows = rows_of(scenario, choices, uses.resources, self._relaxation.rows)
        names = self._relaxation.problem.columns
        self._few = np.array([n for n, (component, _) in enumerate(names) if component in FEW], dtype=np.intp)
        self.few = tuple(names[n] for n in self._few.tolist())
        self._held: Mapping[int, float] = {}

    @property
    def seconds(self) -> float:
        """In the solver, so far."""
        return self._relaxation.seconds

    def hold(self, at: Mapping[int, float]) -> None:
        """Hold some of FEW, by number, at a value, and let go of the others."""
        lower, upper = np.zeros(self._few.size), np.ones(self._few.size)
        for number, value in at.items():
            lower[number] = upper[number] = value
        self._relaxation.hold(self._few, lower, upper)

    def solve(self, tell: Callable[[int], None] = lambda number: None, grow: Grow | None = None) -> Relaxed:
        """Solve, and add what the prices ask for, until nothing is left. `tell` hears the round."""
        growing = 0 if grow is None else self.scenario.limits.refinements
        for number in range(ROUNDS):
            tell(number + 1)
            prices = self._relaxation.prices_while_missing()
            if prices.objective is None:
                return Relaxed(prices.held if prices.held is Held.INFEASIBLE else Held.NOTHING)
            costs = self._reduced(prices, self.uses.cost)
            joined = self._join(costs, prices.objective)
            grown = growing > 0 and grow is not None and self._grown(grow(self.choices, prices))
            growing -= grown
            if joined or grown:
                continue
            if prices.held is Held.OPTIMAL:
                return self._relaxed(prices, costs)
            if not self._joins_to_miss_less():
                return Relaxed(Held.INFEASIBLE)
        return Relaxed(Held.NOTHING)

    def _relaxed(self, prices: Prices, costs: Floats) -> Relaxed:
        assert prices.objective is not None and self._relaxation.values is not None
        saved = self._saved(costs)
        return Relaxed(
            Held.OPTIMAL,
            bound=prices.objective - float(saved.sum()),
            reduced_cost=costs + saved[self._segment][self._serving],
            few=self._relaxation.values[self._few],
            prices=prices,
        )

    def _reduced(self, prices: Prices, cost: Floats) -> Floats:
        """(P,) cost of a path with everything that it uses charged, less what its serving pays."""
        rows = np.array([_charge(name, price) for name, price in prices.rows.items()])
        reduced: Floats = cost + self.uses.uses.T @ (self._rows.T @ rows[: self._rows.shape[0]])
        return reduced

    def _saved(self, costs: Floats) -> Floats:
        """(segments,) what the paths could still save: each segment takes one."""
        least = np.zeros(len(self.uses.serving))
        some = np.flatnonzero(np.diff(self.uses.start) > 0)
        if some.size:
            least[some] = np.minimum.reduceat(costs, self.uses.start[some])
        saved = np.zeros(int(self._segment.max(initial=-1)) + 1)
        np.maximum.at(saved, self._segment, -least)
        return saved

    def _join(self, costs: Floats, objective: float) -> bool:
        """Take the most promising paths in; whether there were any worth it."""
        if self._saved(np.where(self.taken, 0.0, costs)).sum() <= NEGLIGIBLE * max(abs(objective), 1.0):
            return False
        wanted = np.flatnonzero((costs < 0) & ~self.taken)
        wanted = wanted[np.lexsort((costs[wanted], self._serving[wanted]))]
        new = np.sort(wanted[_rank_within(self._serving[wanted]) < AT_ONCE])
        self.taken[new] = True
        self._relaxation.add_paths(self.uses.cost[new], (self._rows @ self.uses.uses[:, new]).tocsc())
        return True

    def _joins_to_miss_less(self) -> bool:
        """Whether any path lets the rows be missed by less than they are."""
        prices = self._relaxation.prices_of_missing()
        if prices.objective is None:
            return False
        if prices.objective <= NO_MISS:
            self._relaxation.make_dearer_to_miss()
            return True
        return self._join(self._reduced(prices, np.zeros(self.uses.size)), prices.objective)

    def _grown(self, better: Choices | None) -> bool:
        if better is None:
            return False
        added = {
            place: columns.beyond(self.choices.columns[place].size)
            for place, columns in better.columns.items()
            if columns.size > self.choices.columns[place].size
        }
        self._relaxation.add(build_new_columns(self.scenario, better, added))
        self.choices = better
        return True


def mixed_options(over: PathRelaxation, few: Floats) -> list[int]:
    """Stocking options that are taken in part, by their number in `PathRelaxation.few`."""
    return [
        number
        for number, (component, _) in enumerate(over.few)
        if component == "stock" and WHOLE < few[number] < 1.0 - WHOLE
    ]


def narrowed(choices: Choices, uses: PathUses, kept: Mask) -> Choices:
    """The choices with only some of their paths."""
    paths = dict(choices.paths)
    for number, serving in enumerate(uses.serving):
        first, end = uses.start[number], uses.start[number + 1]
        if end > first:
            paths[serving] = path_table(choices.paths[serving]).take(np.flatnonzero(kept[first:end]))
    return replace(choices, paths=paths)


def _charge(name: tuple[str, object], price: float) -> float:
    """What a path pays for a unit of a row: the row of its serving pays it."""
    return -price if name[0] == "one_path" else price


def _rank_within(sorted_groups: Ints) -> Ints:
    """(n,) 0, 1, 2, ... within each run of equal numbers."""
    first = np.flatnonzero(np.diff(sorted_groups, prepend=-1))
    return np.arange(sorted_groups.size) - np.repeat(first, np.diff(np.append(first, sorted_groups.size)))
