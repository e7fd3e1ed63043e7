"""The answer of whole items against every policy of whole items, on small worlds."""

import numpy as np
import pytest

from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, Question, question
from tests.optimizer.every_rung import cheapest
from tests.optimizer.small_inline import small_scenario

WORLDS = range(60)


def in_silence(stage: str, done: float, word: str) -> None:
    pass


def answer_to(scenario: Scenario) -> Policy:
    return recommend(scenario, inline_facts(scenario), clock=lambda: 0.0, tell=in_silence)


def asked_of(scenario: Scenario) -> Question:
    return question(scenario, inline_facts(scenario), Known(), in_silence)


@pytest.mark.parametrize("seed", WORLDS)
def test_the_answer_lies_between_the_bound_and_every_policy(seed: int) -> None:
    scenario = small_scenario(seed)
    best = cheapest(asked_of(scenario))
    policy = answer_to(scenario)
    assert best is not None and policy.cost is not None
    assert policy.cost.objective >= best - 1e-6 * abs(best)
    bound = policy.proof.item_level_bound
    assert bound is not None and bound <= best + 1e-6 * abs(best)


@pytest.mark.parametrize("seed", range(100, 130))
def test_budgets_on_stock_value_are_kept_by_whole_items(seed: int) -> None:
    free = answer_to(small_scenario(seed))
    assert free.stock_value is not None
    budget = free.stock_value.total * 0.97
    scenario = small_scenario(seed, budgets={"inventory_value": budget})
    best = cheapest(asked_of(scenario), inventory_value=budget)
    policy = answer_to(scenario)
    if policy.cost is None:
        assert best is None or policy.proof.held is Held.NOTHING
        return
    assert best is not None
    assert policy.stock_value is not None and policy.stock_value.total <= budget * (1 + 1e-9)
    assert policy.cost.objective >= best - 1e-6 * abs(best)
    assert policy.proof.item_level_bound is not None
    assert policy.proof.item_level_bound <= best + 1e-6 * abs(best)


def test_most_answers_are_the_best_policies() -> None:
    """With one or two items in a class the mix is furthest from whole items: what is lost is in the
    reported gap.
    """
    loss = []
    for seed in WORLDS:
        scenario = small_scenario(seed)
        best, policy = cheapest(asked_of(scenario)), answer_to(scenario)
        assert best is not None and policy.cost is not None
        loss.append((policy.cost.objective - best) / sum(abs(part) for _, part in policy.cost))
    assert np.mean(np.array(loss) < 1e-6) >= 0.8
    assert np.mean(loss) < 0.01
