"""The predictive demand of every item over the protection interval, from the lines known on a day."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.forecast.error_model import ErrorModel, PastErrors, ordered_at_random
from servicepolicy_optimizer.forecast.foreseen import Foreseen, Source
from servicepolicy_optimizer.forecast.given import NOTHING_GIVEN, GivenForecasts
from servicepolicy_optimizer.forecast.item_rates import HALF_LIVES_DAYS, Rates, walk
from servicepolicy_optimizer.forecast.known_lines import KnownLines
from servicepolicy_optimizer.forecast.level import Levels, levels
from servicepolicy_optimizer.forecast.line_sizes import lump_sizes

LEAST_KNOWN_DAYS = 42
"""From fewer days nothing is foreseen whose error could teach anything."""


@dataclass(frozen=True)
class Prediction:
    """N items, J classes, as foreseen on a day."""

    pieces_per_day: Floats
    """(N,) mean."""
    variance_pieces2: Floats
    """(N,) of the demand over the protection interval, the error of its mean included."""
    lump_pieces: Floats
    """(N,) E[x²] / E[x] of the order line size x."""
    protection_days: Ints
    """(N,) of each item's class."""
    errors: ErrorModel
    """Of the smoothed forecasts."""
    level_error: Floats
    """(J,) root mean square error of the logarithm of the class's level; NaN where unknown."""
    is_given: NDArray[np.bool_]
    """(N,) whether the forecast is the company's own."""
    given_errors: ErrorModel
    """Of the company's own forecasts."""


@dataclass(frozen=True)
class _Sized:
    """N items: what their demand comes in, and what must be outlasted."""

    lump_pieces: Floats
    protection_days: Ints


@dataclass(frozen=True)
class _Part:
    """What one source says today, and how far it was off."""

    pieces_per_day: Floats
    variance_pieces2: Floats
    speaks: NDArray[np.bool_]
    errors: ErrorModel


def predict(
    lines: KnownLines, protection_days: Ints, horizon_days: int, given: GivenForecasts = NOTHING_GIVEN
) -> Prediction:
    """Foresee every item: as the company did; else by its share of the class and the class's level.

    protection_days   (J,) H of each class, over which demand must be outlasted
    horizon_days      for how long the forecast stands, until the next
    given             the company's own forecasts; the latest made on or before the day is taken

    The variance is fitted to the errors that the same forecasts made before (error_model.py), so it carries
    season, growth and what else was not foreseen. Where a given forecast states its error, that is taken.
    """
    protected = protection_days[lines.item_class]
    sized = _Sized(lump_sizes(lines.item, lines.pieces, lines.item_class.size), protected)
    ahead = levels(lines.daily_pieces_of_classes(), horizon_days, LEAST_KNOWN_DAYS)
    ours = _fitted(lines, _smoothed(lines, ahead), sized, ordered_at_random(lines.classes))
    # With too few errors of their own, given forecasts are taken to be off as far as ours.
    theirs = _fitted(lines, given.source(ahead.days, protected), sized, ours.errors)
    return Prediction(
        pieces_per_day=np.where(theirs.speaks, theirs.pieces_per_day, ours.pieces_per_day),
        variance_pieces2=np.where(theirs.speaks, theirs.variance_pieces2, ours.variance_pieces2),
        lump_pieces=sized.lump_pieces,
        protection_days=protected,
        errors=ours.errors,
        level_error=ahead.error,
        is_given=theirs.speaks,
        given_errors=theirs.errors,
    )


def _smoothed(lines: KnownLines, ahead: Levels) -> Source:
    """Every item's own smoothed past, for each half-life, scaled to the level of its class."""

    def days() -> Iterator[Foreseen]:
        items = lines.item_class.size
        for k, rates in enumerate(walk(lines, ahead.days)):
            mean, known = _levelled(lines, rates, ahead, k), np.maximum(rates.effective_days, 1.0)
            yield Foreseen(rates.day, mean, known, np.ones(items, bool), np.full(items, np.nan))

    return Source(len(HALF_LIVES_DAYS), days())


def _fitted(lines: KnownLines, source: Source, sized: _Sized, otherwise: ErrorModel) -> _Part:
    """Fit the source's errors over all past days; what it says on the last is the forecast."""
    protected, items = sized.protection_days, np.arange(lines.item_class.size)
    errors = PastErrors(lines, sized.lump_pieces, protected, source.variants)
    today: Foreseen | None = None
    for today in source.days:
        ended = (today.day + protected <= lines.day) & today.speaks
        if ended.any():
            came = _came(lines, today.day, protected)
            errors.add(today.pieces_per_day * protected * ended, today.effective_days, came)
    if today is None:
        raise ValueError("lines: no day to forecast from; give a history of at least one day")
    model = errors.model(otherwise)
    variant = model.half_life[lines.item_class]
    mean, over = today.pieces_per_day[variant, items], today.pieces_per_day[variant, items] * protected
    known = today.effective_days[variant, items]
    at_random = model.dispersion[lines.item_class] * sized.lump_pieces * over * (1 + protected / known)
    fitted = at_random + model.relative_variance[lines.item_class] * over**2
    stated = today.stated_sd_pieces
    return _Part(mean, np.where(np.isnan(stated), fitted, stated**2), today.speaks, model)


def _levelled(lines: KnownLines, rates: Rates, ahead: Levels, k: int) -> Floats:
    """(H, N) the items' rates, scaled so that each class adds up to its forecast level."""
    totals = np.stack(
        [np.bincount(lines.item_class, one, minlength=lines.classes) for one in rates.pieces_per_day]
    )
    factor = ahead.pieces_per_day[None, :, k] / np.maximum(totals, 1e-300)
    return np.asarray(rates.pieces_per_day * np.where(totals > 0, factor, 0.0)[:, lines.item_class])


def _came(lines: KnownLines, day: int, protection_days: Ints) -> Floats:
    """(N,) pieces of each item over its protection interval that begins on the day."""
    came = np.zeros(lines.item_class.size)
    for days in np.unique(protection_days):
        of_these = protection_days == days
        came[of_these] = lines.pieces_between(day, day + int(days))[of_these]
    return came
