"""The stock level that a demand exceeds with a given chance: quantiles of the families, whole for counting
ones.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, nbdtrik, ndtri, pdtrik

from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.excess import POISSON_LIMIT_OVERDISPERSION, Array

NEIGHBOURS_TRIED = 3


def quantile(demand: Demand, chance: npt.ArrayLike) -> Array:
    """Smallest x with P(D <= x) >= chance; shape (N,), chance (N,) or (), strictly between 0 and 1.  [pieces]

    This is the reorder point (order-up-to level) of a cycle service level: the chance of no stockout in a
    cycle.

    >>> float(quantile(Demand(Family.POISSON, 10.0, 0.0), 0.625))
    11.0
    >>> float(quantile(Demand(Family.NORMAL, 5000.0, 707.1067811865), 0.9).round(1))
    5906.2
    """
    p = np.asarray(chance, float)
    if np.any(~((p > 0) & (p < 1))):
        raise ValueError("chance: a quantile exists strictly between 0 and 1; ask for a value inside")
    shape = np.broadcast_shapes(p.shape, demand.family.shape)
    p, family = np.broadcast_to(p, shape), np.broadcast_to(demand.family, shape)
    mean = np.broadcast_to(demand.mean_pieces - demand.certain_pieces, shape)
    sd = np.broadcast_to(demand.sd_pieces, shape)
    answer = np.where(family == Family.NORMAL, mean + sd * ndtri(p), 0.0)
    gamma = (family == Family.GAMMA) & (mean > 0)
    answer[gamma] = _gamma_quantile(mean[gamma], sd[gamma], p[gamma])
    counting = np.isin(family, (Family.POISSON, Family.NEGATIVE_BINOMIAL)) & (mean > 0)
    if np.any(counting):
        # The special functions are dear, so each law is asked about its own items only.
        answer[counting] = _counting_quantile(family[counting], mean[counting], sd[counting], p[counting])
    return answer + np.broadcast_to(demand.certain_pieces, shape)


def _gamma_quantile(mean: Array, sd: Array, p: Array) -> Array:
    """Of a gamma law; without deviation it is its mean."""
    scale = np.where(sd > 0, sd, 1.0) ** 2 / mean
    return np.where(sd > 0, gammaincinv(mean / scale, p) * scale, mean)


def _counting_quantile(family: npt.NDArray[np.int64], mean: Array, sd: Array, p: Array) -> Array:
    """A continuous start value, then the neighbours are tried against the law itself."""
    over = np.where(family == Family.NEGATIVE_BINOMIAL, np.maximum(sd**2 / mean - 1, 0.0), 0.0)
    poisson = over <= POISSON_LIMIT_OVERDISPERSION
    start = np.empty(mean.shape)
    start[poisson] = pdtrik(p[poisson], mean[poisson])
    rest = ~poisson
    start[rest] = nbdtrik(p[rest], mean[rest] / over[rest], 1 / (1 + over[rest]))
    lowest = np.maximum(np.nan_to_num(np.floor(start), nan=0.0) - NEIGHBOURS_TRIED, 0.0)
    candidates = lowest[..., None] + np.arange(2 * NEIGHBOURS_TRIED + 1)
    enough = 1 - Demand(family, mean, sd).survival(candidates) >= p[..., None]
    return np.asarray(lowest + np.argmax(enough, axis=-1))
