"""What is remembered from question to question changes no answer."""

import pytest

from servicepolicy_models.cost import COST_PARTS
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.memory import KEPT, Memory
from servicepolicy_optimizer.profile import inline_facts
from tests.optimizer.small_inline import small_scenario

CHANGES = {
    "a slower supplier": lambda one: {
        "supply": (one.supply[0].model_copy(update={"lead_time_mean_days": 60.0}), *one.supply[1:])
    },
    "dearer storage": lambda one: {
        "locations": tuple(at.model_copy(update={"storage_cost_per_m3_year": 900.0}) for at in one.locations)
    },
    "dearer carrying": lambda one: {"carrying_rate_per_year": 0.6},
    "dearer shortage": lambda one: {
        "stockout_reactions": (one.stockout_reactions[0].model_copy(update={"shortage_factor": 0.5}),)
    },
    "finer ladders": lambda one: {"limits": one.limits.model_copy(update={"rungs": 9})},
    "every item": lambda one: {"fill_rate_basis": "every_item"},
    "other promises": lambda one: {
        "targets": tuple(target.model_copy(update={"fill_rate": 0.9}) for target in one.targets)
    },
    "a longer year": lambda one: {"days_per_year": 366.0},
    "a dearer channel": lambda one: {
        "channels": tuple(channel.model_copy(update={"cost_per_line": 9.0}) for channel in one.channels)
    },
}


def two_suppliers():
    """A small world with two suppliers."""
    return next(one for one in map(small_scenario, range(20)) if len(one.supply) > 1)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_warm_question_is_answered_like_a_cold_one(change):
    scenario, memory = two_suppliers(), Memory()
    facts = inline_facts(scenario)
    ask(scenario, facts, memory)
    other = type(scenario).model_validate({**dict(scenario), **change(scenario)})
    warm, cold = ask(other, facts, memory), ask(other, facts, Memory())
    for part in COST_PARTS:
        assert getattr(warm.policy.cost, part) == pytest.approx(getattr(cold.policy.cost, part), rel=1e-9)


def test_only_what_did_not_change_is_taken_over():
    scenario, memory = two_suppliers(), Memory()
    facts = inline_facts(scenario)
    ask(scenario, facts, memory)
    first = memory.of(scenario, facts)
    assert memory.of(scenario.model_copy(update={"budgets": scenario.budgets}), facts) is first
    changed = scenario.model_copy(update=CHANGES["a slower supplier"](scenario))
    taken = memory.of(changed, facts).shelves
    assert {key[0][1] for key in taken} == {one.name for one in scenario.supply[1:]}
    assert not memory.of(scenario.model_copy(update={"carrying_rate_per_year": 0.6}), facts).shelves


def test_the_oldest_is_forgotten():
    scenario, memory = small_scenario(0), Memory()
    facts = inline_facts(scenario)
    for rate in range(KEPT + 3):
        memory.of(scenario.model_copy(update={"carrying_rate_per_year": 0.1 + rate / 100}), facts)
    assert len(memory.remembered) == KEPT
