"""Service paths of all segments: what may be chosen, what was left out, and why nothing is left."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import Deployment
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment, SegmentTarget, ServicePath
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.paths.facilities import process_facility
from servicepolicy_optimizer.paths.ground import Ground, lay_ground
from servicepolicy_optimizer.paths.idle import idle_paths
from servicepolicy_optimizer.paths.offers import Offers, Outcome, WhyNone, offers
from servicepolicy_optimizer.paths.pruning import prune

PathKey = tuple[Segment, str]
"""(segment, deployment)."""


@dataclass(frozen=True)
class PathSet:
    """Everything that serving can choose from."""

    paths: Mapping[PathKey, tuple[ServicePath, ...]]
    """Every segment with every deployment its item class may have; empty where there is none."""
    pruned_paths: int
    """Left out because another path is as good in every respect that counts."""
    late_paths: int
    """Left out because they cannot keep the response promise."""
    fastest_rung: Mapping[Segment, float]
    """Hours of the fastest rung that any path reaches, for segments whose promise no path keeps. Those whose
    paths all miss even the last rung are not listed."""
    why_none: Mapping[PathKey, WhyNone]
    """Why a segment has no path under a deployment, where it has none."""


def service_paths(scenario: Scenario, facts: Facts, targets: Mapping[Segment, SegmentTarget]) -> PathSet:
    """Every way to serve each segment in time under each deployment, without those that no optimum needs.

    A segment that orders nothing gets a free path (one for each channel, when a rule counts channels), so
    that the matrix stays whole. Raises ScenarioRejected for rules that cannot be read.
    """
    return _path_set(lay_ground(scenario, facts), targets, prune)


def every_path(scenario: Scenario, facts: Facts, targets: Mapping[Segment, SegmentTarget]) -> PathSet:
    """The same without pruning: for baselines that name their means, and for proofs."""
    return _path_set(lay_ground(scenario, facts), targets, lambda ground, segment, target, found: found)


def _path_set(
    ground: Ground,
    targets: Mapping[Segment, SegmentTarget],
    chosen: Callable[[Ground, Segment, SegmentTarget, Offers], Offers],
) -> PathSet:
    paths: dict[PathKey, tuple[ServicePath, ...]] = {}
    outcomes: dict[PathKey, Outcome] = {}
    pruned = 0
    for segment, deployment in _keys(ground, targets):
        key = segment, deployment.name
        if targets[segment].lines_per_year == 0 and targets[segment].pieces_per_year == 0:
            paths[key] = idle_paths(ground, segment, deployment, targets[segment])
            continue
        outcomes[key] = outcome = offers(ground, segment, deployment, targets[segment])
        kept = None if outcome.offers is None else chosen(ground, segment, targets[segment], outcome.offers)
        pruned += 0 if outcome.offers is None or kept is None else outcome.offers.way.size - kept.way.size
        paths[key] = () if kept is None else tuple(_path(ground, kept, n) for n in range(kept.way.size))
    return PathSet(
        paths=paths,
        pruned_paths=pruned,
        late_paths=sum(outcome.late for outcome in outcomes.values()),
        fastest_rung=_fastest_rungs(outcomes),
        why_none={key: outcome.why_none for key, outcome in outcomes.items() if outcome.why_none is not None},
    )


def _keys(ground: Ground, targets: Mapping[Segment, SegmentTarget]) -> Iterator[tuple[Segment, Deployment]]:
    for segment in targets:
        for deployment in ground.scenario.deployments:
            if deployment.item_classes is None or segment[1] in deployment.item_classes:
                yield segment, deployment


def _path(ground: Ground, found: Offers, n: int) -> ServicePath:
    channel, process, mode, frequency = ground.ways.names(int(found.way[n]))
    needed = [
        f"channel:{channel}",
        *(process_facility(process, at) for at in found.lines_per_day),
        f"mode:{mode}",
    ]
    return ServicePath(
        channel=channel,
        process=process,
        mode=mode,
        frequency=frequency,
        response_cost=float(found.response_cost[n]),
        transport_cost=float(found.transport_cost[n]),
        warehousing_cost=float(found.warehousing_cost[n]),
        lost_sales_cost=float(found.lost_sales_cost[n]),
        promised_response_hours=float(found.promised_hours[n]),
        on_time_probability=float(found.on_time_probability[n]),
        mean_response_hours=float(found.mean_hours[n]),
        channel_labour_hours=float(found.labour_hours[n]),
        lines_per_day=found.lines_per_day,
        weight_kg=found.weight_kg,
        co2e_kg=float(found.co2e_kg[n]),
        facilities=tuple(name for name in needed if name in ground.facility_cost),
    )


def _fastest_rungs(outcomes: Mapping[PathKey, Outcome]) -> Mapping[Segment, float]:
    """Of segments that are too late under every deployment that has means for them at all."""
    fastest: dict[Segment, float] = {}
    served = {segment for (segment, _), outcome in outcomes.items() if outcome.offers is not None}
    for (segment, _), outcome in outcomes.items():
        if segment not in served and np.isfinite(outcome.fastest_hours):
            fastest[segment] = min(outcome.fastest_hours, fastest.get(segment, np.inf))
    return fastest
