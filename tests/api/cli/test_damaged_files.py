"""A damaged file ends in findings or in an answer, never in a traceback, whichever road reads it."""

import gzip
import io
import json
from dataclasses import replace
from errno import EIO, ENOSPC
from random import Random

import duckdb
import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from servicepolicy_api.cli import app
from servicepolicy_optimizer import demand_reading
from servicepolicy_optimizer.intake import workspace
from tests.optimizer.profile.questions import COLUMN_MAP, COLUMNS, MEANS

ROWS = 300
QUESTION = {
    "name": "damaged",
    "currency": "EUR",
    "demand": {
        "kind": "order_lines",
        "columns": {name: name for name in COLUMNS},
        "cleaning": {"cancellation_order_pattern": "^C"},
    },
    "items": {"unit_cost_share_of_price": 0.6},
    **MEANS,
}


def lines():
    """Order lines, a ninth of them cancellations."""
    dice, order = np.random.default_rng(1), np.arange(ROWS) // 3
    back = order % 9 == 4
    days = pd.Timestamp("2021-01-01") + pd.to_timedelta(np.sort(dice.integers(0, 365, ROWS)), "D")
    cells = {
        "order": np.where(back, "C", "o").astype(object) + order.astype(str),
        "item": [f"i{one}" for one in dice.integers(0, 60, ROWS)],
        "quantity": dice.integers(1, 20, ROWS) * np.where(back, -1, 1),
        "date": days,
        "price": np.round(dice.random(ROWS) * 10 + 1, 2),
        "customer": [f"k{one % 40}" for one in order],
        "region": [("N", "S", "Ö")[one % 3] for one in order],
    }
    assert set(cells) == set(COLUMN_MAP.model_dump(exclude_none=True))
    return pd.DataFrame(cells)


def packed(write, **how):
    file = io.BytesIO()
    write(file, index=False, **how)
    return file.getvalue()


@pytest.fixture(scope="module")
def sound():
    """Name of a file -> what is in it."""
    frame = lines()
    in_text = frame.assign(date=frame["date"].astype(str))
    return {
        "snappy.parquet": packed(frame.to_parquet),
        "groups.parquet": packed(frame.to_parquet, row_group_size=130, compression=None),
        "texts.parquet": packed(frame.to_parquet, use_dictionary=False, compression="gzip"),
        "lines.csv": packed(frame.to_csv),
        "latin.csv.gz": gzip.compress(frame.to_csv(index=False).encode("cp1252")),
        "wide.csv": frame.to_csv(index=False, sep=";").encode("utf-16"),
        "lines.json": in_text.to_json(orient="records").encode(),
        "lines.xlsx": packed(frame.head(100).to_excel, engine="xlsxwriter"),
    }


def damaged(content, dice):
    """The same with some bits or bytes changed, added, taken away, or its end cut off."""
    at, found = dice.randrange(len(content)), bytearray(content)
    near_the_end = max(0, len(content) - 1 - dice.randrange(2000))
    match dice.randrange(7):
        case 0:
            del found[at:]
        case 1:
            del found[at : at + dice.choice([1, 7, 100])]
        case 2:
            found[at:at] = dice.randbytes(dice.choice([1, 7, 100]))
        case 3:
            found[at : at + 64] = bytes(len(found[at : at + 64]))
        case 4:
            found[near_the_end] ^= 1 << dice.randrange(8)
        case _:
            for _ in range(dice.choice([1, 1, 5])):
                found[dice.randrange(len(found))] ^= 1 << dice.randrange(8)
    return bytes(found)


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(QUESTION))
    return path


def profile(path, asked):
    ran = CliRunner().invoke(app, ["profile", str(path), "--scenario", str(asked), "--json", "--quiet"])
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code == 0 or (ran.exit_code == 2 and "error: " in ran.output), ran.output
    return ran.exit_code, ran.output


def every_road(monkeypatch, lines_from):
    """Add up from so many lines as arrays."""

    def opened(*given, **named):
        return _with(workspace(*given, **named), lines_from)

    monkeypatch.setattr(demand_reading, "workspace", opened)


class _with:
    def __init__(self, opening, lines_from):
        self.opening, self.lines_from = opening, lines_from

    def __enter__(self):
        return replace(self.opening.__enter__(), arrays_from_lines=self.lines_from)

    def __exit__(self, *wrong):
        return self.opening.__exit__(*wrong)


