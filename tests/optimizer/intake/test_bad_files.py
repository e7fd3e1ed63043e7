"""Whatever is wrong with a file is told at once: where, what, which rule, and the mend; never a traceback."""

import gzip
from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_models.findings import Severity
from servicepolicy_optimizer.intake import OrderTable, read_order_lines
from tests.optimizer.profile.questions import order_lines

HEADER = "order,item,quantity,date,price,customer,region\n"
GOOD = "o1,x,1,2021-01-01,2.5,k,N\n"


def rejected(path, desk, today=None, **changes):
    with pytest.raises(OrderLinesRejected) as caught:
        read_order_lines(order_lines(**changes), path, desk, today)
    findings = caught.value.findings
    assert findings
    for one in findings:
        assert one.severity is Severity.ERROR
        assert one.where and one.what and one.mend
        assert str(path.parent) not in one.where + one.what + one.mend
    return findings


def told(findings):
    return [(one.rule, one.count) for one in findings]


@pytest.fixture
def lines(tmp_path):
    """Write a file of order lines below the usual header."""

    def write(text, header=HEADER, name="lines.csv"):
        path = tmp_path / name
        path.write_text(header + text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("empty.csv", b"", "table.empty"),
        ("header.csv", HEADER.encode(), "table.empty"),
        ("blank.csv", (HEADER + ",,,,,,\n").encode(), "table.empty"),
        ("binary.csv", b"\x00\x01\x02\xff\xfe" * 100, "file.unreadable"),
        ("not.csv.gz", b"hello", "file.unreadable"),
        ("not.parquet", b"hello, this is no Parquet file", "file.unreadable"),
        ("not.xlsx", b"hello", "file.unreadable"),
        ("not.json", b'[{"order":', "file.unreadable"),
        ("number.json", b"5", "table.missing_column"),
        ("letter.docx", b"x", "file.format"),
        ("noending", b"x", "file.format"),
    ],
)
def test_a_file_that_is_no_table(tmp_path, desk, name, content, rule):
    path = tmp_path / name
    path.write_bytes(content)
    assert {one.rule for one in rejected(path, desk)} == {rule}


def test_a_file_that_breaks_off(tmp_path, desk):
    whole = gzip.compress((HEADER + GOOD * 50_000).encode())
    path = tmp_path / "half.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    assert {one.rule for one in rejected(path, desk)} <= {"file.unreadable", "table.broken_line"}


def test_no_file_and_a_folder(tmp_path, desk):
    assert told(rejected(tmp_path / "absent.csv", desk)) == [("file.missing", 1)]
    assert "folder" in rejected(tmp_path, desk)[0].what


def test_missing_columns_come_together_with_the_nearest_names(lines, desk):
    path = lines("", header=HEADER.replace("quantity", "Quantty").replace("price", "PRICE") + GOOD)
    findings = rejected(path, desk)
    assert told(findings) == [("table.missing_column", 1), ("table.missing_column", 1)]
    assert "Did you mean 'Quantty'?" in findings[0].mend
    assert "Did you mean 'PRICE'?" in findings[1].mend


@pytest.mark.parametrize("word", ["infinity", "-infinity"])
def test_a_date_without_end_is_no_date(lines, desk, word):
    (finding,) = rejected(lines(GOOD + f"o2,x,1,{word},2.5,k,N\n"), desk)
    assert (finding.rule, finding.count) == ("order_lines.impossible_date", 1)
    assert f"'{word}'" in finding.what


def test_every_kind_of_bad_cell_is_told_at_once_with_its_first_rows(lines, desk):
    path = lines(
        GOOD + "o2,x,abc,2021-01-01,2.5,k,N\no3,x,,2021-01-01,2.5,k,N\no4,x,nan,2021-01-01,free,k,N\n"
        "o5,x,1e999,2021-13-01,2.5,k,N\no6,x,1e10,,1,k,N\n,x,1,1012-01-01,1,k,N\no7,,1,2999-01-01,1,k,N\n"
    )
    findings = rejected(path, desk)
    assert sorted(told(findings)) == [
        ("order_lines.impossible_date", 2),
        ("table.empty_cell", 1),
        ("table.empty_cell", 1),
        ("table.empty_cell", 1),
        ("table.empty_cell", 1),
        ("table.number_out_of_range", 1),
        ("table.unreadable_date", 1),
        ("table.unreadable_number", 1),
        ("table.unreadable_number", 3),
    ]
    quantity = next(one for one in findings if one.count == 3)
    assert quantity.where == "lines.csv, line 3"
    assert "lines 3, 5, 6" in quantity.what and "'abc', 'nan', '1e999'" in quantity.what


def test_a_quantity_that_would_vanish_in_sums_is_no_quantity(lines, desk):
    path = lines(GOOD + "o2,x,1e-12,2021-01-01,2.5,k,N\no3,x,-1e-7,2021-01-01,2.5,k,N\n")
    findings = rejected(path, desk)
    assert told(findings) == [("table.number_out_of_range", 2)]
    assert "below 0.000001 at lines 3, 4" in findings[0].what


