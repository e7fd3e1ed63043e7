"""One size for all, in the measure in which it is promised."""

import pytest

from servicepolicy_models.scenario import CurrentPromise
from servicepolicy_models.targets import Target
from servicepolicy_optimizer.baselines import baseline_scenarios
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import in_promised_measure, in_silence
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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_policy_in_force_is_stocked_for_its_own_measure(seed):
    """The same number of the other measure is another promise: shelves of the one do not serve the other."""
    said = {"fill_rate_basis": "every_item", "stock_policies": ["pooled", "separate"]}
    of_pieces = small_scenario(seed, targets=[{"fill_rate": 0.9}], **said)
    of_cycles = of_pieces.model_copy(
        update={
            "targets": (Target(cycle_service_level=0.9),),
            "current_policy": (CurrentPromise(fill_rate=0.9),),
        }
    )
    own, other = (
        recommend(one, inline_facts(one), lambda: 0.0, in_silence) for one in (of_pieces, of_cycles)
    )
    (in_force,) = (one for one in other.baselines if one.name == "current_policy")
    assert own.cost and in_force.cost
    assert in_force.cost.objective == pytest.approx(own.cost.objective, rel=2e-4)
    assert in_force.fill_rate == pytest.approx(own.fill_rate, abs=1e-6)
