"""A simulation as files: complete, and the same figures in each."""

import csv

import fastexcel
import pytest

from servicepolicy_api.export.simulation_folder import write_simulation
from servicepolicy_api.files import FileRejected
from servicepolicy_models.simulation import Simulation
from tests.api.policies import LIVE_NAMES
from tests.api.simulations import simulation


@pytest.fixture
def written(tmp_path):
    return {path.name: path for path in write_simulation(simulation(), tmp_path)}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_json_reads_back_as_the_same_simulation(written):
    document = written["simulation.json"].read_bytes()
    assert Simulation.model_validate_json(document, strict=True) == simulation()


def test_the_csv_holds_promise_plan_and_figures(written):
    segments, items = rows(written["simulation-segments.csv"]), rows(written["simulation-items.csv"])
    assert [one["customer_class"] for one in segments] == ["A", "[red]B", "C"]
    first, last = segments[0], segments[2]
    assert (first["fill_verdict"], first["unit_fill_rate"]) == ("broken", "0.911")
    assert (first["unit_fill_rate_plus_minus"], first["response_hours_with_wait_0.95"]) == ("0.01", "60.0")
    assert (last["unit_fill_rate"], last["response_hours_0.5"]) == ("", "")
    assert [one["item"] for one in items] == list(LIVE_NAMES)


def test_the_workbook_holds_the_same(written):
    book = fastexcel.read_excel(written["simulation.xlsx"])
    assert book.sheet_names == ["Summary", "Segments", "Item classes", "Items"]
    segments = book.load_sheet("Segments").to_pandas()
    assert segments["otif"].tolist()[0] == 0.899
    assert segments.columns.is_unique
    assert book.load_sheet("Items").to_pandas()["item"].tolist() == list(LIVE_NAMES)


def test_an_unwritable_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileRejected):
        write_simulation(simulation(), tmp_path / "file" / "below")
