"""Service paths of all segments: what may be chosen, what was left out, and why nothing is left."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from servicepolicy_models.means import Deployment
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment, SegmentTarget, ServicePath
from servicepolicy_optimizer.facts import Facts, Ints
from servicepolicy_optimizer.path_table import PathTable
from servicepolicy_optimizer.paths.facilities import process_facility
from servicepolicy_optimizer.paths.ground import Ground, Terrain, lay_ground
from servicepolicy_optimizer.paths.idle import idle_paths
from servicepolicy_optimizer.paths.offers import Offers, WhyNone, offers
from servicepolicy_optimizer.paths.path_room import PathRoom
from servicepolicy_optimizer.paths.promise import Rungs
from servicepolicy_optimizer.paths.pruning import prune

PathKey = tuple[Segment, str]
"""(segment, deployment)."""


@dataclass(frozen=True)
class PathSet:
    """Everything that serving can choose from."""

    paths: Mapping[PathKey, Sequence[ServicePath]]
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


Chosen = Callable[[Ground, Segment, SegmentTarget, Offers], Offers]
"""Which of the offers become paths."""


def service_paths(
    scenario: Scenario,
    facts: Facts,
    targets: Mapping[Segment, SegmentTarget],
    rungs: Rungs = Rungs.THAT_PAY,
    terrain: Terrain | None = None,
) -> PathSet:
    """Every way to serve each segment in time under each deployment, without those that no optimum needs.

    With an OTIF target a way is a path with every promise that may be worth making, `rungs`.

    A segment that orders nothing gets a free path (one for each channel, when a rule counts channels), so
    that the matrix stays whole. What is left out depends on the scenario's capacities, budgets, fixed costs
    and rules: change one and ask again. Raises ScenarioRejected for rules that cannot be read, and TooLarge
    as soon as there are more paths than memory can hold. terrain: see `lay_ground`.
    """
    return _path_set(lay_ground(scenario, facts, terrain), targets, rungs, prune)


def every_path(
    scenario: Scenario,
    facts: Facts,
    targets: Mapping[Segment, SegmentTarget],
    rungs: Rungs = Rungs.THAT_SPARE_STOCK,
) -> PathSet:
    """The same without pruning: for questions that pruning does not know of, and for proofs."""
    return _path_set(lay_ground(scenario, facts), targets, rungs, _all)


def _all(ground: Ground, segment: Segment, target: SegmentTarget, found: Offers) -> Offers:
    return found


class _Served(NamedTuple):
    """A segment under a deployment."""

    paths: Sequence[ServicePath]
    why_none: WhyNone | None
    pruned: int = 0
    late: int = 0
    fastest_hours: float = np.inf


def _path_set(
    ground: Ground, targets: Mapping[Segment, SegmentTarget], rungs: Rungs, chosen: Chosen
) -> PathSet:
    pairs = list(_keys(ground, targets))
    room, served = PathRoom(len(pairs)), {}
    for segment, deployment in pairs:
        found = _serve(ground, (segment, deployment), targets[segment], rungs, chosen)
        room.require(len(found.paths))
        served[segment, deployment.name] = found
    return PathSet(
        paths={key: found.paths for key, found in served.items()},
        pruned_paths=sum(found.pruned for found in served.values()),
        late_paths=sum(found.late for found in served.values()),
        fastest_rung=_fastest_rungs(served),
        why_none={key: found.why_none for key, found in served.items() if found.why_none is not None},
    )


def _serve(
    ground: Ground, pair: tuple[Segment, Deployment], target: SegmentTarget, rungs: Rungs, chosen: Chosen
) -> _Served:
    segment, deployment = pair
    if target.lines_per_year == 0 and target.pieces_per_year == 0:
        return _Served(*idle_paths(ground, segment, deployment, target))
    found = offers(ground, segment, deployment, target, rungs)
    if found.offers is None:
        return _Served((), found.why_none, 0, found.late, found.fastest_hours)
    kept = chosen(ground, segment, target, found.offers)
    pruned = found.offers.way.size - kept.way.size
    return _Served(_table(ground, kept), None, pruned, found.late, found.fastest_hours)


def _keys(ground: Ground, targets: Mapping[Segment, SegmentTarget]) -> Iterator[tuple[Segment, Deployment]]:
    for segment in targets:
        for deployment in ground.scenario.deployments:
            if deployment.item_classes is None or segment[1] in deployment.item_classes:
                yield segment, deployment


def _table(ground: Ground, found: Offers) -> PathTable:
    means = np.column_stack(np.unravel_index(found.way, ground.ways.shape))
    names = ground.means_names
    needing: dict[str, Ints] = {}
    for axis, called in ((0, ("channel",)), (1, found.lines_per_day), (2, ("mode",))):
        for at in called:
            for code, name in enumerate(names[axis]):
                facility = process_facility(name, at) if axis == 1 else f"{at}:{name}"
                if facility in ground.terrain.facility_cost:
                    needing[facility] = np.flatnonzero(means[:, axis] == code)
    return PathTable(
        names,
        means,
        {
            "response_cost": found.response_cost,
            "transport_cost": found.transport_cost,
            "warehousing_cost": found.warehousing_cost,
            "lost_sales_cost": found.lost_sales_cost,
            "promised_response_hours": found.promised_hours,
            "on_time_probability": found.on_time_probability,
            "mean_response_hours": found.mean_hours,
            "channel_labour_hours": found.labour_hours,
            "weight_kg": np.full(found.way.size, found.weight_kg),
            "co2e_kg": found.co2e_kg,
        },
        {at: np.full(found.way.size, lines) for at, lines in found.lines_per_day.items()},
        {facility: paths for facility, paths in needing.items() if paths.size},
    )


def _fastest_rungs(served: Mapping[PathKey, _Served]) -> Mapping[Segment, float]:
    """Of segments that no path of any deployment serves in time."""
    in_time = {segment for (segment, _), found in served.items() if found.paths}
    fastest: dict[Segment, float] = {}
    for (segment, _), found in served.items():
        if segment not in in_time and np.isfinite(found.fastest_hours):
            fastest[segment] = min(found.fastest_hours, fastest.get(segment, np.inf))
    return fastest
