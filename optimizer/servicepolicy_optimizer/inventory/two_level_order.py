"""(s, S): when the position is at or below s at a review, order up to S. Exact cost and optimum, and a quick
formula.

Sources: Zheng & Federgruen, Operations Research 39 (1991) (cost by renewal, search); Snyder & Shen (2019),
4.4; Ehrhardt & Mosier (1984) (revised power approximation).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.excess import Array, counting_point_and_tail
from servicepolicy_optimizer.inventory.newsvendor import newsvendor_cost

LONGEST_SEARCH_LEVELS = 1_000_000


class TwoLevelPolicy(NamedTuple):
    """Reorder level s, order-up-to level S and cost a period."""

    reorder_level_pieces: float
    order_up_to_pieces: float
    cost_per_period: float


class TwoLevelCosts(NamedTuple):
    """Cost of an order, of a piece left at the end of a period and of a piece short then."""

    fixed_cost_per_order: float
    holding_cost_per_piece_period: float
    backorder_cost_per_piece_period: float


def two_level_cost(
    mean_per_period_pieces: float,
    lead_time_periods: int,
    costs: TwoLevelCosts,
    reorder_level_pieces: int,
    order_up_to_pieces: int,
) -> float:
    """[K + sum_j m(j) G(S - j)] / M(S - s), Poisson demand each period, cost charged on stock at a period's
    end.

    m is the renewal density of period demand, M its sum over j = 0..S-s-1; G is the newsvendor cost of L + 1
    periods.

    >>> round(two_level_cost(10, 0, TwoLevelCosts(64, 1, 9), 6, 40), 3)
    35.022
    """
    span = order_up_to_pieces - reorder_level_pieces
    visits = _visits(mean_per_period_pieces, span)
    level = order_up_to_pieces - np.arange(span, dtype=float)
    spent = float(visits @ _level_cost(mean_per_period_pieces, lead_time_periods, costs, level))
    return (costs.fixed_cost_per_order + spent) / float(visits.sum())


def cheapest_two_level_policy(
    mean_per_period_pieces: float, lead_time_periods: int, costs: TwoLevelCosts
) -> TwoLevelPolicy:
    """Optimal (s, S) of Poisson demand: for each S the best s, until S alone costs more than the best policy.

    >>> cheapest_two_level_policy(6, 0, TwoLevelCosts(5, 1, 4))[:2]
    (4.0, 10.0)
    """

    def level_cost(level: int) -> float:
        """G of one level."""
        return float(
            _level_cost(mean_per_period_pieces, lead_time_periods, costs, np.array([level], float))[0]
        )

    best_level = int(mean_per_period_pieces * (lead_time_periods + 1))
    while level_cost(best_level + 1) < level_cost(best_level):
        best_level += 1
    while level_cost(best_level - 1) <= level_cost(best_level):
        best_level -= 1
    best = TwoLevelPolicy(np.nan, np.nan, np.inf)
    for up_to in range(best_level, best_level + LONGEST_SEARCH_LEVELS):
        if level_cost(up_to) > best.cost_per_period:
            break
        found = _best_below(mean_per_period_pieces, lead_time_periods, costs, up_to, best_level)
        best = min(best, found, key=lambda policy: policy.cost_per_period)
    return best


def power_approximation(
    mean_per_period_pieces: float, sd_per_period_pieces: float, lead_time_periods: int, costs: TwoLevelCosts
) -> TwoLevelPolicy:
    """Revised power approximation: constants fitted by regression, so it is close, not exact. No cost is
    stated.

    Q = 1.30 mu^.494 (K/h)^.506 (1 + s_L²/mu²)^.116, z = sqrt(Q h / (s_L p)), s = .973 mu_L + s_L (.183/z +
    1.063 - 2.192 z), S = s + Q, over L + 1 periods. The cap for small Q is not applied.

    >>> [round(value, 3) for value in power_approximation(50, 8, 0, TwoLevelCosts(2.5, 0.18, 0.7))[:2]]
    [40.195, 74.29]
    """
    fixed, h, p = costs
    mean_lead = (lead_time_periods + 1) * mean_per_period_pieces
    sd_lead = np.sqrt(lead_time_periods + 1) * sd_per_period_pieces
    quantity = 1.30 * mean_per_period_pieces**0.494 * (fixed / h) ** 0.506
    quantity *= (1 + sd_lead**2 / mean_per_period_pieces**2) ** 0.116
    z = np.sqrt(quantity * h / (sd_lead * p))
    level = 0.973 * mean_lead + sd_lead * (0.183 / z + 1.063 - 2.192 * z)
    return TwoLevelPolicy(float(level), float(level + quantity), np.nan)


def _best_below(
    mean: float, lead_time_periods: int, costs: TwoLevelCosts, up_to: int, best_level: int
) -> TwoLevelPolicy:
    """The best s for one S: all spans at once from the running sums of the renewal formula."""
    longest = up_to - best_level + 1
    while True:
        span = longest * 2 + int(4 * np.sqrt(mean)) + 10
        visits = _visits(mean, span)
        cost = _level_cost(mean, lead_time_periods, costs, up_to - np.arange(span, dtype=float))
        total = (costs.fixed_cost_per_order + np.cumsum(visits * cost)) / np.cumsum(visits)
        place = int(np.argmin(total))
        if place < span - 1:
            return TwoLevelPolicy(float(up_to - place - 1), float(up_to), float(total[place]))
        longest *= 2


def _visits(mean: float, span: int) -> Array:
    """m(j), j = 0..span-1: expected periods spent j below S: m(0) = 1/(1 - p0), m(j) = sum_l p(l) m(j - l) /
    (1 - p0).
    """
    count = np.arange(span, dtype=float)
    point, _ = counting_point_and_tail(count, np.full(span, mean), np.zeros(span))
    visits = np.empty(span)
    visits[0] = 1 / (1 - point[0])
    for j in range(1, span):
        visits[j] = visits[0] * float(point[1 : j + 1] @ visits[j - 1 :: -1])
    return visits


def _level_cost(mean: float, lead_time_periods: int, costs: TwoLevelCosts, level: Array) -> Array:
    """Newsvendor cost of L + 1 periods at each level."""
    demand = Demand(np.asarray(Family.POISSON), np.asarray(mean * (lead_time_periods + 1)), np.zeros(()))
    return newsvendor_cost(
        level,
        demand.mean_pieces,
        demand.loss(level),
        costs.holding_cost_per_piece_period,
        costs.backorder_cost_per_piece_period,
    )
