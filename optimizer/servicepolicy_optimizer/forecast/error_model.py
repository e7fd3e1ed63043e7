"""How far forecasts of the demand over a protection interval were off: a variance function for each class.

For an item with forecast F over the interval, lump size x (line_sizes.py) and a forecast that rests on n
days of even weight, the mean square error is taken as

    E[(D − F)²] = φ · x · F · (1 + H / n) + c² · F²

The first term is the variance of orders that come at random (compound Poisson: φ = 1), of the interval of H
days and of the mean itself; φ is what orders come in flocks more, or evenly. The second is the error of the
level that all orders share. φ and c² of a class are fitted to the relative errors of all its items on all
past days of the history, by weighted least squares, both at least 0. Forecasts that were given are fitted in
the same way with 1 for 1 + H / n: on how many days they rest is not known, and their errors tell. (A variance
function pooled over items in the spirit of Taylor's law; that safety stock follows the error of the forecast
over the protection interval, see Silver, Pyke and Thomas 2017, 6.3, and Prak, Teunter and Syntetos 2017.)
"""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.forecast.item_rates import HALF_LIVES_DAYS
from servicepolicy_optimizer.forecast.known_lines import KnownLines
from servicepolicy_optimizer.history.sums import summed

LEAST_FORECAST_PIECES = 0.02
"""Items of which less is foreseen say nothing about relative errors."""

LEAST_ERRORS = 30
"""With fewer past errors a class is taken to be ordered at random (φ = 1, c² = 0), and given forecasts to be
off as far as ours."""

LEAST_DISPERSION = 0.05


@dataclass(frozen=True)
class ErrorModel:
    """For each of J classes: which variant of a source foresaw best, and how far it was off."""

    half_life: np.ndarray
    """(J,) index into HALF_LIVES_DAYS; 0 where the source has one variant only."""
    dispersion: Floats
    """(J,) φ."""
    relative_variance: Floats
    """(J,) c²."""


def ordered_at_random(classes: int) -> ErrorModel:
    """φ = 1, c² = 0 of every class."""
    return ErrorModel(np.zeros(classes, dtype=np.intp), np.ones(classes), np.zeros(classes))


class PastErrors:
    """Sums over past forecasts, from which the model is fitted."""

    def __init__(
        self,
        lines: KnownLines,
        lump_pieces: Floats,
        protection_days: Ints,
        variants: int = len(HALF_LIVES_DAYS),
    ) -> None:
        """Nothing is summed yet; lumps and protection intervals are (N,)."""
        self.lines, self.lump, self.days = lines, lump_pieces, protection_days
        shape = (variants, lines.classes)
        self.scaled_square, self.moments = np.zeros(shape), np.zeros((*shape, 5))
        self.count = np.zeros(shape)

    def add(self, foreseen: Floats, effective_days: Floats, came: Floats) -> None:
        """Compare forecasts (V, N) over the interval with what came (N,)."""
        for h, (forecast, known) in enumerate(zip(foreseen, effective_days, strict=True)):
            item = np.flatnonzero(forecast > LEAST_FORECAST_PIECES)
            f, d, lump = forecast[item], came[item], self.lump[item]
            self.scaled_square[h] += self._by_class(item, (d - f) ** 2 / (f + lump))
            # Weights: the relative error of a forecast of one lump has a spread of about one.
            x, y = lump / f * (1 + self.days[item] / known[item]), ((d - f) / f) ** 2
            weight = 1 / (1 + x) ** 2
            for m, term in enumerate((x * x, x, np.ones_like(x), x * y, y)):
                self.moments[h, :, m] += self._by_class(item, weight * term)
            self.count[h] += self._by_class(item, np.ones_like(x))

    def model(self, otherwise: ErrorModel | None = None) -> ErrorModel:
        """The fitted model; of classes with too few errors `otherwise`, or as if ordered at random."""
        few = otherwise or ordered_at_random(self.lines.classes)
        best = np.argmin(self.scaled_square / np.maximum(self.count, 1), axis=0)
        classes = np.arange(self.lines.classes)
        fitted = [_least_squares(*self.moments[h, j]) for j, h in zip(classes, best, strict=True)]
        enough = self.count[best, classes] >= LEAST_ERRORS
        dispersion = np.where(enough, [max(phi, LEAST_DISPERSION) for phi, _ in fitted], few.dispersion)
        return ErrorModel(best, dispersion, np.where(enough, [c2 for _, c2 in fitted], few.relative_variance))

    def _by_class(self, item: np.ndarray, amount: Floats) -> Floats:
        return summed(self.lines.item_class[item], amount, self.lines.classes)


def _least_squares(xx: float, x: float, one: float, xy: float, y: float) -> tuple[float, float]:
    """(a, b) >= 0 that fit y = a x + b best, from weighted sums.

    >>> _least_squares(14.0, 6.0, 3.0, 31.0, 15.0)  # y = 0.5 x + 4 at x = 1, 2, 3
    (0.5, 4.0)
    """
    determinant = xx * one - x * x
    if determinant > 1e-12 * xx * one:
        a, b = (one * xy - x * y) / determinant, (xx * y - x * xy) / determinant
        if a >= 0 and b >= 0:
            return float(a), float(b)
    only_a, only_b = (xy / xx if xx > 0 else 0.0), (y / one if one > 0 else 0.0)
    # The better of the two lines with one term: the larger fall of the sum of squares.
    return (float(only_a), 0.0) if only_a * xy >= only_b * y else (0.0, float(only_b))
