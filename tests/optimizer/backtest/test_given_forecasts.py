"""The company's own forecasts in place of ours: from the day on which they were made, with their errors."""

from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_optimizer.backtest import backtest
from servicepolicy_optimizer.backtest.period import period
from servicepolicy_optimizer.backtest.setting import setting
from servicepolicy_optimizer.backtest.situation import situation
from servicepolicy_optimizer.forecast import NOTHING_GIVEN, GivenForecasts
from tests.optimizer.backtest.worlds import history, nobody, plan, random_lines, scenario

ITEMS, DAYS = 40, 280
KNOWN = history(random_lines(21, items=ITEMS, days=DAYS, lines_a_day=1.0), DAYS)
RATE = np.bincount(KNOWN.item, KNOWN.pieces, minlength=ITEMS) / DAYS
QUOTE_NOTHING = {"quote_above_quantile": None}


def given(rows):
    """Rows are (item, made on, pieces a day) and may go on with error_sd_pieces and relative_error."""
    rows = sorted((*row, np.nan, np.nan)[:5] for row in rows)
    rows.sort(key=lambda row: row[1])
    item, day, mean, sd, relative = (np.array(column) for column in zip(*rows, strict=True))
    return GivenForecasts(item, day, mean.astype(float), sd.astype(float), relative.astype(float))


def weekly(factor_of, items=range(ITEMS), until=DAYS):
    """The true rate times a factor, made anew every week."""
    return given((n, day, RATE[n] * factor_of(n, day)) for n in items for day in range(0, until, 7))


def known_on(day, forecasts, **changes):
    """The situation on a day, and the setting."""
    asked = setting(scenario(), KNOWN, plan(**(QUOTE_NOTHING | changes)), forecasts)
    return situation(asked, day), asked


def test_the_mean_is_the_latest_that_had_been_made():
    forecasts = given([(3, 0, 9.0), (3, 168, 7.0), (3, 169, 5.0), (4, 169, 2.0)])
    ours = known_on(168, NOTHING_GIVEN)[0].prediction
    for day, means in {167: 9.0, 168: 7.0, 169: 5.0}.items():
        foreseen = known_on(day, forecasts)[0].prediction
        assert foreseen.pieces_per_day[3] == means
        assert np.flatnonzero(foreseen.is_given).tolist() == ([3, 4] if day == 169 else [3])
    foreseen = known_on(168, forecasts)[0].prediction
    others = np.arange(ITEMS) != 3
    assert (foreseen.pieces_per_day[others] == ours.pieces_per_day[others]).all()
    assert (foreseen.variance_pieces2[others] == ours.variance_pieces2[others]).all()


def test_forecasts_made_later_change_nothing_before():
    early = weekly(lambda n, day: 1.0)
    later = replace(early, pieces_per_day=early.pieces_per_day * np.where(early.made_on > 196, 9.0, 1.0))
    for day in (168, 196, 224):
        one, other = (known_on(day, forecasts)[0] for forecasts in (early, later))
        same = (one.prediction.variance_pieces2 == other.prediction.variance_pieces2).all()
        assert same == (day <= 196)
        assert (one.order_quantity_pieces == other.order_quantity_pieces).all() == (day <= 196)


def test_the_fitted_error_is_that_of_the_very_forecast():
    """Mean square error over the protection intervals to come, against the variance that was foreseen."""
    noise = np.random.default_rng(3).lognormal(-0.18, 0.6, (ITEMS, DAYS))
    foreseen = {}
    for name, factors in {"right": np.ones((ITEMS, DAYS)), "wrong": noise}.items():
        forecasts, square, variance = weekly(lambda n, day, f=factors: f[n, day]), 0.0, 0.0
        for day in range(168, 270, 14):
            known, _ = known_on(day, forecasts)
            came = KNOWN.lines_between(day, day + 8)  # lead time 7, review 1
            pieces = np.bincount(KNOWN.item[came], KNOWN.pieces[came], minlength=ITEMS)
            square += ((pieces - 8 * known.prediction.pieces_per_day) ** 2).sum()
            variance += known.prediction.variance_pieces2.sum()
        foreseen[name] = variance
        assert variance > 0.75 * square, name  # of noise that no variance function fits, on the safe side
        assert name == "wrong" or variance < 1.25 * square
    assert foreseen["wrong"] > 1.5 * foreseen["right"]