@pytest.mark.parametrize(("arrays", "seeds"), [(False, 6), (True, 4)])
def test_damaged_files_of_order_lines_are_findings(tmp_path, asked, sound, monkeypatch, arrays, seeds):
    every_road(monkeypatch, 0 if arrays else 10**9)
    for name, content in sound.items():
        path = tmp_path / name
        if arrays and not name.endswith("parquet"):
            continue
        for seed in range(seeds):
            path.write_bytes(damaged(content, Random(f"{name} {seed}")))
            profile(path, asked)


def in_page(tmp_path, column, at, put):
    """A plain Parquet file with other bytes in the page of a column."""
    path, texts = tmp_path / "lines.parquet", ["order", "item", "customer", "region"]
    lines().to_parquet(path, index=False, compression=None, use_dictionary=texts)
    found = parquet.ParquetFile(path).metadata.row_group(0)
    place = {found.column(number).path_in_schema: found.column(number) for number in range(len(COLUMNS))}
    content, at = bytearray(path.read_bytes()), place[column].data_page_offset + at
    content[at : at + len(put)] = put
    path.write_bytes(content)
    return path


def test_texts_that_are_not_there_are_found_late_and_told(tmp_path, asked):
    """The texts themselves are sound, and the first look sees no more of them."""
    code, said = profile(in_page(tmp_path, "item", 200, b"\xff" * 40), asked)
    assert code == 2 and "lines.parquet: cannot be read as parquet" in said and "file.unreadable" in said


def test_cells_beyond_what_the_file_says_of_them_count_on_both_roads(tmp_path, asked, monkeypatch):
    long_ago = int(np.datetime64("2015-05-05", "us").astype(np.int64))
    path, found = in_page(tmp_path, "date", 200, b""), set()
    at = path.read_bytes().index(np.datetime64("2021-02", "us").astype(np.int64).tobytes()[4:])
    at -= 4 + parquet.ParquetFile(path).metadata.row_group(0).column(3).data_page_offset
    path = in_page(tmp_path, "date", at, long_ago.to_bytes(8, "little"))
    for lines_from in (0, 10**9):
        every_road(monkeypatch, lines_from)
        found.add(profile(path, asked))
    ((code, said),) = found
    assert code == 0 and json.loads(said)["first_day"] == "2015-05-05"


def test_a_number_that_the_file_says_it_does_not_hold_is_told(tmp_path, asked):
    beyond = np.float64(1e30).tobytes()
    code, said = profile(in_page(tmp_path, "price", 800, beyond), asked)
    assert code == 2 and "table.number_out_of_range" in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (MemoryError(), "demand.no_room"),
        (OSError(EIO, "Input/output error"), "demand.no_folder"),
        (OSError(ENOSPC, "No space left on device"), "demand.no_room"),
    ],
)
def test_a_machine_that_fails_is_told(tmp_path, asked, sound, monkeypatch, wrong, said):
    def fails(*_, **__):
        raise wrong

    monkeypatch.setattr(demand_reading, "clean", fails)
    (tmp_path / "lines.csv").write_bytes(sound["lines.csv"])
    code, found = profile(tmp_path / "lines.csv", asked)
    assert code == 2 and said in found


@pytest.mark.parametrize("wrong", [MemoryError(), OSError(EIO, "Input/output error")])
def test_a_machine_that_fails_elsewhere_is_told(asked, monkeypatch, wrong):
    def fails(*_, **__):
        raise wrong

    monkeypatch.setattr("servicepolicy_api.review.review", fails)
    ran = CliRunner().invoke(app, ["validate", str(asked)])
    assert ran.exit_code == 2 and "machine." in ran.output


def test_a_disk_that_cannot_read_the_file_is_told(tmp_path, asked, sound, monkeypatch):
    def fails(*_, **__):
        raise OSError(EIO, "Input/output error")

    monkeypatch.setattr("servicepolicy_optimizer.intake.encodings._opened", fails)
    (tmp_path / "lines.csv").write_bytes(sound["lines.csv"])
    code, said = profile(tmp_path / "lines.csv", asked)
    assert code == 2 and "Input/output error" in said and "file.unreadable" in said


def test_our_own_errors_stay_ours(tmp_path, asked, sound, monkeypatch):
    def fails(table, rules):
        table.desk.connection.execute("SELECT no_such_column FROM nothing")

    monkeypatch.setattr(demand_reading, "clean", fails)
    (tmp_path / "lines.parquet").write_bytes(sound["snappy.parquet"])
    with pytest.raises(duckdb.CatalogException):
        profile(tmp_path / "lines.parquet", asked)
