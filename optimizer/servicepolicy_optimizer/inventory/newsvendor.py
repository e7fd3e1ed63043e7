"""One period, one order: the newsvendor.

Sources: Arrow, Harris & Marschak (1951); Snyder & Shen (2019), 4.3; Cachon & Terwiesch (2012), ch. 12.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.demand import Demand
from servicepolicy_optimizer.inventory.empirical import EmpiricalDemand
from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.loss import lognormal_loss, lognormal_quantile
from servicepolicy_optimizer.inventory.quantile import quantile


class NewsvendorOrder(NamedTuple):
    """The cheapest stock and its expected cost."""

    stock_pieces: Array
    cost: Array


def newsvendor_cost(
    stock_pieces: npt.ArrayLike,
    mean_pieces: npt.ArrayLike,
    loss_at_stock_pieces: npt.ArrayLike,
    holding_cost_per_piece: npt.ArrayLike,
    shortage_cost_per_piece: npt.ArrayLike,
) -> Array:
    """h E[(S - D)+] + p E[(D - S)+] = h (S - mu) + (h + p) G(S), for any law whose loss is known.

    >>> float(newsvendor_cost(5, 3.0, 0.5, 1.0, 4.0))
    4.5
    """
    h, p = np.asarray(holding_cost_per_piece, float), np.asarray(shortage_cost_per_piece, float)
    surplus = np.asarray(stock_pieces, float) - np.asarray(mean_pieces, float)
    return np.asarray(h * surplus + (h + p) * np.asarray(loss_at_stock_pieces, float))


def newsvendor(
    demand: Demand, holding_cost_per_piece: npt.ArrayLike, shortage_cost_per_piece: npt.ArrayLike
) -> NewsvendorOrder:
    """Smallest S with P(D <= S) >= p / (p + h); whole for counting families (the fractile is rounded up).

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> [round(float(value), 4) for value in newsvendor(Demand(Family.POISSON, 6.0, 0.0), 1, 4)]
    [8.0, 3.5701]
    """
    h, p = np.asarray(holding_cost_per_piece, float), np.asarray(shortage_cost_per_piece, float)
    stock = quantile(demand, p / (p + h))
    return NewsvendorOrder(stock, newsvendor_cost(stock, demand.mean_pieces, demand.loss(stock), h, p))


def newsvendor_lognormal(
    log_mean: float, log_sd: float, holding_cost_per_piece: float, shortage_cost_per_piece: float
) -> NewsvendorOrder:
    """Newsvendor of a lognormal demand; log_mean and log_sd are those of ln D.

    >>> [round(float(value), 3) for value in newsvendor_lognormal(6, 0.3, 1, 0.1765)]
    [295.627, 29.443]
    """
    ratio = shortage_cost_per_piece / (shortage_cost_per_piece + holding_cost_per_piece)
    stock = lognormal_quantile(ratio, log_mean, log_sd)
    mean = np.exp(log_mean + log_sd**2 / 2)
    short = lognormal_loss(stock, log_mean, log_sd)
    return NewsvendorOrder(
        stock, newsvendor_cost(stock, mean, short, holding_cost_per_piece, shortage_cost_per_piece)
    )


def newsvendor_empirical(
    demand: EmpiricalDemand, holding_cost_per_piece: float, shortage_cost_per_piece: float
) -> NewsvendorOrder:
    """Newsvendor of a demand given by its probabilities: the smallest support point that reaches the
    critical ratio.

    >>> demand = EmpiricalDemand(np.arange(1.0, 4.0), np.array([0.5, 0.25, 0.25]))
    >>> [float(value) for value in newsvendor_empirical(demand, 1, 2)]
    [2.0, 1.0]
    """
    ratio = shortage_cost_per_piece / (shortage_cost_per_piece + holding_cost_per_piece)
    stock = demand.quantile(ratio)
    cost = newsvendor_cost(
        stock, demand.mean_pieces, demand.loss(stock), holding_cost_per_piece, shortage_cost_per_piece
    )
    return NewsvendorOrder(np.asarray(stock), cost)
