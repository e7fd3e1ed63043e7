"""The relaxation over more paths than a model should hold: only those that its prices ask for are in it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.master import ColumnWriter, Model, build
from servicepolicy_optimizer.master.garbage import no_garbage_meanwhile
from servicepolicy_optimizer.path_table import path_table
from servicepolicy_optimizer.solve import Prices, Relaxation
from servicepolicy_optimizer.solve.arrays import Arrays, arrays
from servicepolicy_optimizer.solve.highs import relaxed
from servicepolicy_optimizer.solve.joined import with_columns
from servicepolicy_optimizer.solve.relaxation import NO_MISS
from servicepolicy_optimizer.wide.lagrangian import Box, Mask, Priced, offered, priced, with_mixes
from servicepolicy_optimizer.wide.leaf import leaf
from servicepolicy_optimizer.wide.rows import rows_of
from servicepolicy_optimizer.wide.uses import PathUses, path_uses

ROUNDS = 100
"""Times the relaxation is solved at most until its prices ask for nothing more."""
AT_ONCE = 3
"""Paths of one segment under one deployment that join in a round."""
NEGLIGIBLE = 1e-8
"""Share of the objective that all paths together may still promise to save."""
OF_THE_GAP = 0.01
"""The same, as a share of the gap that is asked."""
MANY = 0.25
"""Where so many columns join, for each that is there, what the solver knows is no start."""
WHOLE = 1e-6
"""A decision so near to 0 or 1 is taken."""
FEW = ("stock", "open", "choose_channel")
"""Decisions that bind many segments at once, and are few."""
BOUND_BY_ROWS = ("path", "stock")
"""A bound beside the row that says the same would share its price."""

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
    taken: Floats | None = None
    """(n,) no solution that takes this decision of FEW costs less."""
    not_taken: Floats | None = None
    """(n,) no solution that does not take it costs less."""
    prices: Prices | None = None
    offer: Priced | None = None
    """What all of it was made of."""

    def raised_to(self, bound: float) -> "Relaxed":
        """With a bound from elsewhere, where that is higher; what a path costs more is counted from it."""
        if bound <= self.bound or self.reduced_cost is None:
            return self
        return replace(self, bound=bound, reduced_cost=self.reduced_cost - (bound - self.bound))

    def with_it(self, number: int) -> float:
        """No solution costs less with that decision of FEW."""
        return self.bound if self.taken is None else max(self.bound, float(self.taken[number]))

    def without(self, number: int) -> float:
        """No solution costs less without that decision of FEW."""
        return self.bound if self.not_taken is None else max(self.bound, float(self.not_taken[number]))


class PathRelaxation:
    """The relaxation in the solver. It keeps every path that joined, whatever is held next.

    Options join like paths do: after the first run only the one of each class that its prices make the
    cheapest may be taken, and the others once no path of these saves anything. With one option a class the
    problem nearly falls apart into stock and paths. What is proven is proven of all options at any time.
    """

    @no_garbage_meanwhile
    def __init__(
        self,
        scenario: Scenario,
        choices: Choices,
        known: Mask | None = None,
        made: Build = build,
        growing: tuple[str, ...] = ("weight", "path"),
    ) -> None:
        """known: (P,) paths to start with, beside the cheapest of each kind. growing: components of which
        columns may join; only rows in which these stand may be missed meanwhile.
        """
        self.scenario, self.choices = scenario, choices
        self.uses = uses = path_uses(scenario, choices)
        self.taken = uses.cheapest_of_each() if known is None else uses.cheapest_of_each() | known
        self._serving = np.repeat(np.arange(len(uses.serving)), np.diff(uses.start))
        model, problem = _few_and_all(scenario, narrowed(choices, uses, self.taken), made)
        self._whole, problem = problem, _bounded_by_rows(relaxed(problem))
        self._relaxation = Relaxation(model, scenario.limits, problem, growing)
        self._rows = rows_of(scenario, choices, uses.resources, self._relaxation.rows)
        names = problem.columns
        self._few = np.array([n for n, (component, _) in enumerate(names) if component in FEW], dtype=np.intp)
        self.few = tuple(names[n] for n in self._few.tolist())
        self._options = np.array([n for n, (component, _) in enumerate(self.few) if component == "stock"])
        self._offered = offered(choices, uses, [self.few[n][1] for n in self._options.tolist()])
        self._lower, self._upper = problem.lower.copy(), problem.upper.copy()
        self._known_box: Box | None = None
        self._writer: ColumnWriter | None = None
        self._inside: Mask | None = None
        """(G,) the options that the solver may take; None while it may take each."""
        self._chosen = False
        """Whether that was ever narrowed: what is held later is not."""

    @property
    def seconds(self) -> float:
        """In the solver, so far."""
        return self._relaxation.seconds

    def hold(self, at: Mapping[int, float]) -> None:
        """Hold some of FEW, by number, at a value, and let go of the others."""
        lower, upper = np.zeros(self._few.size), np.ones(self._few.size)
        upper[self._options] = np.inf
        for number, value in at.items():
            lower[number] = upper[number] = value
        self._lower[self._few], self._upper[self._few] = lower, upper
        self._relaxation.hold(self._few, lower, upper)
        self._inside, self._chosen = None, True

    def _let_in(self, options: Mask | None) -> None:
        """Let the solver take some options, (G,), or all."""
        number = self._few[self._options]
        upper = self._upper[number] if options is None else np.where(options, self._upper[number], 0.0)
        self._relaxation.hold(number, self._lower[number], upper)
        self._inside, self._chosen = options, True

    def _let_all_in(self) -> bool:
        """Whether there were any left to let in."""
        some_left = self._inside is not None
        if some_left:
            self._let_in(None)
        return some_left

    def narrowed(self, kept: Mask, options: Collection[tuple[str, str]]) -> tuple[Arrays, Choices]:
        """The master model over some paths, (P,), and options, and its choices."""
        choices = narrowed(self.choices, self.uses, kept)
        taken = {
            item_class: tuple(option for option in offered if (item_class, option.name) in options)
            for item_class, offered in choices.options.items()
        }
        whole = self._relaxation.grown(self._whole)
        return leaf(whole, self.uses, self._rows, kept, options), replace(choices, options=taken)

    def solve(self, tell: Callable[[int], None] = lambda number: None, grow: Grow | None = None) -> Relaxed:
        """Solve, and add what the prices ask for, until nothing is left or time is up: the prices known by
        then prove what they prove. `tell` hears the round.
        """
        growing = 0 if grow is None else self.scenario.limits.refinements
        until = self.seconds + self.scenario.limits.time_limit_seconds
        for number in range(ROUNDS):
            tell(number + 1)
            prices = self._relaxation.prices_while_missing()
            if prices.objective is None:
                if prices.held is Held.INFEASIBLE and self._let_all_in():
                    continue
                return Relaxed(prices.held if prices.held is Held.INFEASIBLE else Held.NOTHING)
            offer = self._priced(1.0)
            joined = self._join(offer, prices.objective)
            grown = growing > 0 and grow is not None and self._grown(grow(self.choices, prices))
            growing -= grown
            if (joined or grown) and self.seconds < until:
                continue
            if prices.held is Held.OPTIMAL:
                assert self._relaxation.values is not None
                return self._relaxed(prices, offer, self._relaxation.values[self._few])
            if not (joined or grown) and self._let_all_in():
                continue
            if joined or grown or not self._joins_to_miss_less():
                return Relaxed(Held.NOTHING if joined or grown else Held.INFEASIBLE)
        return Relaxed(Held.NOTHING)

    def over_all_rungs(self, node: Relaxed, reduced_costs: Mapping[tuple[str, str], float]) -> Relaxed:
        """What the prices of a node prove of every rung of every item, not only of the columns.

        reduced_costs: of item class and option, the least that columns of its shelves can have at these
        prices (Dantzig & Wolfe 1960: what columns could still be added are priced, too).
        """
        if node.prices is None or node.offer is None or node.few is None:
            return node
        mixes = np.array([reduced_costs[self.few[n][1]] for n in self._options.tolist()])
        return self._relaxed(node.prices, with_mixes(node.offer, mixes, self._offered), node.few)

    def _relaxed(self, prices: Prices, offer: Priced, few: Floats) -> Relaxed:
        of, best = self._offered, self._offered.best(offer.option)
        dearer = of.best_of_source(offer.option) - best[of.serving_class] - offer.least
        taken = offer.bound + offer.above[self._few]
        not_taken = offer.bound + offer.below[self._few]
        taken[self._options] = offer.bound + offer.option - best[of.item_class]
        not_taken[self._options] = offer.bound + of.best_of_others(offer.option) - best[of.item_class]
        return Relaxed(
            Held.OPTIMAL,
            bound=offer.bound,
            reduced_cost=offer.path + dearer[self._serving],
            few=few,
            taken=taken,
            not_taken=not_taken,
            prices=prices,
            offer=offer,
        )

    def _priced(self, objective: float) -> Priced:
        """What the prices of the last run prove. objective: weight of all costs."""
        row_prices = self._relaxation.row_prices()
        sides = self._relaxation.worth_of_sides(row_prices) + objective * self._relaxation.problem.constant
        charged = self._rows.T @ row_prices[: self._rows.shape[0]]
        paths = objective * self.uses.cost - self.uses.uses.T @ charged
        reduced = self._relaxation.reduced_costs(row_prices, objective)
        return priced(sides, reduced, paths, self.uses.start, self._box(), self._offered)

    def _join(self, offer: Priced, objective: float) -> bool:
        """Take in the most promising paths of the most promising options; whether there were any worth it."""
        negligible = max(NEGLIGIBLE, OF_THE_GAP * self.scenario.limits.relative_gap)
        if objective - offer.bound <= negligible * max(abs(objective), 1.0):
            return False
        if not self._chosen:
            self._let_in(offer.option <= self._offered.best(offer.option)[self._offered.item_class])
        wanted, let_in = self._wanted(offer), False
        if not wanted.size and self._let_all_in():
            wanted, let_in = self._wanted(offer), True
        if not wanted.size:
            return let_in
        wanted = wanted[np.lexsort((offer.path[wanted], self._serving[wanted]))]
        new = np.sort(wanted[_rank_within(self._serving[wanted]) < AT_ONCE])
        if new.size > MANY * self.taken.sum():
            self._relaxation.start_anew()
        self.taken[new] = True
        self._relaxation.add_paths(self.uses.cost[new], (self._rows @ self.uses.uses[:, new]).tocsc())
        return True

    def _wanted(self, offer: Priced) -> Ints:
        """Numbers of the paths that the prices ask for, under options that may be taken."""
        return np.flatnonzero((offer.path < 0) & ~self.taken & self._promising(offer)[self._serving])

    def _promising(self, offer: Priced) -> Mask:
        """(servings,) those of options that save at least half as much as the best of their class."""
        of, values = self._offered, self._relaxation.values
        assert values is not None
        share = values[self._few[self._options]]
        now = np.bincount(of.item_class, share * offer.alone)
        saves = now[of.item_class] - offer.option
        if self._inside is not None:
            saves[~self._inside] = -np.inf
        promising = (saves > 0) & (saves >= -of.best(-saves)[of.item_class] / 2)
        sources = np.zeros(int(of.serving_source.max(initial=-1)) + 1, dtype=bool)
        sources[of.source[promising]] = True
        return sources[of.serving_source]

    def _box(self) -> Box:
        """The named columns; those of stock that joined have no bounds but their shelf's row."""
        names = self._relaxation.columns
        if self._known_box is None or self._known_box.shelf.size < len(names):
            shelf = self._relaxation.row_of("columns_of_option")
            # The option stands in the rows of its shelves too, and is no mix: held at 1, it may have a price.
            shelf[self._few[self._options]] = -1
            option = {self.few[n][1]: g for g, n in enumerate(self._options.tolist())}
            of_shelf = {
                row: option[index[:2]]
                for (family, index), row in self._relaxation.rows.items()
                if family == "columns_of_option"
            }
            paths = np.array([component == "path" for component, _ in names], dtype=bool)
            joined = len(names) - self._lower.size
            self._lower = np.concatenate([self._lower, np.zeros(joined)])
            self._upper = np.concatenate([self._upper, np.full(joined, np.inf)])
            self._known_box = Box(self._lower, self._upper, self._few[self._options], shelf, of_shelf, paths)
        return self._known_box

    def _joins_to_miss_less(self) -> bool:
        """Whether any path lets the rows be missed by less than they are."""
        prices = self._relaxation.prices_of_missing()
        if prices.objective is None:
            return False
        if prices.objective <= NO_MISS:
            self._relaxation.make_dearer_to_miss()
            return True
        return self._join(self._priced(0.0), prices.objective)

    def _grown(self, better: Choices | None) -> bool:
        if better is None:
            return False
        added = {
            place: columns.beyond(self.choices.columns[place].size)
            for place, columns in better.columns.items()
            if columns.size > self.choices.columns[place].size
        }
        self._writer = self._writer or ColumnWriter(self.scenario, self.choices)
        self._relaxation.add(self._writer.written(added, self.choices.columns))
        self.choices = better
        return True


