"""The answer as files: complete, exact, dead, and whole or not there at all."""

import csv
import dataclasses
import json
import zipfile

import fastexcel
import pytest

from servicepolicy_api.export.folder import write_folder
from servicepolicy_api.export.policy_csv import write_csv
from servicepolicy_api.export.policy_xlsx import pages, write_policy_xlsx
from servicepolicy_api.export.segment_sheets import segments_sheet
from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_api.export.stock_sheets import items_sheet
from servicepolicy_api.files import FileRejected, whole_file
from servicepolicy_models.policy import ItemClassPolicy, ItemPolicy, Policy, SegmentPolicy
from tests.api.policies import LIVE_NAMES, refusal

SHEETS = [
    "Summary", "Segments", "Matrix", "Evidence", "Costs & baselines", "Item classes", "Items",
    "Uses", "Findings", "Proof",
]  # fmt: skip


@pytest.fixture
def workbook(policy, tmp_path):
    write_policy_xlsx(policy, tmp_path / "policy.xlsx")
    return fastexcel.read_excel(tmp_path / "policy.xlsx")


def rows(workbook, title):
    """The rows of one sheet as dictionaries."""
    return workbook.load_sheet(title).to_pandas().to_dict("records")


def test_the_json_reads_back_as_the_same_policy(policy, tmp_path):
    write_folder(policy, tmp_path)
    assert Policy.model_validate_json((tmp_path / "policy.json").read_bytes(), strict=True) == policy


def test_the_csv_holds_what_the_policy_holds(policy, tmp_path):
    write_folder(policy, tmp_path)
    with (tmp_path / "policy-items.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert [one["item"] for one in read] == list(LIVE_NAMES)
    assert float(read[0]["critical_level_pieces_B"]) == 6.0
    with (tmp_path / "policy-segments.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert [(one["customer_class"], one["region"]) for one in read] == [
        ("A", "North"), ("B", "North"), ("A", "South"), ("B", "South"),
    ]  # fmt: skip
    assert float(read[0]["planned_fill_rate"]) == 0.93125
    assert read[0]["target_response_hours"] == ""
    assert float(read[0]["cost_all_six"]) == 21_000.0


def test_the_workbook_has_a_sheet_for_every_subject(workbook):
    assert workbook.sheet_names == SHEETS


def test_no_item_code_is_live(workbook, tmp_path, policy):
    assert [one["item"] for one in rows(workbook, "Items")] == list(LIVE_NAMES)
    with zipfile.ZipFile(tmp_path / "policy.xlsx") as parts:
        pages_as_xml = [parts.read(name) for name in parts.namelist() if "worksheets/" in name]
    assert len(pages_as_xml) == len(SHEETS)
    assert not any(b"<f>" in page or b"hyperlink" in page for page in pages_as_xml)


def test_figures_stand_in_the_workbook_unrounded(workbook):
    first = rows(workbook, "Segments")[0]
    assert first["planned_fill_rate"] == 0.93125
    assert [first[f"cost_{part}"] for part in ("response", "lost_sales")] == [1_000.0, 6_000.0]
    costs = {one["policy"]: one for one in rows(workbook, "Costs & baselines")}
    assert costs["one size strictest"]["saved by this policy"] == pytest.approx(21_000.0)
    assert costs["one size strictest"]["saved share"] == pytest.approx(0.2)
    assert costs["current policy"]["what it breaks"] == "Too late."


def test_the_matrix_has_a_row_for_each_region_and_customer_class(workbook):
    read = rows(workbook, "Matrix")
    assert [(one["region"], one["customers"]) for one in read] == [
        ("North", "A"), ("North", "B"), ("South", "A"), ("South", "B"),
    ]  # fmt: skip
    assert read[0]["A: fill rate"] == 0.925


def test_an_empty_answer_has_empty_tables_and_its_conflicts(tmp_path):
    write_folder(refusal(), tmp_path)
    read = fastexcel.read_excel(tmp_path / "policy.xlsx")
    assert read.sheet_names == SHEETS
    assert rows(read, "Segments") == []
    assert {"24 h needs a courier."} <= {one["value"] for one in rows(read, "Summary")}


@pytest.mark.parametrize(
    ("sheet_of", "noun", "elsewhere"),
    [
        (segments_sheet, SegmentPolicy, {"cost", "terms"}),
        (items_sheet, ItemPolicy, {"critical_level_pieces", "mean_wait_days", "unit_fill_rate"}),
    ],
)
def test_every_field_has_a_column(policy, sheet_of, noun, elsewhere):
    """Those elsewhere are spread over several columns."""
    headers = {header for header, _ in sheet_of(policy).columns}
    assert set(noun.model_fields) - headers == elsewhere
    for name in elsewhere - {"terms"}:
        assert any(header.startswith(name) for header in headers)


def test_every_field_of_an_item_class_has_a_column(workbook):
    headers = "".join(workbook.load_sheet("Item classes").to_pandas().columns)
    assert {name for name in ItemClassPolicy.model_fields if name not in headers} == set()


def test_a_table_longer_than_a_sheet_goes_on_on_the_next():
    sheet = Sheet("Items", (("n", Holds.COUNT),), [(number,) for number in range(7)])
    cut = list(pages(sheet, most_rows=3))
    assert [one.title for one in cut] == ["Items 1", "Items 2", "Items 3"]
    assert [row for one in cut for row in one.rows] == sheet.rows
    assert [one.title for one in pages(dataclasses.replace(sheet, rows=[]))] == ["Items"]


def test_a_file_is_whole_or_not_there(tmp_path):
    kept = tmp_path / "policy.json"
    kept.write_text("old")
    with pytest.raises(RuntimeError), whole_file(kept) as part:
        part.write_text("half")
        raise RuntimeError
    assert kept.read_text() == "old"
    assert list(tmp_path.iterdir()) == [kept]


def test_a_text_with_commas_quotes_and_line_ends_survives_the_csv(tmp_path):
    nasty = 'a,"b"\nc\r\nd'
    write_csv(Sheet("x", (("text", Holds.TEXT),), [(nasty,)]), tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["text"], [nasty]]


def test_a_folder_that_cannot_be_written_to_is_told(policy, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileRejected) as rejected:
        write_folder(policy, tmp_path / "file" / "below")
    (finding,) = rejected.value.findings
    assert finding.rule == "file.unwritable"
    assert json.dumps(finding.where).count("below") == 1
