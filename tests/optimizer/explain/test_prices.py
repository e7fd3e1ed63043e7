"""Prices against every policy of whole items that there is, in small worlds."""

import pytest

from servicepolicy_models.changes import ChangeKind, Level
from servicepolicy_models.errors import NoPolicyToExplain, QuestionRejected
from servicepolicy_models.prices import Prices, StepPrice
from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.explain.changed import with_promise
from servicepolicy_optimizer.explain.prices import prices
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.solve import solve
from tests.optimizer.every_rung import cheapest
from tests.optimizer.explain.tight_worlds import LADDER, with_budget
from tests.optimizer.small_inline import small_scenario


def priced(scenario: Scenario, *only: str) -> Prices:
    return prices(scenario, inline_facts(scenario), lambda: 0.0, in_silence, only)


def best(scenario: Scenario, inventory_value: float | None = None) -> float | None:
    asked = question(scenario, inline_facts(scenario), Known(), in_silence)
    return cheapest(asked, inventory_value)


def steps_of(found: Prices) -> list[tuple[tuple[str, str, str], StepPrice]]:
    return [
        ((one.customer_class, one.item_class, one.region), step)
        for one in found.segments
        for step in one.steps
    ]


@pytest.mark.parametrize("seed", [1])
def test_the_price_of_a_fill_rate_is_the_difference_of_the_best_policies_of_all(seed: int) -> None:
    scenario = small_scenario(seed, promise_ladder=LADDER)
    found, base = priced(scenario), best(scenario)
    assert found.level is Level.ITEM_BY_ITEM and base is not None
    assert found.cost_per_year == pytest.approx(base)
    priced_steps = 0
    for segment, step in steps_of(found):
        if step.change.kind is not ChangeKind.FILL_RATE or step.change.after is None:
            continue
        after = best(with_promise(scenario, segment, ChangeKind.FILL_RATE, step.change.after))
        if after is None:
            assert step.held is Held.INFEASIBLE and step.cost_difference_per_year is None
            continue
        assert step.cost_difference_per_year == pytest.approx(after - base, abs=1e-5)
        assert step.at_least is not None and step.at_most is not None
        assert step.at_least - 1e-6 <= after - base <= step.at_most + 1e-6
        assert step.holds_to is not None and step.holds_to >= step.change.after - 1e-9
        # The same money buys as much as it is said to.
        as_much = best(with_promise(scenario, segment, ChangeKind.FILL_RATE, step.holds_to - 1e-9))
        assert as_much == pytest.approx(after, abs=1e-5)
        priced_steps += 1
    assert priced_steps > 5


@pytest.mark.parametrize("seed", [0, 2])
def test_the_value_of_a_stock_budget_is_that_of_the_best_policies_within_it(seed: int) -> None:
    scenario = with_budget(seed, 1.02)
    budget = scenario.budgets.inventory_value
    assert budget is not None
    free = best(scenario)
    (limit,) = priced(scenario, "inventory budget").limits
    now = best(scenario, budget)
    assert free is not None and now is not None
    by_name = {step.step: step for step in limit.steps}
    assert by_name["lifted"].cost_difference_per_year == pytest.approx(free - now, abs=1e-5)
    for name, figure in (("one_percent_more", 1.01 * budget), ("one_percent_less", 0.99 * budget)):
        expected = best(scenario, figure)
        told = by_name[name].cost_difference_per_year  # type: ignore[index]
        assert (told is None) == (expected is None)
        if expected is not None and told is not None:
            assert told == pytest.approx(expected - now, abs=1e-5)
            # It is in the way where the best policy of all costs less.
            binds = any("inventory budget" in one for one in by_name[name].binds)  # type: ignore[index]
            assert binds == (expected > free + 1e-6)
    assert not any("inventory budget" in one for one in by_name["lifted"].binds)
    assert limit.used <= budget * (1 + 1e-9)
    assert limit.enough is not None and best(scenario, limit.enough + 1e-6) == pytest.approx(free)
    assert (free < now - 1.0) == (seed == 0)


