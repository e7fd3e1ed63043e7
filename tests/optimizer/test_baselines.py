"""One size for all, in the measure in which it is promised."""

import pytest

from servicepolicy_optimizer.baselines import baseline_scenarios
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import in_promised_measure
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.small_inline import small_scenario


def one_size(*targets, basis="every_item"):
    """Customer class -> what it is promised of the first item class, by baseline."""
    scenario = small_scenario(1, targets=list(targets), fill_rate_basis=basis)
    facts = inline_facts(scenario)
    asked = in_promised_measure(resolve_targets(scenario, facts))
    found = {}
    for one in baseline_scenarios(scenario, asked):
        if one.name.startswith("one_size"):
            told = resolve_targets(one.scenario, facts)
            found[one.name] = {s[0]: told[s] for s in told if s[1] == facts.item_classes[0]}
    return found


@pytest.mark.parametrize("measure", ["fill_rate", "cycle_service_level"])
def test_everybody_gets_the_strictest_promise_in_its_own_measure(measure):
    found = one_size(
        {"customer_class": "A", measure: 0.95, "response_hours": 48}, {"customer_class": "B", measure: 0.8}
    )
    for one in found["one_size_strictest"].values():
        assert getattr(one, measure) == 0.95 and one.response_hours == 48
        assert (one.cycle_service_level is None) == (measure == "fill_rate")
    averages = {getattr(one, measure) for one in found["one_size_average"].values()}
    assert len(averages) == 1 and 0.8 < averages.pop() < 0.95


def test_fill_rates_and_cycle_service_keep_apart():
    found = one_size(
        {"customer_class": "A", "cycle_service_level": 0.9}, {"customer_class": "B", "fill_rate": 0.8}
    )
    strictest = found["one_size_strictest"]
    assert strictest["A"].cycle_service_level == 0.9
    assert (strictest["B"].fill_rate, strictest["B"].cycle_service_level) == (0.8, None)
