"""How long an order is on its way, stage by stage: drawn, not summed by a formula."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import StageTime
from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.means_in_use import lane_between, means_of
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.options import location_of

HOURS_PER_WEEK = 168.0


@dataclass(frozen=True)
class Legs:
    """S segments, each to R regions, by three stages: order entry, process, transport."""

    mean_hours: Floats
    """(S, R, 3)"""
    sd_hours: Floats
    """(S, R, 3)"""
    interval_hours: Floats
    """(S,) between departures; 0: nothing waits for one."""


def legs_of(scenario: Scenario, facts: Facts, policy: Policy) -> Legs:
    """The stages of every segment's path to each of its regions; none where no lane leads."""
    shape = (len(policy.segments), len(facts.regions), 3)
    mean, sd, interval = np.zeros(shape), np.zeros(shape), np.zeros(shape[0])
    for s, row in enumerate(policy.segments):
        means = means_of(scenario, row)
        if means.frequency.shipments_per_week:
            interval[s] = HOURS_PER_WEEK / means.frequency.shipments_per_week
        for r, region in enumerate(facts.regions):
            lane = lane_between(means.mode, location_of(means.deployment, region), region)
            transport = lane.time if lane else StageTime(mean_hours=0.0)
            times = (means.channel.time, means.process.time, transport)
            mean[s, r] = [one.mean_hours for one in times]
            sd[s, r] = [one.sd_hours for one in times]
    return Legs(mean, sd, interval)


def drawn_hours(legs: Legs, segment: Ints, region: Ints, rng: np.random.Generator) -> Floats:
    """Hours from order to delivery of V shipments, what they carry being in stock.  (V,)

    A stage with a deviation is gamma with its mean and deviation, one without takes its mean; a collected
    order waits for the next departure, uniform over the interval. Stages are independent of each other.
    """
    hours = rng.uniform(0.0, 1.0, segment.size) * legs.interval_hours[segment]
    for stage in range(legs.mean_hours.shape[2]):
        mean, sd = legs.mean_hours[segment, region, stage], legs.sd_hours[segment, region, stage]
        hours += gamma_by_moments(mean, sd, rng)
    return hours


def gamma_by_moments(mean: Floats, sd: Floats, rng: np.random.Generator) -> Floats:
    """Gamma draws with a mean and a standard deviation; where the deviation is 0, the mean itself.

    >>> gamma_by_moments(np.array([3.0, 0.0]), np.array([0.0, 0.0]), np.random.default_rng(1)).tolist()
    [3.0, 0.0]
    """
    random = (sd > 0) & (mean > 0)
    drawn = np.array(mean, float)
    scale = sd[random] ** 2 / mean[random]
    drawn[random] = rng.gamma(mean[random] / scale, scale)
    return drawn
