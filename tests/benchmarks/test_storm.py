"""A short storm on both databases: real processes killed in the middle of runs and of a sweep."""

import pytest

from benchmarks import storm

# Few starts, for a start costs as much as four solves, and quick solves; `make storm` is the long form.
QUICK = {"limits": {"rungs": 4, "price_levels": 4, "refinements": 1}, "stock_policies": ["pooled"]}
MILD = {"customers": 1, "stalled_seconds": 6, "changes": QUICK}
WEATHER = {
    "sqlite": storm.Weather(faults=2, **MILD),
    "postgresql": storm.Weather(faults=3, workers=1, kinds=("solve", "worker", "database"), **MILD),
}


@pytest.mark.parametrize("database", sorted(WEATHER))
def test_nothing_acknowledged_is_lost_or_doubled(database, request):
    running = request.getfixturevalue("postgresql") if database == "postgresql" else None
    report = storm.storm(database, WEATHER[database], running)
    assert (report.lost, report.doubled) == ([], [])
    assert report.acknowledged and report.points >= storm.POINTS
    assert set(report.recovery_seconds) == set(WEATHER[database].kinds or storm.FAULTS[database])
