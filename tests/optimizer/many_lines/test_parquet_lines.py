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
from servicepolicy_optimizer.intake.order_lines import order_line_fields
from servicepolicy_optimizer.many_lines.parquet_lines import read_parquet_lines
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


def in_other_case():
    """Without a column that is asked for."""
    return changed("price")().rename_columns([name.replace("item", "Item") for name in COLUMNS])


def with_lists():
    """Several items a line."""
    lines = changed("price")()
    items = pa.array([[one] for one in lines.column("item").to_pylist()])
    return lines.set_column(1, "item", items)


def dated(moment, unit="ms"):
    """The fourth line at a number of milliseconds, or of another unit."""

    def table():
        lines = changed("date", pa.timestamp(unit))()
        moments = lines.column("date").cast(pa.int64()).to_pylist()
        moments[3] = moment
        return lines.set_column(3, "date", pa.array(moments).cast(pa.timestamp(unit)))

    return table


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
        (with_lists, False),
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
        (in_other_case, "table.missing_column"),
        (dated(-(2**63)), "file.unreadable"),
        (dated(2**63 - 1), "order_lines.impossible_date"),
        (dated(1 - 2**63), "order_lines.impossible_date"),
        (dated(-(2**63), "us"), "order_lines.impossible_date"),
        (dated(-(2**62), "us"), "order_lines.impossible_date"),
    ],
)
def test_what_blocks_is_told_as_ever(tmp_path, lines, rule):
    path = tmp_path / "lines.parquet"
    parquet.write_table(lines(), path)
    read, findings = told(path, tmp_path, arrays=True)
    assert read is None
    assert findings == told(path, tmp_path, arrays=False)[1]
    assert rule in {one.rule for one in findings}


def read_numbers(path, desk):
    return read_parquet_lines(path, order_line_fields(SOURCE), TODAY, desk)


def test_a_text_that_a_broken_file_names_but_does_not_have_is_not_looked_up(tmp_path):
    path, broken = tmp_path / "lines.parquet", 0
    parquet.write_table(changed("price")(), path, compression="none")
    sound, items = path.read_bytes(), parquet.read_metadata(path).row_group(0).column(1)
    begin = items.dictionary_page_offset
    with workspace(tmp_path, "500MB") as desk:
        assert read_numbers(path, desk) is not None
        for place in range(begin, begin + items.total_compressed_size):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
            if names_a_text_too_many(path):
                broken += 1
                assert read_numbers(path, desk) is None
    assert broken


def names_a_text_too_many(path):
    try:
        column = parquet.read_table(path, read_dictionary=["item"]).column("item").chunk(0)
    except (OSError, pa.ArrowException):
        return False
    return max(column.indices.to_pylist()) >= len(column.dictionary)


def test_a_column_name_that_is_no_utf_8_is_told(tmp_path):
    path = tmp_path / "lines.parquet"
    lines = changed("price")()
    parquet.write_table(lines.append_column("a stray one", lines.column("item")), path, store_schema=False)
    path.write_bytes(path.read_bytes().replace(b"a stray one", b"a stray \xffne"))
    with workspace(tmp_path, "500MB") as desk:
        assert read_numbers(path, desk) is None
    for arrays in (True, False):
        read, (finding,) = told(path, tmp_path, arrays=arrays)
        assert read is None
        assert finding.rule == "file.unreadable"
        assert "name of a column" in finding.what


@pytest.mark.parametrize(("column", "value"), [("quantity", 2e9), ("order", " 4"), ("customer", " ")])
def test_what_was_written_of_an_odd_file_is_removed(tmp_path, column, value):
    path = tmp_path / "lines.parquet"
    lines = frame_of()
    lines.loc[5, column] = value
    parquet.write_table(pa.Table.from_pandas(lines, preserve_index=False), path, row_group_size=2)
    with workspace(tmp_path, "500MB", on_disk=True) as desk:
        before = set(desk.folder.iterdir())
        assert read_numbers(path, desk) is None
        assert set(desk.folder.iterdir()) == before
        views = "SELECT view_name FROM duckdb_views() WHERE NOT internal"
        assert desk.connection.execute(views).fetchall() == []  # which would keep its texts in memory
