"""Figures that are legal one by one, and whose product no answer can hold."""

import pytest

from servicepolicy_models.errors import ScenarioRejected, ServicePolicyError
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import in_silence
from tests.optimizer.small_inline import small_scenario


def test_an_amount_beyond_numbers_names_itself_and_the_mend():
    costly = {"wait": 0.0, "leave": 1.0, "leaving_multiple_of_price": 1e15}
    scenario = small_scenario(3, stockout_reactions=[costly])
    with pytest.raises(ScenarioRejected, match=r"lost_sales = \d.*wrong unit"):
        recommend(scenario, inline_facts(scenario), lambda: 0.0, in_silence)


def test_figures_without_end_are_told_by_their_likely_cause():
    scenario = small_scenario(3)
    supply = tuple(one.model_copy(update={"lead_time_sd_days": 1e15}) for one in scenario.supply)
    with pytest.raises(ServicePolicyError, match="wrong unit"):
        recommend(
            scenario.model_copy(update={"supply": supply}),
            inline_facts(scenario),
            lambda: 0.0,
            in_silence,
        )
