"""Loss functions G(x) = E[(D - x)+] of single textbook laws, elementwise.

The families the product uses for items live in `demand`; these serve planners' formulas and checks.
Sources: Zipkin (2000), app. C; Hopp & Spearman, Factory Physics (2011), ch. 2; Snyder & Shen, Fundamentals
of Supply Chain Theory (2019), app. C. Complementary loss, E[(x - D)+], is x - mean + G(x).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, ndtr, ndtri

from servicepolicy_optimizer.inventory.excess import Array, normal_excess

NEWTON_STEPS = 60
LARGEST_Z = 37.0  # beyond it the loss is below the smallest double


def standard_normal_loss(z: npt.ArrayLike) -> Array:
    """G(z) = phi(z) - z (1 - Phi(z)).  [-]

    >>> round(float(standard_normal_loss(1.0)), 5)
    0.08332
    """
    return normal_excess(np.asarray(z, float), np.zeros(()), np.ones(()), 1)[1]


def standard_normal_second_loss(z: npt.ArrayLike) -> Array:
    """H(z) = 1/2 E[((Z - z)+)²] = 1/2 [(z² + 1)(1 - Phi(z)) - z phi(z)], the integral of G above z.  [-]

    >>> round(float(standard_normal_second_loss(0.0)), 5)
    0.25
    """
    return normal_excess(np.asarray(z, float), np.zeros(()), np.ones(()), 2)[2]


def inverse_standard_normal_loss(loss: npt.ArrayLike) -> Array:
    """The z with G(z) = loss, for loss > 0: Newton on log G, which is concave, so it settles from one side.
    [-]

    >>> round(float(inverse_standard_normal_loss(0.08332)), 3)
    1.0
    """
    target = np.asarray(loss, float)
    if np.any(~(target > 0)):
        raise ValueError(
            "loss: the expected shortage of a normal demand is never 0 or less; ask for more than 0"
        )
    z = np.where(target > 0.4, -target, np.sqrt(np.maximum(-2 * np.log(target), 0.0)))
    for _ in range(NEWTON_STEPS):
        at_z = standard_normal_loss(z)
        step = at_z / ndtr(-z) * np.log(at_z / target)
        z = np.minimum(z + step, LARGEST_Z)
        if np.all(np.abs(step) <= 1e-14 * (1 + np.abs(z))):
            break
    return np.asarray(z)


def lognormal_loss(x: npt.ArrayLike, log_mean: npt.ArrayLike, log_sd: npt.ArrayLike) -> Array:
    """Loss of a lognormal; log_mean and log_sd are those of ln D.  [unit of x]

    G(x) = exp(mu + s²/2) Phi((mu + s² - ln x)/s) - x Phi((mu - ln x)/s).

    >>> round(float(lognormal_loss(10, 2, 0.3)), 6)
    0.28365
    """
    stock, mu, sd = np.asarray(x, float), np.asarray(log_mean, float), np.asarray(log_sd, float)
    with np.errstate(divide="ignore"):
        log_x = np.log(np.maximum(stock, 0.0))
    mean = np.exp(mu + sd * sd / 2)
    above = mean * ndtr((mu + sd * sd - log_x) / sd) - stock * ndtr((mu - log_x) / sd)
    loss: Array = np.where(stock > 0, above, mean - stock)
    return loss


def lognormal_quantile(chance: npt.ArrayLike, log_mean: npt.ArrayLike, log_sd: npt.ArrayLike) -> Array:
    """The x with P(D <= x) = chance: exp(mu + s Phi^-1(chance)).

    >>> round(float(lognormal_quantile(0.5, 6, 0.3)), 3)
    403.429
    """
    return np.asarray(np.exp(np.asarray(log_mean, float) + np.asarray(log_sd, float) * ndtri(chance)))


def exponential_loss(x: npt.ArrayLike, rate: npt.ArrayLike) -> Array:
    """Loss of an exponential of this RATE (1 / mean): exp(-rate x) / rate.  [unit of x]

    >>> round(float(exponential_loss(1, 0.2)), 6)
    4.093654
    """
    stock, per_unit = np.asarray(x, float), np.asarray(rate, float)
    loss: Array = np.where(
        stock > 0, np.exp(-per_unit * np.maximum(stock, 0)) / per_unit, 1 / per_unit - stock
    )
    return loss


def uniform_loss(x: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> Array:
    """Loss of a uniform law on [low, high]: (high - x)² / (2 (high - low)) inside.  [unit of x]

    >>> float(uniform_loss(93.611, 0, 100).round(5))
    0.2041
    """
    stock, a, b = np.asarray(x, float), np.asarray(low, float), np.asarray(high, float)
    inside = np.clip(stock, a, b)
    loss: Array = (b - inside) ** 2 / (2 * (b - a)) + np.maximum(a - stock, 0.0)
    return loss


def geometric_loss(x: npt.ArrayLike, success_chance: npt.ArrayLike) -> Array:
    """Loss of a geometric law on 1, 2, ...: (1 - p)^x / p at whole x >= 0.  [pieces]

    >>> round(float(geometric_loss(4, 0.2)), 4)
    2.048
    """
    stock, p = np.asarray(x, float), np.asarray(success_chance, float)
    whole = np.floor(np.maximum(stock, 0.0))
    tail = (1 - p) ** whole
    loss: Array = np.where(stock >= 0, tail / p - (stock - whole) * tail, 1 / p - stock)
    return loss


def binomial_loss(x: npt.ArrayLike, trials: npt.ArrayLike, success_chance: npt.ArrayLike) -> Array:
    """Loss of a binomial: n p P(Bin(n - 1, p) >= x) - x P(Bin(n, p) > x) at whole x.  [pieces]

    >>> round(float(binomial_loss(1, 2, 0.5)), 3)
    0.25
    """
    stock, n, p = np.asarray(x, float), np.asarray(trials, float), np.asarray(success_chance, float)
    whole = np.floor(stock)
    above = _binomial_tail(whole + 1, n, p)
    loss: Array = n * p * _binomial_tail(whole, n - 1, p) - stock * above
    return loss


def _binomial_tail(k: Array, n: Array, p: Array) -> Array:
    """P(Bin(n, p) >= k) = I_p(k, n - k + 1)."""
    inside = (k > 0) & (k <= n)
    tail = betainc(np.where(inside, k, 1.0), np.where(inside, n - k + 1, 1.0), p)
    return np.where(k <= 0, 1.0, np.where(inside, tail, 0.0))
