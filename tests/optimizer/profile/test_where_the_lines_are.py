"""The same lines give the same profile, in a text or in Parquet, in memory or on the disk, by statements or
as arrays.
"""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_optimizer.intake import workspace
from servicepolicy_optimizer.profile import activity, facts
from tests.optimizer.profile.questions import COLUMNS, cleaned_lines, order_lines, question, write_lines

SOURCE = order_lines(
    cleaning=CleaningRules(cancellation_order_pattern="^C", non_product_pattern="^FEE$", drop_zero_price=True)
)
SCENARIO = question(
    SOURCE,
    items={"unit_cost_share_of_price": 0.6, "unit_cost": 1.0},
    segmentation={
        "customers": {"classes": ["A", "B"], "cut_offs": [0.4]},
        "items": {"classes": ["X", "Y"], "cut_offs": [0.4], "measure": "pieces"},
        "regions": [{"name": "N", "values": ["north"]}, {"name": "rest", "values": ["*"]}],
    },
)
ARRAYS = {"arrays_from_lines": 0}
FIRST = ("o0", "X", 4.0, "2021-01-01", 3.0, "k1", "north")
DIRTY = st.lists(
    st.tuples(
        st.sampled_from(["o1", "o2", "o3", "C1", "C2"]),
        st.sampled_from(["X", "x", "Y", "FEE", " Z"]),
        st.sampled_from([1.0, 2.0, 5.0, 0.0, -2.0, -5.0, 2.5]),
        st.integers(0, 78).map(lambda day: str(date(2021, 1, 1) + timedelta(days=day))),
        st.sampled_from([1.0, 2.5, 0.1, 0.0, -3.0, None]),
        st.sampled_from(["k1", "k2", None]),
        st.sampled_from(["north", "south", None]),
    ),
    min_size=5,
    max_size=60,
).map(lambda rows: [FIRST, *rows, *rows[:3]])


def write_parquet(path, rows, **kept):
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["date"] = pd.to_datetime(frame["date"])
    frame.to_parquet(path, index=False, **kept)
    return path


def told(path, tmp_path, changed=None, **kept):
    """Everything that depends on the lines, but for how rows of the file are called."""
    with workspace(tmp_path, threads=2, **kept) as opened:
        desk = replace(opened, **(changed or {}))
        try:
            cleaned = cleaned_lines(desk, path, SOURCE)
        except OrderLinesRejected as rejected:
            return {(one.rule, one.count) for one in rejected.findings}
        found = activity(SCENARIO, cleaned).model_dump(exclude={"findings"})
        counts = {(one.rule, one.count) for one in cleaned.findings}
        return found, counts, facts(SCENARIO, cleaned).sha256


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=DIRTY)
def test_wherever_the_lines_are_the_profile_is_the_same(tmp_path, rows):
    text = told(write_lines(tmp_path / "lines.csv", rows), tmp_path)
    parquet = write_parquet(tmp_path / "lines.parquet", rows)
    assert told(parquet, tmp_path) == text
    assert told(parquet, tmp_path, on_disk=True) == text
    # Equal rows are found by sorting hashes, or by counting them.
    assert told(parquet, tmp_path, {"is_here": False}) == text
    assert told(tmp_path / "lines.csv", tmp_path, ARRAYS) == text
    assert told(parquet, tmp_path, ARRAYS, on_disk=True) == text


def test_orders_of_one_day_are_cancelled_by_row_whichever_thread_looks_them_up(tmp_path):
    prices = [1.0, 2.5, 0.1, 3.0]
    rows = [
        (
            f"o{n // 4}",
            "XYZ"[n % 3],
            1.0 - 2.0 * (n % 5 == 3),
            "2021-01-01",
            prices[n * n % 4],
            f"k{n % 7}",
            "north",
        )
        for n in range(6000)
    ]
    rows[-1] = (*rows[-1][:5], " ", "north")  # no number, so that statements read all
    path = tmp_path / "lines.parquet"
    write_parquet(path, rows, row_group_size=500)
    assert told(path, tmp_path, ARRAYS) == told(path, tmp_path)


def test_blank_rows_of_a_parquet_file_are_left_out_and_counted(tmp_path):
    rows = [FIRST, (None,) * 7, FIRST]
    path = write_parquet(tmp_path / "lines.parquet", rows)
    with workspace(tmp_path) as desk:
        cleaned = cleaned_lines(desk, path, SOURCE)
        assert {one.rule: one.count for one in cleaned.findings}["table.blank_rows"] == 1
        rows_of = f"SELECT row FROM {cleaned.order_table.table} ORDER BY row"
        assert desk.connection.execute(rows_of).fetchall() == [(1,), (3,)]


def test_a_parquet_file_that_breaks_off_is_told(tmp_path, desk):
    path = write_parquet(tmp_path / "lines.parquet", [FIRST] * 20_000)
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + b"\x00" * 200 + whole[204:])
    with pytest.raises(OrderLinesRejected) as caught:
        cleaned_lines(desk, path, SOURCE)
    assert {one.rule for one in caught.value.findings} == {"file.unreadable"}