def test_a_finding_names_the_first_rows_and_counts_all(lines, desk):
    findings = rejected(lines(GOOD + "o2,x,?,2021-01-01,2.5,k,N\n" * 40), desk)
    assert told(findings) == [("table.unreadable_number", 40)]
    assert "lines 3, 4, 5, 6, 7, ... (40 in all)" in findings[0].what


def test_lines_that_do_not_split_into_the_columns(lines, desk):
    findings = rejected(lines(GOOD + "o2,x,1\no3,x,1,2021-01-01,1,k,N,extra\n" + GOOD), desk)
    assert told(findings) == [("table.broken_line", 1), ("table.broken_line", 1)]
    assert {one.where for one in findings} == {"lines.csv, line 3", "lines.csv, line 4"}


def test_dates_that_can_be_read_in_two_orders_are_not_guessed(lines, desk):
    path = lines("o1,x,1,1/2/2011 18:26,2.5,k,N\n")
    findings = rejected(path, desk)
    assert told(findings) == [("order_lines.ambiguous_date", 1)]
    assert "date_format" in findings[0].mend
    table = read_order_lines(order_lines(date_format="%d/%m/%Y %H:%M"), path, desk)
    assert (
        str(desk.connection.execute(f"SELECT ordered_at FROM {table.table}").fetchall()[0][0])
        == "2011-02-01 18:26:00"
    )


def test_dates_after_today_where_today_is_known(lines, desk):
    path = lines(GOOD + "o2,x,1,2031-01-01,2.5,k,N\n")
    assert told(rejected(path, desk, date(2021, 6, 1))) == [("order_lines.future_date", 1)]
    assert read_order_lines(order_lines(), path, desk).rows == 2
    assert read_order_lines(order_lines(history_to="2021-12-31"), path, desk, date(2021, 6, 1)).rows == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"history_from": "01.02.2021"},
        {"history_to": "2021-02-30"},
        {"history_from": "2021-02-01", "history_to": "2021-01-01"},
    ],
)
def test_a_history_that_is_none(lines, desk, changes):
    assert told(rejected(lines(GOOD), desk, **changes)) == [("order_lines.history", 1)]


def test_a_date_format_that_is_none(lines, desk):
    assert told(rejected(lines(GOOD), desk, date_format="%Q %")) == [("order_lines.date_format", 1)]


def test_a_quote_in_a_date_format_is_a_text_like_any_other(lines, desk):
    assert told(rejected(lines(GOOD), desk, date_format="%Y'; DROP TABLE x; --")) == [
        ("table.unreadable_date", 1)
    ]


def test_a_sheet_that_is_not_there(tmp_path, desk):
    path = tmp_path / "book.xlsx"
    pd.DataFrame({"a": [1]}).to_excel(path, sheet_name="lines", index=False, engine="xlsxwriter")
    findings = rejected(path, desk, sheet="orders")
    assert told(findings) == [("file.sheet", 1)] and "lines" in findings[0].mend


def test_texts_in_a_column_of_numbers_in_excel_are_found(tmp_path, desk):
    frame = pd.DataFrame([line.split(",") for line in GOOD.split()], columns=HEADER.strip().split(","))
    frame = pd.concat([frame.assign(quantity=1)] * 1500 + [frame.assign(quantity="many")])
    path = tmp_path / "book.xlsx"
    frame.to_excel(path, index=False, engine="xlsxwriter")
    findings = rejected(path, desk)
    assert told(findings) == [("table.unreadable_number", 1)]
    assert findings[0].where == "book.xlsx, row 1502"


@pytest.mark.parametrize("type_", ["bool", "date", "list"])
def test_columns_of_a_wrong_type_in_parquet(tmp_path, desk, type_):
    value = {"bool": True, "date": date(2021, 1, 1), "list": [1, 2]}[type_]
    frame = pd.DataFrame([line.split(",") for line in GOOD.split()], columns=HEADER.strip().split(","))
    path = tmp_path / "lines.parquet"
    frame.assign(quantity=[value]).to_parquet(path)
    assert told(rejected(path, desk)) == [("table.unreadable_number", 1)]


def test_what_does_not_block_is_told_too(lines, desk):
    table = read_order_lines(
        order_lines(), lines("o1,x,1,2021-01-05,2.5,k,N\n,,,,,,\no2,x,1,2021-01-02,2.5,k,N\n"), desk
    )
    assert told(table.findings) == [("table.blank_rows", 1), ("order_lines.row_order", 1)]


CELL = st.text(alphabet=st.sampled_from("0123456789-.,;:/\"' \tXé%e"), max_size=8)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=0, max_size=9), max_size=6), head=st.booleans())
def test_any_text_is_a_table_or_a_finding(tmp_path, desk, rows, head):
    path = tmp_path / "any.csv"
    path.write_text((HEADER if head else "") + "\n".join(",".join(row) for row in rows), encoding="utf-8")
    try:
        assert isinstance(read_order_lines(order_lines(), path, desk), OrderTable)
    except OrderLinesRejected as refused:
        assert refused.findings
