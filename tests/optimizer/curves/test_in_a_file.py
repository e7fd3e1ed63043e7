"""Ladders that lie in files give the answers of ladders in memory, to the last bit."""

import gc
import os
import resource
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from servicepolicy_models.errors import TooLarge
from servicepolicy_optimizer.curves import lots
from servicepolicy_optimizer.curves.cheapest_rungs import cheapest
from servicepolicy_optimizer.curves.columns import best_rungs_at
from servicepolicy_optimizer.curves.in_a_file import Space, beside, in_a_file, let_go, put
from servicepolicy_optimizer.inventory import shelf as shelves
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from tests.optimizer.curves.test_columns import prices
from tests.optimizer.small_inline import small_scenario

NOWHERE = partial(Space, most_bytes=0)
CYCLE = {
    "targets": [
        {"customer_class": "A", "cycle_service_level": 0.9},
        {"customer_class": "B", "fill_rate": 0.7},
    ]
}


def asked(seed, space, **changes):
    scenario = small_scenario(seed, **changes)
    return question(scenario, inline_facts(scenario), Known(space=space), in_silence)


@pytest.fixture
def lots_of_one(monkeypatch):
    """Every item is a lot."""
    monkeypatch.setattr(shelves, "TABLED_AT_ONCE", 1)
    monkeypatch.setattr(lots, "ITEMS_AT_ONCE", 1)


@pytest.fixture
def every_shelf_has_many(monkeypatch):
    """What is known of its items lies in files, too."""
    monkeypatch.setattr(lots, "MANY_ITEMS", 1)


@pytest.mark.parametrize("changes", [{}, {"fill_rate_basis": "every_item"}, CYCLE])
@pytest.mark.parametrize("seed", range(8))
def test_shelves_and_columns_are_the_same(seed, changes, lots_of_one):
    _same_shelves_and_columns(asked(seed, Space(), **changes), asked(seed, NOWHERE(), **changes))


@pytest.mark.parametrize("changes", [{}, {"fill_rate_basis": "every_item"}, CYCLE])
@pytest.mark.parametrize("seed", range(4))
def test_shelves_with_very_many_items_are_the_same(seed, changes, every_shelf_has_many):
    held, filed = asked(seed, Space(), **changes), asked(seed, Space(most_bytes=0, is_full=True), **changes)
    _same_shelves_and_columns(held, filed)
    for place, shelf in filed.room.shelves.items():
        items, before = shelf.items, held.room.shelves[place].items
        assert all(_file_of(array) for array in (items.pieces, items.supply_cost, *shelf._of_items))
        assert all(map(_file_of, filed.curves.rungs[place]))
        for name, array in vars(before).items():
            if isinstance(array, np.ndarray):
                np.testing.assert_array_equal(getattr(items, name), array)
                assert getattr(items, name).strides == array.strides
        for rungs, same in zip(filed.curves.rungs[place], held.curves.rungs[place], strict=True):
            np.testing.assert_array_equal(rungs, same)


def _same_shelves_and_columns(held, filed):
    for place, shelf in held.room.shelves.items():
        other = filed.room.shelves[place]
        for name, array in vars(shelf.rungs).items():
            np.testing.assert_array_equal(getattr(other.rungs, name), array)
        np.testing.assert_array_equal(other.service, shelf.service)
        for number in range(3):
            at = prices(number, shelf)
            cost, rungs = cheapest(shelf, at)
            assert cheapest(other, at)[0] == cost
            np.testing.assert_array_equal(best_rungs_at(other, [at])[:, 0], rungs)
        columns, others = held.curves.columns[place], filed.curves.columns[place]
        for name in columns.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(others, name), getattr(columns, name))


@pytest.mark.parametrize("changes", [{}, {"fill_rate_basis": "every_item"}])
@pytest.mark.parametrize("seed", range(4))
def test_the_policy_is_the_same(seed, changes):
    scenario = small_scenario(seed, **changes)
    facts = inline_facts(scenario)
    policies = [
        recommend(scenario, facts, lambda: 0.0, in_silence, known=Known(space=space))
        for space in (Space(), NOWHERE())
    ]
    assert policies[0] == policies[1]


