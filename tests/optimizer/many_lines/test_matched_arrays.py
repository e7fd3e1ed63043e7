"""Cancellations matched by stacks against the statements."""

import numpy as np
import pyarrow as pa
import pytest

from servicepolicy_optimizer.compiled.matching import match_equal
from servicepolicy_optimizer.intake import workspace
from servicepolicy_optimizer.many_lines import matched_arrays
from servicepolicy_optimizer.many_lines.matched_arrays import are_exact, left_whole
from servicepolicy_optimizer.profile.cancellations import match_cancellations


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("most", [3, 40, 2361])
def test_stacks_leave_what_statements_leave(tmp_path, seed, most):
    rng = np.random.default_rng(seed)
    lines = 400
    sizes = rng.integers(1, most + 1, lines).astype(float)
    sizes[rng.random(lines) < 0.1] *= 2**18
    assert are_exact(sizes).all()
    back = rng.random(lines) < 0.4
    near = {
        "trade": rng.integers(0, 12, lines).astype(np.int32),
        "ordered_at": rng.integers(0, 30, lines),
        "back": back,
        "pieces": np.where(back & (rng.random(lines) < 0.5), -sizes, sizes),
    }
    left = left_whole(near)
    with workspace(tmp_path) as desk:
        table = {**near, "row": np.arange(lines), "pieces": sizes}
        desk.connection.register("events", pa.table(table))
        touched = desk.connection.execute(f"SELECT * FROM {match_cancellations('events', desk)}").fetchnumpy()
    wanted = sizes.copy()
    wanted[touched["row"]] = touched["left_pieces"]
    assert left.tolist() == wanted.tolist()
    mixed = rng.permutation(lines)
    by_row = {name: column[mixed] for name, column in near.items()} | {"row": mixed}
    assert left_whole(by_row).tolist() == left[mixed].tolist()
    assert (left < sizes).any() and (left > 0).any()


def test_nothing_is_left_of_no_lines(monkeypatch):
    """Where another rule takes all lines; run as Python, which sees where an array ends."""
    monkeypatch.setattr(matched_arrays, "match_equal", match_equal.py_func)
    whole, none = np.empty(0, np.int64), np.empty(0)
    near = {"trade": whole, "ordered_at": whole, "back": np.empty(0, np.bool_), "pieces": none}
    assert left_whole(near).tolist() == []
