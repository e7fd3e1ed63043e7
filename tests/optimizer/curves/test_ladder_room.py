"""A question whose ladders do not fit is refused before the first is made."""

import numpy as np
import pytest

from servicepolicy_models.errors import TooLarge
from servicepolicy_optimizer.curves import ladder_room, stockroom
from servicepolicy_optimizer.curves.in_a_file import DOUBLE_BYTES, Space
from servicepolicy_optimizer.curves.ladder_room import ShelfSize, require_room
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from tests.optimizer.small_inline import small_scenario

LARGE = ShelfSize(("A", "central"), items=1_000, doubles=1_000_000)


def free(monkeypatch, disk_bytes):
    monkeypatch.setattr(ladder_room, "free_bytes", lambda folder: disk_bytes)


def test_what_memory_holds_needs_no_disk(monkeypatch):
    free(monkeypatch, 0)
    require_room([LARGE, LARGE], Space(most_bytes=16_000_000))


def test_what_memory_does_not_hold_has_to_find_room_on_the_disk(monkeypatch):
    free(monkeypatch, 9_000_000)
    require_room([LARGE, LARGE], Space(most_bytes=8_000_000))
    with pytest.raises(TooLarge) as told:
        require_room([LARGE, LARGE], Space(most_bytes=8_000_000, taken_bytes=1))
    (finding,) = told.value.findings
    assert finding.rule == "ladders.no_room"
    assert "2 shelves" in finding.what and "2,000 items" in finding.what


def test_memory_has_to_hold_the_largest_shelf_and_the_longest_item_table(monkeypatch):
    free(monkeypatch, 1 << 60)
    monkeypatch.setattr(ladder_room, "available_bytes", lambda: 9_800_000_000)
    central = ShelfSize(("A", "central"), 2_000_000, 0)
    apart = [ShelfSize(("A", "apart"), 1_000_000, 0), ShelfSize(("A", "apart"), 1_500_000, 0)]
    other = ShelfSize(("B", "central"), 500_000, 0)
    require_room([central, *apart, other], Space())
    monkeypatch.setattr(ladder_room, "available_bytes", lambda: 9_600_000_000)
    with pytest.raises(TooLarge) as told:
        require_room([central, *apart, other], Space())
    (finding,) = told.value.findings
    assert finding.rule == "ladders.no_memory"
    assert "9.7 GB" in finding.what and "9.6 GB" in finding.what


@pytest.mark.parametrize("changes", [{}, {"fill_rate_basis": "every_item"}])
def test_no_ladder_is_made_of_a_question_that_is_refused(monkeypatch, changes):
    def never(*args):
        raise AssertionError("a shelf was stocked")

    free(monkeypatch, 0)
    monkeypatch.setattr(stockroom, "_stock", never)
    scenario = small_scenario(1, **changes)
    with pytest.raises(TooLarge):
        question(scenario, inline_facts(scenario), Known(space=Space(most_bytes=0)), in_silence)


@pytest.mark.parametrize("changes", [{}, {"fill_rate_basis": "every_item"}])
@pytest.mark.parametrize("seed", range(4))
def test_ladders_take_no_more_than_is_asked_for(monkeypatch, seed, changes):
    asked: list[ShelfSize] = []
    monkeypatch.setattr(stockroom, "require_room", lambda sizes, space: asked.extend(sizes))
    scenario = small_scenario(seed, **changes)
    stocked = question(scenario, inline_facts(scenario), Known(), in_silence)
    shelves = {id(one): one for one in stocked.room.shelves.values()}.values()
    assert [one.items for one in asked] == [shelf.items.rows.size for shelf in shelves]
    for one, shelf in zip(asked, shelves, strict=True):
        arrays = [array for array in vars(shelf.rungs).values() if isinstance(array, np.ndarray)]
        assert sum(array.nbytes for array in arrays) <= one.doubles * DOUBLE_BYTES
