"""How many pieces an order line has, drawn from the mean and the second moment that the facts give."""

import numpy as np

from servicepolicy_optimizer.facts import Floats


def drawn_sizes(mean: Floats, second_moment: Floats, rng: np.random.Generator) -> Floats:
    """Pieces of M order lines with mean E[x] and second moment E[x²] each.  (M,)

    Whole pieces, at least one: 1 + y, where y has the mean and variance left: Poisson with a gamma mean
    (negative binomial) where the variance exceeds the mean, else one of two neighbouring binomials (Adan, van
    Eenige & Resing, Probability in the Engineering and Informational Sciences 9, 1995). Both keep both
    moments. Goods that are measured (mean below one piece, or one piece on average but not always): gamma.

    >>> drawn_sizes(np.array([1.0, 4.0]), np.array([1.0, 16.0]), np.random.default_rng(1)).tolist()
    [1.0, 4.0]
    """
    variance = np.maximum(second_moment - mean**2, 0.0)
    variance = np.where(variance <= 1e-12 * mean**2, 0.0, variance)
    measured = (mean < 1.0) | ((mean == 1.0) & (variance > 0))
    over = ~measured & (variance > mean - 1.0)
    under = ~measured & ~over & (mean > 1.0)
    size = np.array(mean, float)
    size[measured] = _gamma(mean[measured], variance[measured], rng)
    size[over] = 1.0 + rng.poisson(_gamma(mean[over] - 1.0, variance[over] - (mean[over] - 1.0), rng))
    size[under] = 1.0 + _two_binomials(mean[under] - 1.0, variance[under], rng)
    return size


def _gamma(mean: Floats, variance: Floats, rng: np.random.Generator) -> Floats:
    safe = np.where(variance > 0, variance, 1.0)
    return np.where(variance > 0, rng.gamma(mean**2 / safe, safe / mean), mean)


def _two_binomials(mean: Floats, variance: Floats, rng: np.random.Generator) -> Floats:
    """Binomial of k or k + 1 trials, mixed so that mean and variance fit; the variance of whole numbers is at
    least f (1 - f), f being the mean's fraction.

    a = variance / mean² - 1 / mean lies in [-1/k, -1/(k + 1)]; k is chosen with probability
    q = (1 + a (1 + k) + sqrt(-a k (1 + k) - k)) / (1 + a), the chance of a trial is mean / (k + 1 - q).
    """
    fraction = mean - np.floor(mean)
    variance = np.maximum(variance, fraction * (1.0 - fraction))
    a = np.minimum(variance / mean**2 - 1.0 / mean, -1e-12)
    k = np.maximum(np.floor(-1.0 / a + 1e-9), 1.0)
    root = np.sqrt(np.maximum(-a * k * (1.0 + k) - k, 0.0))
    spread = 1.0 + a
    q = np.where(spread > 1e-12, (1.0 + a * (1.0 + k) + root) / np.where(spread > 1e-12, spread, 1.0), 0.0)
    q = np.clip(q, 0.0, 1.0)
    trials = np.where(rng.uniform(size=mean.size) < q, k, k + 1.0)
    return rng.binomial(trials.astype(np.int64), np.clip(mean / (k + 1.0 - q), 0.0, 1.0)).astype(float)
