"""What comes later changes nothing that was decided before."""

import numpy as np
import pytest

from servicepolicy_optimizer.backtest import backtest
from servicepolicy_optimizer.backtest.calibration import CHANCES, curves
from servicepolicy_optimizer.backtest.keeping import kept
from servicepolicy_optimizer.backtest.period import period
from servicepolicy_optimizer.backtest.setting import setting
from servicepolicy_optimizer.backtest.situation import situation
from tests.optimizer.backtest.worlds import history, nobody, plan, random_lines, scenario

CHANGED_FROM = 224


@pytest.fixture(scope="module")
def two_futures():
    """The same lines until a refit, and then ten times as many in one of them."""
    lines = random_lines(5, items=30, days=280)
    more = [line for line in random_lines(6, items=30, days=280) if line[0] >= CHANGED_FROM]
    flood = 9 * more
    return history(lines, 280), history([*lines, *flood], 280)


def decided(known):
    """Everything that the refits decide, by day."""
    asked = setting(scenario(), known, plan())
    days = asked.refit_days()
    ends = [*days[1:], known.days]
    periods = tuple(period(asked, situation(asked, day), end) for day, end in zip(days, ends, strict=True))
    found = kept(asked, periods, curves(asked, periods), 0.9, False)
    judged = [one for one in periods if one.from_day >= asked.first_judged_day]
    return {one.from_day: (one.known, points) for one, points in zip(judged, found.points, strict=True)}


def test_reorder_points_before_a_flood_are_those_without_it(two_futures):
    calm, flooded = map(decided, two_futures)
    compared = 0
    for day, (known, points) in calm.items():
        other, points_there = flooded[day]
        if day <= CHANGED_FROM:
            assert (points.reorder_point_pieces == points_there.reorder_point_pieces).all()
            assert (known.item_class == other.item_class).all()
            assert (known.prediction.variance_pieces2 == other.prediction.variance_pieces2).all()
            assert (known.quote_above_pieces == other.quote_above_pieces).all()
            compared += 1
    assert compared == 3
    assert np.abs(calm[252][1].reorder_point_pieces - flooded[252][1].reorder_point_pieces).max() > 0


def test_catching_up_knows_the_periods_before_and_the_length_of_the_rest(two_futures):
    calm, flooded = (backtest(scenario(), one, plan(), nobody).promises[0].periods for one in two_futures)
    upto = [n for n, one in enumerate(calm) if one.first_day <= "2024-08-12"]
    assert [calm[n].planned_fill_rate for n in upto[:-1]] == [flooded[n].planned_fill_rate for n in upto[:-1]]
    assert calm[-1].planned_fill_rate != flooded[-1].planned_fill_rate


def test_the_grid_of_chances_runs_from_all_to_no_stock():
    known = history(random_lines(8, items=20, days=220), 220)
    asked = setting(scenario(), known, plan())
    found = curves(asked, (period(asked, situation(asked, 168), 220),))
    share = found.delivered[:, 0].sum(axis=1) / found.promised[0].sum()
    assert share[0] > 0.98
    assert share[-1] < 0.7
    assert CHANCES.size == share.size
