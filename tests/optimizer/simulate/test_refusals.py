"""What cannot be simulated is refused in words, before anything is played."""

import pytest

from servicepolicy_models.errors import PolicyRejected, SimulationRejected
from servicepolicy_models.policy_reading import read_policy
from servicepolicy_models.simulation_reading import read_settings
from tests.optimizer.simulate.small_question import document, put_to, question


def rules_of(refused):
    return {finding.rule for finding in refused.value.findings}


def test_a_policy_of_another_scenario_is_refused():
    asked, given = question(), document()
    given["carrying_rate_per_year"] = 0.3
    other = put_to(given, asked.policy).scenario
    with pytest.raises(PolicyRejected) as refused:
        type(asked)(other, asked.facts, asked.policy).simulated()
    assert rules_of(refused) == {"policy.other_scenario"}
    assert "solve this one again" in str(refused.value)


def test_a_policy_without_a_fingerprint_is_refused():
    asked = question()
    proof = asked.policy.proof.model_copy(update={"scenario_sha256": ""})
    with pytest.raises(PolicyRejected) as refused:
        asked.with_policy(proof=proof).simulated()
    assert "no fingerprint" in str(refused.value)


def test_an_infeasible_answer_is_nothing_to_play():
    with pytest.raises(PolicyRejected) as refused:
        question().with_policy(segments=(), item_classes=(), items=()).simulated()
    assert rules_of(refused) == {"policy.nothing_to_play"}


def test_a_policy_without_its_items_is_refused():
    with pytest.raises(PolicyRejected) as refused:
        question().with_policy(items=()).simulated()
    assert "item table was left out" in str(refused.value)


def test_an_item_that_nobody_asks_for_is_refused():
    asked = question()
    stranger = asked.policy.items[0].model_copy(update={"item": "unheard of"})
    with pytest.raises(PolicyRejected) as refused:
        asked.with_policy(items=(*asked.policy.items, stranger)).simulated()
    assert "'unheard of'" in str(refused.value)


def test_a_negative_order_quantity_is_refused():
    asked = question()
    wrong = asked.policy.items[0].model_copy(update={"order_quantity_pieces": -3.0})
    with pytest.raises(PolicyRejected) as refused:
        asked.with_policy(items=(wrong, *asked.policy.items[1:])).simulated()
    assert "/items/0/order_quantity_pieces" in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"unit_fill_rate": {}}, "policy.no_fill_rate"),
        ({"unit_fill_rate": {"A": 1e308}}, "policy.no_fill_rate"),
        ({"reorder_point_pieces": 1e308}, "policy.amount"),
    ],
)
def test_figures_of_a_policy_that_cannot_be_are_refused(changed, rule):
    asked = question()
    wrong = asked.policy.items[0].model_copy(update=changed)
    with pytest.raises(PolicyRejected) as refused:
        asked.with_policy(items=(wrong, *asked.policy.items[1:])).simulated()
    assert rule in rules_of(refused)


def test_means_that_the_scenario_does_not_have_are_refused():
    asked = question()
    items = (asked.policy.items[0].model_copy(update={"supply": "far"}), *asked.policy.items[1:])
    with pytest.raises(PolicyRejected) as refused:
        asked.with_policy(items=items).simulated()
    assert "'far'" in str(refused.value)
    items = (asked.policy.items[0].model_copy(update={"review_days": 3.0}), *asked.policy.items[1:])
    with pytest.raises(PolicyRejected) as refused:
        asked.with_policy(items=items).simulated()
    assert rules_of(refused) == {"policy.other_review"}


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"years": 0.01}, "simulation.too_short"),
        ({"years": 500.0, "warm_up_days": 2e6}, "simulation.too_long"),
        ({"warm_up_days": 1.0}, "simulation.short_warm_up"),
        ({"demand": "replay"}, "simulation.no_order_lines"),
        ({"demand": "bootstrap"}, "simulation.no_order_lines"),
    ],
)
def test_settings_that_cannot_be_played_are_refused(settings, rule):
    with pytest.raises(SimulationRejected) as refused:
        question().simulated(**settings)
    assert rules_of(refused) == {rule}


def test_wrong_settings_are_told_all_at_once():
    with pytest.raises(SimulationRejected) as refused:
        read_settings({"years": -1.0, "runs": 0, "seed": -1, "confidence": 1.0})
    assert [one.where for one in refused.value.findings] == ["/years", "/runs", "/seed", "/confidence"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"", "JSON"),
        (b"[1]", "object"),
        (b'{"scenario": "x"}', "/currency"),
        (b'{"scenario": "x", "currencie": 1}', "currencie"),
    ],
)
def test_a_document_that_is_no_policy_is_refused(document, words):
    with pytest.raises(PolicyRejected) as refused:
        read_policy(document)
    assert words in str(refused.value)


def test_a_policy_comes_back_as_it_was_written():
    policy = question("rationed", (3.0, 15.0)).policy
    assert read_policy(policy.model_dump_json().encode()) == policy


def test_other_demand_is_played_and_said():
    asked = question()
    proof = asked.policy.proof.model_copy(update={"demand_sha256": "0" * 64})
    found = asked.with_policy(proof=proof).simulated()
    assert [one.rule for one in found.findings] == ["policy.other_demand"]


def test_demand_calmer_than_random_arrivals_is_said():
    asked, given = question(), document()
    for item in given["demand"]["items"]:
        for pool in item["demand"]:
            pool["variance_pieces2_per_day"] = 0.01 * pool["lines_per_day"]
    found = put_to(given, asked.policy).simulated()
    assert [(one.rule, one.count) for one in found.findings] == [("simulation.calmer_than_random", 12)]
