"""Critical levels for slow items, exactly: one Poisson piece at a time, backorders or lost sales.

The vectorised `rationing` fits a law to the backlog; here the backlog's own probabilities are thinned and
passed from stage to stage. Use it for a single item, for checks and for searching the smallest base stock.

Sources: Deshpande, Cohen & Donohue (2003); Arslan, Graves & Roemer (2007); lost sales: Ha (1997), Melchiors,
Dekker & Kleijn (2000). Threshold clearing: the worst class is exact, a better class gets at least what is
stated here when backorders are cleared by priority.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, xlogy

from servicepolicy_optimizer.inventory.excess import Array


class LostSalesRationing(NamedTuple):
    """Steady state of a base stock with critical levels and lost sales."""

    unit_fill_rate: Array
    """Served share of each class, (K,)."""
    on_hand_pieces: float
    """Mean stock on hand."""


class RationedBaseStock(NamedTuple):
    """The smallest base stock that keeps every class's target, three ways."""

    separate_pieces: int
    """A shelf of its own for each class: the sum of their base stocks."""
    round_up_pieces: int
    """One shelf, everybody gets the strictest target."""
    rationing_pieces: int
    """One shelf with critical levels."""
    critical_level_pieces: tuple[int, ...]
    """The levels that go with `rationing_pieces`, best class first."""


def critical_level_fill_rates(
    reorder_point_pieces: int,
    order_quantity_pieces: int,
    critical_level_pieces: Sequence[int],
    demand_per_day: Sequence[float],
    lead_time_days: float,
) -> Array:
    """Fill rates of K classes of Poisson unit demand under (r, Q) with backorders, best class first, shape
    (K,).  [-]

    P(short at stage k) is carried down: the backlog W = D - y given D >= y, y uniform on r+1..r+Q, is thinned
    binomially to the better classes and must reach the next stage's stock c_{k} - c_{k-1}. For a base stock
    S take r = S - 1, Q = 1.

    >>> critical_level_fill_rates(7, 1, [0, 2], [1, 1], 2).round(10).tolist()
    [0.9799091906, 0.785130387]
    """
    levels, rates = np.asarray(critical_level_pieces, int), np.asarray(demand_per_day, float)
    total = float(rates.sum())
    demand = poisson_probabilities(total * lead_time_days)
    protected = reorder_point_pieces - int(levels[-1])
    backlog = np.zeros(demand.size + max(-protected, 0))
    for position in range(protected + 1, protected + order_quantity_pieces + 1):
        beyond = _beyond(demand, position)
        backlog[: beyond.size] += beyond / order_quantity_pieces
    fill = np.empty(levels.size)
    for k in range(levels.size - 1, -1, -1):
        fill[k] = max(1 - float(backlog.sum()), 0.0)
        if k:
            upto_k = float(rates[: k + 1].sum())
            part = float(rates[:k].sum()) / upto_k if upto_k > 0 else 0.0
            backlog = binomially_thinned(backlog, part)[int(levels[k] - levels[k - 1]) :]
    return fill


def critical_level_lost_sales(
    base_stock_pieces: int,
    critical_level_pieces: Sequence[int],
    demand_per_day: Sequence[float],
    lead_time_mean_days: float,
) -> LostSalesRationing:
    """Served shares and stock on hand of a base stock with critical levels when what is refused is lost.

    Birth and death on the stock on hand n: down at the rate of the classes with c_k < n, up at (S - n) / L.
    Exact for exponential lead times and, without levels, for any (Erlang's insensitivity); nearly
    insensitive otherwise.

    >>> answer = critical_level_lost_sales(5, [0, 1], [1, 1], 1)
    >>> answer.unit_fill_rate.round(10).tolist(), round(answer.on_hand_pieces, 10)
    ([0.9813084112, 0.8878504673], 3.1308411215)
    """
    levels, rates = np.asarray(critical_level_pieces), np.asarray(demand_per_day, float)
    weight = np.zeros(base_stock_pieces + 1)
    weight[-1] = 1.0
    for on_hand in range(base_stock_pieces, 0, -1):
        served = float(rates[levels < on_hand].sum())
        # P(n - 1) (S - n + 1) / L = P(n) served(n)
        weight[on_hand - 1] = (
            weight[on_hand] * served * lead_time_mean_days / (base_stock_pieces - on_hand + 1)
        )
    chance = weight / weight.sum()
    above = chance[::-1].cumsum()[::-1]
    fill = np.array([above[level + 1] if level < base_stock_pieces else 0.0 for level in levels])
    return LostSalesRationing(fill, float(chance @ np.arange(base_stock_pieces + 1)))


def smallest_rationed_base_stock(
    demand_per_day: Sequence[float], lead_time_days: float, target_fill_rate: Sequence[float]
) -> RationedBaseStock:
    """Smallest base stocks that keep the targets of two classes of Poisson unit demand: separate, round-up,
    rationed.

    >>> smallest_rationed_base_stock([2, 2], 2, [0.99, 0.9])[:3]
    (18, 16, 15)
    """
    rates, target = np.asarray(demand_per_day, float), np.asarray(target_fill_rate, float)
    if rates.size != 2 or target.size != 2:
        raise ValueError(
            "demand_per_day, target_fill_rate: two classes are searched, best class first; give two values"
        )
    separate = sum(
        _smallest_base_stock(rate * lead_time_days, goal) for rate, goal in zip(rates, target, strict=True)
    )
    round_up = _smallest_base_stock(float(rates.sum()) * lead_time_days, float(target.max()))
    for stock in range(1, round_up):
        for level in range(stock):
            fill = critical_level_fill_rates(stock - 1, 1, [0, level], demand_per_day, lead_time_days)
            if np.all(fill >= target):
                return RationedBaseStock(separate, round_up, stock, (0, level))
            if fill[1] < target[1]:
                break  # a higher level only lowers the worse class further
    return RationedBaseStock(separate, round_up, round_up, (0, 0))


def _smallest_base_stock(lead_time_demand_pieces: float, target_fill_rate: float) -> int:
    """Smallest S with P(D <= S - 1) >= target for Poisson demand."""
    reached = np.cumsum(poisson_probabilities(lead_time_demand_pieces))
    return int(np.searchsorted(reached, target_fill_rate)) + 1


def poisson_probabilities(mean: float) -> Array:
    """Poisson probabilities from 0 up to where the tail is below double precision."""
    count = int(mean + 12 * np.sqrt(mean + 4) + 30)
    n = np.arange(count)
    probability: Array = np.exp(xlogy(n, mean) - mean - gammaln(n + 1))
    return probability


def _beyond(probability: Array, level: int) -> Array:
    """P(D - level = w) for w = 0, 1, ...; a level below zero is backlog from the start."""
    if level <= 0:
        return np.concatenate([np.zeros(-level), probability])
    return probability[level:]


def binomially_thinned(probability: Array, part: float) -> Array:
    """P(thinned = j) = sum_w P(W = w) C(w, j) part^j (1 - part)^(w - j)."""
    w = np.arange(probability.size)
    j = w[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        log_choose = gammaln(w + 1.0) - gammaln(j + 1.0) - gammaln(np.maximum(w - j, 0) + 1.0)
        matrix = np.exp(log_choose + xlogy(j, part) + xlogy(np.maximum(w - j, 0), 1 - part))
    thinned: Array = np.where(w >= j, matrix, 0.0) @ probability
    return thinned
