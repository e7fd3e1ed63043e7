"""Response times of every way over every lane, computed once for all segments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import Lane, StageTime
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.paths.network import Legs
from servicepolicy_optimizer.paths.response_time import Stages, probability_within
from servicepolicy_optimizer.paths.tariffs import LaneUse
from servicepolicy_optimizer.recall import NOTHING_KEPT, Recall, recalled

HOURS_PER_WEEK = 168.0

Time = tuple[float, float]
"""Mean and standard deviation in hours."""


@dataclass(frozen=True)
class Timetable:
    """Distinct times on four axes (channel, process, lane, frequency): how surely each rung is reached."""

    channel: Ints
    """(C,) which distinct time each channel takes."""
    process: Ints
    """(P,)"""
    lane: dict[Time, int]
    """Time of a lane -> which."""
    within: Floats
    """(c, p, l, F, T) probability of each rung."""
    mean_hours: Floats
    """(c, p, l, F)"""

    def of(self, used: Sequence[LaneUse], legs: Legs) -> tuple[Floats, Floats]:
        """Probability of each rung (C, P, M, F, T) and mean hours (C, P, M, F), mixed over the legs by lines.

        Modes without a lane on some leg get what any lane gives: they are not offered.
        """
        within: Floats | float = 0.0
        mean: Floats | float = 0.0
        for use, share in zip(used, legs.share_of_lines, strict=True):
            lanes = np.array([0 if lane is None else self.lane[_time(lane.time)] for lane in use.lanes])
            at = np.ix_(self.channel, self.process, lanes)
            within = within + share * self.within[at]
            mean = mean + share * self.mean_hours[at]
        return np.asarray(within), np.asarray(mean)


def timetable(scenario: Scenario, uses: Iterable[LaneUse], recall: Recall = NOTHING_KEPT) -> Timetable:
    """Lay the table for a scenario and the lanes that its deployments use. recall: where the probabilities of
    the same times are found.
    """
    channel = _numbered(channel.time for channel in scenario.channels)
    process = _numbered(process.time for process in scenario.processes)
    lane = _numbered(lane.time for use in uses for lane in use.lanes if isinstance(lane, Lane))
    waits = [
        HOURS_PER_WEEK / f.shipments_per_week if f.shipments_per_week else 0.0 for f in scenario.frequencies
    ]
    stages = _grid((list(channel), list(process), list(lane)), waits)
    shape = (len(channel), len(process), len(lane), len(waits))
    ladder = np.array(scenario.promise_ladder.response_hours, dtype=np.float64)
    found = recalled(
        recall,
        "response times",
        lambda: (stages.mean_hours, stages.sd_hours, stages.interval_hours, ladder),
        lambda: {"within": probability_within(stages, ladder)},
    )
    return Timetable(
        channel=np.array([channel[_time(one.time)] for one in scenario.channels]),
        process=np.array([process[_time(one.time)] for one in scenario.processes]),
        lane=lane,
        within=found["within"].reshape(*shape, ladder.size),
        mean_hours=stages.expected_hours.reshape(shape),
    )


def _grid(times: tuple[list[Time], list[Time], list[Time]], waits: list[float]) -> Stages:
    """All sums of one time from each list and one wait, in C order."""
    c, p, lane, f = (axis.ravel() for axis in np.indices((*map(len, times), len(waits))))
    chosen = [np.array(axis).reshape(-1, 2)[index] for axis, index in zip(times, (c, p, lane), strict=True)]
    mean = np.column_stack([time[:, 0] for time in chosen])
    sd = np.column_stack([time[:, 1] for time in chosen])
    return Stages(mean, sd, np.array(waits)[f])


def _numbered(times: Iterable[StageTime]) -> dict[Time, int]:
    """Distinct times, numbered as they come."""
    return {time: number for number, time in enumerate(dict.fromkeys(map(_time, times)))}


def _time(time: StageTime) -> Time:
    return time.mean_hours, time.sd_hours
