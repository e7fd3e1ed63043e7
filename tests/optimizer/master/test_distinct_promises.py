"""Where promises are counted, the order between segments binds the promises too, not only the plans."""

from dataclasses import replace

import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solve
from tests.golden.small_world import small_choices, small_path, small_scenario
from tests.optimizer.master.trying_everything import cheapest

EXACT = Limits(relative_gap=0.0)
LANE = {"bands": [{"cost_per_shipment": 1.0}], "time": {"mean_hours": 1.0}}
NO_LIMITS = {
    "budgets": {},
    "channels": [{"name": "EDI"}, {"name": "Phone"}],
    "processes": [{"name": "standard"}],
    "modes": [{"name": "Road", "lanes": [LANE]}],
    "locations": [{"name": "Leeds"}, {"name": "York"}],
}


def crowded(better_customer: bool):
    """Two promises for three segments: two of them quick, the third slow and with a high fill rate.

    In order, the quick segment compared with the third must be promised as high a fill rate in its own time:
    a third promise, unless the other quick segment rises with it.
    """
    rule = "better_customer_never_served_worse" if better_customer else "better_item_never_served_worse"
    scenario = small_scenario(**NO_LIMITS, rules={rule: True, "distinct_promises_at_most": 2})
    choices = small_choices()
    quick, slow = (small_path("EDI", 24.0, 1.0),), (small_path("EDI", 48.0, 1.0),)
    first, demanding = ("A", "X"), ("B", "X") if better_customer else ("A", "Y")
    sharing = ("A", "Y") if better_customer else ("B", "Y")
    asked = {first: (0.5, 24.0), sharing: (0.5, 24.0), demanding: (0.9, None)}
    return scenario, replace(
        choices,
        targets={
            s: replace(
                target,
                fill_rate=asked.get(s[:2], (0.5, None))[0],
                response_hours=asked.get(s[:2], (0.5, None))[1],
                otif=None,
                pieces_per_year=target.pieces_per_year if s[:2] in asked else 0.0,
            )
            for s, target in choices.targets.items()
        },
        paths={key: quick if key[0][:2] in (first, sharing) else slow for key in choices.paths},
    )


@pytest.mark.parametrize("better_customer", [True, False])
def test_the_order_of_promises_costs_something_and_is_found(better_customer):
    scenario, choices = crowded(better_customer)
    model = build(scenario, choices)
    ordered = solve(model, EXACT)
    assert ordered.held is Held.OPTIMAL
    assert ordered.objective == pytest.approx(cheapest(scenario, choices), rel=1e-9)
    name = "better_customer_promise" if better_customer else "better_item_promise"
    model.component(name).deactivate()
    assert solve(model, EXACT).objective < ordered.objective - 1
