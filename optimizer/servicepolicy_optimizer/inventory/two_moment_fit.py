"""A law on 0, 1, 2, ... with a given mean and deviation: binomial, Poisson, negative binomial or geometric
mixtures.

Source: Adan, van Eenige & Resing, "Fitting discrete distributions on the first two moments", Probability in
the Engineering and Informational Sciences 9 (1995). It exists where the variance is at least that of the two
whole numbers around the mean.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln, gammaln, xlogy

from servicepolicy_optimizer.inventory.excess import Array

TAIL_CHANCE = 1e-15
POISSON_WITHIN = 1e-7


def two_moment_probabilities(mean_pieces: float, sd_pieces: float, levels: int | None = None) -> Array:
    """P(D = n), n = 0, 1, ..., by the sign and size of a = (sd/mean)² - 1/mean.

    a < 0: mixture of two binomials; a = 0: Poisson; 0 < a < 1: mixture of two negative binomials;
    a >= 1: mixture of two geometrics. Without `levels` the table ends where its tail is below 1e-15.
    Raises ValueError where no law on whole numbers has these moments.

    >>> chance = two_moment_probabilities(5, 3)
    >>> round(float(chance[4]), 10), round(float(chance[:5].sum()), 10)
    (0.1425188919, 0.4908485005)
    """
    if mean_pieces <= 0:
        return np.ones(1)
    a = (sd_pieces / mean_pieces) ** 2 - 1 / mean_pieces
    whole, part = divmod(mean_pieces, 1.0)
    if sd_pieces**2 < part * (1 - part) - 1e-12:
        raise ValueError(
            f"sd_pieces: {sd_pieces:g} is below what whole pieces with mean {mean_pieces:g} must have, "
            f"{np.sqrt(part * (1 - part)):g}; raise it to that"
        )
    if levels is not None:
        return _probabilities(mean_pieces, a, levels)
    levels = int(whole + 20 * sd_pieces + 30)
    while True:
        chance = _probabilities(mean_pieces, a, levels)
        if chance[-1] * levels < TAIL_CHANCE:
            return chance
        levels *= 2


def _probabilities(mean: float, a: float, levels: int) -> Array:
    """The law of Adan et al. on 0..levels-1."""
    n = np.arange(levels, dtype=float)
    if abs(a) <= POISSON_WITHIN:
        return np.asarray(np.exp(xlogy(n, mean) - mean - gammaln(n + 1)))
    if a < 0:
        return _binomial_mixture(mean, a, n)
    if a < 1:
        return _negative_binomial_mixture(mean, a, n)
    return _geometric_mixture(mean, a, n)


def _binomial_mixture(mean: float, a: float, n: Array) -> Array:
    """q Bin(k, p) + (1 - q) Bin(k + 1, p) with -1/k <= a <= -1/(k + 1)."""
    k = max(int(np.floor(-1 / a + 1e-9)), 1)
    root = np.sqrt(max(-a * k * (1 + k) - k, 0.0))
    q = (1 + a * (1 + k) + root) / (1 + a) if abs(1 + a) > 1e-12 else 1.0
    p = min(mean / (k + 1 - q), 1.0)
    return q * _binomial(k, p, n) + (1 - q) * _binomial(k + 1, p, n)


def _negative_binomial_mixture(mean: float, a: float, n: Array) -> Array:
    """q NB(k, p) + (1 - q) NB(k + 1, p) with 1/(k + 1) <= a <= 1/k."""
    k = int(np.floor(1 / a + 1e-9))
    q = (a * (1 + k) - np.sqrt(max((1 + k) * (1 - a * k), 0.0))) / (1 + a)
    p = mean / (k + 1 - q + mean)
    return np.asarray(q * _negative_binomial(k, p, n) + (1 - q) * _negative_binomial(k + 1, p, n))


def _geometric_mixture(mean: float, a: float, n: Array) -> Array:
    """q Geo(p1) + (1 - q) Geo(p2), balanced means."""
    root = np.sqrt(a * a - 1)
    q = 1 / (1 + a + root)
    steep, flat = (mean * side / (2 + mean * side) for side in (1 + a + root, 1 + a - root))
    return np.asarray(q * (1 - steep) * steep**n + (1 - q) * (1 - flat) * flat**n)


def _binomial(k: int, p: float, n: Array) -> Array:
    """P(Bin(k, p) = n)."""
    inside = n <= k
    m = np.where(inside, n, 0)
    log_chance = (
        gammaln(k + 1.0) - gammaln(m + 1.0) - gammaln(k - m + 1.0) + xlogy(m, p) + xlogy(k - m, 1 - p)
    )
    return np.where(inside, np.exp(log_chance), 0.0)


def _negative_binomial(k: int, p: float, n: Array) -> Array:
    """P(NB = n): n successes of chance p before the k-th failure."""
    log_chance = xlogy(n, p) + k * np.log1p(-p) - betaln(n + 1, float(k)) - np.log(n + k)
    return np.asarray(np.exp(log_chance))
