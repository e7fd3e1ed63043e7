"""The answer of whole items against every policy of whole items, on small worlds."""

import numpy as np
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, Question, in_silence, question
from tests.optimizer.answered import answer_to
from tests.optimizer.every_rung import cheapest
from tests.optimizer.small_inline import small_scenario

WORLDS = range(40)


def asked_of(scenario: Scenario) -> Question:
    return question(scenario, inline_facts(scenario), Known(), in_silence)


@pytest.fixture
def by_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question is small: columns are mixed and whole items are searched for, as in a large question."""
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)


@pytest.mark.parametrize("seed", WORLDS)
def test_a_small_question_gets_the_best_policy_of_all(seed: int) -> None:
    scenario = small_scenario(seed)
    best, policy = cheapest(asked_of(scenario)), answer_to(scenario)
    assert best is not None and policy.cost is not None
    assert policy.cost.objective == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert policy.proof.item_level_bound == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(100, 125))
def test_a_small_question_with_a_stock_budget_gets_the_best_policy_or_the_proof_that_there_is_none(
    seed: int,
) -> None:
    free = answer_to(small_scenario(seed))
    assert free.stock_value is not None
    budget = free.stock_value.total * (0.97 if seed % 2 else 0.8)
    scenario = small_scenario(seed, budgets={"inventory_value": budget})
    best, policy = cheapest(asked_of(scenario), inventory_value=budget), answer_to(scenario)
    if best is None:
        assert policy.proof.held is Held.INFEASIBLE and policy.conflicts
        return
    assert policy.cost is not None and policy.stock_value is not None
    assert policy.cost.objective == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert policy.stock_value.total <= budget * (1 + 1e-9)


@pytest.mark.parametrize("seed", WORLDS)
def test_by_mix_the_answer_lies_between_its_bound_and_every_policy(seed: int, by_mix: None) -> None:
    scenario = small_scenario(seed)
    best, policy = cheapest(asked_of(scenario)), answer_to(scenario)
    assert best is not None and policy.cost is not None
    assert policy.cost.objective >= best - 1e-6 * abs(best)
    bound = policy.proof.item_level_bound
    assert bound is not None and bound <= best + 1e-6 * abs(best)


def test_by_mix_most_answers_are_the_best_policies(by_mix: None) -> None:
    """With one or two items in a class the mix is furthest from whole items."""
    loss = []
    for seed in WORLDS:
        scenario = small_scenario(seed)
        best, policy = cheapest(asked_of(scenario)), answer_to(scenario)
        assert best is not None and policy.cost is not None
        loss.append((policy.cost.objective - best) / sum(abs(part) for _, part in policy.cost))
    assert np.mean(np.array(loss) < 1e-6) >= 0.8
    assert np.mean(loss) < 0.01


@pytest.mark.parametrize("seed", range(200, 220))
def test_by_mix_a_budget_is_kept_or_proven_impossible_or_nothing_is_claimed(seed: int, by_mix: None) -> None:
    free = answer_to(small_scenario(seed))
    assert free.stock_value is not None
    budget = free.stock_value.total * (0.97 if seed % 2 else 0.5)
    scenario = small_scenario(seed, budgets={"inventory_value": budget})
    best, policy = cheapest(asked_of(scenario), inventory_value=budget), answer_to(scenario)
    if policy.cost is None:
        assert best is None or policy.proof.held is Held.NOTHING
        assert policy.conflicts
        return
    assert policy.stock_value is not None and policy.stock_value.total <= budget * (1 + 1e-9)


@pytest.mark.parametrize("share", [0.97, 0.9])
def test_by_mix_whole_columns_keep_the_budget_and_no_bound_lies_above_the_best(
    share: float, by_mix: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this world whole items break the budget: less of it is tried, then columns are taken whole. Their
    bounds are not those of the question; and a rung that costs less, lost sales counted, holds more.
    """
    with monkeypatch.context() as small:
        small.setattr(item_by_item, "MOST_COLUMNS", 3_000)
        free = answer_to(small_scenario(208))
    assert free.stock_value is not None
    budget = free.stock_value.total * share
    scenario = small_scenario(208, budgets={"inventory_value": budget})
    best, policy = cheapest(asked_of(scenario), inventory_value=budget), answer_to(scenario)
    assert best is not None and policy.cost is not None and policy.stock_value is not None
    assert policy.stock_value.total <= budget * (1 + 1e-9)
    bound, objective = policy.proof.master_bound, policy.proof.objective
    assert bound is not None and objective is not None and bound <= best + 1e-6 * abs(best)
    assert policy.proof.held is Held.FEASIBLE or objective <= best + 1e-6 * abs(best)


def test_by_mix_what_no_rungs_can_keep_is_proven_impossible(by_mix: None) -> None:
    held = []
    for seed in range(300, 312):
        free = answer_to(small_scenario(seed))
        assert free.stock_value is not None
        scenario = small_scenario(seed, budgets={"inventory_value": free.stock_value.total * 0.1})
        if cheapest(asked_of(scenario), inventory_value=free.stock_value.total * 0.1) is None:
            held.append(answer_to(scenario).proof.held)
    assert held and all(one is Held.INFEASIBLE for one in held)
