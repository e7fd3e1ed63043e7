"""Lines that were written come back as they were."""

import os

import numpy as np
import pytest

from servicepolicy_optimizer.many_lines.line_store import LineStore


@pytest.mark.parametrize("on_disk", [False, True])
def test_columns_come_back_batch_by_batch(tmp_path, on_disk):
    store = LineStore(tmp_path / "lines" if on_disk else None)
    for first in range(0, 50, 5):
        store.add(
            {"word": np.arange(first, first + 5, dtype=np.int8), "amount": np.arange(first, first + 5) / 3}
        )
    found = list(store.each(["amount"], lambda first, size, batch: (first, size, batch["amount"])))
    assert [(first, size) for first, size, _ in found] == [(first, 5) for first in range(0, 50, 5)]
    assert np.concatenate([amount for *_, amount in found]).tolist() == (np.arange(50) / 3).tolist()


def test_a_file_that_was_cut_is_told_and_not_read_beyond_its_end(tmp_path):
    store = LineStore(tmp_path / "lines")
    for _ in range(4):
        store.add({"amount": np.zeros(100)})
    os.truncate(tmp_path / "lines", 3 * 800 + 99)
    read = store.each(["amount"], lambda first, size, batch: len(batch["amount"]))
    assert [next(read) for _ in range(3)] == [100] * 3
    with pytest.raises(OSError, match="lost lines"):
        next(read)
