"""What a backtest says of a segment's promise."""

import pytest

from servicepolicy_api.page.figures.evidence import evidence_in
from servicepolicy_models.backtest import Backtest, PromiseEvidence, SegmentEvidence
from tests.api import policies


def judged(promised, achieved, region="*"):
    """One segment, judged for one promise."""
    return SegmentEvidence.model_construct(
        customer_class="A",
        item_class="A",
        region=region,
        promised_fill_rate=promised,
        achieved_fill_rate=achieved,
        standard_error=0.004,
    )


def backtest(*segments, regional=()):
    """A backtest of 26 weeks in which only the segments count."""
    promises = [
        PromiseEvidence.model_construct(segments=(one,), regional_segments=tuple(regional))
        for one in segments
    ]
    return Backtest.model_construct(judged_days=182, promises=tuple(promises))


def test_the_promise_nearest_to_the_segments_own_is_told():
    found = evidence_in(
        backtest(judged(0.9, 0.891), judged(0.92, 0.905), judged(0.95, 0.946)), policies.segment("A", "A")
    )
    assert (found.promised, found.achieved, found.weeks) == (0.92, 0.905, 26)


def test_a_region_has_evidence_of_its_own():
    found = evidence_in(
        backtest(judged(0.92, 0.93), regional=[judged(0.92, 0.88, "North")]),
        policies.segment("A", "A", "North"),
    )
    assert found.achieved == 0.88


@pytest.mark.parametrize("segment", [policies.segment("B", "A"), policies.segment("A", "A", "South")])
def test_what_was_not_judged_has_none(segment):
    assert evidence_in(backtest(judged(0.9, 0.905)), segment) is None
    assert evidence_in(backtest(judged(0.9, None)), policies.segment("A", "A")) is None
