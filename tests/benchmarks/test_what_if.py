"""The races of what-ifs, small solves and starts, and the look at our own time, run on something small."""

import pytest

from benchmarks import own_profile, small_solve, start, what_if
from servicepolicy_api.examples import example
from servicepolicy_optimizer.profile import inline_facts
from tests.optimizer.small_inline import small_scenario

SIZE = (20, 8, 600)


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    return what_if.prepared(*SIZE)(tmp_path_factory.mktemp("wholesaler"))


@pytest.mark.parametrize("contestant", what_if.SMALL.contestants.values(), ids=what_if.SMALL.contestants)
def test_every_what_if_has_an_answer(material, contestant):
    assert (
        contestant(material).policy is not None
        if contestant is what_if.promise_alone
        else (contestant(material).segments)
    )


def test_what_ifs_leave_nothing_for_the_next(material):
    before = material.left.recall.bytes
    what_if.budget(material)
    assert material.left.recall.bytes == before


def test_a_small_question_is_answered_in_this_process(tmp_path):
    asked = small_solve.Material(example("spare-parts"), tmp_path, "nowhere")
    for contestant in (small_solve.policy_alone, small_solve.whole_answer):
        assert '"segments":[{' in contestant(asked)


def test_the_program_starts(tmp_path):
    start.tell_help(start.prepare(tmp_path))


def small_world(folder):
    scenario = small_scenario(3)
    return scenario, inline_facts(scenario)


def test_our_own_time_is_told_by_stage_room_and_function():
    small = own_profile.OwnProfile("Small", "About.", small_world)
    text = own_profile.own_section(small, own_profile.spent(small))
    assert "| baselines |" in text and "| `inventory` |" in text and "| pyomo |" in text
    assert "`rivals.py` rivals_of" in text or "`curves/stockroom.py`" in text


def test_the_wholesaler_that_is_looked_at_has_its_demand(tmp_path):
    scenario, facts = own_profile.wholesaler(*SIZE)(tmp_path)
    assert scenario.segmentation.items.classes == facts.item_classes
    assert 0 < len(facts.items.items) <= SIZE[1]
