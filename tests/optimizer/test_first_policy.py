"""The policy of the first moment keeps everything, or says what one size for all breaks."""

from dataclasses import replace

import pytest

from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held, Proof
from servicepolicy_optimizer import pipeline
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.first_policy import first_policy
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, means_of
from servicepolicy_optimizer.simplest import simplest, takes_long
from tests.optimizer.every_rung import cheapest
from tests.optimizer.otif_worlds import otif_scenario
from tests.optimizer.small_inline import small_scenario
from tests.optimizer.test_floor import asked_of


@pytest.mark.parametrize("seed", range(12))
def test_it_keeps_every_promise_and_costs_no_less_than_the_best(seed):
    asked = asked_of(small_scenario(seed))
    first = first_policy(asked)
    assert first.proof.held is Held.FEASIBLE
    assert audit(asked.scenario, asked.facts, first).broken == ()
    assert first.proof.objective >= cheapest(asked) * (1 - 1e-9)
    assert [one.rule for one in first.findings] == ["limits.first_policy"]


@pytest.mark.parametrize("seed", [3, 6, 9])
def test_on_time_in_full_is_promised_so_that_stock_can_keep_it(seed):
    """Slow promises lose demand here, so the fastest are the cheapest: no stock makes up for them."""
    asked = asked_of(otif_scenario(seed, rules={}))
    first = first_policy(asked)
    assert first.proof.held is Held.FEASIBLE
    assert audit(asked.scenario, asked.facts, first).broken == ()


def test_what_it_breaks_is_said_and_not_sold_as_a_policy():
    first = first_policy(asked_of(small_scenario(3, budgets={"inventory_value": 0.01})))
    assert (first.proof.held, first.segments, first.items) == (Held.NOTHING, (), ())
    (baseline,) = first.baselines
    assert not baseline.feasible
    assert any("inventory" in sentence.lower() for sentence in baseline.breaks)


def test_a_rule_between_classes_is_kept_by_one_size_for_all():
    """Class B asks for more than class A, and a better class may not be served worse."""
    worse = [{"customer_class": "A", "fill_rate": 0.5}, {"customer_class": "B", "fill_rate": 0.9}]
    kept = first_policy(asked_of(small_scenario(1, targets=worse, stock_policies=["separate"])))
    assert kept.proof.held is Held.FEASIBLE


def recommended(scenario, monkeypatch, takes_long=True, keep=True):
    """The answer, and what was handed out on the way."""
    monkeypatch.setattr(pipeline, "takes_long", lambda means: takes_long)
    kept = []
    found = recommend(
        scenario, inline_facts(scenario), lambda: 0.0, in_silence, keep=kept.append if keep else None
    )
    return found.model_copy(update={"proof": found.proof.model_copy(update={"seconds": {}})}), kept


@pytest.mark.parametrize("seed", range(6))
def test_where_stocking_takes_long_the_simplest_policy_comes_first_and_changes_no_answer(seed, monkeypatch):
    scenario = small_scenario(seed)
    found, kept = recommended(scenario, monkeypatch)
    assert found == recommended(scenario, monkeypatch, keep=False)[0]
    costs = [one.proof.objective for one in kept]
    assert costs == sorted(costs, reverse=True) and len(set(costs)) == len(costs)
    assert costs[-1] >= found.proof.objective * (1 - 1e-9)
    (remark,) = [one for one in kept[0].findings if one.rule == "limits.first_policy"]
    assert "simplest" in remark.what
    facts = inline_facts(scenario)
    for one in kept:
        judged = audit(scenario, facts, one)
        assert (judged.broken, judged.differences) == ((), ())
        assert one.proof.objective == pytest.approx(judged.cost.objective)
    means = means_of(scenario, facts, in_silence, Known())
    ways = {(one.item_class, one.stock_policy.value, one.supply) for one in kept[0].segments}
    assert ways <= {
        (name, option.stock_policy.value, option.supply)
        for name, (option,) in simplest(means).options.items()
    }


def test_what_holds_nothing_never_takes_the_place_of_a_policy(monkeypatch):
    seen = []
    keep = pipeline._only_better(lambda policy: seen.append(policy.proof.objective))
    nothing, dear, cheap = (
        Policy.model_construct(proof=Proof.model_construct(held=held, objective=objective))
        for held, objective in [(Held.NOTHING, None), (Held.FEASIBLE, 9.0), (Held.FEASIBLE, 7.0)]
    )
    for one in (nothing, dear, nothing, dear, cheap, dear):
        keep(one)
    assert seen == [None, 9.0, 7.0]


def test_the_simplest_way_serves_every_segment_and_is_pooled_where_that_is_allowed():
    scenario = small_scenario(4, stock_policies=["rationed", "separate", "pooled"])
    means = means_of(scenario, inline_facts(scenario), in_silence, Known())
    few = simplest(means)
    assert {option.stock_policy.value for (option,) in few.options.values()} == {"pooled"}
    assert not takes_long(means)
    nowhere = replace(means, paths=replace(means.paths, paths={}))
    assert simplest(nowhere) is None
