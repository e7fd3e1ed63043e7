"""A short storm on both databases: real processes killed in the middle of runs and of a sweep."""

import pytest

from benchmarks import storm

# Few starts, because every start costs as much as four solves; `make storm` is the long form.
WEATHER = {
    "sqlite": storm.Weather(faults=2, customers=1, stalled_seconds=6),
    "postgresql": storm.Weather(
        faults=3, customers=1, workers=1, kinds=("solve", "worker", "database"), stalled_seconds=6
    ),
}


@pytest.mark.parametrize("database", sorted(WEATHER))
def test_nothing_acknowledged_is_lost_or_doubled(database, request):
    running = request.getfixturevalue("postgresql") if database == "postgresql" else None
    report = storm.storm(database, WEATHER[database], running)
    assert (report.lost, report.doubled) == ([], [])
    assert report.acknowledged and report.points >= storm.POINTS
    assert set(report.recovery_seconds) == set(WEATHER[database].kinds or storm.FAULTS[database])
