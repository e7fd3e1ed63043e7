"""The command builds a whole question from the published tables, or says why it cannot."""

import gzip
import subprocess
from pathlib import Path
from shutil import copytree

import pytest

from servicepolicy_models.consistency import check
from tests.scenarios.brunel.conftest import FILES


def test_both_scenarios_are_whole_and_free_of_contradictions(built):
    assert (check(built.scenario), check(built.as_published)) == ((), ())
    assert built.scenario.name != built.as_published.name


def test_the_variants_differ_in_capacities_and_nothing_else(built):
    same = {"name": "", "title": "", "assumptions": (), "locations": ()}
    assert built.scenario.model_copy(update=same) == built.as_published.model_copy(update=same)


def test_every_assumption_points_at_a_field(built):
    for scenario in (built.scenario, built.as_published):
        document = scenario.model_dump(mode="json")
        for assumption in scenario.assumptions:
            found = document
            for step in assumption.field.split("/")[1:]:
                found = found[int(step)] if isinstance(found, list) else found[step]
            assert found is not None


def test_the_source_is_named_where_the_data_are_used(built, checkout):
    readme = (checkout / "scenarios" / "brunel-logistics" / "README.md").read_text(encoding="utf-8")
    for text in (readme, " ".join(built.scenario.notes)):
        assert "10.17633/rd.brunel.7558679" in text
        assert "CC BY 4.0" in text
        assert "Kalganova" in text


def test_other_counts_are_those_of_the_source(built, orders, rates, plants, ports):
    mended = built.mended
    assert mended["orders"] == len(orders) == 9215
    assert mended["orders_without_weight"] == (orders["Weight"] == 0).sum() == 2
    assert mended["rows_of_unknown_plants"] == {"CND9": 1}
    assert mended["plants_without_products"] == ["PLANT19"]
    assert set(mended["ports_without_rates"]) == set().union(*ports.values()) - set(rates["orig_port_cd"])
    assert mended["orders_by_carrier_without_rates"] == {"V44_3": (orders["Carrier"] == "V44_3").sum()}
    assert mended["item_classes"] == len(built.scenario.segmentation.items.classes)


def test_the_same_tables_give_the_same_files(built, tables, command, tmp_path):
    subprocess.run([*command, str(tables), str(tmp_path)], check=True, capture_output=True)
    for name in ("scenario.json", "as-published.json", "items.csv", "mended.json"):
        assert (tmp_path / name).read_bytes() == (built.folder / name).read_bytes()


def refused(command: list[str], source: Path, out: Path) -> str:
    """What the command says when it refuses."""
    done = subprocess.run([*command, str(source), str(out)], capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_missing_tables_are_all_named_at_once(command, tmp_path):
    said = refused(command, tmp_path / "nowhere", tmp_path / "out")
    assert all(f"{name}.csv.gz" in said for name in FILES)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def copied(tables, tmp_path) -> Path:
    """A copy of the tables that a test may spoil."""
    return copytree(tables, tmp_path / "source")


def spoil(table: Path, old: str, new: str) -> None:
    text = gzip.decompress(table.read_bytes()).decode()
    assert old in text
    table.chmod(0o644)
    table.write_bytes(gzip.compress(text.replace(old, new, 1).encode()))


def test_everything_that_is_wrong_with_the_tables_is_said_with_its_line(command, copied, tmp_path):
    spoil(copied / "WhCosts.csv.gz", "Cost/unit", "Cost")
    spoil(copied / "WhCapacities.csv.gz", "PLANT15,11", "PLANT15,eleven")
    spoil(copied / "FreightRates.csv.gz", "V444_6,PORT08,PORT09,250.0", "V444_6,PORT08,PORT09,-250.0")
    (copied / "PlantPorts.csv.gz").chmod(0o644)
    (copied / "PlantPorts.csv.gz").write_bytes(b"not packed")
    said = refused(command, copied, tmp_path / "out").splitlines()
    assert any("WhCosts.csv.gz" in line and "Cost/unit" in line for line in said)
    assert any("WhCapacities.csv.gz, line 2" in line and "eleven" in line for line in said)
    assert any("FreightRates.csv.gz, line 2" in line and "-250.0" in line for line in said)
    assert any("PlantPorts.csv.gz" in line for line in said)


def test_a_product_that_no_plant_has_is_named(command, copied, tmp_path):
    spoil(copied / "OrderList.csv.gz", ",1700106,", ",7777777,")
    assert "7777777" in refused(command, copied, tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_named(command, tables, tmp_path):
    (tmp_path / "out").write_text("a file")
    assert str(tmp_path / "out") in refused(command, tables, tmp_path / "out")
