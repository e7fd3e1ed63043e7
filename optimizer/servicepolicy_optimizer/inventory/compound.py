"""Compound Poisson demand: orders come at random, each for a random number of pieces. Exact on whole pieces.

Two roads to the same numbers: Panjer's recursion for one item, the Fourier transform for many at once. The
transform of the demand over a time L is exp(lambda L (phi - 1)), phi the transform of the order size; over a
gamma lead time it is (1 + lambda s²/m (1 - phi))^(-m²/s²), so random lead times cost nothing more.

Sources: Panjer (1981); Adelson (1966); Axsäter (2015), 5.1.4 and 5.3; Broekmeulen & van Donselaar (shifted
geometric sizes). A customer finds the stock as it is at a random moment (PASTA), so with an inventory
position uniform on r+1..r+Q the unit fill rate is `pooled_performance` of the demand here, without further
assumption.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.lattice import LatticeDemand, convolved
from servicepolicy_optimizer.inventory.shelf import ShelfDemand
from servicepolicy_optimizer.inventory.transforms import log_one_plus

Complex = npt.NDArray[np.complex128]
Transform = Callable[[Complex], Complex]

TAIL_CHANCE = 1e-12
MOST_LEVELS = 1 << 22
CONSTANT_WITHIN = 1e-6


class OrderLines(NamedTuple):
    """How customers order N items."""

    lines_per_day: Array
    """lambda, (N,)."""
    size_probability: Array
    """P(x = j) at [i, j], (N, B); column 0 is no order and must be 0."""


def panjer_probabilities(mean_lines: float, size_probability: npt.ArrayLike, levels: int) -> Array:
    """P(D = n), n = 0..levels-1, of one compound Poisson demand: p_0 = exp(-lambda (1 - f_0)),

    p_n = lambda / n * sum_j j f_j p_{n-j}.

    >>> panjer_probabilities(2.0, [0, 1.0], 3).round(6).tolist()  # Poisson
    [0.135335, 0.270671, 0.270671]
    """
    size = np.asarray(size_probability, float)
    weighted = mean_lines * size * np.arange(size.size)
    chance = np.zeros(levels)
    chance[0] = np.exp(-mean_lines * (1 - size[0]))
    for n in range(1, levels):
        most = min(n, size.size - 1)
        chance[n] = float(weighted[1 : most + 1] @ chance[n - most : n][::-1]) / n
    return chance


def lead_time_demand_probabilities(
    orders: OrderLines, lead_time_mean_days: npt.ArrayLike, lead_time_sd_days: npt.ArrayLike = 0.0
) -> Array:
    """P(D = n) of N compound Poisson demands over constant (sd 0) or gamma lead times, (N, C).

    lead_time_mean_days, lead_time_sd_days   (N,) or ()
    The table is widened until its end is negligible (1e-12), so nothing wraps around.

    >>> orders = OrderLines(np.array([0.5]), np.array([[0, 1.0]]))
    >>> lead_time_demand_probabilities(orders, 4.0)[0, :3].round(6).tolist()
    [0.135335, 0.270671, 0.270671]
    """
    items = len(orders.lines_per_day)
    mean = np.broadcast_to(np.asarray(lead_time_mean_days, float), (items,))
    sd = np.broadcast_to(np.asarray(lead_time_sd_days, float), (items,))

    def transform(phi: Complex) -> Complex:
        """Transform of the demand over the lead time."""
        away = orders.lines_per_day[:, None] * (1 - phi)
        random = sd > CONSTANT_WITHIN * mean
        shape = np.where(random, mean / np.where(random, sd, 1.0), 1.0) ** 2
        spread = np.where(random, sd * sd / np.where(random, mean, 1.0), 0.0)
        gamma = np.exp(-shape[:, None] * log_one_plus(spread[:, None] * away))
        return np.where(random[:, None], gamma, np.exp(-mean[:, None] * away))

    return _from_transform(orders, transform, _levels_to_start(orders, mean, sd))


def mixed_lead_time_demand_probabilities(
    orders: OrderLines, lead_times_days: npt.ArrayLike, lead_time_chance: npt.ArrayLike
) -> Array:
    """As above for lead times that take J known values with known chances, both (J,) or (N, J).

    >>> orders = OrderLines(np.array([1.0]), np.array([[0, 1.0]]))
    >>> mixed_lead_time_demand_probabilities(orders, [1, 3], [0.5, 0.5])[0, :2].round(6).tolist()
    [0.208833, 0.25862]
    """
    items = len(orders.lines_per_day)
    days = np.asarray(lead_times_days, float)
    chance = np.broadcast_to(np.asarray(lead_time_chance, float), (items, days.shape[-1]))
    days = np.broadcast_to(days, chance.shape)

    def transform(phi: Complex) -> Complex:
        """The transforms of each lead time, by their chances."""
        away = orders.lines_per_day[:, None] * (1 - phi)
        total = np.zeros_like(away)
        for j in range(days.shape[1]):
            total = total + chance[:, j, None] * np.exp(-days[:, j, None] * away)
        return total

    longest = days.max(axis=1)
    return _from_transform(orders, transform, _levels_to_start(orders, longest, np.zeros(items)))


def compound_shelf(
    orders: OrderLines,
    lead_time_mean_days: npt.ArrayLike,
    lead_time_sd_days: npt.ArrayLike = 0.0,
    review_days: float = 0.0,
) -> ShelfDemand:
    """The exact demand a shelf must outlast: `pooled_performance` and `rationed_performance` take it.

    review_days  R; 0 is continuous review

    >>> sizes = np.zeros((1, 11)); sizes[0, [1, 2, 5, 10]] = [0.5, 0.2, 0.2, 0.1]
    >>> from servicepolicy_optimizer.inventory.shelf import pooled_performance
    >>> shelf = compound_shelf(OrderLines(np.array([0.5]), sizes), 4)
    >>> pooled_performance(shelf, 13, 1).unit_fill_rate.round(10).tolist()
    [0.8192690418]
    """
    pieces = np.arange(orders.size_probability.shape[1])
    size_mean = orders.size_probability @ pieces
    lump = np.divide(
        orders.size_probability @ pieces**2, size_mean, out=np.ones_like(size_mean), where=size_mean > 0
    )
    lead = lead_time_demand_probabilities(orders, lead_time_mean_days, lead_time_sd_days)
    if review_days > 0:
        extra, increment = (
            lead_time_demand_probabilities(orders, review_days),
            orders.lines_per_day * size_mean,
        )
        increment = increment * review_days
    else:
        extra, increment = orders.size_probability, size_mean
    exposed = convolved(lead, extra)
    return ShelfDemand(
        LatticeDemand(_normalised(lead)),
        LatticeDemand(_normalised(exposed)),
        increment,
        review_days > 0,
        lump,
    )


def empirical_lead_time_demand(daily_pieces: npt.ArrayLike, lead_time_days: int) -> Array:
    """P(D = n) of the demand in every run of `lead_time_days` successive days of one history, (C,).

    Overlapping runs, each with the same weight: keeps seasons and runs of lumps that a fitted law loses.

    >>> empirical_lead_time_demand([0, 2, 0, 0, 1], 2).tolist()
    [0.25, 0.25, 0.5]
    """
    history = np.asarray(daily_pieces)
    if lead_time_days > history.size:
        raise ValueError(
            f"daily_pieces: {history.size} days hold no run of {lead_time_days} days; give a longer history"
        )
    before = np.concatenate([[0.0], np.cumsum(history, dtype=float)])
    runs = np.rint(before[lead_time_days:] - before[: before.size - lead_time_days]).astype(np.int64)
    return np.asarray(np.bincount(runs) / runs.size)


def _levels_to_start(orders: OrderLines, mean_days: Array, sd_days: Array) -> int:
    """A first width of the table: mean and twelve deviations of the largest demand, and its order sizes."""
    pieces = np.arange(orders.size_probability.shape[1])
    first, second = orders.size_probability @ pieces, orders.size_probability @ pieces**2
    rate = orders.lines_per_day
    mean = rate * mean_days * first
    variance = rate * mean_days * second + (rate * first * sd_days) ** 2
    widest = float(np.max(mean + 12 * np.sqrt(variance), initial=0.0)) + 2 * pieces.size + 16
    return 1 << int(np.ceil(np.log2(widest)))


def _from_transform(orders: OrderLines, transform: Transform, points: int) -> Array:
    """Invert a transform on ever wider tables until what lies at the end is negligible."""
    while True:
        phi = np.fft.rfft(orders.size_probability, points)
        chance = np.maximum(np.fft.irfft(transform(phi), points), 0.0)
        at_end = float(np.max(chance[:, -points // 8 :].sum(axis=1), initial=0.0))
        if at_end < TAIL_CHANCE * points or points >= MOST_LEVELS:
            return np.asarray(chance)
        points *= 2


def _normalised(probability: Array) -> Array:
    """Rows that sum to 1 to the last digit."""
    return np.asarray(probability / probability.sum(axis=1, keepdims=True))
