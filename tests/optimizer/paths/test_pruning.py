"""Pruning never changes the optimum: every choice of paths is tried with and without it."""

import itertools
import math
from typing import Any, NamedTuple

import numpy as np
import pytest

from servicepolicy_optimizer.paths import PathSet, every_path, facility_costs, service_paths
from servicepolicy_optimizer.paths.pruning import Respects, undominated
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.paths.worlds import facts, scenario

WORLDS = 400
FILL_RATES = (0.9, 0.95, 0.98, 0.995)
"""What stock may be promised, for OTIF targets; each step up costs more."""


def means(rng: np.random.Generator) -> dict[str, Any]:
    """Two of each means; figures on a coarse grid, so that equals happen."""

    def some(chance: float, value: Any) -> Any:
        return value if rng.random() < chance else None

    def coarse(values: list[float]) -> float:
        return float(rng.choice(values))

    channels = [
        {
            "name": name,
            "cost_per_order": coarse([1, 2, 3]),
            "labour_hours_per_order": coarse([0.1, 0.2]),
            "fixed_cost_per_year": coarse([0, 0, 100]),
            "labour_capacity_hours_per_year": some(0.3, coarse([15, 25, 45])),
            "time": {"mean_hours": coarse([0, 2]), "sd_hours": coarse([0, 1])},
        }
        for name in ("EDI", "phone")
    ]
    processes = [
        {
            "name": name,
            "cost_per_line": coarse([0.5, 1]),
            "fixed_cost_per_year": coarse([0, 0, 150]),
            "capacity_lines_per_day": some(0.3, coarse([0.9, 1.7])),
            "time": {"mean_hours": coarse([2, 10])},
        }
        for name in ("wave", "express")
    ]
    modes = [
        {
            "name": name,
            "capacity_kg_per_year": some(0.3, coarse([500, 900])),
            "fixed_cost_per_year": coarse([0, 0, 120]),
            "customer_classes": some(0.2, ["A"]),
            "lanes": [
                {
                    "bands": [{"minimum_charge": 4, "cost_per_kg": coarse([0.5, 1.5])}],
                    "time": {"mean_hours": coarse([6, 20, 40]), "sd_hours": coarse([0, 4, 12])},
                    "co2e_kg_per_kg": coarse([0.1, 0.4]),
                }
            ],
        }
        for name in ("Road", "Air")
    ]
    frequencies = [{"name": "each order"}, {"name": "weekly", "shipments_per_week": 1}]
    return {"channels": channels, "processes": processes, "modes": modes, "frequencies": frequencies}


def question(rng: np.random.Generator) -> dict[str, Any]:
    """Targets, budgets and rules, each at times."""

    def maybe(chance: float, **fields: Any) -> dict[str, Any]:
        return fields if rng.random() < chance else {}

    def coarse(values: list[float]) -> float:
        return float(rng.choice(values))

    def target(**whose: str) -> dict[str, Any]:
        hours = maybe(0.6, response_hours=coarse([24, 48, 72, 240]))
        return {"fill_rate": 0.9} | hours | maybe(0.4, otif=coarse([0.88, 0.9, 0.93])) | whose

    return {
        "targets": [target(), target(customer_class="B"), target(item_class="B")],
        "stockout_reactions": [{"demand_lost_share_per_day": coarse([0, 0, 0.05, 0.2])}],
        "budgets": maybe(0.3, co2e_kg=coarse([150, 300])),
        "rules": maybe(0.3, one_channel_per_customer_class=True)
        | maybe(0.4, better_customer_never_served_worse=True)
        | maybe(0.4, better_item_never_served_worse=True)
        | maybe(0.3, distinct_promises_at_most=1),
    }


def world(seed: int):
    """Two customer classes and one item class, or the reverse."""
    rng = np.random.default_rng(seed)
    customers, items = [(["A", "B"], ["A"]), (["A"], ["A", "B"])][seed % 2]
    segmentation = {
        "customers": {"classes": customers, "cut_offs": [0.5][: len(customers) - 1]},
        "items": {"classes": items, "cut_offs": [0.5][: len(items) - 1]},
    }
    made = scenario(segmentation=segmentation, **means(rng), **question(rng))
    shape = len(customers), len(items), 1
    demand = facts(
        customer_classes=customers,
        item_classes=items,
        orders_per_year=rng.choice([80.0, 100.0], shape),
        revenue_per_year=2500.0,
        visit_weight_kg=np.sort(rng.uniform(1.0, 9.0, (*shape, 10)), axis=-1),
    )
    return made, demand, resolve_targets(made, demand)


