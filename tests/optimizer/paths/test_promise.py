"""Which rung of the ladder is promised."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.choices import SegmentTarget
from servicepolicy_optimizer.paths.promise import promises

LADDER = np.array([4.0, 8.0, 24.0, 48.0, 96.0])
CHANCES = np.array([[0.2, 0.7, 0.951, 0.99, 1.0]])


def asked(hours=None, on_time=0.95, otif=None, fill=0.0):
    return SegmentTarget(
        fill_rate=fill,
        response_hours=hours,
        on_time_probability=on_time,
        otif=otif,
        pieces_per_year=1.0,
        lines_per_year=1.0,
    )


def rung(target, chances=CHANCES):
    """Promised hours; None: late."""
    found = promises(chances, LADDER, target)
    return float(LADDER[found.rung[0]]) if found.kept[0] else None


def test_the_fastest_rung_with_the_asked_probability():
    assert rung(asked()) == 24.0
    assert rung(asked(on_time=0.96)) == 48.0


def test_a_target_below_that_rung_is_missed_and_the_fastest_rung_is_told():
    found = promises(CHANCES, LADDER, asked(hours=12.0))
    assert not found.kept[0]
    assert LADDER[found.fastest[0]] == 24.0


def test_a_target_on_the_rung_is_kept():
    assert rung(asked(hours=24.0)) == 24.0
    assert rung(asked(hours=24.0 * (1 - 1e-12))) == 24.0


def test_a_target_between_two_rungs_needs_the_faster_one():
    assert rung(asked(hours=47.0, on_time=0.96)) is None


def test_slower_than_the_last_rung_is_late_even_without_a_target():
    slow = np.array([[0.0, 0.0, 0.0, 0.1, 0.5]])
    found = promises(slow, LADDER, asked())
    assert not found.kept[0]
    assert found.fastest[0] == LADDER.size


def test_otif_that_the_fill_target_covers_changes_nothing():
    """0.9 / 0.951 = 0.946 is below the fill target of 0.95."""
    assert rung(asked(hours=96.0, otif=0.9, fill=0.95)) == 24.0


def test_otif_slows_the_promise_until_the_fill_target_covers_it():
    """0.94 / 0.951 = 0.988 > 0.95, but 0.94 / 0.99 = 0.9495."""
    assert rung(asked(hours=96.0, otif=0.94, fill=0.95)) == 48.0


def test_otif_that_nothing_covers_takes_the_surest_allowed_promise():
    assert rung(asked(hours=96.0, otif=0.97, fill=0.95)) == 96.0
    assert rung(asked(hours=48.0, otif=0.97, fill=0.95)) == 48.0
    assert rung(asked(hours=96.0, otif=0.9)) == 96.0


def test_of_equally_sure_promises_the_fastest():
    assert rung(asked(hours=96.0, otif=0.9), np.array([[0.0, 1.0, 1.0, 1.0, 1.0]])) == 8.0


chances = st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).map(lambda values: np.array([sorted(values)]))
targets = st.builds(
    asked,
    hours=st.none() | st.sampled_from([3.0, 4.0, 30.0, 96.0]),
    on_time=st.floats(0.5, 0.99),
    otif=st.none() | st.floats(0.1, 0.99),
    fill=st.sampled_from([0.0, 0.8, 0.95]),
)


@settings(deadline=None)
@given(chances, targets)
def test_a_promise_is_in_time_and_sure_enough(within, target):
    found = promises(within, LADDER, target)
    fits = (within[0] >= target.on_time_probability - 1e-9) & ((target.response_hours or np.inf) >= LADDER)
    assert found.kept[0] == fits.any()
    if fits.any():
        assert fits[found.rung[0]]
        assert found.fastest[0] <= found.rung[0]


@settings(deadline=None)
@given(chances, targets, st.floats(0.0, 0.4))
def test_asking_for_more_certainty_never_makes_the_promise_faster(within, target, more):
    stricter = asked(target.response_hours, min(target.on_time_probability + more, 0.999))
    lenient = asked(target.response_hours, target.on_time_probability)
    slower, faster = rung(stricter, within), rung(lenient, within)
    assert slower is None or (faster is not None and faster <= slower)


@settings(deadline=None)
@given(chances, targets)
def test_the_otif_rule_never_needs_more_fill_than_the_fastest_promise(within, target):
    if target.otif is None or rung(target, within) is None:
        return
    with_otif = promises(within, LADDER, target)
    without = promises(within, LADDER, asked(target.response_hours, target.on_time_probability))
    needs = [max(target.fill_rate, target.otif / within[0, one.rung[0]]) for one in (with_otif, without)]
    assert needs[0] <= needs[1] + 1e-9
