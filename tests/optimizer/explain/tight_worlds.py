"""Small worlds whose stock budget is near the least that keeps their promises."""

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from tests.optimizer.every_rung import cheapest
from tests.optimizer.small_inline import small_scenario

LADDER = {"fill_rates": [0.4, 0.6, 0.8, 0.9, 0.97], "response_hours": [24, 36, 48, 72]}


def with_budget(seed: int, share: float) -> Scenario:
    """A world with a stock budget that is this share of the least that trying every policy finds."""
    free = small_scenario(seed)
    asked = question(free, inline_facts(free), Known(), in_silence)
    low, high = 0.0, 1e5
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (low, middle) if cheapest(asked, middle) is not None else (middle, high)
    return small_scenario(seed, promise_ladder=LADDER, budgets={"inventory_value": share * high})