class Bill(NamedTuple):
    """Of a choice of paths; infinite where it breaks a capacity, a budget or a rule."""

    objective: float
    without_lost_sales: float


def bills(made, targets, path_set: PathSet) -> list[Bill]:
    """Of every choice of a path for each segment."""
    combinations = itertools.product(*(path_set.paths[segment, "central"] for segment in targets))
    fixed_cost = facility_costs(made)
    return [bill(made, targets, fixed_cost, dict(zip(targets, paths, strict=True))) for paths in combinations]


def bill(made, targets, fixed_cost, chosen) -> Bill:
    paths = chosen.values()
    fixed = sum(fixed_cost[name] for name in {name for path in paths for name in path.facilities})
    stock = sum(stock_cost(targets[segment], path) for segment, path in chosen.items())
    logistics = fixed + stock + sum(path.cost - path.lost_sales_cost for path in paths)
    dirty = sum(path.co2e_kg for path in paths) > (made.budgets.co2e_kg or math.inf)
    if dirty or over(made, paths) or breaks_rules(made, targets, chosen):
        return Bill(math.inf, math.inf)
    return Bill(logistics + sum(path.lost_sales_cost for path in paths), logistics)


def best(found: list[Bill], budget: float = math.inf) -> float:
    """Least objective within a budget for the total cost without lost sales; infinite: there is none."""
    return min((one.objective for one in found if one.without_lost_sales <= budget), default=math.inf)


def stock_cost(target, path) -> float:
    """Of the least fill rate that keeps the target and OTIF."""
    needed = max(target.fill_rate, (target.otif or 0.0) / path.on_time_probability)
    return next((100.0 * 2**n for n, fill in enumerate(FILL_RATES) if fill >= needed - 1e-9), math.inf)


def over(made, paths) -> bool:
    def used(of):
        return sum(of(path) for path in paths)

    return (
        any(
            used(lambda path, c=c: path.channel_labour_hours * (path.channel == c.name))
            > (c.labour_capacity_hours_per_year or math.inf)
            for c in made.channels
        )
        or any(
            used(lambda path, p=p: path.lines_per_day["Leeds"] * (path.process == p.name))
            > (p.capacity_lines_per_day or math.inf)
            for p in made.processes
        )
        or any(
            used(lambda path, m=m: path.weight_kg * (path.mode == m.name))
            > (m.capacity_kg_per_year or math.inf)
            for m in made.modes
        )
    )


def breaks_rules(made, targets, chosen) -> bool:
    rules = made.rules
    in_order = list(chosen)  # better classes first; one side has one class
    hours = [chosen[segment].promised_response_hours for segment in in_order]
    by_customer = len({segment[0] for segment in in_order}) > 1
    ordered = (
        rules.better_customer_never_served_worse if by_customer else rules.better_item_never_served_worse
    )
    if ordered and any(better > worse for better, worse in itertools.pairwise(hours)):
        return True
    if rules.one_channel_per_customer_class:
        channels = {(segment[0], path.channel) for segment, path in chosen.items()}
        if len(channels) > len({segment[0] for segment in in_order}):
            return True
    if rules.distinct_promises_at_most is not None:
        limits = [targets[segment].response_hours or math.inf for segment in in_order]
        rungs = made.promise_ladder.response_hours
        return not any(
            all(kept <= rung <= most for kept, most in zip(hours, limits, strict=True)) for rung in rungs
        )
    return False


