"""Which rungs of the ladder are promised."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.choices import SegmentTarget
from servicepolicy_optimizer.paths.promise import promises

LADDER = np.array([4.0, 8.0, 24.0, 48.0, 96.0])
CHANCES = np.array([[0.2, 0.7, 0.951, 0.99, 1.0]])
ALIKE = np.zeros(LADDER.size, dtype=np.intp)
"""No rung loses demand or is compared with another segment's."""
APART = np.arange(LADDER.size)


def asked(hours=None, on_time=0.95, otif=None, fill=0.0):
    return SegmentTarget(
        fill_rate=fill,
        response_hours=hours,
        on_time_probability=on_time,
        otif=otif,
        pieces_per_year=1.0,
        lines_per_year=1.0,
    )


def rungs(target, chances=CHANCES, level=APART, surer=False):
    """Promised hours of one way; none: late."""
    found = promises(chances, LADDER, target, level, surer)
    assert found.kept[0] == bool(found.rung.size)
    return LADDER[found.rung].tolist()


def rung(target, chances=CHANCES):
    """Promised hours where one rung is as good as another; None: late."""
    (hours,) = rungs(target, chances, ALIKE) or (None,)
    return hours


def test_the_fastest_rung_with_the_asked_probability():
    assert rung(asked()) == 24.0
    assert rung(asked(on_time=0.96)) == 48.0


def test_a_target_below_that_rung_is_missed_and_the_fastest_rung_is_told():
    found = promises(CHANCES, LADDER, asked(hours=12.0), APART)
    assert not found.kept[0]
    assert LADDER[found.fastest[0]] == 24.0


def test_a_target_on_the_rung_is_kept():
    assert rung(asked(hours=24.0)) == 24.0
    assert rung(asked(hours=24.0 * (1 - 1e-12))) == 24.0


def test_a_target_between_two_rungs_needs_the_faster_one():
    assert rung(asked(hours=47.0, on_time=0.96)) is None


def test_slower_than_the_last_rung_is_late_even_without_a_target():
    slow = np.array([[0.0, 0.0, 0.0, 0.1, 0.5]])
    found = promises(slow, LADDER, asked(), APART)
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


def test_without_otif_nothing_is_promised_slower_than_it_need_be():
    assert rungs(asked(hours=96.0)) == [24.0]


def test_otif_is_promised_at_every_rung_that_spares_stock():
    assert rungs(asked(hours=96.0, otif=0.97, fill=0.95)) == [24.0, 48.0, 96.0]
    assert rungs(asked(hours=48.0, otif=0.97, fill=0.95)) == [24.0, 48.0]


def test_no_rung_is_slower_than_the_one_that_the_fill_target_covers():
    assert rungs(asked(hours=96.0, otif=0.94, fill=0.95)) == [24.0, 48.0]
    assert rungs(asked(hours=96.0, otif=0.94, fill=0.95), surer=True) == [24.0, 48.0, 96.0]


def test_of_rungs_that_lose_the_same_demand_the_one_that_needs_the_least_stock():
    """The last three rungs lose all demand there is."""
    lost = np.array([0, 1, 2, 2, 2])
    assert rungs(asked(hours=96.0, on_time=0.5, otif=0.97, fill=0.95), level=lost) == [8.0, 96.0]


def test_a_rung_that_is_kept_no_more_often_is_no_promise():
    chances = np.array([[0.0, 0.9, 0.9, 0.95, 0.95]])
    assert rungs(asked(on_time=0.5, otif=0.97), chances) == [8.0, 48.0]


def test_otif_of_nothing_asks_for_no_slower_promise():
    assert rungs(asked(otif=0.0)) == [24.0]


def test_every_way_gets_its_own_promises():
    chances = np.array([[0.0, 0.0, 0.0, 0.1, 0.5], CHANCES[0], [0.96, 0.97, 0.97, 0.97, 0.97]])
    found = promises(chances, LADDER, asked(otif=0.97), APART)
    assert found.kept.tolist() == [False, True, True]
    assert list(zip(found.way, found.rung, strict=True)) == [(1, 2), (1, 3), (1, 4), (2, 0), (2, 1)]


chances = st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).map(lambda values: np.array([sorted(values)]))
targets = st.builds(
    asked,
    hours=st.none() | st.sampled_from([3.0, 4.0, 30.0, 96.0]),
    on_time=st.floats(0.5, 0.99),
    otif=st.none() | st.floats(0.1, 0.99),
    fill=st.sampled_from([0.0, 0.8, 0.95]),
)


levels = st.lists(st.integers(0, 1), min_size=5, max_size=5).map(lambda steps: np.cumsum(steps))


@settings(deadline=None)
@given(chances, targets, levels)
def test_a_promise_is_in_time_and_sure_enough(within, target, level):
    found = promises(within, LADDER, target, level)
    fits = (within[0] >= target.on_time_probability - 1e-9) & ((target.response_hours or np.inf) >= LADDER)
    assert found.kept[0] == fits.any()
    assert fits[found.rung].all()
    assert (found.fastest[0] <= found.rung).all()


@settings(deadline=None)
@given(chances, targets, st.floats(0.0, 0.4))
def test_asking_for_more_certainty_never_makes_the_promise_faster(within, target, more):
    stricter = asked(target.response_hours, min(target.on_time_probability + more, 0.999))
    lenient = asked(target.response_hours, target.on_time_probability)
    slower, faster = rung(stricter, within), rung(lenient, within)
    assert slower is None or (faster is not None and faster <= slower)


@settings(deadline=None)
@given(chances, targets, levels)
def test_whatever_is_not_promised_has_a_promise_that_is_as_good(within, target, level):
    """No rung that could be promised loses less demand and needs less stock than all that are."""
    if target.otif is None:
        return
    found = promises(within, LADDER, target, level).rung
    need = np.maximum(target.fill_rate, target.otif / np.maximum(within[0], 1e-12))
    fits = (within[0] >= target.on_time_probability - 1e-9) & ((target.response_hours or np.inf) >= LADDER)
    for one in np.flatnonzero(fits):
        assert any(level[n] <= level[one] and need[n] <= need[one] * (1 + 1e-6) for n in found)


@settings(deadline=None)
@given(chances, targets, levels)
def test_a_slower_promise_spares_stock_and_loses_demand(within, target, level):
    """So none is there for nothing, and where no demand is lost there is one."""
    found = promises(within, LADDER, target, level).rung
    need = np.maximum(target.fill_rate, (target.otif or 0.0) / np.maximum(within[0, found], 1e-12))
    assert (np.diff(need) < 0).all() or target.fill_rate == 0
    assert (np.diff(level[found]) > 0).all()
    assert promises(within, LADDER, target, ALIKE).rung.size <= 1