def test_memory_is_filled_first():
    question_of_two = asked(1, space := Space(most_bytes=3_000))
    in_memory = {id(shelf) for shelf in question_of_two.room.shelves.values() if _is_in_memory(shelf)}
    shelves = {id(shelf) for shelf in question_of_two.room.shelves.values()}
    assert 0 < len(in_memory) < len(shelves)
    assert space.taken_bytes <= space.most_bytes


def _is_in_memory(shelf):
    stock = shelf.rungs.on_hand_pieces
    return beside(stock, (1,)).base is None


def test_what_was_let_go_is_still_there():
    array = in_a_file((1000, 40))
    array[:] = np.arange(40_000).reshape(array.shape)
    let_go([array, None, np.zeros(3)])
    assert array.sum() == 40_000 * 39_999 / 2


@pytest.mark.parametrize("rows", [[0], [1, 2, 3], [999], [3, 1, 2], [0, 2], []])
def test_what_is_put_is_what_is_written(rows):
    filed, held = in_a_file((1000, 7, 2)), np.zeros((1000, 7, 2))
    places, rng = np.array(rows, np.intp), np.random.default_rng(1)
    for _ in range(3):  # the last time it was let go of
        values = rng.random((7, 2, len(rows))).transpose(2, 0, 1)
        put(filed, places, values)
        put(held, places, values)
        np.testing.assert_array_equal(filed, held)
        np.testing.assert_array_equal(held[places], values)
        let_go([filed])


def test_an_array_that_was_let_go_holds_one_descriptor():
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    arrays = [in_a_file((10, 2)) for _ in range(20)]
    let_go(arrays)
    assert len(os.listdir("/proc/self/fd")) - before == len(arrays)
    del arrays
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("changes", [{}, {"fill_rate_basis": "every_item"}, CYCLE])
def test_a_stocked_shelf_holds_one_descriptor_a_ladder_array(changes):
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    stocked = asked(1, NOWHERE(), **changes)
    gc.collect()
    arrays = [
        array
        for shelf in {id(one): one for one in stocked.room.shelves.values()}.values()
        for array in (*vars(shelf.rungs).values(), shelf.service)
    ]
    files = {id(_file_of(array)) for array in arrays if array is not None}
    assert len(os.listdir("/proc/self/fd")) - before == len(files)


def test_what_is_known_of_very_many_items_is_one_file_more_and_columns_and_what_follows_one_each(
    every_shelf_has_many,
):
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    stocked = asked(1, Space(most_bytes=0, is_full=True))
    gc.collect()
    shelves = {id(one): one for one in stocked.room.shelves.values()}.values()
    ladders = {id(_file_of(a)) for one in shelves for a in vars(one.rungs).values() if a is not None}
    assert len(os.listdir("/proc/self/fd")) - before <= len(ladders) + 3 * len(shelves)


def _file_of(array):
    """The mapped file, however many views of it there are; None of what lies in memory."""
    while isinstance(array, np.ndarray):
        array = array.base
    return getattr(array, "obj", None)


def test_it_takes_no_memory_while_nobody_looks():
    array = in_a_file((4_000_000,))
    array[:] = 1.0
    full = _resident_bytes()
    let_go([array])
    assert full - _resident_bytes() > 30e6


def _resident_bytes():
    with open("/proc/self/statm", encoding="ascii") as sizes:
        return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_the_file_has_no_name_and_ends_with_its_array(tmp_path):
    array = in_a_file((2_000_000,), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert beside(array, (3,)).tolist() == [0.0, 0.0, 0.0]
    assert _is_held(tmp_path)
    del array
    gc.collect()
    assert not _is_held(tmp_path)


def _is_held(folder):
    """Whether this process has mapped a file of a folder: as long as it has, the disk keeps it."""
    return str(folder) in Path("/proc/self/maps").read_text(encoding="utf-8")


def test_a_full_disk_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(TooLarge) as told:
        in_a_file((1 << 50,), tmp_path)
    assert "disk" in told.value.findings[0].what


def test_too_many_open_files_are_told_as_such():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = max(map(int, os.listdir("/proc/self/fd"))) + 8
    arrays = []
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (room, hard))
        with pytest.raises(TooLarge) as told:
            while True:
                arrays.append(in_a_file((10, 2)))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert arrays
    assert "ulimit" in told.value.findings[0].mend
