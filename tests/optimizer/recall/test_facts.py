"""Recalled facts are those that reading the lines again gives, to the last bit."""

import shutil
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.errors import ServicePolicyError
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import demand_reading
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.profile import facts
from servicepolicy_optimizer.recall import InMemory, packed, unpacked
from servicepolicy_optimizer.recall.facts import NOT_OF_THE_DEMAND, unpacked_facts


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wholesaler")
    return folder, read_scenario(write_wholesaler(folder, 3, 40, 30, 2_000).read_bytes())


@pytest.fixture
def asked(written):
    folder, scenario = written
    return scenario, DemandFiles(folder, recall=InMemory(100_000_000))


@pytest.fixture
def readings(monkeypatch):
    """How often the lines were read."""
    seen = []

    def counted(*given):
        seen.append(given)
        return facts(*given)

    monkeypatch.setattr(demand_reading, "facts", counted)
    return seen


def assert_same_bits(one, other):
    assert type(one) is type(other)
    if is_dataclass(one):
        for field in fields(one):
            assert_same_bits(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, np.ndarray):
        assert (one.dtype, one.shape, one.strides) == (other.dtype, other.shape, other.strides)
        assert one.tobytes() == other.tobytes()
    else:
        assert one == other


def test_recalled_facts_are_the_computed_ones(asked, readings):
    scenario, files = asked
    first = read_demand(scenario, files)
    assert_same_bits(read_demand(scenario, files), first)
    assert len(readings) == 1
    assert_same_bits(read_demand(scenario, replace(files, recall=DemandFiles(files.folder).recall)), first)


def test_a_changed_promise_or_means_is_no_other_demand(asked, readings):
    scenario, files = asked
    read_demand(scenario, files)
    read_demand(scenario.model_copy(update={"targets": (), "carrying_rate_per_year": 0.5}), files)
    assert len(readings) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"days_per_year": 250.0},
        {"demand.period_days": 14},
        {"demand.cleaning.drop_zero_price": False},
        {"segmentation.customers.cut_offs": (0.3, 0.6)},
    ],
)
def test_another_question_about_the_demand_is_read_again(asked, readings, change):
    scenario, files = asked
    read_demand(scenario, files)
    ((path, value),) = change.items()
    *above, name = path.split(".")
    nouns = [scenario]
    for part in above:
        nouns.append(getattr(nouns[-1], part))
    changed = nouns.pop().model_copy(update={name: value})
    for part in reversed(above):
        changed = nouns.pop().model_copy(update={part: changed})
    assert_same_bits(read_demand(changed, files), read_demand(changed, DemandFiles(files.folder)))
    assert len(readings) == 3


@pytest.mark.parametrize("table", ["order_lines.csv", "items.csv"])
def test_a_changed_table_is_read_again(asked, readings, tmp_path, table):
    scenario, files = asked
    read_demand(scenario, files)
    shutil.copytree(files.folder, tmp_path, dirs_exist_ok=True)
    here = replace(files, folder=tmp_path)
    read_demand(scenario, here)
    assert len(readings) == 1, "the same content elsewhere is the same demand"
    rows = (tmp_path / table).read_text().splitlines(keepends=True)
    (tmp_path / table).write_text("".join(rows[:-1]) if table == "order_lines.csv" else "".join(rows) + "\n")
    read_demand(scenario, here)
    assert len(readings) == 2


def test_what_the_facts_read_of_a_scenario_is_in_their_key(asked, monkeypatch):
    scenario, files = asked
    seen = set()

    class Watched(Scenario):
        def __getattribute__(self, name):
            if name in NOT_OF_THE_DEMAND:
                seen.add(name)
            return super().__getattribute__(name)

    watched = Watched.model_construct(**{name: getattr(scenario, name) for name in Scenario.model_fields})
    seen.clear()
    read_demand(watched, DemandFiles(files.folder))
    assert seen == set()
    assert set(Scenario.model_fields) > NOT_OF_THE_DEMAND


def test_facts_that_are_not_what_they_say_are_computed_again(asked, readings):
    scenario, files = asked
    told = read_demand(scenario, files)
    ((key, value),) = files.recall._values.items()
    other = unpacked(value)
    other.arrays["items.unit_cost"][0] += 1.0
    files.recall.put(key, packed(other))
    assert unpacked_facts(packed(other)) is None
    assert_same_bits(read_demand(scenario, files), told)
    files.recall.put(key, b"something else")
    assert_same_bits(read_demand(scenario, files), told)
    assert len(readings) == 3


def test_a_table_that_is_gone_is_told_as_without_recall(asked, tmp_path):
    scenario, files = asked
    said = []
    for recall in (files.recall, DemandFiles(tmp_path).recall):
        with pytest.raises(ServicePolicyError) as told:
            read_demand(scenario, DemandFiles(tmp_path, recall=recall))
        said.append(told.value.findings)
    assert said[0] == said[1]