def mixed_options(over: PathRelaxation, few: Floats) -> list[int]:
    """Stocking options that are taken in part, by their number in `PathRelaxation.few`."""
    return [
        number
        for number, (component, _) in enumerate(over.few)
        if component == "stock" and WHOLE < few[number] < 1.0 - WHOLE
    ]


def _few_and_all(scenario: Scenario, choices: Choices, made: Build) -> tuple[Model, Arrays]:
    """A model, and the arrays of that over all choices. Where columns of stock are mixed, the model has the
    first of each shelf, and the others join its arrays: most of what a model says is about them.
    """
    if made is not build or scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        model = made(scenario, choices)
        return model, arrays(model)
    first = {place: columns.upto(1) for place, columns in choices.columns.items()}
    others = {place: columns.beyond(1) for place, columns in choices.columns.items()}
    model = build(scenario, replace(choices, columns=first))
    return model, with_columns(arrays(model), ColumnWriter(scenario, choices).written(others, first))


def _bounded_by_rows(problem: Arrays) -> Arrays:
    bounded = np.array([component in BOUND_BY_ROWS for component, _ in problem.columns], dtype=bool)
    return replace(problem, upper=np.where(bounded, np.inf, problem.upper))


def narrowed(choices: Choices, uses: PathUses, kept: Mask) -> Choices:
    """The choices with only some of their paths."""
    paths = dict(choices.paths)
    for number, serving in enumerate(uses.serving):
        first, end = uses.start[number], uses.start[number + 1]
        if end > first:
            paths[serving] = path_table(choices.paths[serving]).take(np.flatnonzero(kept[first:end]))
    return replace(choices, paths=paths)


def _rank_within(sorted_groups: Ints) -> Ints:
    """(n,) 0, 1, 2, ... within each run of equal numbers."""
    first = np.flatnonzero(np.diff(sorted_groups, prepend=-1))
    return np.arange(sorted_groups.size) - np.repeat(first, np.diff(np.append(first, sorted_groups.size)))
