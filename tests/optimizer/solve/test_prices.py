"""A price is what a little more room saves, and no column of the model can undercut the prices."""

from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import fixed_prices, relax, solve
from tests.optimizer.master.worlds import Shape, replace_parts, world

EXACT = Limits(relative_gap=0.0)
SHAPES = [
    Shape(customers=3, items=1, columns=5),
    Shape(items=2, regions=2, columns=4),
    Shape(items=1, regions=2, by_region=True, columns=4),
    Shape(items=1, regions=2, columns=4, likely=0.5, ordered=0.8),
    Shape(items=1, columns=4, distinct=True, ordered=0.5),
]
WORLDS = [(seed, shape) for shape in SHAPES for seed in range(12)]


def held_worlds():
    for seed, shape in WORLDS:
        scenario, choices = world(seed, shape)
        model = build(scenario, choices)
        prices = relax(model, EXACT)
        if prices.held is Held.OPTIMAL:
            yield scenario, choices, model, prices


def reduced_costs(scenario, choices, prices, key, shelf):
    """The formula in the docstring of Prices, column by column."""
    columns = choices.columns[key]
    customers = scenario.segmentation.customers.classes
    regions = [region.name for region in scenario.segmentation.regions]
    cost = columns.cost + prices.money * (columns.cost - columns.lost_sales_cost)
    cost = cost + prices.stock_value * columns.stock_value + prices.co2e_kg * columns.co2e_kg
    cost = cost + prices.storage_m3.get(shelf.location, 0.0) * columns.storage_m3 - prices.shelf[key]
    for (i, j, region), price in prices.piece_short.items():
        here = [n for n, name in enumerate(regions) if region in ("*", name)]
        if j == key[0]:
            cost = cost + price * columns.pieces_short[:, customers.index(i), here].sum(axis=1)
    return cost


def test_no_column_undercuts_the_prices_and_the_used_ones_meet_them():
    seen = 0
    for scenario, choices, model, prices in held_worlds():
        solution = solve(model, EXACT)
        fixed = fixed_prices(model, solution, EXACT) if solution.option else None
        for item, options in choices.options.items():
            for option, shelf in ((each, shelf) for each in options for shelf in each.shelves):
                key = (item, option.name, shelf.name)
                assert reduced_costs(scenario, choices, prices, key, shelf).min() > -1e-6
                used = [k for *place, k in solution.weight if tuple(place) == key]
                if fixed and used:
                    at_fixed_means = reduced_costs(scenario, choices, fixed, key, shelf)
                    assert at_fixed_means[used] == pytest.approx(at_fixed_means.min(), abs=1e-6)
                    seen += 1
    assert seen > 40


def test_prices_of_inequalities_are_never_negative():
    equations = {"one_stocking_option", "columns_of_option", "one_path", "one_promise", "one_channel"}
    for _, _, model, prices in held_worlds():
        assert prices.objective <= (solve(model, EXACT).objective or np.inf) + 1e-6
        assert min(price for (family, _), price in prices.rows.items() if family not in equations) >= -1e-9


def test_a_price_is_what_a_little_less_fill_rate_saves_with_the_means_unchanged():
    priced = 0
    for scenario, choices, model, _ in held_worlds():
        solution = solve(model, EXACT)
        if not solution.option or scenario.rules.distinct_promises_at_most is not None:
            continue
        before = fixed_prices(model, solution, EXACT)
        for s, price in before.fill_rate.items():
            step = 1e-4
            target = choices.targets[s]
            easier = {**choices.targets, s: replace(target, fill_rate=target.fill_rate - step)}
            after = fixed_prices(build(scenario, replace(choices, targets=easier)), solution, EXACT)
            saved = (before.objective - after.objective) / (step * target.pieces_per_year)
            # Convex: the price lies between the slopes on both sides.
            assert saved <= price + 1e-5 * max(1.0, price)
            if abs(saved - price) <= 1e-4 * max(1.0, price) and price > 0:
                priced += 1
    assert priced > 10


def test_a_price_is_what_a_little_more_budget_saves():
    priced = 0
    for seed in range(12):
        scenario, choices = world(seed, Shape(items=1, paths=4, columns=5, likely=0.0, ordered=0.0))

        def prices(budget_kg, scenario=scenario, choices=choices):
            within = replace_parts(scenario, budgets={"co2e_kg": budget_kg})
            return relax(build(within, choices), EXACT)

        for budget_kg in (20.0, 40.0, 60.0, 80.0):
            tight, step_kg = prices(budget_kg), 1e-4
            if tight.held is Held.OPTIMAL and tight.co2e_kg > 0:
                saved = (tight.objective - prices(budget_kg + step_kg).objective) / step_kg
                assert saved == pytest.approx(tight.co2e_kg, rel=1e-3)
                priced += 1
    assert priced > 5


def test_an_infeasible_model_has_no_prices():
    scenario, choices = world(0, Shape(items=1))
    poor = replace_parts(scenario, budgets={"inventory_value": 0.0})
    assert relax(build(poor, choices), EXACT).held is Held.INFEASIBLE
