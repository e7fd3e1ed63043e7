"""Equal questions have equal fingerprints; different ones have different ones."""

import json
import re

import pytest

from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.fingerprint import canonical_json, scenario_sha256


@pytest.fixture
def document(checkout):
    return json.loads((checkout / "scenarios" / "spare-parts" / "scenario.json").read_bytes())


def fingerprint(document):
    return scenario_sha256(read_scenario(document))


def test_layout_order_and_written_defaults_make_no_difference(document):
    backwards = dict(reversed(document.items()))
    backwards["days_per_year"] = 365
    backwards["fill_rate_basis"] = "segment"
    backwards["limits"] = {"time_limit_seconds": 20.0, "seed": 0}
    assert fingerprint(json.loads(json.dumps(backwards, indent=7))) == fingerprint(document)


def test_every_changed_number_makes_a_difference(document):
    first = fingerprint(document)
    document["carrying_rate_per_year"] += 1e-9
    assert fingerprint(document) != first


def test_it_is_a_sha256_and_its_text_reads_back(document):
    scenario = read_scenario(document)
    assert re.fullmatch("[0-9a-f]{64}", scenario_sha256(scenario))
    assert read_scenario(canonical_json(scenario)) == scenario
    assert canonical_json(scenario) == canonical_json(read_scenario(canonical_json(scenario)))
