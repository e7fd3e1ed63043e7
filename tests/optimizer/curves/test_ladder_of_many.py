"""Shelves with very many items take the compiled road: by their size alone, and to the same answers."""

import subprocess
import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from servicepolicy_optimizer.curves import ladder_of_many as by_size
from servicepolicy_optimizer.curves import lots
from servicepolicy_optimizer.curves.cheapest_rungs import cheapest
from servicepolicy_optimizer.curves.columns import best_rungs_at, columns_of
from servicepolicy_optimizer.curves.in_a_file import Space
from servicepolicy_optimizer.curves.ladder_of_many import is_of_many, lots_of_many, type_of_levels
from servicepolicy_optimizer.curves.lots import MANY_ITEMS
from servicepolicy_optimizer.curves.price_grid import price_grid
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from tests.optimizer.curves.test_columns import prices
from tests.optimizer.curves.test_in_a_file import CYCLE
from tests.optimizer.small_inline import small_scenario

NOWHERE = partial(Space, most_bytes=0)
NEVER = 1 << 40


def asked(seed, space, **changes):
    scenario = small_scenario(seed, **changes)
    return question(scenario, inline_facts(scenario), Known(space=space), in_silence)


def policy(seed, space):
    scenario = small_scenario(seed)
    return recommend(scenario, inline_facts(scenario), lambda: 0.0, in_silence, known=Known(space=space))


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr(lots, "MANY_ITEMS", 1)
    monkeypatch.setattr(lots, "ITEMS_AT_ONCE", 2)


def test_a_shelf_takes_the_road_by_its_size_alone():
    items = next(iter(asked(0, Space()).room.shelves.values())).items
    for size, of_many in ((MANY_ITEMS - 1, False), (MANY_ITEMS, True)):
        some = items.of(np.zeros(size, np.intp))
        assert is_of_many(some) is of_many
        assert np.concatenate(lots_of_many(some)).tolist() == list(range(size))


@pytest.mark.parametrize("highest", [1.0, 126.0, 127.0, 32766.0, 32767.0, 32768.0, 3e9, 1e300])
def test_every_level_fits_into_its_type(highest, monkeypatch):
    items = next(iter(asked(0, Space()).room.shelves.values())).items
    monkeypatch.setattr(by_size, "highest_reorder_points", lambda demand: np.array([1.0, highest, 2.0]))
    levels = np.array([-1.0, 0.0, highest])
    assert levels.astype(type_of_levels(items)).tolist() == levels.tolist()


@pytest.mark.parametrize("changes", [{}, CYCLE])
@pytest.mark.parametrize("seed", range(6))
def test_ladders_are_those_of_the_plain_road(seed, changes, few_are_many, monkeypatch):
    compiled = asked(seed, Space(), **changes).room.shelves
    monkeypatch.setattr(lots, "MANY_ITEMS", NEVER)
    for place, shelf in asked(seed, Space(), **changes).room.shelves.items():
        assert shelf.service.dtype == compiled[place].service.dtype
        np.testing.assert_allclose(compiled[place].service, shelf.service, rtol=0, atol=1e-8)
        rungs, others = shelf.rungs, compiled[place].rungs
        mean = np.maximum(shelf.items.demand.exposed.mean_pieces, 1.0)[:, None]
        np.testing.assert_array_equal(others.reorder_point_pieces, rungs.reorder_point_pieces)
        assert (np.abs(others.on_hand_pieces - rungs.on_hand_pieces) < 1e-10 * mean).all()
        assert (np.abs(others.fill_rate - rungs.fill_rate) < 1e-10 * mean[:, :, None]).all()


@pytest.mark.parametrize("seed", range(4))
def test_shelves_in_files_are_those_in_memory(seed, few_are_many):
    held, filed = asked(seed, Space()), asked(seed, NOWHERE())
    for place, shelf in held.room.shelves.items():
        other = filed.room.shelves[place]
        for name, array in vars(shelf.rungs).items():
            np.testing.assert_array_equal(getattr(other.rungs, name), array)
        at = prices(seed, shelf)
        assert cheapest(other, at)[0] == cheapest(shelf, at)[0]
        columns, others = held.curves.columns[place], filed.curves.columns[place]
        for name in columns.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(others, name), getattr(columns, name))


@pytest.mark.parametrize("changes", [{}, CYCLE])
@pytest.mark.parametrize("seed", range(6))
def test_columns_of_given_ladders_are_those_of_the_plain_road(seed, changes, monkeypatch):
    for shelf in asked(seed, Space(), **changes).room.shelves.values():
        at = [prices(number, shelf) for number in range(7)]
        names = np.zeros((7, shelf.items.pieces.shape[1]))
        found = []
        for many in (NEVER, 1):
            monkeypatch.setattr(lots, "MANY_ITEMS", many)
            road = replace(shelf)
            chosen = best_rungs_at(road, at)
            found.append((chosen, price_grid(road, 9, False), columns_of(road, chosen, names)))
        (rungs, grid, plain), (others, same_grid, compiled) = found
        np.testing.assert_array_equal(others, rungs)
        np.testing.assert_array_equal(same_grid, grid)
        for name in plain.__dataclass_fields__:
            one, other = getattr(plain, name), getattr(compiled, name)
            np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_policy_is_that_of_the_plain_road(seed, few_are_many, monkeypatch):
    compiled = policy(seed, Space())
    monkeypatch.setattr(lots, "MANY_ITEMS", NEVER)
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
