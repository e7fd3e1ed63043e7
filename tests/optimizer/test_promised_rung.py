"""Which rung is promised, against every policy, way and rung there is, on small worlds."""

from itertools import pairwise

import pytest

from servicepolicy_models.frontier import Against, FrontierQuestion
from servicepolicy_models.merge_patch import merged
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer import settle as settling
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.explain.frontier import frontier
from servicepolicy_optimizer.paths import service_paths
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.settle import objective, settle
from servicepolicy_optimizer.targets import resolve_targets
from servicepolicy_optimizer.wide import prepared
from tests.optimizer.answered import answer_to
from tests.optimizer.every_promise import cheapest_with_counted_promises, cheapest_with_promises
from tests.optimizer.otif_worlds import HOURS, otif_scenario

NO_LOST = [{"shortage_factor": 0.05}]


def cost_of(policy: Policy) -> float:
    """Infinite where there is none."""
    return float("inf") if policy.cost is None else policy.cost.objective


def with_otif(scenario: Scenario, times: float) -> Scenario:
    targets = tuple(
        one if one.otif is None else one.model_copy(update={"otif": one.otif * times})
        for one in scenario.targets
    )
    return scenario.model_copy(update={"targets": targets})


@pytest.mark.parametrize("seed", range(20))
def test_the_answer_is_the_best_of_every_policy_way_and_promise(seed: int) -> None:
    scenario = otif_scenario(seed)
    best, policy = cheapest_with_promises(scenario, inline_facts(scenario)), answer_to(scenario)
    if best is None:
        assert policy.proof.held is Held.INFEASIBLE
        return
    assert policy.proof.held is Held.OPTIMAL
    assert cost_of(policy) == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert policy.proof.item_level_bound == pytest.approx(best, rel=1e-6, abs=1e-6)
    feasible = [one.cost.objective for one in policy.baselines if one.feasible and one.cost is not None]
    assert all(cost >= best * (1 - 1e-9) - 1e-6 for cost in feasible)


def test_the_worlds_are_worth_trying() -> None:
    """Some promise the fastest rung, some a slower one, some one for A and another for B."""
    promised = [
        tuple(one.promised_response_hours for one in answer_to(otif_scenario(seed)).segments)
        for seed in range(12)
    ]
    assert {hours for one in promised for hours in one} >= {24, 36, 48}
    assert any(len(set(one)) > 1 for one in promised)


ONE_ITEM_CLASS = [1, 6, 14, 30, 35, 36]
"""Worlds with two segments: few enough for every pair of promises."""


@pytest.mark.parametrize("at_most", [1, 2])
@pytest.mark.parametrize("seed", ONE_ITEM_CLASS)
def test_at_most_so_many_promises_are_the_best_of_every_policy_way_and_promise(
    seed: int, at_most: int
) -> None:
    free = otif_scenario(seed)
    assert len(free.segmentation.items.classes) == 1
    other = free.targets[0].model_copy(update={"customer_class": "B", "fill_rate": 0.6})
    rules = free.rules.model_copy(update={"distinct_promises_at_most": at_most})
    scenario = free.model_copy(update={"rules": rules, "targets": (*free.targets, other)})
    best, policy = cheapest_with_counted_promises(scenario, inline_facts(scenario)), answer_to(scenario)
    assert (policy.cost is None) == (best is None)
    if best is not None:
        assert cost_of(policy) == pytest.approx(best, rel=1e-6, abs=1e-6)
        assert not audit(scenario, inline_facts(scenario), policy).differences


@pytest.mark.parametrize("seed", [0, 4, 5, 6])
def test_for_every_item_there_is_a_column_for_whatever_a_promise_needs(seed: int) -> None:
    free = otif_scenario(seed, fill_rate_basis="every_item")
    limits = free.limits.model_copy(update={"rungs": 20})
    scenario = free.model_copy(update={"limits": limits})
    asked = question(scenario, inline_facts(scenario), Known(), in_silence)
    tried = 0
    for ((customer_class, item_class, _), _), paths in asked.choices.paths.items():
        target = asked.choices.targets[customer_class, item_class, "*"]
        needed = {target.otif / path.on_time_probability for path in paths if target.otif}
        i = asked.facts.customer_classes.index(customer_class)
        for place, vectors in asked.room.vectors.items():
            if place[0] == item_class and place[2] in ("Leeds", f"Leeds/{customer_class}"):
                kept = {max(fill, target.fill_rate) for fill in needed if fill < 1}
                assert kept <= set(vectors[:, i].tolist())
                tried += len(kept)
    assert tried > 3


@pytest.mark.parametrize("times", [0.9, 0.7])
@pytest.mark.parametrize("seed", ONE_ITEM_CLASS)
def test_within_a_budget_for_stock_hours_stand_for_it(seed: int, times: float) -> None:
    free = answer_to(otif_scenario(seed))
    assert free.stock_value is not None
    scenario = otif_scenario(seed, budgets={"inventory_value": free.stock_value.total * times})
    best, policy = cheapest_with_promises(scenario, inline_facts(scenario)), answer_to(scenario)
    assert (policy.cost is None) == (best is None)
    if best is not None:
        assert cost_of(policy) == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", [3, 6, 10, 14, 28, 36])
