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
    safe_sd = np.where(sd > 0, sd, 1.0)
    scale = safe_sd**2 / np.where(gamma, mean, 1.0)
    from_gamma = np.where(sd > 0, gammaincinv(np.where(gamma, mean, 1.0) / scale, p) * scale, mean)
    answer = np.where(gamma, from_gamma, answer)
    counting = np.isin(family, (Family.POISSON, Family.NEGATIVE_BINOMIAL)) & (mean > 0)
    if np.any(counting):
        answer = np.where(counting, _counting_quantile(demand, family, mean, sd, p), answer)
    return answer + np.broadcast_to(demand.certain_pieces, shape)


def _counting_quantile(
    demand: Demand, family: npt.NDArray[np.int64], mean: Array, sd: Array, p: Array
) -> Array:
    """A continuous start value, then the neighbours are tried against the law itself."""
    mean = np.maximum(mean, 1e-300)
    over = np.where(family == Family.NEGATIVE_BINOMIAL, np.maximum(sd**2 / mean - 1, 0.0), 0.0)
    poisson = over <= POISSON_LIMIT_OVERDISPERSION
    over = np.where(poisson, 1.0, over)
    start = np.where(poisson, pdtrik(p, mean), nbdtrik(p, mean / over, 1 / (1 + over)))
    start = np.nan_to_num(np.floor(start), nan=0.0)
    lowest = np.maximum(start - NEIGHBOURS_TRIED, 0.0)
    steps = np.arange(2 * NEIGHBOURS_TRIED + 1)
    candidates = lowest[..., None] + steps
    enough = 1 - demand.survival(candidates + demand.certain_pieces[..., None]) >= p[..., None]
    return np.asarray(lowest + np.argmax(enough, axis=-1))
