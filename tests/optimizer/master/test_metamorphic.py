"""What must hold of any two worlds that differ in a known way."""

from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solve
from tests.optimizer.master.worlds import Shape, replace_parts, world

EXACT = Limits(relative_gap=0.0)
CLOSE = 1e-6
SHAPES = st.sampled_from(
    [
        Shape(items=1, regions=2, likely=0.15),
        Shape(items=2, options=2, likely=0.15),
        Shape(items=1, regions=2, likely=0.15, basis="every_item"),
        Shape(items=1, options=2, columns=2, likely=0.15, distinct=True),
    ]
)
SEEDS = st.integers(0, 2**31)
a_few = settings(max_examples=60, deadline=None, derandomize=True)
MONEY = ("inventory_cost", "supply_cost", "warehousing_cost", "lost_sales_cost", "stock_value")
MONEY_OF_PATH = ("response_cost", "transport_cost", "warehousing_cost", "lost_sales_cost")


def least_cost(scenario, choices):
    """The optimum; infinite when there is no policy."""
    objective = solve(build(scenario, choices), EXACT).objective
    return float("inf") if objective is None else objective


def not_dearer(cost, than):
    assert cost <= than + CLOSE * max(1.0, abs(than))


@a_few
@given(SEEDS, SHAPES, st.floats(0.0, 0.2))
def test_a_higher_target_never_costs_less(seed, shape, rise):
    scenario, choices = world(seed, shape)
    higher = {s: replace(t, fill_rate=min(t.fill_rate + rise, 0.99)) for s, t in choices.targets.items()}
    not_dearer(least_cost(scenario, choices), least_cost(scenario, replace(choices, targets=higher)))


@a_few
@given(SEEDS, SHAPES, st.floats(1.0, 2.0))
def test_a_larger_budget_never_costs_more(seed, shape, factor):
    scenario, choices = world(seed, shape)
    budgets = {name: None if old is None else old * factor for name, old in scenario.budgets}
    not_dearer(least_cost(replace_parts(scenario, budgets=budgets), choices), least_cost(scenario, choices))


@a_few
@given(SEEDS, SHAPES)
def test_a_rule_less_never_costs_more(seed, shape):
    scenario, choices = world(seed, shape)
    most = {"distinct_promises_at_most": 1 if shape.distinct else None}
    ruled = replace_parts(scenario, rules={"better_customer_never_served_worse": True, **most})
    free = replace_parts(scenario, rules=most)
    not_dearer(least_cost(free, choices), least_cost(ruled, choices))


@a_few
@given(SEEDS, SHAPES)
def test_one_more_choice_never_costs_more(seed, shape):
    scenario, choices = world(seed, shape)
    fewer = {key: paths[:1] for key, paths in choices.paths.items()}
    not_dearer(least_cost(scenario, choices), least_cost(scenario, replace(choices, paths=fewer)))


@a_few
@given(SEEDS, SHAPES, st.sampled_from([0.01, 7.0, 1000.0]))
def test_in_another_currency_the_same_policy_costs_as_many_times_more(seed, shape, rate):
    scenario, choices = world(seed, shape)
    budgets = scenario.budgets
    exchanged = replace_parts(
        scenario,
        budgets={
            "inventory_value": None if budgets.inventory_value is None else budgets.inventory_value * rate,
            "total_cost": None if budgets.total_cost is None else budgets.total_cost * rate,
            "co2e_kg": budgets.co2e_kg,
        },
    )
    first = solve(build(scenario, choices), EXACT)
    second = solve(build(exchanged, in_money(choices, rate)), EXACT)
    assert first.held == second.held
    if first.objective is not None:
        not_dearer(abs(second.objective - first.objective * rate), 0.0)
        assert set(first.open) == set(second.open) and first.option == second.option


def in_money(choices, rate):
    return replace(
        choices,
        columns={
            key: ColumnSet(
                **{
                    field.name: getattr(columns, field.name) * (rate if field.name in MONEY else 1.0)
                    for field in fields(columns)
                }
            )
            for key, columns in choices.columns.items()
        },
        paths={
            key: tuple(
                replace(path, **{name: getattr(path, name) * rate for name in MONEY_OF_PATH})
                for path in paths
            )
            for key, paths in choices.paths.items()
        },
        facility_cost={name: cost * rate for name, cost in choices.facility_cost.items()},
    )
