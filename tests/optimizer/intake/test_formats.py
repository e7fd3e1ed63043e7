"""The same order lines in any format give the same table."""

import gzip
import json

import pandas as pd
import pytest

from servicepolicy_models.demand import ColumnMap, OrderLines
from servicepolicy_models.findings import Severity
from servicepolicy_optimizer.intake import read_order_lines
from servicepolicy_optimizer.intake.order_lines import ORDER_TABLE_COLUMNS

MAP = ColumnMap(
    order="Order No",
    item="SKU",
    quantity="Qty",
    date="Placed",
    price='Unit "price"',
    customer="Customer",
    region="Port",
    description="Text",
    unit_cost="Cost",
    weight_kg="kg",
)
FRAME = pd.DataFrame(
    {
        "not mapped": [1, 2, 3],
        "Order No": ["o1", "C2", "o3"],
        "SKU": ["85123A", "71053", "00123"],
        "Qty": [6, -2, 1],
        "Placed": pd.to_datetime(["2010-12-01 08:26:00", "2010-12-02 00:00:00", "2010-12-03 23:59:59"]),
        'Unit "price"': [2.55, 3.39, 0.0],
        "Customer": [17850.0, None, 13047.0],
        "Port": ["Köln", None, "PORT09"],
        "Text": ["A, with a comma", "and a\nnew line", None],
        "Cost": [1.5, None, 2.0],
        "kg": [0.5, 0.25, None],
    }
)
TEXTS = FRAME.assign(Customer=["17850", None, "13047"])


def csv_text(frame=TEXTS, **options):
    return frame.to_csv(index=False, **options)


def write(folder, name):
    path = folder / name
    if name == "lines.parquet":
        FRAME.to_parquet(path)
    elif name == "lines.xlsx":
        FRAME.to_excel(path, index=False, engine="xlsxwriter")
    elif name == "lines.json":
        path.write_text(TEXTS.to_json(orient="records", date_format="iso"), encoding="utf-8")
    elif name == "lines.jsonl":
        path.write_text(TEXTS.to_json(orient="records", lines=True, date_format="iso"), encoding="utf-8")
    elif name.endswith(".gz"):
        path.write_bytes(gzip.compress(csv_text().encode()))
    elif name == "utf16.csv":
        path.write_bytes(csv_text().encode("utf-16"))
    elif name == "utf16.csv.gz":
        path.write_bytes(gzip.compress(csv_text().encode("utf-16")))
    elif name == "cp1252.csv":
        path.write_bytes(csv_text().encode("cp1252"))
    elif name == "bom.csv":
        path.write_bytes(csv_text().encode("utf-8-sig"))
    elif name == "lines.tsv":
        path.write_text(csv_text(sep="\t"), encoding="utf-8")
    elif name == "american.csv":
        path.write_text(csv_text(date_format="%m/%d/%Y %H:%M:%S").replace("12/03", "12/13"), encoding="utf-8")
    else:
        path.write_text(csv_text(), encoding="utf-8")
    return path


def rows(path, desk, **changes):
    table = read_order_lines(OrderLines(columns=MAP, **changes), path, desk)
    assert all(one.severity is Severity.NOTE for one in table.findings)
    described = desk.connection.execute(f"DESCRIBE {table.table}").fetchall()
    assert {row[0]: row[1] for row in described} == ORDER_TABLE_COLUMNS
    return desk.connection.execute(f"SELECT * EXCLUDE (row) FROM {table.table} ORDER BY row").fetchall()


EXPECTED = [
    ("o1", "85123A", 6.0, "2010-12-01T08:26:00", 2.55, "17850", "Köln", "A, with a comma", 1.5, 0.5),
    ("C2", "71053", -2.0, "2010-12-02T00:00:00", 3.39, None, None, "and a\nnew line", None, 0.25),
    ("o3", "00123", 1.0, "2010-12-03T23:59:59", 0.0, "13047", "PORT09", None, 2.0, None),
]


@pytest.mark.parametrize(
    "name",
    [
        "lines.csv",
        "lines.csv.gz",
        "lines.tsv",
        "bom.csv",
        "utf16.csv",
        "cp1252.csv",
        "lines.parquet",
        "lines.xlsx",
        "lines.json",
        "lines.jsonl",
        "UPPER.CSV",
        "a[1]*?.csv",
    ],
)
def test_every_format_gives_the_same_rows(tmp_path, desk, name):
    found = rows(write(tmp_path, name), desk)
    assert [(*row[:3], row[3].isoformat(), *row[4:]) for row in found] == EXPECTED


def test_dates_in_another_order_are_read_when_only_one_order_fits(tmp_path, desk):
    found = rows(write(tmp_path, "american.csv"), desk)
    assert [row[3].isoformat() for row in found] == [
        "2010-12-01T08:26:00",
        "2010-12-02T00:00:00",
        "2010-12-13T23:59:59",
    ]


def test_dates_and_decimals_are_read_as_the_scenario_says(tmp_path, desk):
    path = tmp_path / "german.csv"
    path.write_text(csv_text(sep=";", decimal=",", date_format="%d.%m.%Y %H:%M"), encoding="utf-8")
    found = rows(path, desk, date_format="%d.%m.%Y %H:%M", decimal=",")
    assert [row[4] for row in found] == [2.55, 3.39, 0.0]
    assert found[2][3].isoformat() == "2010-12-03T23:59:00"


def test_json_with_mixed_types_keeps_its_texts(tmp_path, desk):
    records = json.loads(TEXTS.to_json(orient="records", date_format="iso"))
    records[0]["SKU"], records[1]["Qty"] = 85123, "-2"
    path = tmp_path / "mixed.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    assert [row[1:3] for row in rows(path, desk)] == [("85123", 6.0), ("71053", -2.0), ("00123", 1.0)]


def test_a_sheet_is_read_by_name_and_the_first_without_one(tmp_path, desk):
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        pd.DataFrame({"a": [1]}).to_excel(book, sheet_name="cover", index=False)
        FRAME.to_excel(book, sheet_name="lines", index=False)
    assert len(rows(path, desk, sheet="lines")) == 3


def test_numbers_as_codes_lose_their_decimal_point_only(tmp_path, desk):
    path = tmp_path / "codes.parquet"
    FRAME.assign(SKU=[1.0, 2.5, 3e14], Customer=[7.0, None, 8.5]).to_parquet(path)
    found = rows(path, desk)
    assert [row[1] for row in found] == ["1", "2.5", "300000000000000"]
    assert [row[5] for row in found] == ["7", None, "8.5"]
