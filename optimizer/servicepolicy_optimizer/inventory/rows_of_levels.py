"""Chances on rising rows of levels, as a ladder of reorder points asks for them: few special functions a row.

A tail at the last level of a row, and what lies between neighbouring levels added to it, downwards: terms of
one sign, so nothing cancels. What lies between two levels is, for a counting law, the sum of its points, each
from the one before (Panjer's recursion for the class (a, b, 0)); for a gamma, the integral of its density by
a rule of Hermite in log x, in which the density and all its derivatives are smooth. Intervals in which that
rule could be off by more than `MOST_ERROR` are left to the special function.

Every row is computed by itself, so that it does not matter which rows come together.

Sources: Panjer (1981); Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.7 (two-point rules with
derivatives).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincc, gammaln

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
PointAndTail = Callable[[Array, Array, Array], tuple[Array, Array]]

FEWEST_LEVELS = 4
"""Rows with fewer levels are not worth a recursion."""
MOST_ERROR = 1e-13
"""Of the chance of an interval."""
WIDE_STEP2 = 0.04
"""Squared steps of log x, in deviations, up to which the rule keeps `MOST_ERROR` at any density."""
ERROR_OF_STEP = 1e-6
"""Error of the rule / (density x step^11), at most; seen over shapes from 0.02 to 2,000."""
MOST_STEPS_A_LEVEL = 12
"""A row whose levels lie further apart is left to the special function."""
NOTHING_BELOW = 1e-15
"""Chance of less that counts as none."""
LEAST_START = 1e-250
"""A recursion that starts from a smaller point loses digits where points grow."""
HERMITE = (1 / 2, 1 / 9, 1 / 72, 1 / 1008, 1 / 30240)
"""(p + 1)! (2p + 1 - m)! / ((m + 1)! (p - m)! (2p + 2)!), m = 0..p, for p = 4 derivatives at both ends."""


def is_rising(level: Array) -> bool:
    """Whether all rows hold enough levels, none below the one before it.

    >>> is_rising(np.array([[-1.0, 0, 0, 2, 5]])), is_rising(np.array([[3.0, 2, 4, 5, 6]]))
    (True, False)
    """
    return level.ndim == 2 and level.shape[1] > FEWEST_LEVELS and bool((level[:, 1:] >= level[:, :-1]).all())


def gamma_on_rising(shape: Array, u: Array) -> tuple[Array, Array]:
    """u f(u) and P(D > u) of gammas of scale 1 and shape (N, 1), on rising u (N, M), 0 or more.

    >>> u = np.linspace(0.0, 9.0, 40)[None, :]
    >>> density, tail = gamma_on_rising(np.array([[2.5]]), u)
    >>> bool(np.abs(tail - gammaincc(2.5, u)).max() < MOST_ERROR)
    True
    """
    with np.errstate(divide="ignore", under="ignore", over="ignore", invalid="ignore"):
        log_u = np.log(np.maximum(u, 1e-300))
        density = np.exp(shape * log_u - u - gammaln(shape))
        density[u <= 0] = 0.0
        step = log_u[:, 1:] - log_u[:, :-1]
        between = _gamma_between(shape, u, density, step)
        tail = np.empty_like(u)
        tail[:, -1:] = gammaincc(shape, u[:, -1:])
        tail[:, :-1] = between
        np.cumsum(tail[:, ::-1], axis=1, out=tail[:, ::-1])
        unsure = _unsure(shape, u, density, step)
    row, column = np.nonzero(unsure)
    k, at, here = shape[row, 0], u[row, column], density[row, column]
    # P(D <= u) is at most u f(u) / (k - u) below the mean
    certain = here < (k - at) * NOTHING_BELOW
    tail[row, column] = 1.0
    row, column = row[~certain], column[~certain]
    tail[row, column] = gammaincc(k[~certain], at[~certain])
    return density, tail


def _gamma_between(shape: Array, u: Array, density: Array, step: Array) -> Array:
    """(N, M - 1) integral of g = u f(u) over log u from level to level.

    With d = k - u the derivatives of g over log u are g times d, d² - u, d (d² - 3u) - u and
    d² (d² - 6u) + u (3u - 4d - 1).
    """
    away = shape - u
    square = away * away
    g1 = away * density
    g2 = (square - u) * density
    g3 = (away * (square - 3 * u) - u) * density
    g4 = (square * (square - 6 * u) + u * (3 * u - 4 * away - 1)) * density
    total = HERMITE[4] * step * (g4[:, :-1] + g4[:, 1:])
    for weight, g, sign in ((3, g3, -1), (2, g2, 1), (1, g1, -1), (0, density, 1)):
        ends = g[:, :-1] + g[:, 1:] if sign > 0 else g[:, :-1] - g[:, 1:]
        total += HERMITE[weight] * ends
        total *= step
    return np.asarray(total)


def _unsure(shape: Array, u: Array, density: Array, step: Array) -> Mask:
    """(N, M) levels above which there is an interval too wide for the rule."""
    step2 = step * step
    step2 *= np.maximum(np.maximum(u[:, 1:], shape), 1.0)
    wide = step2 > WIDE_STEP2
    columns = int(np.flatnonzero(wide.any(axis=0)).max(initial=-1)) + 1
    unsure = np.zeros(u.shape, dtype=bool)
    if columns:
        step2, left, right = step2[:, :columns], slice(columns), slice(1, columns + 1)
        highest = np.maximum(density[:, left], density[:, right])
        over_the_top = (u[:, left] < shape) & (shape < u[:, right])
        highest = np.where(over_the_top, np.sqrt(shape), highest)
        square = step2 * step2
        error = ERROR_OF_STEP * highest * square * square * step2 * np.sqrt(step2)
        bad = wide[:, left] & ~(error <= MOST_ERROR)
        unsure[:, :columns] = np.logical_or.accumulate(bad[:, ::-1], axis=1)[:, ::-1]
    return unsure


def counting_on_rising(
    level: Array, mean: Array, overdispersion: Array, directly: PointAndTail
) -> tuple[Array, Array]:
    """P(D = n) and P(D >= n) of Poisson or negative binomial demands on rising whole levels (N, M), 0 or
    more.

    mean, overdispersion   (N, 1)
    directly               the same from special functions, for single levels

    Rows are added up together with others of about their length, and their length alone says which.
    """
    point, tail = np.empty(level.shape), np.empty(level.shape)
    first = _first_levels(level, mean, overdispersion)
    width = _rounded_up(level[:, -1] - first + 1)
    short = width <= MOST_STEPS_A_LEVEL * level.shape[1]
    start = _starting_points(first, mean[:, 0], overdispersion[:, 0], directly)
    added = short & (start > LEAST_START)
    if not added.all():
        rest = ~added
        alike = np.broadcast_arrays(level[rest], mean[rest], overdispersion[rest])
        point[rest], tail[rest] = directly(*alike)
    for columns in np.unique(width[added]).tolist():
        rows = np.flatnonzero(added & (width == columns))
        points, tails = _added_up(
            first[rows], int(columns), start[rows], mean[rows], overdispersion[rows], directly
        )
        place = (level[rows] - first[rows, None]).astype(np.intp)
        point[rows] = np.take_along_axis(points, place, 1)
        tail[rows] = np.take_along_axis(tails, place, 1)
    return point, tail


def minus_log_of_none(mean: Array, overdispersion: Array, poisson_up_to: float = 1e-7) -> Array:
    """-log P(D = 0) = mu log(1 + b) / b, which is mu for a Poisson."""
    over = np.maximum(overdispersion, poisson_up_to)
    return np.asarray(mean * np.where(overdispersion > poisson_up_to, np.log1p(over) / over, 1.0))


def _first_levels(level: Array, mean: Array, overdispersion: Array) -> Array:
    """(N,) where the recursion starts: at zero, which needs no special function, unless that is far away."""
    first, last = level[:, 0], level[:, -1]
    near = first <= (last - first) * 0.75 + 16
    whole = minus_log_of_none(mean, overdispersion)[:, 0] < 500.0
    return np.where(near & whole, 0.0, first)


def _rounded_up(levels: Array) -> Array:
    """To 32, 48, 64, 96, 128, ...: few lengths, so that many rows share one.

    >>> _rounded_up(np.array([5.0, 32.0, 33.0, 50.0, 70.0])).tolist()
    [32.0, 32.0, 48.0, 64.0, 96.0]
    """
    power = 2.0 ** np.ceil(np.log2(np.maximum(levels, 32.0)))
    return np.where(levels <= 0.75 * power, np.maximum(0.75 * power, 32.0), power)


def _starting_points(first: Array, mean: Array, overdispersion: Array, directly: PointAndTail) -> Array:
    """(N,) P(D = first)."""
    start = np.exp(-minus_log_of_none(mean, overdispersion))
    above = np.flatnonzero(first > 0)
    if above.size:
        start[above] = directly(first[above], mean[above], overdispersion[above])[0]
        # where nothing is left there is nothing to lose: the row lies in the tail
        start[above] = np.where(first[above] > mean[above], np.maximum(start[above], 1e-249), start[above])
    return start


def _added_up(
    first: Array, columns: int, start: Array, mean: Array, overdispersion: Array, directly: PointAndTail
) -> tuple[Array, Array]:
    """p(n + 1) = p(n) (mu + b n) / ((n + 1) (1 + b)) from the first level up, tails from the last down."""
    level = first[:, None] + np.arange(columns - 1)
    points = np.empty((first.size, columns))
    points[:, 0] = start
    np.multiply(level, overdispersion, out=points[:, 1:])
    points[:, 1:] += mean
    level += 1.0
    level *= 1.0 + overdispersion
    points[:, 1:] /= level
    np.cumprod(points, axis=1, out=points)
    tails = points.copy()
    tails[:, -1] = directly(first + (columns - 1), mean[:, 0], overdispersion[:, 0])[1]
    np.cumsum(tails[:, ::-1], axis=1, out=tails[:, ::-1])
    return points, tails
