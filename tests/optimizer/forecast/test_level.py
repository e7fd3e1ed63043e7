"""The level of a class: exact where nothing moves, blind to what comes later, within its bank."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.forecast.level import HALF_LIVES_DAYS, levels


def noisy(seed, days=250, classes=2):
    return np.random.default_rng(seed).gamma(4.0, 25.0, (classes, days))


def test_what_comes_later_changes_no_earlier_forecast():
    daily = noisy(1)
    other = daily.copy()
    other[:, 203:] *= 7
    one, changed = levels(daily, 28, 42), levels(other, 28, 42)
    # Days are whole weeks before the last; those up to day 203 know the same.
    same = [k for k, day in enumerate(one.days) if day <= 203]
    assert len(same) > 20
    assert (one.pieces_per_day[:, same] == changed.pieces_per_day[:, same]).all()
    assert (one.pieces_per_day[:, -1] != changed.pieces_per_day[:, -1]).all()


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.01, 1e4))
def test_forecasts_scale_with_demand(seed, factor):
    daily = noisy(seed, 120)
    one, scaled = levels(daily, 28, 42), levels(factor * daily, 28, 42)
    assert scaled.pieces_per_day == pytest.approx(factor * one.pieces_per_day, rel=1e-6)
    assert scaled.error == pytest.approx(one.error, rel=1e-6, nan_ok=True)


def test_a_rising_class_is_foreseen_higher_than_its_mean_and_a_falling_one_lower():
    slope = np.linspace(50, 150, 210)
    rising, falling = levels(np.stack([slope, slope[::-1]]), 28, 42).pieces_per_day[:, -1]
    assert rising > 130
    assert falling < 70


def test_after_a_jump_short_memories_win():
    daily = np.concatenate([np.full(140, 10.0), np.full(140, 40.0)])[None]
    late = levels(daily, 14, 42).pieces_per_day[0]
    longest = 10 + 30 * (1 - 0.5 ** (140 / HALF_LIVES_DAYS[-1]))
    assert late[-1] > longest
    assert late[-1] == pytest.approx(40, rel=0.05)


def test_a_season_that_came_before_is_foreseen():
    days = np.arange(3 * 364)
    season = 100 * (1 + 0.6 * np.sin(2 * np.pi * days / 364))[None]
    long, short = (levels(season[:, start : 3 * 364 - 90], 28, 42) for start in (0, 2 * 364))
    came = season[0, 3 * 364 - 90 : 3 * 364 - 62].mean()
    assert abs(np.log(long.pieces_per_day[0, -1] / came)) < 0.03
    assert abs(np.log(short.pieces_per_day[0, -1] / came)) > 0.1


def test_a_noisy_season_is_heard_though_eight_others_say_the_same():
    """Before the second peak, which the smoothings do not see; with one voice among nine it was -0.20."""
    days = np.arange(2 * 364)
    curve = 100 * np.exp(0.4 * np.sin(2 * np.pi * (days - 200) / 364))
    error = []
    for seed in range(10):
        daily = curve * np.random.default_rng(seed).gamma(2.0, 0.5, days.size)
        for today in (564, 592, 620):
            foreseen = levels(daily[None, :today], 56, 42).pieces_per_day[0, -1]
            error.append(np.log(foreseen / curve[today : today + 56].mean()))
    assert np.mean(error) > -0.15


def test_what_comes_later_changes_no_forecast_of_a_season_either():
    daily = noisy(3, 700)
    other = daily.copy()
    other[:, 651:] *= 5
    one, changed = levels(daily, 28, 42), levels(other, 28, 42)
    same = [k for k, day in enumerate(one.days) if day <= 651]
    assert (one.pieces_per_day[:, same] == changed.pieces_per_day[:, same]).all()


def test_too_short_a_history_has_a_forecast_without_an_error():
    short = levels(np.full((1, 20), 3.0), 28, 42)
    assert short.days == (20,)
    assert short.pieces_per_day[0, 0] == pytest.approx(3.0)
    assert np.isnan(short.error).all()


def test_a_class_that_nobody_orders_from_is_foreseen_as_nothing():
    daily = np.stack([np.zeros(120), np.full(120, 5.0)])
    assert levels(daily, 28, 42).pieces_per_day[0].max() < 1e-6