def test_with_few_errors_a_forecast_is_taken_to_be_off_as_far_as_ours():
    foreseen = known_on(252, given((n, 252, RATE[n]) for n in range(ITEMS)))[0].prediction
    assert (foreseen.given_errors.dispersion == foreseen.errors.dispersion).all()
    assert (foreseen.given_errors.relative_variance == foreseen.errors.relative_variance).all()


def test_an_error_that_is_stated_is_taken():
    forecasts = given([(0, 100, 2.0, 5.0), (1, 100, 3.0, np.nan, 0.5), (2, 100, 3.0)])
    foreseen = known_on(168, forecasts)[0].prediction
    assert foreseen.variance_pieces2[0] == 25.0
    assert foreseen.variance_pieces2[1] == (0.5 * 3.0 * 8) ** 2  # lead time 7, review 1
    assert foreseen.variance_pieces2[2] > 0


def test_what_is_quoted_is_taken_off_a_forecast_of_all_orders():
    forecasts = weekly(lambda n, day: 1.0)
    whole = known_on(252, forecasts)[0].prediction.pieces_per_day
    quoting, _ = known_on(252, forecasts, quote_above_quantile=0.8)
    promised = quoting.prediction.pieces_per_day
    assert (promised < whole).all()
    kept = quoting.known.pieces.sum() / KNOWN.pieces[KNOWN.day < 252].sum()
    assert promised.sum() / whole.sum() == pytest.approx(kept, abs=0.02)


@pytest.mark.parametrize("bias", [0.6, 1.0, 1.6])
def test_promises_hold_whatever_the_bias(bias):
    noise = np.random.default_rng(4).lognormal(-0.02, 0.2, (ITEMS, DAYS))
    forecasts = weekly(lambda n, day: bias * noise[n, day])
    found = backtest(scenario(), KNOWN, plan(**QUOTE_NOTHING), nobody, given=forecasts)
    assert found.promises[0].achieved_fill_rate == pytest.approx(0.9, abs=0.02)
    assert {one.forecast for one in found.items} == {"given"}
    assert sum(one.items for one in found.estimates if one.forecast == "given") == ITEMS
    assert all(one.half_life_days is None for one in found.estimates if one.forecast == "given")
    assert "forecast.fallen_back" not in {one.rule for one in found.findings}


def test_items_without_a_forecast_are_counted():
    forecasts = weekly(lambda n, day: 1.0, items=range(10, ITEMS))
    found = backtest(scenario(), KNOWN, plan(), nobody, given=forecasts)
    told = {one.rule: one for one in found.findings}["forecast.fallen_back"]
    assert told.count == 10
    assert sum(one.items for one in found.estimates if one.forecast == "smoothed") == 10
    assert {one.forecast for one in found.items if one.item < "I0010"} == {"smoothed"}


def test_what_was_foreseen_before_its_first_sale_is_promised_sooner():
    lines = [line for line in random_lines(21, items=5, days=DAYS) if line[1] or line[0] >= 200]
    known = history(lines, DAYS)
    promised = []
    for forecasts in (NOTHING_GIVEN, given([(0, 150, 1.5)]), given([(0, 150, 0.0)])):
        asked = setting(scenario(), known, plan(**QUOTE_NOTHING), forecasts)
        one = period(asked, situation(asked, 196), 224)
        promised.append(one.promised[known.item[one.lines] == 0])
        assert (one.known.order_quantity_pieces[0] > 0) == forecasts.pieces_per_day.any()
    nothing, foreseen, foreseen_as_nothing = promised
    assert foreseen.any() and foreseen.all()
    assert not nothing.any()
    assert not foreseen_as_nothing.any()
