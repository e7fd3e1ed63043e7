"""Which inputs matter, where the answer is known: with one way to do everything, costs are linear."""

import sys

import pytest
from pydantic import ValidationError

from servicepolicy_models.screening import FactorRange, ScreeningAsked
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.screen import ScreeningRejected, screen
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import in_silence
from tests.optimizer.small_inline import small_scenario


@pytest.fixture(scope="module")
def single():
    """One channel, one process, one mode, one supplier, one kind of shelf."""
    scenario = small_scenario(
        0, channels=[{"name": "web", "cost_per_line": 1.0}], stock_policies=["pooled"], stockout_reactions=[]
    )
    return scenario.model_copy(update={"supply": scenario.supply[:1]})


def asked_of(**ranges):
    return {name: FactorRange(low=low, high=high) for name, (low, high) in ranges.items()}


LINEAR = asked_of(freight=(0.5, 1.5), order_handling=(0.8, 1.0), fixed_cost=(0.5, 2.0))


def test_morris_finds_the_slope_of_every_rate(single):
    facts = inline_facts(single)
    cost = ask(single, facts, Memory()).policy.cost
    found = screen(single, facts, ScreeningAsked(inputs=LINEAR, samples=3), in_silence)
    effect = {one.name.value: one for one in found.inputs}
    assert effect["freight"].effect == pytest.approx(cost.transport * 1.0)
    assert effect["freight"].direction == pytest.approx(cost.transport * 1.0)
    assert effect["order_handling"].effect == pytest.approx(cost.response * 0.2)
    assert effect["fixed_cost"].effect == pytest.approx(0.0, abs=1e-6)
    assert all(one.interaction == pytest.approx(0.0, abs=1e-6) for one in found.inputs)
    assert all(one.flips_policy == 0.0 for one in found.inputs)
    assert found.inputs[0].name.value == "freight"
    assert found.solves == 3 * 4 and found.samples == 3 and found.cost == pytest.approx(cost.objective)
    assert "freight rates" in found.sentence
    assert effect["fixed_cost"].sentence == "Fixed costs: no effect on the cost."


def test_sobol_shares_out_the_variance(single):
    facts = inline_facts(single)
    inputs = asked_of(freight=(0.5, 1.5), fixed_cost=(0.5, 2.0))
    found = screen(single, facts, ScreeningAsked(inputs=inputs, method="sobol", samples=8), in_silence)
    effect = {one.name.value: one for one in found.inputs}
    assert effect["freight"].effect == pytest.approx(1.0, abs=0.3)
    assert effect["fixed_cost"].effect == pytest.approx(0.0, abs=1e-9)
    assert found.solves == 8 * 4 and found.inputs[0].flips_policy is None


def test_the_same_seed_gives_the_same_answer(single):
    facts, asked = inline_facts(single), ScreeningAsked(inputs=LINEAR, samples=2)
    assert screen(single, facts, asked, in_silence) == screen(single, facts, asked, in_silence)


def test_the_cap_takes_fewer_samples_and_says_so(single):
    asked = ScreeningAsked(inputs=LINEAR, samples=50, most_solves=9)
    found = screen(single, inline_facts(single), asked, in_silence)
    assert (found.samples, found.solves) == (2, 8)
    assert "2 samples were taken, not 50" in found.findings[0]


def rules_of(scenario, asked):
    with pytest.raises(ScreeningRejected) as rejected:
        screen(scenario, inline_facts(scenario), asked, in_silence)
    return [finding.rule for finding in rejected.value.findings]


def test_what_cannot_be_screened_is_told_why(single, monkeypatch):
    few = ScreeningAsked(inputs=LINEAR, most_solves=7)
    assert rules_of(single, few) == ["screening.too_few_solves"]
    broke = single.model_copy(update={"budgets": single.budgets.model_copy(update={"inventory_value": 0.01})})
    two = ScreeningAsked(inputs=LINEAR, samples=2)
    assert rules_of(broke, two) == ["screening.no_policy"]
    for name in [name for name in sys.modules if name.split(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    assert rules_of(single, two) == ["screening.not_installed"]


def test_points_without_a_policy_are_counted_and_left_out(single):
    facts = inline_facts(single)
    held = ask(single, facts, Memory()).policy.stock_value.total
    budget = single.budgets.model_copy(update={"inventory_value": held * 1.19})
    tight = single.model_copy(update={"budgets": budget})
    inputs = asked_of(unit_cost=(0.9, 1.3), freight=(0.9, 1.1))
    found = screen(tight, facts, ScreeningAsked(inputs=inputs, samples=6), in_silence)
    assert 0 < found.without_policy < found.solves and found.samples < 6
    assert "no policy keeps everything" in found.findings[-1]


@pytest.mark.parametrize(
    "said",
    [{"inputs": {"freight": {"low": 1.2, "high": 0.8}, "demand": {"low": 1, "high": 2}}}, {"inputs": {}}],
)
def test_ranges_that_are_none_are_refused(said):
    with pytest.raises(ValidationError):
        ScreeningAsked.model_validate(said)
