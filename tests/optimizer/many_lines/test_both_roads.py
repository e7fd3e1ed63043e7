"""A wholesaler's lines as arrays, batch after batch, against the statements."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.errors import TooLarge
from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, Tables, customer_table, item_table
from servicepolicy_optimizer.history.reading import order_history
from servicepolicy_optimizer.intake import Workspace, read_order_lines, workspace
from servicepolicy_optimizer.many_lines import judged_lines, numbering, parquet_lines, statement_lines
from servicepolicy_optimizer.profile import activity_of, clean, facts, place
from servicepolicy_optimizer.profile.account_rows import customer_rows, item_rows
from servicepolicy_optimizer.simulate.recorded import recorded_lines


@pytest.fixture(scope="module", params=["csv", "parquet"])
def wholesaler(tmp_path_factory, request):
    """A scenario, the folder of its tables, and the file of order lines."""
    folder = tmp_path_factory.mktemp("wholesaler")
    scenario = read_scenario(write_wholesaler(folder, 7).read_bytes())
    lines = folder / scenario.demand.path
    if request.param == "csv":
        return scenario, folder, lines
    packed = lines.with_suffix(".parquet")
    duckdb.read_csv(lines, dtype={"order_no": "VARCHAR"}).to_parquet(str(packed), row_group_size=4096)
    return scenario, folder, packed


@pytest.fixture
def small_batches(monkeypatch):
    """A wholesaler's lines are many batches."""
    monkeypatch.setattr(statement_lines, "LINES_A_BATCH", 2048)
    monkeypatch.setattr(parquet_lines, "LINES_A_BATCH", 2048)
    monkeypatch.setattr(parquet_lines, "ROWS_AT_ONCE", 2048)


def told(wholesaler, tmp_path, *, arrays, on_disk=False, memory_limit="500MB"):
    """All that is made of order lines."""
    scenario, folder, lines = wholesaler
    source = scenario.demand
    orders, items, customers = DemandFiles(folder, orders=lines).named_by(source)
    with workspace(tmp_path, memory_limit, on_disk=on_disk) as opened:
        desk = replace(opened, arrays_from_lines=0 if arrays else 10**9)
        table = read_order_lines(source, orders, desk)
        assert (table.numbers is not None) == (arrays and lines.suffix == ".parquet")
        cleaned = clean(table, source.cleaning)
        assert (cleaned.arrays is not None) == arrays
        tables = Tables(cleaned, item_table(source, items, desk), customer_table(source, customers, desk))
        placement = place(scenario, cleaned, tables.items, tables.customers)
        rows = customer_rows(scenario, placement), item_rows(scenario, placement, source)
        known = facts(scenario, cleaned, tables.items, tables.customers).sha256
        replayed = recorded_lines(scenario, source, placement)
        history, _ = order_history(scenario, tables)
        lines = f"SELECT * FROM {cleaned.lines} ORDER BY row"
        return (
            activity_of(scenario, placement).model_dump(),
            [frame.to_dict() for frame in rows],
            known,
            {name: getattr(replayed, name).tolist() for name in ("item", "atom", "pieces", "order", "day")},
            history.orders,
            history.order.tolist(),
            desk.connection.sql(lines).fetchall(),
        )


@pytest.fixture(scope="module")
def by_statements(wholesaler, tmp_path_factory):
    return told(wholesaler, tmp_path_factory.mktemp("statements"), arrays=False)


@pytest.mark.parametrize("on_disk", [False, True])
def test_everything_made_of_the_lines_is_the_same(
    wholesaler, by_statements, tmp_path, small_batches, on_disk
):
    assert told(wholesaler, tmp_path, arrays=True, on_disk=on_disk) == by_statements
    assert not any(tmp_path.iterdir())


def test_rows_of_a_statement_may_come_in_any_order(
    wholesaler, by_statements, tmp_path, small_batches, monkeypatch
):
    """As they do where a join has many row groups to look up."""
    read = statement_lines._read
    monkeypatch.setattr(statement_lines, "_read", lambda *asked: reversed(list(read(*asked))))
    assert told(wholesaler, tmp_path, arrays=True) == by_statements


def test_hashes_that_all_lines_share_change_nothing(wholesaler, by_statements, tmp_path, monkeypatch):
    monkeypatch.setattr(judged_lines, "mark_lines", lambda *columns: columns[-1].fill(0))
    assert told(wholesaler, tmp_path, arrays=True) == by_statements


def test_keys_without_places_of_their_own_change_nothing(wholesaler, by_statements, tmp_path, monkeypatch):
    monkeypatch.setattr(numbering, "MOST_DIRECT", 0)
    assert told(wholesaler, tmp_path, arrays=True) == by_statements


def test_a_disk_that_fills_up_is_told_and_leaves_nothing(wholesaler, tmp_path, monkeypatch):
    monkeypatch.setattr(Workspace, "lines_file", lambda desk: Path("/dev/full"))
    with pytest.raises(TooLarge) as caught:
        told(wholesaler, tmp_path, arrays=True, on_disk=True)
    assert {one.rule for one in caught.value.findings} == {"demand.no_room"}
    assert not any(tmp_path.iterdir())


def test_a_disk_that_fills_up_with_order_numbers_is_told(wholesaler, tmp_path, monkeypatch):
    """When the lines themselves are written."""
    places = iter([tmp_path / "lines", Path("/dev/full")])
    monkeypatch.setattr(Workspace, "lines_file", lambda desk: next(places))
    with pytest.raises(TooLarge) as caught:
        told(wholesaler, tmp_path, arrays=True, on_disk=True)
    assert {one.rule for one in caught.value.findings} == {"demand.no_room"}


def test_a_file_that_holds_every_line_three_times_is_the_same(
    wholesaler, by_statements, tmp_path, small_batches
):
    scenario, folder, lines = wholesaler
    copied = tmp_path / f"thrice{lines.suffix}"
    if lines.suffix == ".csv":
        header, _, rest = lines.read_text(encoding="utf-8").partition("\n")
        copied.write_text(f"{header}\n{rest * 3}", encoding="utf-8")
    else:
        parquet.write_table(pa.concat_tables([parquet.read_table(lines)] * 3), copied)
    thrice, as_arrays = (
        told((scenario, folder, copied), folder, arrays=arrays, on_disk=arrays) for arrays in (False, True)
    )
    assert as_arrays == thrice
    assert as_arrays[-1] == by_statements[-1]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("repeat('x', CASE WHEN n < 900000 THEN 5 ELSE 200000 END)", TooLarge),
        ("CASE WHEN n < 900000 THEN 'x' ELSE error('no such line') END", duckdb.Error),
    ],
    ids=["no room", "another error"],
)
def test_lines_that_break_off_are_told_as_by_the_database(tmp_path, word, told):
    """With the first lines taken already, and not as an error of the file system."""
    lines = f"SELECT {word} AS word FROM range(1000000) AS every (n)"
    taken = 0
    with pytest.raises(told), workspace(tmp_path, "60MB", threads=1) as desk:
        for batch in statement_lines._read(lines, desk):
            taken += batch.num_rows
    assert taken > 0
    assert not any(tmp_path.iterdir())
