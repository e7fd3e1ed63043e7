"""Response time: the distribution of the sum of the stages between an order and its delivery."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from servicepolicy_models.means import StageTime
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.paths.stage_sums import integrated_probability, probability

LEAST_HOURS = 1e-6
"""A stage whose mean or deviation is shorter (4 ms) takes its mean exactly."""
LEAST_VARIATION = 1e-7
"""So does one whose deviation is a smaller part of its mean."""
BISECTIONS = 60
"""Halvings of the bracket in which a quantile is searched."""


@dataclass(frozen=True)
class Stages:
    """P sums of stages: S stages with a mean and a standard deviation, and the wait for a departure."""

    mean_hours: Floats
    """(P, S)"""
    sd_hours: Floats
    """(P, S); 0: the stage takes its mean exactly. Else its time is gamma distributed."""
    interval_hours: Floats
    """(P,) between departures; the wait is uniform on [0, interval]. 0: nothing waits."""

    @property
    def expected_hours(self) -> Floats:
        """(P,) mean of the sum."""
        return np.asarray(self.mean_hours.sum(axis=1) + self.interval_hours / 2.0)

    @property
    def deviation_hours(self) -> Floats:
        """(P,) standard deviation of the sum: the stages are independent."""
        return np.asarray(np.sqrt((self.sd_hours**2).sum(axis=1) + self.interval_hours**2 / 12.0))


def stages_in_turn(times: tuple[StageTime, ...], interval_hours: float = 0.0) -> Stages:
    """One sum of stages (P = 1), such as order entry, process and transport, with the wait for a departure.

    >>> entry, road = StageTime(mean_hours=2), StageTime(mean_hours=20, sd_hours=5)
    >>> stages_in_turn((entry, road), 24.0).expected_hours.tolist()
    [34.0]
    """
    mean = np.array([[time.mean_hours for time in times]])
    sd = np.array([[time.sd_hours for time in times]])
    return Stages(mean, sd, np.array([interval_hours]))


def probability_within(stages: Stages, hours: Floats) -> Floats:
    """P(response <= t) of P sums at T times.  (P, T)

    A stage without deviation is exact; the others are gamma with their mean and deviation, one alone exactly,
    more by Fourier cosines (`stage_sums`). The wait for a departure is exact: for a wait U on [0, w] and
    gamma stages G with distribution F, P(G + U <= t) = [∫_0^t F − ∫_0^(t−w) F] / w.

    Error of the sum of two stages, by their coefficients of variation: 1e-7 up to 1, 2e-4 up to 2, 1e-2 up to
    4. The usual short cut, one gamma with the mean and variance of the sum, is off by 0.05 up to 1, and by
    0.1 beyond (both: tests/optimizer/paths/test_response_time.py). Equal sums are computed once.
    """
    parts = _parts(stages)
    distinct, which = np.unique(np.column_stack(parts), axis=0, return_inverse=True)
    fixed, interval, mean, sd = distinct[:, 0], distinct[:, 1], *np.split(distinct[:, 2:], 2, axis=1)
    return _within(_Parts(fixed, interval, mean, sd), np.broadcast_to(hours, (fixed.size, hours.size)))[
        which.ravel()
    ]


def quantile_hours(stages: Stages, share: float) -> Floats:
    """Time within which that share (0 < share < 1) of the orders is delivered.  (P,)

    Bisection between 0 and a bracket doubled until it holds the share.

    >>> quantile_hours(stages_in_turn((StageTime(mean_hours=4),), 24.0), 0.5).round(6).tolist()
    [16.0]
    """
    parts = _parts(stages)
    low = np.zeros(stages.interval_hours.size)
    high = stages.expected_hours + stages.deviation_hours
    while (short := _within(parts, high[:, None])[:, 0] < share).any():
        high = np.where(short, 2.0 * high, high)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2.0
        reached = _within(parts, middle[:, None])[:, 0] >= share
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return high


class _Parts(NamedTuple):
    """Stages told apart by how they are computed."""

    fixed: Floats
    """(P,) hours of the stages without deviation."""
    interval: Floats
    """(P,)"""
    mean: Floats
    """(P, S) of the gamma stages, 0 elsewhere."""
    sd: Floats
    """(P, S)"""


def _parts(stages: Stages) -> _Parts:
    least_sd_hours = np.maximum(LEAST_HOURS, LEAST_VARIATION * stages.mean_hours)
    random = (stages.sd_hours > least_sd_hours) & (stages.mean_hours > LEAST_HOURS)
    mean, sd = np.where(random, stages.mean_hours, 0.0), np.where(random, stages.sd_hours, 0.0)
    # Stages in any order give the same sum: sorting them lets equal sums be seen as equal.
    order = np.lexsort((sd, mean), axis=1)
    in_order = (np.take_along_axis(values, order, axis=1) for values in (mean, sd))
    return _Parts(np.where(random, 0.0, stages.mean_hours).sum(axis=1), stages.interval_hours, *in_order)


def _within(parts: _Parts, hours: Floats) -> Floats:
    """P(sum <= t) of P sums at (P, T) times.  (P, T)"""
    left = hours - parts.fixed[:, None]
    within = np.empty_like(left)
    waits = parts.interval > 0
    within[~waits] = probability(parts.mean[~waits], parts.sd[~waits], left[~waits])
    span = parts.interval[waits][:, None]
    ends = np.concatenate([left[waits], left[waits] - span], axis=1)
    until, before = np.split(integrated_probability(parts.mean[waits], parts.sd[waits], ends), 2, axis=1)
    within[waits] = (until - before) / span
    return np.clip(within, 0.0, 1.0)
