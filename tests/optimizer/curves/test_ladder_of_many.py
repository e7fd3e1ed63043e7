"""Shelves with very many items take the compiled road: by their size alone, and to the same answers."""

import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from servicepolicy_optimizer.curves import ladder_of_many
from servicepolicy_optimizer.curves.in_a_file import Space
from servicepolicy_optimizer.curves.ladder_of_many import MANY_ITEMS, is_of_many, lots_of_many
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from tests.optimizer.small_inline import small_scenario

NOWHERE = partial(Space, most_bytes=0)


def asked(seed, space):
    scenario = small_scenario(seed)
    return question(scenario, inline_facts(scenario), Known(space=space), in_silence)


def policy(seed, space):
    scenario = small_scenario(seed)
    return recommend(scenario, inline_facts(scenario), lambda: 0.0, in_silence, known=Known(space=space))


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr(ladder_of_many, "MANY_ITEMS", 1)
    monkeypatch.setattr(ladder_of_many, "ITEMS_AT_ONCE", 2)


def test_a_shelf_takes_the_road_by_its_size_alone():
    items = next(iter(asked(0, Space()).room.shelves.values())).items
    for size, of_many in ((MANY_ITEMS - 1, False), (MANY_ITEMS, True)):
        some = items.of(np.zeros(size, np.intp))
        assert is_of_many(some) is of_many
        assert np.concatenate(lots_of_many(some)).tolist() == list(range(size))


@pytest.mark.parametrize("seed", range(6))
def test_ladders_are_those_of_the_plain_road(seed, few_are_many, monkeypatch):
    compiled = asked(seed, Space()).room.shelves
    monkeypatch.setattr(ladder_of_many, "MANY_ITEMS", 1 << 40)
    for place, shelf in asked(seed, Space()).room.shelves.items():
        rungs, others = shelf.rungs, compiled[place].rungs
        mean = np.maximum(shelf.items.demand.exposed.mean_pieces, 1.0)[:, None]
        np.testing.assert_array_equal(others.reorder_point_pieces, rungs.reorder_point_pieces)
        assert (np.abs(others.on_hand_pieces - rungs.on_hand_pieces) < 1e-10 * mean).all()
        assert (np.abs(others.fill_rate - rungs.fill_rate) < 1e-10 * mean[:, :, None]).all()


@pytest.mark.parametrize("seed", range(4))
def test_ladders_in_files_are_those_in_memory(seed, few_are_many):
    filed = asked(seed, NOWHERE()).room.shelves
    for place, shelf in asked(seed, Space()).room.shelves.items():
        for name, array in vars(shelf.rungs).items():
            np.testing.assert_array_equal(getattr(filed[place].rungs, name), array)


@pytest.mark.parametrize("seed", range(4))
def test_the_policy_is_that_of_the_plain_road(seed, few_are_many, monkeypatch):
    compiled = policy(seed, Space())
    monkeypatch.setattr(ladder_of_many, "MANY_ITEMS", 1 << 40)
    plain = policy(seed, Space())
    assert compiled.cost.total == pytest.approx(plain.cost.total, rel=1e-9)
    for one, other in zip(compiled.segments, plain.segments, strict=True):
        assert (one.supply, one.deployment) == (other.supply, other.deployment)
        assert one.planned_fill_rate == pytest.approx(other.planned_fill_rate, abs=1e-9)


def test_a_small_question_does_without_the_compiler():
    solved = (
        "import sys\n"
        "from tests.optimizer.curves.test_ladder_of_many import Space, policy\n"
        "before = 'numba' in sys.modules\n"
        "policy(0, Space())\n"
        "print(before, 'numba' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", solved], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