def test_a_faster_response_costs_the_dearer_mode_or_cannot_be_had() -> None:
    modes = [
        {"name": name, "lanes": [{"bands": [{"cost_per_shipment": cost}], "time": {"mean_hours": hours}}]}
        for name, cost, hours in (("road", 4, 30), ("air", 9, 20))
    ]
    scenario = small_scenario(1, modes=modes, promise_ladder=LADDER)
    slow = [target.model_dump() | {"response_hours": 36.0} for target in scenario.targets]
    scenario = Scenario.model_validate(scenario.model_dump() | {"targets": slow})
    facts = inline_facts(scenario)
    for segment, step in steps_of(priced(scenario)):
        if step.step == "faster":
            i, j = facts.customer_classes.index(segment[0]), facts.item_classes.index(segment[1])
            shipments = facts.segments.order_visits_per_year[i, j].sum()
            assert step.change.after == 24 and step.holds_to == 24
            assert step.cost_difference_per_year == pytest.approx(5 * shipments, rel=1e-6)
        if step.step == "slower":
            assert step.cost_difference_per_year == 0
    fastest = [target | {"response_hours": 24.0} for target in slow]
    scenario = Scenario.model_validate(scenario.model_dump() | {"targets": fastest})
    ladder = Scenario.model_validate(
        scenario.model_dump() | {"promise_ladder": LADDER | {"response_hours": [12, 24, 36]}}
    )
    faster = [step for _, step in steps_of(priced(ladder)) if step.step == "faster"]
    assert faster and all(step.held is Held.INFEASIBLE for step in faster)
    assert "no means keep less than 24 h" in faster[0].sentence


def least_of_every_mix(scenario: Scenario) -> float | None:
    """The master model that may mix every rung of every item: no column is missing."""
    asked = question(scenario, inline_facts(scenario), Known(), in_silence)
    every = item_by_item.item_choices(asked)
    assert every is not None
    exact = scenario.limits.model_copy(update={"relative_gap": 0.0})
    return solve(build(scenario, every.choices), exact).objective


@pytest.mark.parametrize("seed", [3, 4])
def test_by_mix_a_price_is_the_difference_over_every_mix_there_is(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = small_scenario(seed, promise_ladder=LADDER)
    base, after = least_of_every_mix(scenario), {}
    for segment in (("A", "X", "*"), ("B", "X", "*")):
        for rung in LADDER["fill_rates"]:
            changed = with_promise(scenario, segment, ChangeKind.FILL_RATE, rung)
            after[segment, rung] = least_of_every_mix(changed)
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    found = priced(scenario, "A/X", "B/X")
    assert found.level is Level.MIXED_COLUMNS and base is not None
    assert found.cost_per_year == pytest.approx(base, rel=2e-6)
    assert found.cost_at_least is not None and found.cost_at_least <= base * (1 + 1e-9)
    seen = 0
    for segment, step in steps_of(found):
        expected = after.get((segment, step.change.after or 0.0))
        if step.change.kind is ChangeKind.FILL_RATE and expected is not None:
            assert step.cost_difference_per_year == pytest.approx(expected - base, abs=4e-6 * base)
            assert step.at_least is not None and step.at_most is not None
            assert step.at_least - 1e-6 <= expected - base <= step.at_most + 1e-6
            assert step.at_most - step.at_least <= 1e-5 * base
            seen += 1
    assert seen >= 3


def test_a_scenario_without_a_policy_has_no_prices() -> None:
    with pytest.raises(NoPolicyToExplain) as rejected:
        priced(small_scenario(0, budgets={"inventory_value": 0.001}))
    assert "inventory budget" in rejected.value.findings[0].what.lower()


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(QuestionRejected) as rejected:
        priced(small_scenario(0), "Z/Z", "A/X")
    (finding,) = rejected.value.findings
    assert "'Z/Z'" in finding.what and "A/X" in finding.mend
