"""Where a segment is served from under a deployment, and by which lanes."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import Deployment, Lane, Mode
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.segments import cell, regions_of, regions_with_demand
from servicepolicy_optimizer.wildcards import ANY


@dataclass(frozen=True)
class Legs:
    """A segment's regions under a deployment, each with the location that serves it."""

    regions: Ints
    """(n,) indices."""
    locations: tuple[str, ...]
    """n names."""
    share_of_lines: Floats
    """(n,) sums to 1."""

    def __len__(self) -> int:
        """n."""
        return len(self.locations)

    def only(self, leg: int) -> "Legs":
        """One of the legs, taking all lines."""
        return Legs(self.regions[[leg]], self.locations[leg : leg + 1], np.ones(1))


def legs(facts: Facts, segment: Segment, deployment: Deployment) -> Legs | None:
    """The legs of a segment: its regions with demand, or all of its regions alike where nothing is ordered.

    None when the deployment serves one of them from nowhere.
    """
    regions = regions_with_demand(facts, segment)
    weights = _weights(facts, segment, regions)
    if not regions.size:
        regions = regions_of(facts, segment)
        weights = np.ones(regions.size)
    locations = [serving_location(deployment, facts.regions[r]) for r in regions]
    if any(location is None for location in locations):
        return None
    return Legs(regions, tuple(name for name in locations if name is not None), weights / weights.sum())


def serving_location(deployment: Deployment, region: str) -> str | None:
    """The location that serves a region: the one named for it, else the one for every other region (`*`)."""
    return deployment.serves.get(region, deployment.serves.get(ANY))


def lane_between(mode: Mode, location: str, region: str) -> Lane | None:
    """The most specific lane: location and region named, then location, then region, then any; None: no lane.

    Of equally specific lanes the first counts.
    """
    fits = [lane for lane in mode.lanes if lane.location in (ANY, location) and lane.region in (ANY, region)]
    return max(fits, key=lambda lane: (lane.location != ANY, lane.region != ANY), default=None)


def _weights(facts: Facts, segment: Segment, regions: Ints) -> Floats:
    """Lines a year by region; pieces where no lines are told."""
    lines = facts.segments.lines_per_year[cell(facts, segment)][regions]
    pieces = facts.segments.pieces_per_year[cell(facts, segment)][regions]
    return np.asarray(lines if lines.sum() > 0 else pieces, dtype=np.float64)
