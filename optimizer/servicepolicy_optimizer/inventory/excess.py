"""Moments of the excess (D - x)+ of one distribution: closed forms, element by element.

Everything the shelf needs is one ladder of numbers per stock level x,

    J_m(x) = E[((D - x)+)^m] / m!            continuous families
    S_m(n) = E[C(D - n, m); D >= n]          counting families, n whole

J_0 is P(D > x), J_1 the loss function G, J_2 its integral; S_0 is P(D >= n), S_1 = G, S_2 = sum of G(y) over
y > n. The next rung follows from the two below by a three-term recurrence, so one special function serves
all.

Sources: Zipkin, Foundations of Inventory Management (2000), app. C.2-C.3 (normal, gamma, Poisson, negative
binomial loss functions); the recurrences follow from k p(k) (1 + b) = b (r + k - 1) p(k - 1) and its
continuous kin.

Accuracy: the recurrences subtract, so the relative error grows like (distance from the mean in standard
deviations)^(2m) times 1e-16; values that rounding would turn negative are set to zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, gammainc, gammaincc, gammaln, ndtr, xlogy

from servicepolicy_optimizer.inventory.rows_of_levels import counting_on_rising, gamma_on_rising, is_rising

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.intp]

# Below this variance-to-mean excess a negative binomial cannot be told from a Poisson in double precision.
POISSON_LIMIT_OVERDISPERSION = 1e-7


def normal_excess(x_pieces: Array, mean_pieces: Array, sd_pieces: Array, highest_order: int) -> list[Array]:
    """J_0..J_m of a normal demand, from (m + 1) H_{m+1}(z) = H_{m-1}(z) - z H_m(z), H_{-1} = phi.  [J,
    pieces^m]

    Shapes broadcast. A demand without deviation is its mean.

    >>> [round(float(h), 7) for h in normal_excess(np.array(0.3), np.array(0.0), np.array(1.0), 2)]
    [0.3820886, 0.2667612, 0.1510301]
    """
    certain = sd_pieces <= 0
    sd = np.where(certain, 1.0, sd_pieces)
    z = (x_pieces - mean_pieces) / sd
    with np.errstate(over="ignore", under="ignore"):
        below: Array = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
        ladder: list[Array] = [ndtr(-z)]
        for order in range(highest_order):
            step = np.maximum((below - z * ladder[-1]) / (order + 1), 0.0)
            below = ladder[-1]
            ladder.append(step)
        ladder = [h * sd**order for order, h in enumerate(ladder)]
    return _with_certain_demand(ladder, certain, x_pieces, mean_pieces)


def gamma_excess(x_pieces: Array, mean_pieces: Array, sd_pieces: Array, highest_order: int) -> list[Array]:
    """J_0..J_m of a gamma demand of shape k, scale b: (m + 1) J_{m+1} = (b (k + m) - x) J_m + b x J_{m-1}.
    [J, pieces^m]

    The first rung uses b x f(x) = b k u^k e^-u / Gamma(k + 1) with u = x / b. Below zero the excess is D - x
    itself. The example is an exponential.

    >>> [round(float(j), 6) for j in gamma_excess(np.array(2.0), np.array(3.0), np.array(3.0), 2)]
    [0.513417, 1.540251, 4.620754]
    """
    certain = (sd_pieces <= 0) | (mean_pieces <= 0)
    mean, sd = np.where(certain, 1.0, mean_pieces), np.where(certain, 1.0, sd_pieces)
    shape, scale = (mean / sd) ** 2, sd * sd / mean
    x = np.maximum(x_pieces, 0.0)
    u = x / scale
    with np.errstate(under="ignore"):
        below, tail = _gamma_point_and_tail(shape, u)
        ladder: list[Array] = [tail]
        for order in range(highest_order):
            weight = 1.0 if order == 0 else u
            step = np.maximum(((shape + order - u) * ladder[-1] + weight * below) / (order + 1), 0.0)
            below = ladder[-1]
            ladder.append(step)
        ladder = [j * scale**order for order, j in enumerate(ladder)]
    if np.any(x_pieces < 0):
        ladder = _lowered(ladder, np.maximum(-x_pieces, 0.0))
    return _with_certain_demand(ladder, certain, x_pieces, np.maximum(mean_pieces, 0.0))


def _gamma_point_and_tail(shape: Array, u: Array) -> tuple[Array, Array]:
    """u f(u) and P(D > u) at scale 1."""
    if is_rising(u) and shape.ndim == 2 and shape.shape[1] == 1:
        return gamma_on_rising(np.broadcast_to(shape, (len(u), 1)), u)
    return shape * np.exp(xlogy(shape, u) - u - gammaln(shape + 1)), gammaincc(shape, u)


def counting_excess(
    level_pieces: Array, mean_pieces: Array, overdispersion: Array, highest_order: int
) -> tuple[Array, list[Array]]:
    """p(n) and S_0..S_m of a Poisson (overdispersion b = variance / mean - 1 = 0) or negative binomial (b >
    0) demand.

    (m + 1) S_{m+1} = (mu - n - m + m b) S_m + (mu + b (n + m - 1)) S_{m-1};  S_1 = (mu - n) S_0 + n (1 + b)
    p(n). `level_pieces` n must be whole; shapes broadcast; mean zero is no demand.

    >>> point, ladder = counting_excess(np.array(2.0), np.array(1.0), np.array(0.0), 2)
    >>> [round(float(v), 6) for v in (point, *ladder)]
    [0.18394, 0.264241, 0.103638, 0.028482]
    """
    over = np.where(np.asarray(overdispersion) <= POISSON_LIMIT_OVERDISPERSION, 0.0, overdispersion)
    n, mean, over = np.broadcast_arrays(level_pieces, mean_pieces, over)
    point, tail = counting_point_and_tail(n, mean, over)
    ladder = [tail]
    if highest_order > 0:
        ladder.append(np.maximum((mean - n) * tail + n * (1 + over) * point, 0.0))
    for m in range(1, highest_order):
        step = (mean - n - m + m * over) * ladder[m] + (mean + over * (n + m - 1)) * ladder[m - 1]
        ladder.append(np.maximum(step / (m + 1), 0.0))
    return point, ladder


def counting_point_and_tail(
    level_pieces: Array, mean_pieces: Array, overdispersion: Array
) -> tuple[Array, Array]:
    """p(n) = P(D = n) and P(D >= n) of a Poisson or negative binomial demand, n whole, shapes equal.

    >>> n, mean, over = np.array([0.0, 1.0]), np.array([2.0, 2.0]), np.array([0.0, 1.0])
    >>> point, tail = counting_point_and_tail(n, mean, over)
    >>> point.round(6).tolist(), tail.round(6).tolist()
    ([0.135335, 0.25], [1.0, 0.75])
    """
    n = np.maximum(level_pieces, 0.0)
    mean = np.maximum(mean_pieces, 1e-300)
    if is_rising(n) and mean_pieces.strides[1] == 0 == overdispersion.strides[1]:
        point, tail = counting_on_rising(n, mean[:, :1], overdispersion[:, :1], _direct)
    else:
        point, tail = _direct(n, mean, overdispersion)
    tail = np.where(mean_pieces > 0, tail, 0.0)
    return np.where(level_pieces < 0, 0.0, point), np.where(level_pieces <= 0, 1.0, tail)


def _direct(n: Array, mean: Array, overdispersion: Array) -> tuple[Array, Array]:
    """Each level by itself: a special function apiece."""
    poisson = overdispersion <= POISSON_LIMIT_OVERDISPERSION
    with np.errstate(under="ignore"):
        if poisson.all():
            point, tail = _poisson(n, mean)
        elif not poisson.any():
            point, tail = _negative_binomial(n, mean, overdispersion)
        else:
            point, tail = np.empty(n.shape), np.empty(n.shape)
            point[poisson], tail[poisson] = _poisson(n[poisson], mean[poisson])
            rest = ~poisson
            point[rest], tail[rest] = _negative_binomial(n[rest], mean[rest], overdispersion[rest])
    return point, tail


def _poisson(n: Array, mean: Array) -> tuple[Array, Array]:
    """P(D = n) and P(D >= n) = P(n, mean), the regularised lower incomplete gamma function."""
    return np.exp(xlogy(n, mean) - mean - gammaln(n + 1)), gammainc(np.maximum(n, 0.5), mean)


def _negative_binomial(n: Array, mean: Array, over: Array) -> tuple[Array, Array]:
    """P(D = n) and P(D >= n) = I_q(n, r) with r = mean / b, q = b / (1 + b)."""
    r = mean / over
    log_point = n * np.log(over) - (r + n) * np.log1p(over) - betaln(n + 1, r) - np.log(n + r)
    return np.exp(log_point), betainc(np.maximum(n, 0.5), r, over / (1 + over))


def _lowered(ladder: list[Array], distance: Array) -> list[Array]:
    """The ladder at `distance` below a point under which no demand lies: a binomial (Taylor) shift."""
    shifted = []
    for order in range(len(ladder)):
        total, power = ladder[order].copy(), np.ones_like(distance)
        for step in range(1, order + 1):
            power = power * distance / step
            total = total + ladder[order - step] * power
        shifted.append(total)
    return shifted


def _with_certain_demand(ladder: list[Array], certain: Mask, x: Array, mean: Array) -> list[Array]:
    """Replace the elements whose demand is certain by ((mean - x)+)^m / m!."""
    if not np.any(certain):
        return ladder
    excess = np.maximum(mean - x, 0.0)
    power = (excess > 0).astype(float)
    replaced = []
    for order, rung in enumerate(ladder):
        power = power * excess / order if order else power
        replaced.append(np.where(certain, power, rung))
    return replaced
