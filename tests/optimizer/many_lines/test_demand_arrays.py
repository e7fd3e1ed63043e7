"""Kinds of rows against a counter."""

from collections import Counter

import numpy as np
import pytest

from servicepolicy_optimizer.many_lines.demand_arrays import _Kinds


@pytest.mark.parametrize("columns", [1, 3])
def test_kinds_are_those_that_a_counter_finds(columns):
    rng = np.random.default_rng(5)
    first = rng.integers(0, 3, 500).astype(np.int32)
    others = rng.integers(0, 3, (500, columns)) << 61
    kinds = _Kinds(columns)
    for some in (slice(0, 200), slice(200, 200), slice(200, 500)):
        kinds.add(first[some], others[some])
    wanted = Counter(zip(first.tolist(), *others.T.tolist(), strict=True))
    assert kinds.rows() == sorted((one[0], count, *one[1:]) for one, count in wanted.items())


def test_no_row_has_no_kind():
    assert _Kinds(2).rows() == []
