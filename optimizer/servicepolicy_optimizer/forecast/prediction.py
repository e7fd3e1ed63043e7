"""The predictive demand of every item over the protection interval, from the lines known on a day."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.forecast.error_model import ErrorModel, PastErrors
from servicepolicy_optimizer.forecast.item_rates import Rates, walk
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
    level_error: Floats
    """(J,) root mean square error of the logarithm of the class's level; NaN where unknown."""


def predict(lines: KnownLines, protection_days: Ints, horizon_days: int) -> Prediction:
    """Foresee every item: its share of the class by its own smoothed past, the class's level as a whole.

    protection_days   (J,) H of each class, over which demand must be outlasted
    horizon_days      for how long the forecast stands, until the next

    The variance is fitted to the errors that the same forecasts made before (error_model.py), so it carries
    season, growth and what else was not foreseen.
    """
    lump = lump_sizes(lines.item, lines.pieces, lines.item_class.size)
    ahead = levels(lines.daily_pieces_of_classes(), horizon_days, LEAST_KNOWN_DAYS)
    protected = protection_days[lines.item_class]
    errors = PastErrors(lines, lump, protected)
    today: tuple[Floats, Rates] | None = None
    for k, rates in enumerate(walk(lines, ahead.days)):
        foreseen = _levelled(lines, rates, ahead, k)
        ended = rates.day + protected <= lines.day
        errors.add(
            foreseen * protected * ended, rates.effective_days, _came(lines, rates.day, protection_days)
        )
        today = foreseen, rates
    if today is None:
        raise ValueError("lines: no day to forecast from; give a history of at least one day")
    return _prediction(lines, errors.model(), today, ahead, (lump, protected))


def _levelled(lines: KnownLines, rates: Rates, ahead: Levels, k: int) -> Floats:
    """(H, N) the items' rates, scaled so that each class adds up to its forecast level."""
    totals = np.stack(
        [np.bincount(lines.item_class, one, minlength=lines.classes) for one in rates.pieces_per_day]
    )
    factor = ahead.pieces_per_day[None, :, k] / np.maximum(totals, 1e-300)
    return np.asarray(rates.pieces_per_day * np.where(totals > 0, factor, 0.0)[:, lines.item_class])


def _came(lines: KnownLines, day: int, protection_days: Ints) -> Floats:
    """(N,) pieces of each item over the protection interval of its class that begins on the day."""
    came = np.zeros(lines.item_class.size)
    for days in np.unique(protection_days):
        of_these = protection_days[lines.item_class] == days
        came[of_these] = lines.pieces_between(day, day + int(days))[of_these]
    return came


def _prediction(
    lines: KnownLines,
    model: ErrorModel,
    today: tuple[Floats, Rates],
    ahead: Levels,
    sizes: tuple[Floats, Ints],
) -> Prediction:
    (foreseen, rates), (lump, protection_days) = today, sizes
    items = np.arange(lines.item_class.size)
    half_life = model.half_life[lines.item_class]
    mean = foreseen[half_life, items]
    known = np.maximum(rates.effective_days[half_life, items], 1.0)
    over = mean * protection_days
    at_random = model.dispersion[lines.item_class] * lump * over * (1 + protection_days / known)
    variance = at_random + model.relative_variance[lines.item_class] * over**2
    return Prediction(mean, variance, lump, protection_days, model, ahead.error)
