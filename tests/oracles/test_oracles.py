"""Every published or derived value of the shared oracles, one test a case, by the kind of the case."""

import json
import os
from pathlib import Path

import pytest

from tests.oracles import (
    compound_kinds,
    loss_kinds,
    order_quantity_kinds,
    reorder_kinds,
    service_kinds,
    shelf_kinds,
)
from tests.oracles.comparing import differences

CASES_FILE = (
    Path(os.environ.get("SERVICEPOLICY_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    / "oracles"
    / "cases.json"
)
CASES = json.loads(CASES_FILE.read_text(encoding="utf-8")) if CASES_FILE.is_file() else []

ANSWER_OF = (
    loss_kinds.KINDS
    | order_quantity_kinds.KINDS
    | reorder_kinds.KINDS
    | service_kinds.KINDS
    | shelf_kinds.KINDS
    | compound_kinds.KINDS
)

TESTED_WITH_THE_MASTER_MODEL = {
    "capacitated_facility_location",
    "multidimensional_multiple_choice_knapsack",
    "multiple_choice_knapsack_single_budget",
}

NOT_BUILT = {
    "published_service_policy_fixture": "an input for runs from end to end, not a number to compute",
}


def _cases() -> list:
    """One parameter a case of a kind that is answered here; a single skip where the oracles are missing."""
    if not CASES:
        return [pytest.param(None, marks=pytest.mark.skip(f"no oracles: {CASES_FILE} is missing"))]
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] in ANSWER_OF]


@pytest.mark.oracle
@pytest.mark.parametrize("case", _cases())
def test_the_oracle_is_reproduced(case):
    computed = ANSWER_OF[case["kind"]](case["inputs"])
    assert differences(computed, case["expected"], case["tolerance"]) == []


@pytest.mark.oracle
def test_every_kind_is_answered_or_said_not_to_be():
    if not CASES:
        pytest.skip(f"no oracles: {CASES_FILE} is missing")
    unknown = (
        {case["kind"] for case in CASES} - set(ANSWER_OF) - TESTED_WITH_THE_MASTER_MODEL - set(NOT_BUILT)
    )
    assert unknown == set()


def test_a_wrong_number_would_be_seen():
    assert differences({"Q": 1.0}, {"Q": 1.1}, 0.01) == ["Q: computed 1.0, expected 1.1, tolerance 0.01"]
    assert differences({}, {"Q": 1.1}, 0.01) == ["Q: not computed"]
