"""A question in which nothing but openings ties decisions together: answered without a model.

No capacity, budget, order between classes, one channel for a class, counted promise or on time in full. What
is open is the only thing that two decisions share, so with that given every item class chooses for itself,
and with its option every segment:

    min_{F ⊆ FACILITY}  Σ_{f ∈ F} fixed_cost[f]
        + Σ_{j ∈ ITEM_CLASS} min_{o ∈ OPTION[j] : needs[o] ⊆ F} ( stock_cost[o]
            + Σ_{s ∈ SEGMENT[j]} min_{q ∈ PATH[s, deployment[o]] : needs[q] ⊆ F} cost[q] )

with the stock of an option by itself from `promise_columns`. Every set of facilities is looked at. A baseline
is such a question: its limits are lifted while it is found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.proof import Held, Stopped
from servicepolicy_models.rules import Budgets, PolicyRules
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.choices import Choices, Segment, ServicePath, StockingOption
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.path_table import path_table
from servicepolicy_optimizer.promise_columns import PromiseColumns
from servicepolicy_optimizer.question import Question, Tell
from servicepolicy_optimizer.realise import plan_of, whole_by_promises
from servicepolicy_optimizer.recalled_promises import columns_by_promises, with_prices_of
from servicepolicy_optimizer.settle import MIXING_LOSS, Settled, by_mix, objective
from servicepolicy_optimizer.solve import MasterSolution, Prices
from servicepolicy_optimizer.wide.master import is_wide

MOST_FACILITIES = 12
"""With fixed costs that something may use: all sets of more take longer than a model does."""


def by_openings(asked: Question, tell: Tell) -> Settled:
    """The cheapest decision found: by openings where these are all, else by the mix."""
    return settled_by_openings(asked) or by_mix(asked, tell)


def settled_by_openings(asked: Question) -> Settled | None:
    """The cheapest decision, every item whole. None where something else ties decisions together, where the
    promises of some class cannot be kept or are to be kept item by item, and where whole items cost much more
    than their mix: then `by_mix` looks further.
    """
    if not openings_alone(asked) or is_wide(asked):
        return None
    found = columns_by_promises(asked)
    if found.keys() != asked.choices.options.keys() or any(
        np.isnan(one.cost).any() for one in found.values()
    ):
        return None
    asked = with_prices_of(asked, found)
    taken = cheapest(asked.choices, _stock_costs(asked, found))
    if taken is None:
        return None
    prices = Prices(Held.OPTIMAL, fill_rate=_short_prices(asked, taken))
    decided = whole_by_promises(plan_of(asked, asked.curves, taken, prices))
    settled = Settled(asked, taken, decided)
    cost = objective(settled)
    if cost is None or taken.objective is None or cost - taken.objective > MIXING_LOSS * abs(cost):
        return None
    return settled


def openings_alone(asked: Question) -> bool:
    """Whether nothing but openings ties decisions together."""
    scenario, choices = asked.scenario, asked.choices
    rules = scenario.rules.model_copy(update={"fixed": (), "forbidden": ()})
    return (
        rules == PolicyRules()
        and scenario.budgets == Budgets()
        and not _has_capacities(scenario)
        and not any(target.otif for target in choices.targets.values())
        and len(_facilities(choices)) <= MOST_FACILITIES
    )


def _has_capacities(scenario: Scenario) -> bool:
    free = without_limits(scenario)
    return any(
        getattr(scenario, means) != getattr(free, means)
        for means in ("channels", "processes", "modes", "locations")
    )


def cheapest(choices: Choices, stock_cost: Mapping[tuple[str, str], float]) -> MasterSolution | None:
    """What to open, and every option and path, at least cost; of equal ones the first. None where some class
    has no option or some segment no path.

    stock_cost: (item class, option) -> currency a year, infinite where it cannot keep its promises.
    """
    names = _facilities(choices)
    opened = _Openings(names, [choices.facility_cost[name] for name in names])
    ways = {key: _ways(opened, paths) for key, paths in choices.paths.items()}
    within = {key: opened.least(one.cost, one.needs) for key, one in ways.items()}
    of_options = {
        item_class: np.stack([
            stock_cost[item_class, option.name]
            + opened.least(np.zeros(1), opened.sets([_needs(choices, option)]))
            + sum(within[s, option.deployment] for s in _segments(choices, item_class))
            for option in offered
        ])
        for item_class, offered in choices.options.items()
    }  # fmt: skip
    total = opened.cost + sum(cost.min(axis=0) for cost in of_options.values())
    best = int(total.argmin())
    if not np.isfinite(total[best]):
        return None
    option = {
        item_class: choices.options[item_class][int(cost[:, best].argmin())]
        for item_class, cost in of_options.items()
    }
    deployment = {s: option[s[1]].deployment for s in choices.targets}
    return MasterSolution(
        held=Held.FEASIBLE,
        stopped=Stopped.CONVERGED,
        objective=float(total[best]),
        option={item_class: one.name for item_class, one in option.items()},
        path={s: (d, ways[s, d].cheapest_within(best)) for s, d in deployment.items()},
        open=opened.named(best),
    )


@dataclass(frozen=True)
class _Openings:
    """All sets of F facilities; a set is a number with a bit for each."""

    names: Sequence[str]
    fixed_cost: Sequence[float]

    @property
    def cost(self) -> Floats:
        """(2^F,) of everything in a set."""
        total = np.zeros(1 << len(self.names))
        for bit, cost in enumerate(self.fixed_cost):
            total.reshape(-1, 2, 1 << bit)[:, 1] += cost
        return total

    def sets(self, needs: Iterable[Iterable[str]]) -> Ints:
        """Each of some needs as a set."""
        bit = {name: 1 << number for number, name in enumerate(self.names)}
        return np.array([sum(bit[name] for name in one) for one in needs], dtype=np.intp)

    def least(self, cost: Floats, needs: Ints) -> Floats:
        """(2^F,) the least cost (n,) of what needs (n,) no more than is in a set; infinite where there is
        nothing.
        """
        least = np.full(1 << len(self.names), np.inf)
        np.minimum.at(least, needs, cost)
        for bit in range(len(self.names)):
            halves = least.reshape(-1, 2, 1 << bit)
            np.minimum(halves[:, 0], halves[:, 1], out=halves[:, 1])
        return least

    def named(self, opened: int) -> tuple[str, ...]:
        """The facilities in a set."""
        return tuple(name for bit, name in enumerate(self.names) if opened >> bit & 1)


@dataclass(frozen=True)
class _Ways:
    """The paths of a segment under a deployment."""

    cost: Floats
    """(n,)"""
    needs: Ints
    """(n,) sets."""

    def cheapest_within(self, opened: int) -> int:
        """The number of the first of the cheapest that need no more."""
        return int(np.where(self.needs & ~opened == 0, self.cost, np.inf).argmin())


def _ways(opened: _Openings, paths: Sequence[ServicePath]) -> _Ways:
    table = path_table(paths)
    needs = np.zeros(len(table), dtype=np.intp)
    for bit, name in enumerate(opened.names):
        needs[table.needing.get(name, np.zeros(0, np.intp))] |= 1 << bit
    return _Ways(table.cost, needs)


def _facilities(choices: Choices) -> list[str]:
    """With a fixed cost, that some option or path needs."""
    needed = {name for needs in choices.option_facilities.values() for name in needs}
    for paths in choices.paths.values():
        needed.update(path_table(paths).needing)
    return [name for name in choices.facility_cost if name in needed]


def _needs(choices: Choices, option: StockingOption) -> list[str]:
    needs = choices.option_facilities.get((option.item_class, option.name), ())
    return [name for name in needs if name in choices.facility_cost]


def _segments(choices: Choices, item_class: str) -> list[Segment]:
    return [segment for segment in choices.targets if segment[1] == item_class]


def _stock_costs(asked: Question, found: Mapping[str, PromiseColumns]) -> dict[tuple[str, str], float]:
    """Of every option by itself, with what no rung changes."""
    same = dict[tuple[str, str], float]()
    for (item_class, option, _), shelf in asked.room.shelves.items():
        of_shelf = float(shelf.items.supply_cost.sum() + shelf.items.handling_cost.sum())
        same[item_class, option] = same.get((item_class, option), 0.0) + of_shelf
    return {
        (item_class, option.name): cost + same[item_class, option.name]
        for item_class, offered in asked.choices.options.items()
        for option, cost in zip(offered, found[item_class].cost.tolist(), strict=True)
    }


def _short_prices(asked: Question, taken: MasterSolution) -> dict[Segment, float]:
    return {
        segment: price
        for item_class, option in taken.option.items()
        for segment, price in asked.short_price[item_class, option].items()
    }
