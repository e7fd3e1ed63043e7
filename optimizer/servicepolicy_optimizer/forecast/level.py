"""The level of a whole class's demand in the days to come: simple forecasts, combined by past error.

Sums over many items move together (season, trend, a good year), which no single item shows. Each forecast of
the bank is weighted with the inverse square of its mean square error so far (Bates and Granger 1969; that
combinations beat the choice of one is the steadiest finding of the M competitions, Makridakis et al. 2020).
Errors are of the logarithm, at the horizon that is asked for, and only of forecasts whose horizon has ended.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from servicepolicy_optimizer.facts import Floats

WEEK_DAYS = 7
HALF_LIVES_DAYS = (7.0, 14.0, 28.0, 56.0, 112.0)
"""Of exponential smoothing without trend: from last week to the last half year."""

TREND_SMOOTHING = ((0.2, 0.1), (0.3, 0.1), (0.5, 0.1))
"""Weekly smoothing of level and trend; the trend is damped by DAMPING a week (Gardner and McKenzie 1985)."""

DAMPING = 0.9
YEAR_DAYS, LATELY_DAYS = 364, 28
"""The season is that of whole weeks a year ago, by the growth of the latest four weeks over theirs."""

VOICES = np.array([1.0] * len(HALF_LIVES_DAYS) + [1.0] * len(TREND_SMOOTHING) + [8.0])
"""Weight of each forecast before errors tell: the season alone says what all the others cannot know, and
they say nearly the same; so it counts as much as they do together."""

LEAST_ERRORS = 3
"""Forecasts that must have ended before errors weigh; until then all weigh the same."""

ERROR_FLOOR = 0.1
"""Errors (of the logarithm) below this do not tell two forecasts apart."""


@dataclass(frozen=True)
class Levels:
    """Forecast level of J classes on K days a week apart, the last being today."""

    days: tuple[int, ...]
    """K days, rising."""
    pieces_per_day: Floats
    """(J, K) mean over the horizon that begins on the day, as it could be foreseen then."""
    error: Floats
    """(J,) root mean square error of the logarithm so far; NaN before LEAST_ERRORS horizons have ended."""


def levels(daily_pieces: Floats, horizon_days: int, first_day: int) -> Levels:
    """Forecast the mean demand of each class over a horizon, today and on every day a whole week before.

    daily_pieces   (J, T) known demand; today is day T
    first_day      days before it are not forecast from

    >>> steady = levels(np.full((1, 140), 5.0), 28, 42)
    >>> steady.pieces_per_day[0].round(9).tolist()[-1], float(steady.error[0].round(9))
    (5.0, 0.0)
    """
    today = daily_pieces.shape[1]
    days = np.arange(today % WEEK_DAYS, today + 1, WEEK_DAYS)
    days = days[days >= max(first_day, WEEK_DAYS)]
    if days.size == 0:
        days = np.array([today])
    bank = np.log(np.maximum(_bank(daily_pieces, days, horizon_days), 1e-9))
    there = np.isfinite(bank)
    bank = np.where(there, bank, 0.0)
    came = _came(daily_pieces, days, horizon_days)
    forecast = np.empty((daily_pieces.shape[0], days.size))
    square, count = np.zeros(bank.shape[:2]), np.zeros(bank.shape[:2])
    ended, own_square = 0, np.zeros(daily_pieces.shape[0])
    for k, day in enumerate(days):
        while days[ended] + horizon_days <= day:
            square += (bank[:, :, ended] - came[:, ended, None]) ** 2 * there[:, :, ended]
            count += there[:, :, ended]
            own_square += (forecast[:, ended] - came[:, ended]) ** 2
            ended += 1
        weight = there[:, :, k] * VOICES
        if ended >= LEAST_ERRORS:
            judged = weight * (count >= LEAST_ERRORS)
            weight = judged * (square / np.maximum(count, 1) + ERROR_FLOOR**2) ** -2.0
        forecast[:, k] = (bank[:, :, k] * weight).sum(axis=1) / weight.sum(axis=1)
    error = np.sqrt(own_square / ended) if ended >= LEAST_ERRORS else np.full(own_square.size, np.nan)
    return Levels(tuple(int(day) for day in days), np.exp(forecast), error)


def _came(daily_pieces: Floats, days: np.ndarray, horizon_days: int) -> Floats:
    """(J, K) logarithm of what came over the horizon; of what is known of it where it has not ended."""
    total = np.concatenate([np.zeros((daily_pieces.shape[0], 1)), np.cumsum(daily_pieces, axis=1)], axis=1)
    end = np.minimum(days + horizon_days, daily_pieces.shape[1])
    mean = (total[:, end] - total[:, days]) / np.maximum(end - days, 1)
    return np.asarray(np.log(np.maximum(mean, 1e-9)))


def _bank(daily_pieces: Floats, days: np.ndarray, horizon_days: int) -> Floats:
    """(J, F, K) every forecast of the bank; NaN where one has too little to go by."""
    smoothed = [_smoothed(daily_pieces, half_life)[:, days - 1] for half_life in HALF_LIVES_DAYS]
    trending = [_damped_trend(daily_pieces, days, horizon_days, *pair) for pair in TREND_SMOOTHING]
    return np.stack([*smoothed, *trending, _last_year(daily_pieces, days, horizon_days)], axis=1)


def _last_year(daily_pieces: Floats, days: np.ndarray, horizon_days: int) -> Floats:
    """(J, K) what came over the horizon a year ago, times the growth of the latest weeks since then.

    The seasonal naive forecast with growth (Hyndman and Athanasopoulos 2021, 5.2); NaN without a year before.
    """
    total = np.concatenate([np.zeros((daily_pieces.shape[0], 1)), np.cumsum(daily_pieces, axis=1)], axis=1)
    there = (days >= YEAR_DAYS + LATELY_DAYS) & (horizon_days <= YEAR_DAYS)
    if not there.any():
        return np.full((daily_pieces.shape[0], days.size), np.nan)
    then = np.where(there, days - YEAR_DAYS, LATELY_DAYS)

    def mean(from_day: np.ndarray, days_long: int) -> Floats:
        until = np.minimum(from_day + days_long, daily_pieces.shape[1])
        return np.asarray((total[:, until] - total[:, from_day]) / days_long)

    before = mean(then - LATELY_DAYS, LATELY_DAYS)
    lately = mean(np.maximum(days - LATELY_DAYS, 0), LATELY_DAYS)
    growth = np.divide(lately, before, out=np.full_like(before, np.nan), where=there & (before > 0))
    return np.asarray(mean(then, horizon_days) * growth)


def _smoothed(daily_pieces: Floats, half_life_days: float) -> Floats:
    """(J, T) exponentially weighted mean of the days up to and including each."""
    keep = 0.5 ** (1 / half_life_days)
    sums = lfilter([1.0], [1.0, -keep], daily_pieces, axis=1)
    weights = (1 - keep ** np.arange(1, daily_pieces.shape[1] + 1)) / (1 - keep)
    return np.asarray(sums / weights)


def _damped_trend(
    daily_pieces: Floats, days: np.ndarray, horizon_days: int, alpha: float, beta: float
) -> Floats:
    """(J, K) Holt's level and damped trend on the weeks that end with each day, averaged over the horizon."""
    start = int(days[-1] % WEEK_DAYS)
    weeks = daily_pieces[:, start : int(days[-1])].reshape(daily_pieces.shape[0], -1, WEEK_DAYS).mean(axis=2)
    ahead = np.arange(1, max(1, round(horizon_days / WEEK_DAYS)) + 1)
    mean_damping = float(np.cumsum(DAMPING**ahead).mean())
    level, trend = weeks[:, : min(4, weeks.shape[1])].mean(axis=1), np.zeros(weeks.shape[0])
    after = []
    for week in weeks.T:
        foreseen = level + DAMPING * trend
        before, level = level, foreseen + alpha * (week - foreseen)
        trend = beta * (level - before) + (1 - beta) * DAMPING * trend
        after.append(level + mean_damping * trend)
    number = (days - start) // WEEK_DAYS - 1
    # A falling trend never foresees less than a fifth of the level it falls from.
    floor = 0.2 * np.stack([np.maximum(w, 0.0) for w in _smoothed(daily_pieces, 14.0)[:, days - 1].T], axis=1)
    return np.asarray(np.maximum(np.stack(after, axis=1)[:, number], floor))
