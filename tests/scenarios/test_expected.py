"""The scenarios that run by themselves are answered as they were before."""

import json

import pytest

from servicepolicy_models.proof import Held
from tests.scenarios.expected import NAMES, SCENARIOS, solved, summary


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def today(name):
    """The answer of today. Its own gap says how far two right answers can be apart."""
    return solved(name)


@pytest.fixture(scope="module")
def expected(name):
    return json.loads((SCENARIOS / name / "expected.json").read_bytes())


def test_the_objective_is_the_expected_one(today, expected):
    # Both may be a gap above the optimum; the solver's tolerances come on top.
    assert today.proof.held is Held.OPTIMAL
    tolerance = 2e-4 + (today.proof.master_gap or 0)
    assert summary(today)["objective"] == pytest.approx(expected["objective"], rel=tolerance)


def test_no_part_of_the_cost_has_moved_elsewhere(today, expected):
    within = 0.005 * expected["objective"]
    assert summary(today)["cost"] == pytest.approx(expected["cost"], abs=within)
    assert summary(today)["baselines"] == pytest.approx(expected["baselines"], rel=2e-3)


def test_each_segment_gets_the_expected_promise_by_the_expected_means(today, expected):
    now = summary(today)["segments"]
    assert set(now) == set(expected["segments"])
    loose = ("planned_fill_rate", "on_time_probability")
    for segment, before in expected["segments"].items():
        exact = {field: value for field, value in before.items() if field not in loose}
        assert {field: now[segment][field] for field in exact} == exact, segment
        assert {field: now[segment][field] for field in loose} == pytest.approx(
            {field: before[field] for field in loose}, abs=0.01
        )
