"""Base stock: every piece asked for is ordered again at once, or at the next review (order-up-to S).

Sources: Zipkin (2000), ch. 6; Hopp & Spearman (2011), ch. 2; Cachon & Terwiesch, Matching Supply with Demand
(2012), ch. 14; Snyder & Shen (2019), ch. 4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.demand import Demand
from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.newsvendor import newsvendor_cost
from servicepolicy_optimizer.inventory.quantile import quantile


class BaseStock(NamedTuple):
    """A level and its expected cost a period."""

    base_stock_pieces: Array
    cost_per_period: Array


def base_stock_fill_rate(lead_time_demand: Demand, base_stock_pieces: npt.ArrayLike) -> Array:
    """Share of single-piece orders served from stock: P(D(L) <= S - 1), as seen by the customer (PASTA).  [-]

    A customer is served when S - 1 or fewer were asked for in the lead time before him; the critical ratio or
    P(D <= S) is another number. Counting families.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> float(base_stock_fill_rate(Demand(Family.POISSON, 10.0, 0.0), 15).round(3))
    0.917
    """
    return np.asarray(1 - lead_time_demand.survival(np.asarray(base_stock_pieces, float) - 1))


def base_stock_for_fill_rate(lead_time_demand: Demand, target_fill_rate: npt.ArrayLike) -> Array:
    """Smallest base stock whose customers are served from stock with this chance: quantile + 1.  [pieces]

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> float(base_stock_for_fill_rate(Demand(Family.POISSON, 10.0, 0.0), 0.9))
    15.0
    """
    return quantile(lead_time_demand, target_fill_rate) + 1


def base_stock_for_costs(
    protected_demand: Demand, holding_cost_per_piece: npt.ArrayLike, shortage_cost_per_piece: npt.ArrayLike
) -> BaseStock:
    """Cheapest level against the demand of the protection interval: smallest S with P(D <= S) >= p / (p + h).

    protected_demand  demand over L + R (periodic review, both included) or L (continuous review)
    The costs are per piece left over and per piece short at the end of a period.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> best = base_stock_for_costs(Demand(Family.NORMAL, 50.0 * 5, 8.0 * 5 ** 0.5), 0.18, 0.7)
    >>> [round(float(value), 4) for value in best]
    [264.7669, 4.4668]
    """
    h, p = np.asarray(holding_cost_per_piece, float), np.asarray(shortage_cost_per_piece, float)
    level = quantile(protected_demand, p / (p + h))
    return BaseStock(level, base_stock_cost(protected_demand, level, h, p))


def base_stock_cost(
    protected_demand: Demand,
    base_stock_pieces: npt.ArrayLike,
    holding_cost_per_piece: npt.ArrayLike,
    shortage_cost_per_piece: npt.ArrayLike,
) -> Array:
    """h E[(S - D)+] + p E[(D - S)+] of any level, a period.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> demand = Demand(Family.NORMAL, 50.0 * 5, 8.0 * 5 ** 0.5)
    >>> float(base_stock_cost(demand, 180, 0.18, 0.7).round(4))
    49.0002
    """
    stock = np.asarray(base_stock_pieces, float)
    return newsvendor_cost(
        stock,
        protected_demand.mean_pieces,
        protected_demand.loss(stock),
        holding_cost_per_piece,
        shortage_cost_per_piece,
    )