def test_the_optimum_is_the_same_with_and_without_pruning():
    pruned = answered = 0
    for seed in range(WORLDS):
        made, demand, targets = world(seed)
        path_sets = every_path(made, demand, targets), service_paths(made, demand, targets)
        everything, few = (bills(made, targets, path_set) for path_set in path_sets)
        least, cheapest = (
            min(everything, default=Bill(math.inf, math.inf)),
            min((one.without_lost_sales for one in everything), default=0),
        )
        # Budgets that bind, from none at all to the strictest that can be kept.
        for strictness in (0.0, 0.5, 1.0) if least.objective < math.inf else (0.0,):
            budget = least.without_lost_sales * (1 + 1e-9) + strictness * (
                cheapest - least.without_lost_sales
            )
            assert best(few, budget) == pytest.approx(best(everything, budget), rel=1e-12), f"world {seed}"
        pruned += path_sets[1].pruned_paths
        answered += least.objective < math.inf
    # The worlds are worth trying: many can be answered, some cannot, and most of their ways are superfluous.
    assert WORLDS / 3 < answered < WORLDS * 0.9
    assert pruned > 8 * WORLDS


def respects(amounts, scarce=None, same=None):
    size = len(amounts)
    return Respects(
        amounts=np.array(amounts, dtype=float),
        same=np.zeros((size, 0)) if same is None else np.array(same, dtype=float).reshape(size, -1),
        scarce=np.zeros((size, 3), dtype=np.intp) if scarce is None else np.array(scarce),
    )


def kept(*args, **kwargs):
    found = respects(*args, **kwargs)
    return undominated(found, np.arange(len(found.amounts))).tolist()


def test_a_way_that_is_worse_in_every_respect_goes():
    assert kept([[1, 24], [2, 24], [2, 8], [3, 48]]) == [True, False, True, False]


def test_of_equals_the_first_stays():
    assert kept([[1, 24], [1, 24], [1, 24]]) == [True, False, False]


def test_a_way_with_scarce_means_does_not_stand_for_one_without():
    amounts = [[1, 24], [2, 24]]
    assert kept(amounts, scarce=[[1, 0, 0], [0, 0, 0]]) == [True, True]
    assert kept(amounts, scarce=[[1, 0, 0], [1, 0, 0]]) == [True, False]
    assert kept(amounts, scarce=[[0, 0, 0], [1, 2, 3]]) == [True, False]
    assert kept(amounts, scarce=[[0, 2, 0], [1, 3, 0]]) == [True, True]


def test_where_something_must_be_the_same_a_better_one_is_no_substitute():
    assert kept([[1, 8], [2, 24]], same=[8, 24]) == [True, True]
    assert kept([[1, 8], [2, 8]], same=[8, 8]) == [True, False]


def test_whatever_goes_has_a_substitute_that_stays():
    rng = np.random.default_rng(4)
    for _ in range(50):
        found = respects(rng.integers(0, 4, (40, 3)), scarce=rng.integers(0, 3, (40, 3)))
        rank = rng.permutation(40)
        stays = undominated(found, rank)
        for gone in np.flatnonzero(~stays):
            better = (found.amounts <= found.amounts[gone]).all(axis=1)
            allowed = ((found.scarce == 0) | (found.scarce == found.scarce[gone])).all(axis=1)
            assert (stays & better & allowed).any()


def test_equal_ways_keep_the_surer_then_the_first_by_name():
    twins = [{"name": name, "cost_per_order": 2.0} for name in ("web", "EDI")]
    made, demand = scenario(channels=twins), facts()
    targets = resolve_targets(made, demand)
    (path,) = service_paths(made, demand, targets).paths[("A", "A", "*"), "central"]
    assert path.channel == "EDI"
    surer = [twins[0], twins[1] | {"time": {"mean_hours": 0.1, "sd_hours": 0.1}}]
    made = scenario(channels=surer)
    (path,) = service_paths(made, demand, targets).paths[("A", "A", "*"), "central"]
    assert path.channel == "web"


def test_a_saving_that_is_rounding_alone_is_no_saving():
    twins = [{"name": "EDI", "cost_per_order": 2.0}, {"name": "web", "cost_per_order": 2.0 * (1 - 1e-15)}]
    made, demand = scenario(channels=twins), facts()
    (path,) = service_paths(made, demand, resolve_targets(made, demand)).paths[("A", "A", "*"), "central"]
    assert path.channel == "EDI"