def test_less_on_time_in_full_never_costs_more(seed: int) -> None:
    scenario = otif_scenario(seed)
    costs = [cost_of(answer_to(with_otif(scenario, times))) for times in (1.0, 0.9, 0.6)]
    costs.append(cost_of(answer_to(with_otif(scenario, 0.0))))
    assert all(less <= more * (1 + 1e-9) + 1e-6 for more, less in pairwise(costs))


@pytest.mark.parametrize("seed", [5, 10, 16, 18])
def test_more_rungs_to_promise_never_cost_more(seed: int) -> None:
    """The fastest rung stays, as demand lost is counted from it."""
    ladder = {"fill_rates": [0.4, 0.8, 0.95], "response_hours": [HOURS[0], *HOURS[2::2]]}
    few = answer_to(otif_scenario(seed, promise_ladder=ladder, rules={}))
    assert cost_of(answer_to(otif_scenario(seed, rules={}))) <= cost_of(few) * (1 + 1e-9)


@pytest.mark.parametrize(
    ("seed", "against"),
    [(5, Against.OTIF), (14, Against.OTIF), (5, Against.RESPONSE), (29, Against.RESPONSE)],
)
def test_the_scenario_of_a_frontiers_point_costs_what_the_point_costs(seed: int, against: Against) -> None:
    """Demand is lost, so a promise that is slower than need be costs more; with OTIF asked beside response
    the point chooses its promises too.
    """
    scenario = otif_scenario(seed, rules={})
    asked = FrontierQuestion.model_validate({"against": against, "points": 4})
    found = frontier(scenario, inline_facts(scenario), lambda: 0.0, in_silence, asked)
    for point in found.points:
        assert point.patch is not None and point.cost_per_year is not None
        child = Scenario.model_validate(merged(scenario.model_dump(mode="json"), point.patch))
        assert cost_of(answer_to(child)) == pytest.approx(point.cost_per_year, rel=1e-5)


@pytest.mark.parametrize("seed", [5, 29, 38])
def test_within_the_hours_of_the_policy_the_frontier_costs_what_the_policy_costs(seed: int) -> None:
    """The end of the frontier without a bound that binds is the cheapest policy of the free scenario."""
    scenario = otif_scenario(seed, rules={})
    asked = FrontierQuestion(against=Against.RESPONSE, points=4, keep_promises=True)
    found = frontier(scenario, inline_facts(scenario), lambda: 0.0, in_silence, asked)
    costs = [point.cost_per_year for point in found.points if point.cost_per_year is not None]
    assert min(costs) == pytest.approx(cost_of(answer_to(scenario)), rel=1e-6)


@pytest.fixture
def by_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question is small: columns are mixed and whole items are searched for, as in a large question."""
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)


@pytest.mark.parametrize("seed", range(0, 14, 2))
def test_by_mix_no_policy_lies_below_the_bound_and_few_cost_less(seed: int, by_mix: None) -> None:
    scenario = otif_scenario(seed)
    best, policy = cheapest_with_promises(scenario, inline_facts(scenario)), answer_to(scenario)
    if best is None:
        assert policy.cost is None
        return
    bound = policy.proof.item_level_bound
    assert bound is not None and bound <= best + 1e-6 * abs(best)
    assert best * (1 - 1e-6) <= cost_of(policy) <= best * 1.03


@pytest.mark.parametrize("seed", range(0, 14, 4))
def test_by_price_and_fix_the_decision_is_the_same(
    seed: int, by_mix: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = otif_scenario(seed)
    plain = settle(question(scenario, inline_facts(scenario), Known(), in_silence), in_silence)
    monkeypatch.setattr(settling, "prepared", lambda asked, tell: prepared(asked, tell, most_paths=0))
    fixed = settle(question(scenario, inline_facts(scenario), Known(), in_silence), in_silence)
    cost = objective(plain)
    if cost is None:
        assert fixed.decided is None
        return
    assert objective(fixed) == pytest.approx(cost, rel=2e-2)
    best = cheapest_with_promises(scenario, inline_facts(scenario))
    assert best is not None and fixed.item_level_bound is not None
    bound = fixed.item_level_bound(cost)
    assert bound is not None and bound <= best + 1e-6 * abs(best)


@pytest.mark.parametrize("seed", range(8))
def test_where_no_demand_is_lost_and_nothing_is_compared_a_way_is_one_path(seed: int) -> None:
    free = otif_scenario(seed, stockout_reactions=NO_LOST, rules={})
    losing = otif_scenario(seed, stockout_reactions=[{"demand_lost_share_per_day": 0.02}], rules={})
    once, several = (_paths(one) for one in (free, losing))
    assert len(set(once)) == len(once)
    assert set(several) >= set(once)


def _paths(scenario: Scenario) -> list[tuple[str, ...]]:
    facts = inline_facts(scenario)
    found = service_paths(scenario, facts, resolve_targets(scenario, facts)).paths
    return [(*s, d, path.name) for (s, d), paths in found.items() for path in paths]
