"""The policy of the first moment keeps everything, or says what one size for all breaks."""

import pytest

from servicepolicy_models.proof import Held
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.first_policy import first_policy
from tests.optimizer.every_rung import cheapest
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
