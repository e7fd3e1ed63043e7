"""Where every item keeps the promise by itself, answers agree with whole solves of the changed scenarios."""

import pytest

from servicepolicy_models.changes import Aim, ChangeKind, Level, RepairWishes
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.explain.changed import with_promise
from servicepolicy_optimizer.explain.prices import prices
from servicepolicy_optimizer.explain.repairs import repairs
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import in_silence
from tests.optimizer.explain.tight_worlds import LADDER
from tests.optimizer.small_inline import small_scenario


def clock() -> float:
    return 0.0


def cost(scenario: Scenario) -> float | None:
    found = recommend(scenario, inline_facts(scenario), clock, in_silence).cost
    return None if found is None else found.objective


def every_item(**changes: object) -> Scenario:
    return small_scenario(2, promise_ladder=LADDER, fill_rate_basis=FillRateBasis.EVERY_ITEM, **changes)


def test_prices_are_differences_of_whole_solves() -> None:
    scenario = every_item()
    found = prices(scenario, inline_facts(scenario), clock, in_silence, ("A/X",))
    assert found.level is Level.ITEM_BY_ITEM
    assert found.cost_per_year == pytest.approx(cost(scenario))
    for step in found.segments[0].steps:
        if step.change.kind is ChangeKind.FILL_RATE and step.change.after is not None:
            after = cost(with_promise(scenario, ("A", "X", "*"), ChangeKind.FILL_RATE, step.change.after))
            assert after is not None
            assert step.cost_difference_per_year == pytest.approx(after - found.cost_per_year, abs=1e-5)


def test_a_repair_of_one_promise_is_the_first_rung_that_a_whole_solve_can_keep() -> None:
    free = every_item()
    policy = recommend(free, inline_facts(free), clock, in_silence)
    assert policy.stock_value is not None
    budget = {"inventory_value": 0.6 * policy.stock_value.total}
    scenario = every_item(budgets=budget)
    found = repairs(
        scenario, inline_facts(scenario), clock, in_silence, RepairWishes(untouchable=(Aim(kind="budget"),))
    )
    assert not found.complete  # there are columns for each rung, not for each pair of rungs
    for one in found.repairs:
        child = scenario
        for change in one.changes:
            customer_class, item_class = change.where.split("/")
            assert change.after is not None
            segment = (customer_class, item_class, "*")
            child = with_promise(child, segment, ChangeKind.FILL_RATE, change.after)
        assert cost(child) == pytest.approx(one.cost_per_year)
    budgets = repairs(scenario, inline_facts(scenario), clock, in_silence)
    least = next(one.changes[0].after for one in budgets.repairs if one.changes[0].kind is ChangeKind.BUDGET)
    assert least is not None
    assert cost(every_item(budgets={"inventory_value": least})) is not None
    assert cost(every_item(budgets={"inventory_value": 0.999 * least})) is None
