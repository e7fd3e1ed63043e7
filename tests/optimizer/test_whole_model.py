"""Questions that need the whole model many times are refused where it is too large."""

import pytest

from servicepolicy_models.errors import TooLarge
from servicepolicy_models.proof import Held
from servicepolicy_optimizer import whole_model
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.warm import Warm
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import in_silence
from tests.optimizer.small_inline import small_scenario
from tests.optimizer.wide.test_settled import question_of


@pytest.fixture
def one_path(monkeypatch):
    """A limit that nothing keeps."""
    monkeypatch.setattr(whole_model, "MOST_PATHS", 1)


@pytest.mark.usefixtures("one_path")
def test_prices_repairs_and_frontiers_say_how_large_it_is_and_what_to_do():
    scenario = small_scenario(1)
    with pytest.raises(TooLarge, match=r"service paths in \d+ segments.*fewer regions"):
        Warm(scenario, inline_facts(scenario), in_silence, Memory())


@pytest.mark.usefixtures("one_path")
def test_an_infeasible_answer_says_that_conflicts_were_not_looked_for():
    scenario = question_of(kept=2, room=0.3).scenario
    policy = recommend(scenario, inline_facts(scenario), lambda: 0.0, in_silence)
    assert policy.proof.held is Held.INFEASIBLE
    assert [one.family for one in policy.conflicts] == ["too_many_paths"]
