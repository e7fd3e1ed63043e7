"""Sound Parquet files are read as numbers, odd ones by statements; both to the same end."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_optimizer.intake import read_order_lines, workspace
from servicepolicy_optimizer.profile import clean
from tests.optimizer.profile.questions import COLUMNS, order_lines

TODAY = date(2022, 1, 1)
SOURCE = order_lines(cleaning=CleaningRules(cancellation_order_pattern="^C", non_product_pattern="^FEE$"))
ROWS = [
    ("1", "7", 4, "2021-01-03", 2.5, "11", "N"),
    ("1", "8", 2, "2021-01-03", 1.0, "11", "N"),
    ("1", "8", 2, "2021-01-03", 1.0, "11", "N"),
    ("2", "7", 3, "2021-01-02", None, None, None),
    ("C3", "7", -3, "2021-01-05", 2.5, "11", "N"),
    ("4", "FEE", 1, "2021-01-06", 2.5, "12", "S"),
]


def frame_of(rows=ROWS):
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


def changed(column, kind=None, value=None):
    """The lines with another type of one column, or another value in its fourth row."""

    def table():
        lines = frame_of()
        if value is not None:
            lines[column] = lines[column].astype(object)
            lines.loc[3, column] = value
            if column == "date":
                lines[column] = pd.to_datetime(lines[column])
        found = pa.Table.from_pandas(lines, preserve_index=False)
        if kind is None:
            return found
        place = found.schema.get_field_index(column)
        return found.set_column(place, column, found.column(column).cast(kind))

    return table


def without_cancellations():
    """Orders and items as whole numbers."""
    lines = frame_of([row for row in ROWS if row[0] != "C3" and row[1] != "FEE"])
    return pa.Table.from_pandas(lines.astype({"order": "int64", "item": "int32"}), preserve_index=False)


def told(path, tmp_path, *, arrays):
    with workspace(tmp_path, "500MB", threads=1) as opened:
        desk = replace(opened, arrays_from_lines=0 if arrays else 10**9)
        try:
            table = read_order_lines(SOURCE, path, desk, TODAY)
        except OrderLinesRejected as rejected:
            return None, rejected.findings
        cleaned = clean(table, SOURCE.cleaning)
        lines = desk.connection.sql(f"SELECT * FROM {cleaned.lines} ORDER BY row").fetchall()
        sums = desk.connection.sql(f"SELECT * FROM {cleaned.item_sums} ORDER BY ALL").fetchall()
        return table.numbers is not None, (lines, sums, cleaned.waterfall, cleaned.findings)


@pytest.mark.parametrize(
    ("lines", "is_sound"),
    [
        (changed("price"), True),
        (changed("quantity", pa.float32()), True),
        (changed("date", pa.date32()), True),
        (changed("date", pa.timestamp("ns")), True),
        (changed("date", pa.timestamp("s")), True),
        (changed("item", pa.large_string()), True),
        (changed("item", pa.dictionary(pa.int32(), pa.string())), True),
        (changed("item", value=" 7 "), True),
        (changed("quantity", value=2.5), True),
        (changed("quantity", value=2363), True),
        (without_cancellations, True),
        (changed("order", value=" 1"), False),
        (changed("customer", value="  "), False),
        (changed("date", pa.timestamp("us", "UTC")), False),
        (changed("quantity", pa.decimal128(25, 2)), False),
        (changed("price", pa.string()), False),
    ],
)
def test_both_ways_of_reading_say_the_same(tmp_path, lines, is_sound):
    path = tmp_path / "lines.parquet"
    parquet.write_table(lines(), path, row_group_size=4)
    read, found = told(path, tmp_path, arrays=True)
    assert read == is_sound
    assert found == told(path, tmp_path, arrays=False)[1]


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (changed("order", value=""), "table.empty_cell"),
        (changed("quantity", value=2e9), "table.number_out_of_range"),
        (changed("quantity", value=1e-7), "table.number_out_of_range"),
        (changed("date", value=pd.Timestamp("1969-12-31")), "order_lines.impossible_date"),
        (changed("date", value=pd.Timestamp("2022-01-02")), "order_lines.future_date"),
    ],
)
def test_what_blocks_is_told_as_ever(tmp_path, lines, rule):
    path = tmp_path / "lines.parquet"
    parquet.write_table(lines(), path)
    read, findings = told(path, tmp_path, arrays=True)
    assert read is None
    assert findings == told(path, tmp_path, arrays=False)[1]
    assert rule in {one.rule for one in findings}
