"""Segments that order nothing: a free path keeps the matrix whole."""

from typing import NamedTuple

import numpy as np

from servicepolicy_models.means import Deployment
from servicepolicy_optimizer.choices import Segment, SegmentTarget, ServicePath
from servicepolicy_optimizer.facts import Ints
from servicepolicy_optimizer.paths.ground import Ground
from servicepolicy_optimizer.paths.network import Legs, legs
from servicepolicy_optimizer.paths.offers import WhyNone, allowed_ways
from servicepolicy_optimizer.paths.promise import promises
from servicepolicy_optimizer.paths.ways import Mask


class IdlePaths(NamedTuple):
    """What serves a segment that orders nothing."""

    paths: tuple[ServicePath, ...]
    why_none: WhyNone | None
    """Why there is none, where there is none."""


def idle_paths(ground: Ground, segment: Segment, deployment: Deployment, target: SegmentTarget) -> IdlePaths:
    """A path without cost or use for a segment that orders nothing.

    The way that promises most: in time if any is, then the fastest rung, then by name. One for each channel
    when a rule allows a customer class only one: a segment without orders must not decide which. Means that
    reach one of its regions are enough.
    """
    whole = legs(ground.facts, segment, deployment)
    if whole is None:
        return IdlePaths((), WhyNone.NO_MEANS)
    whys = []
    for way in (whole, *(whole.only(leg) for leg in range(len(whole)))):
        left, why = allowed_ways(ground, segment, deployment, way)
        if why is None:
            return IdlePaths(_free(ground, way, left, target), None)
        whys.append(why)
    return IdlePaths((), whys[0])


def _free(ground: Ground, way: Legs, left: Mask, target: SegmentTarget) -> tuple[ServicePath, ...]:
    within, mean_hours = ground.terrain.times.of(ground.lanes_of(way), way)
    index = np.flatnonzero(left.ravel())
    within = within.reshape(-1, ground.ladder_hours.size)[index]
    # To whom orders nothing all rungs are worth the same: one promise a way.
    promised = promises(within, ground.ladder_hours, target, np.zeros(ground.ladder_hours.size, np.intp))
    rung = np.minimum(promised.fastest, ground.ladder_hours.size - 1)
    rung[promised.way] = promised.rung
    best = np.lexsort((ground.ways.by_name[index], rung, ~promised.kept))
    return tuple(
        _path(
            ground,
            int(index[n]),
            float(ground.ladder_hours[rung[n]]),
            float(within[n, rung[n]]),
            float(mean_hours.ravel()[index[n]]),
        )
        for n in _one_each(ground, index, best)
    )


def _one_each(ground: Ground, index: Ints, best: Ints) -> list[int]:
    """The best, or the best of each channel when channels are counted."""
    if not ground.scenario.rules.one_channel_per_customer_class:
        return [int(best[0])]
    channel = np.unravel_index(index[best], ground.ways.shape)[0]
    _, first = np.unique(channel, return_index=True)
    return [int(n) for n in best[np.sort(first)]]


def _path(ground: Ground, way: int, hours: float, on_time: float, mean_hours: float) -> ServicePath:
    channel, process, mode, frequency = ground.ways.names(way)
    return ServicePath(
        channel=channel,
        process=process,
        mode=mode,
        frequency=frequency,
        response_cost=0.0,
        transport_cost=0.0,
        warehousing_cost=0.0,
        lost_sales_cost=0.0,
        promised_response_hours=hours,
        on_time_probability=on_time,
        mean_response_hours=mean_hours,
        channel_labour_hours=0.0,
        lines_per_day={},
        weight_kg=0.0,
        co2e_kg=0.0,
    )
