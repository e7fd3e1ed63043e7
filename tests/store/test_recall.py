"""Values that can be computed again: bounded, whole or not there, and never in the way."""

import os
import threading

import pytest

from servicepolicy_store.recall import PART, RecallFolder

KEY, OTHER, THIRD = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture
def recall(tmp_path):
    return RecallFolder(tmp_path / "recall", most_bytes=1_000)


def test_what_was_put_is_got_and_nothing_else(recall):
    assert recall.get(KEY) is None
    recall.put(KEY, b"value")
    assert recall.get(KEY) == b"value"
    assert recall.get(OTHER) is None


@pytest.mark.parametrize("place", [0, 31, 32, -1])
def test_one_changed_byte_and_it_is_not_there(recall, place):
    recall.put(KEY, b"a long enough value")
    path = recall.folder / KEY
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert recall.get(KEY) is None
    assert not path.exists()


@pytest.mark.parametrize("kept", [0, 10, 32, 40])
def test_a_torn_file_is_not_there(recall, kept):
    recall.put(KEY, b"a long enough value")
    path = recall.folder / KEY
    path.write_bytes(path.read_bytes()[:kept])
    assert recall.get(KEY) is None


def test_what_was_not_asked_for_longest_goes_first(recall):
    for age, key in enumerate((KEY, OTHER, THIRD)):
        recall.put(key, bytes(200))
        os.utime(recall.folder / key, (age, age))
    assert recall.get(KEY) is not None
    for more in range(2):
        recall.put(f"{more}" * 64, bytes(200))
    assert recall.get(OTHER) is None
    assert recall.get(KEY) is not None
    assert sum(one.stat().st_size for one in recall.folder.iterdir()) <= recall.most_bytes


def test_small_values_seldom_look_what_there_is_and_leave_room_all_the_same(tmp_path, monkeypatch):
    recall, looked = RecallFolder(tmp_path / "recall", most_bytes=100_000), []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: looked.append(path) or scandir(path))
    for number in range(2_000):
        recall.put(f"{number:064}", bytes(100))
    # 2,000 x 132 / (100,000 / 64) = 169 looks in the mean, with a deviation of 12
    assert 50 < len(looked) < 300
    held = sum(one.stat().st_size for one in recall.folder.iterdir())
    assert held <= recall.most_bytes * (1 + 30 / 64)


def test_what_would_drive_out_everything_is_not_kept(recall):
    recall.put(KEY, bytes(900))
    assert recall.get(KEY) is None


def test_a_folder_that_cannot_be_written_to_costs_nothing_but_time(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    recall = RecallFolder(tmp_path / "file" / "recall", most_bytes=1_000)
    recall.put(KEY, b"value")
    assert recall.get(KEY) is None


def test_no_room_at_all_keeps_nothing(tmp_path):
    recall = RecallFolder(tmp_path / "recall", most_bytes=0)
    recall.put(KEY, b"value")
    assert not recall.folder.exists()
    RecallFolder(recall.folder, most_bytes=1_000).put(KEY, b"value")
    assert recall.get(KEY) is None


def test_many_that_write_and_read_the_same_see_whole_values_only(recall):
    seen = []

    def work(number):
        for _ in range(50):
            recall.put(KEY, bytes([number]) * 100)
            seen.append(recall.get(KEY))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {len(set(one)) for one in seen if one is not None} == {1}
    assert [one.name for one in recall.folder.iterdir() if one.name.startswith(PART)] == []
