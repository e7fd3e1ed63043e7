"""Response time: the distribution of the sum of the stages between an order and its delivery."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import StageTime
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.paths.stage_sums import integrated_probability, probability

NEAR_ONE = 1e-12
"""Where a quantile search stops looking for a higher bracket."""


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
    """One sum of stages (P = 1): order entry, process, transport, and the wait for a departure.

    >>> stages_in_turn((StageTime(mean_hours=2), StageTime(mean_hours=20, sd_hours=5)), 24.0).expected_hours.tolist()
    [34.0]
    """
    mean = np.array([[time.mean_hours for time in times]])
    sd = np.array([[time.sd_hours for time in times]])
    return Stages(mean, sd, np.array([interval_hours]))


def probability_within(stages: Stages, hours: Floats) -> Floats:
    """P(response <= t) of P sums at T times.  (P, T)

    A stage without deviation is exact; the others are gamma with their mean and deviation. A wait for a departure is
    exact: P(G + U <= t) = [∫ F(t) − ∫ F(t − w)] / w for a wait U on [0, w] and the integrated distribution ∫ F of the
    gamma stages G. One gamma stage is exact; more are inverted by Fourier cosines (`stage_sums`), with an error below
    1e-5 for stages of a coefficient of variation up to 1 and below 1e-3 up to 2. (The usual short cut, one gamma with
    the mean and variance of the sum, is off by up to 0.013 on the same stages, and by 0.03 where a wait is among
    them: tests/optimizer/paths/test_response_time.py.)

    Equal sums are computed once.
    """
    random = (stages.sd_hours > 0) & (stages.mean_hours > 0)
    fixed_hours = np.where(random, 0.0, stages.mean_hours).sum(axis=1)
    # Stages in any order give the same sum: sorting them lets equal sums be seen as equal.
    order = np.argsort(np.where(random, stages.mean_hours, 0.0), axis=1)
    mean = np.take_along_axis(np.where(random, stages.mean_hours, 0.0), order, axis=1)
    sd = np.take_along_axis(np.where(random, stages.sd_hours, 0.0), order, axis=1)
    rows = np.column_stack([fixed_hours, stages.interval_hours, mean, sd])
    distinct, which = np.unique(rows, axis=0, return_inverse=True)
    count = mean.shape[1]
    found = _within(
        distinct[:, 0], distinct[:, 1], distinct[:, 2 : 2 + count], distinct[:, 2 + count :], hours
    )
    return found[which.ravel()]


def quantile_hours(stages: Stages, share: float) -> Floats:
    """Time within which that share of the orders is delivered.  (P,)

    Bisection on `probability_within` between the fixed time and a bracket doubled until it holds the share.

    >>> quantile_hours(stages_in_turn((StageTime(mean_hours=4),), 24.0), 0.5).round(6).tolist()
    [16.0]
    """
    low = np.zeros(stages.interval_hours.size)
    high = stages.expected_hours + stages.deviation_hours + 1e-9
    while (short := _each_within(stages, high) < min(share, 1.0 - NEAR_ONE)).any():
        high = np.where(short, 2.0 * high, high)
    for _ in range(60):
        middle = (low + high) / 2.0
        reached = _each_within(stages, middle) >= share
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return high


def _each_within(stages: Stages, hours: Floats) -> Floats:
    """P(response <= t) of each sum at its own time.  (P,)"""
    rows = [
        probability_within(
            Stages(stages.mean_hours[[p]], stages.sd_hours[[p]], stages.interval_hours[[p]]), hours[[p]]
        )
        for p in range(hours.size)
    ]
    return np.array(rows).reshape(hours.size)


def _within(fixed: Floats, interval: Floats, mean: Floats, sd: Floats, hours: Floats) -> Floats:
    left = hours[None, :] - fixed[:, None]
    within = np.empty_like(left)
    waits = interval > 0
    within[~waits] = probability(mean[~waits], sd[~waits], left[~waits])
    span = interval[waits][:, None]
    ends = np.concatenate([left[waits], left[waits] - span], axis=1)
    integrals = integrated_probability(mean[waits], sd[waits], ends)
    within[waits] = (integrals[:, : hours.size] - integrals[:, hours.size :]) / span
    return np.clip(within, 0.0, 1.0)
