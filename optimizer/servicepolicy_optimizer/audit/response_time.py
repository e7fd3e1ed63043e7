"""When a segment's orders arrive: the chance of every rung of the promise ladder, and the mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.means import Lane, StageTime
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.asked import Asked
from servicepolicy_optimizer.audit.matrix import Activity
from servicepolicy_optimizer.audit.means_in_use import Means
from servicepolicy_optimizer.audit.transport_cost import departure_interval_hours
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.paths.response_time import probability_within, stages_in_turn

PROBABILITY_TOLERANCE = 1e-9
"""A probability this little below the asked one is reached: rounding, not lateness."""
REMEMBERED = 4096
"""Lanes whose response times are remembered: a policy, its baselines and its waits ask for the same."""
HOURS_TOLERANCE = 1e-9
"""A rung this little (relative) above the asked hours is within them."""


@dataclass(frozen=True)
class ResponseTime:
    """Of a segment: order entry + wait for a departure + process + transport, mixed over its regions by
    lines.
    """

    ladder_hours: Floats
    """(T,) the rungs of the promise ladder."""
    on_time_probability: Floats
    """(T,) P(response time <= rung)."""
    mean_hours: float

    def probability_of(self, hours: float) -> float | None:
        """P(response time <= that rung); None where the hours are no rung of the ladder."""
        at = np.flatnonzero(np.isclose(self.ladder_hours, hours, rtol=HOURS_TOLERANCE, atol=0.0))
        return float(self.on_time_probability[at[0]]) if at.size else None


def response_time(scenario: Scenario, means: Means, legs: Sequence[tuple[Activity, Lane]]) -> ResponseTime:
    """Mix the lanes' response times by the share of the segment's lines that take them.

    Stages are independent: order entry, process and transport are gamma with their mean and deviation (fixed
    without one); a collected order waits for the next departure, uniform between none and a whole interval.
    """
    ladder_hours = np.array(scenario.promise_ladder.response_hours, float)
    wait_hours = departure_interval_hours(means.frequency)
    mean_hours = 0.0
    shares = shares_of_lines([activity for activity, _ in legs])
    for (_, lane), share in zip(legs, shares, strict=True):
        times = (means.channel.time, means.process.time, lane.time)
        mean_hours += share * (sum(time.mean_hours for time in times) + wait_hours / 2.0)
    return ResponseTime(ladder_hours, probability_of_legs(means, legs, ladder_hours), mean_hours)


def probability_of_legs(means: Means, legs: Sequence[tuple[Activity, Lane]], hours: Floats) -> Floats:
    """P(response time <= hours), (T,), mixed over the lanes by the lines that take them."""
    wait_hours = departure_interval_hours(means.frequency)
    within = np.zeros_like(hours)
    shares = shares_of_lines([activity for activity, _ in legs])
    for (_, lane), share in zip(legs, shares, strict=True):
        times = (means.channel.time, means.process.time, lane.time)
        within += share * _within(times, wait_hours, tuple(hours.tolist()))
    return within


@lru_cache(maxsize=REMEMBERED)
def _within(times: tuple[StageTime, ...], wait_hours: float, hours: tuple[float, ...]) -> Floats:
    """P(response time <= hours), (T,), of one lane. Not to be written to."""
    found: Floats = probability_within(stages_in_turn(times, wait_hours), np.array(hours))[0]
    found.setflags(write=False)
    return found


def shares_of_lines(served: Sequence[Activity]) -> tuple[float, ...]:
    """What share of the segment's lines each region has; of its pieces where no lines are told; else equal
    shares.
    """
    for amounts in ([one.lines_per_year for one in served], [one.pieces_per_year for one in served]):
        if sum(amounts) > 0:
            return tuple(amount / sum(amounts) for amount in amounts)
    return tuple(1.0 / len(served) for _ in served)


def promised_rung(got: ResponseTime, asked: Asked) -> int | None:
    """Index of the fastest rung that is kept with the asked probability; None: none is.

    Only rungs within the asked hours count, if hours are asked and any rung within them is kept.
    """
    kept = got.on_time_probability >= asked.on_time_probability - PROBABILITY_TOLERANCE
    if not kept.any():
        return None
    in_time = kept & within_hours(got.ladder_hours, asked.response_hours)
    return int((in_time if in_time.any() else kept).argmax())


def rung_for_otif(got: ResponseTime, asked: Asked, fill_rate: float) -> int | None:
    """Index of the fastest rung with which a planned fill rate keeps the OTIF target; None: none does.

    Only rungs within the asked hours that are kept with the asked probability count.
    """
    kept = got.on_time_probability >= asked.on_time_probability - PROBABILITY_TOLERANCE
    kept &= within_hours(got.ladder_hours, asked.response_hours)
    kept &= fill_rate * got.on_time_probability >= (asked.otif or 0.0) - PROBABILITY_TOLERANCE
    return int(kept.argmax()) if kept.any() else None


def within_hours(hours: Floats, asked_hours: float | None) -> NDArray[np.bool_]:
    """Whether hours are within the asked ones; all are where none are asked."""
    return np.asarray(hours <= (np.inf if asked_hours is None else asked_hours * (1.0 + HOURS_TOLERANCE)))
