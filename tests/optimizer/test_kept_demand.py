"""Demand that is found again is what was read, bit for bit; what could change it is read anew."""

import json
import os
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256

import numpy as np
import pytest

from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import demand_reading, kept_demand
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.kept_demand import READ_FROM
from servicepolicy_optimizer.synthetic import wholesaler


@pytest.fixture
def document(checkout):
    """A scenario that reads order lines and an item table."""
    return json.loads((checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json").read_bytes())


@pytest.fixture
def files(tmp_path):
    """A small wholesaler's tables, and a folder to keep what was read."""
    made = wholesaler(np.random.default_rng(3), customers=20, items=12, lines=400)
    places = {"orders": tmp_path / "lines.csv", "items": tmp_path / "items.csv"}
    made.order_lines.to_csv(places["orders"], index=False)
    made.items.to_csv(places["items"], index=False)
    return DemandFiles(folder=tmp_path, kept=tmp_path / "kept", **places)


@pytest.fixture
def reads(monkeypatch):
    """How often order lines were read."""
    seen, read = [], demand_reading.read_order_lines

    def counted(*given):
        seen.append(given)
        return read(*given)

    monkeypatch.setattr(demand_reading, "read_order_lines", counted)
    return seen


def same(one, other):
    """Equal down to the bits and the layout of every array, since sums depend on both."""
    if is_dataclass(one):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    if isinstance(one, np.ndarray):
        told = ((each.dtype, each.shape, each.strides, each.tobytes()) for each in (one, other))
        return next(told) == next(told)
    return one == other and type(one) is type(other)


def test_what_is_found_again_is_what_was_read(document, files, reads):
    scenario = read_scenario(document)
    plain = read_demand(scenario, replace(files, kept=None))
    first, again = (read_demand(scenario, files) for _ in range(2))
    assert len(reads) == 2
    assert same(plain, first) and same(first, again)
    assert plain.items.order_sizes.pieces.size and plain.findings


def test_demand_depends_on_nothing_but_what_its_name_is_made_of(document, files):
    scenario = read_scenario(document)
    little = Scenario.model_construct(**{name: getattr(scenario, name) for name in READ_FROM})
    with pytest.raises(AttributeError):
        _ = little.carrying_rate_per_year
    plain = replace(files, kept=None)
    assert same(read_demand(little, plain), read_demand(scenario, plain))


CHANGES = {
    "cost": lambda document, files: document.update(carrying_rate_per_year=0.9, name="another"),
    "targets": lambda document, files: document.update(targets=[{"fill_rate": 0.5}]),
    "cut-offs": lambda document, files: document["segmentation"]["customers"].update(cut_offs=[0.3, 0.6]),
    "days": lambda document, files: document.update(days_per_year=250),
    "rules": lambda document, files: document["demand"].update(period_days=14),
    "lines": lambda document, files: files.orders.write_text(files.orders.read_text() + "\n"),
    "time": lambda document, files: os.utime(files.items, (1, 1)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_could_change_it_is_read_anew_and_nothing_else_is(document, files, reads, what):
    read_demand(read_scenario(document), files)
    CHANGES[what](document, files)
    found = read_demand(read_scenario(document), files)
    assert len(reads) == (1 if what in ("cost", "targets") else 2)
    assert same(found, read_demand(read_scenario(document), replace(files, kept=None)))


@pytest.mark.parametrize(
    "damaged",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"segment.lines", b"segment.limes"),
        lambda content: content[:-3000] + bytes(100) + content[-2900:],
        lambda content: sha256(b"other").digest() + b"other",
    ],
)
def test_what_is_damaged_is_read_anew_and_kept_whole(document, files, reads, damaged):
    scenario = read_scenario(document)
    whole = read_demand(scenario, files)
    (kept,) = files.kept.iterdir()
    content = kept.read_bytes()
    kept.write_bytes(damaged(content))
    assert kept.read_bytes() != content
    assert same(read_demand(scenario, files), whole)
    assert (len(reads), kept.read_bytes()) == (2, content)


def test_where_nothing_can_be_kept_it_is_read(document, files, reads):
    scenario = read_scenario(document)
    nowhere = replace(files, kept=files.orders / "kept")
    assert same(read_demand(scenario, nowhere), read_demand(scenario, nowhere))
    assert len(reads) == 2


def test_what_was_not_asked_for_longest_is_thrown_away(tmp_path, monkeypatch):
    form = kept_demand.Form(".text", str.encode, bytes.decode)
    monkeypatch.setattr(kept_demand, "MOST_BYTES", 5 * (kept_demand.DIGEST_BYTES + 4))
    for number in range(10):
        place = tmp_path / "kept" / str(number)
        assert kept_demand.found_or_read(place, form, lambda: "read") == "read"
        os.utime(place.with_suffix(".text"), (number, number))
        # The first is asked for every time.
        assert kept_demand.found_or_read(tmp_path / "kept" / "0", form, lambda: "read") == "read"
    assert {path.stem for path in (tmp_path / "kept").iterdir()} == {"0", "6", "7", "8", "9"}
