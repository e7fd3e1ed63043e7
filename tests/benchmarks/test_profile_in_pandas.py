"""The peer in pandas gives the same answer, and a difference would be seen."""

import pytest

from benchmarks import order_lines
from benchmarks.profile_in_pandas import require_same, told


def test_pandas_gives_the_same_answer_and_another_one_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(order_lines, "COPIES", 2)
    material = order_lines.prepare(tmp_path)  # raises where the two differ
    found = told(order_lines.ours(material))
    for name, other in (
        ("empty periods", found["empty periods"] + 1e-6),
        ("waterfall", {**found["waterfall"], "return": (0, 0.0, 0.0)}),
        ("cells", {}),
    ):
        with pytest.raises(AssertionError, match=name):
            require_same(found, {**found, name: other})
