"""Which means serve a segment where: location of a region, lane of a mode, figures of a process."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from servicepolicy_models.means import (
    Channel,
    Deployment,
    Lane,
    Mode,
    Process,
    ProcessAtLocation,
    ShippingFrequency,
)
from servicepolicy_models.policy import SegmentPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.matrix import ANY


class Named(Protocol):
    """Whatever has a name."""

    @property
    def name(self) -> str:
        """The planner's name for it."""
        ...


Thing = TypeVar("Thing", bound=Named)


def called(name: str, things: Iterable[Thing]) -> Thing:
    """The one of that name. That it exists is checked before anything is computed (`reading.py`)."""
    return next(thing for thing in things if thing.name == name)


@dataclass(frozen=True)
class Means:
    """The means that a segment's policy names, as the scenario describes them."""

    channel: Channel
    process: Process
    mode: Mode
    frequency: ShippingFrequency
    deployment: Deployment


def means_of(scenario: Scenario, segment: SegmentPolicy) -> Means:
    """Look up what the segment's policy names."""
    return Means(
        called(segment.channel, scenario.channels),
        called(segment.process, scenario.processes),
        called(segment.mode, scenario.modes),
        called(segment.frequency, scenario.frequencies),
        called(segment.deployment, scenario.deployments),
    )


def serving_location(deployment: Deployment, region: str) -> str | None:
    """The location that serves a region: the one named for it, else the one for all others (`*`); None: none.

    >>> serving_location(Deployment(name="d", serves={"North": "Leeds", "*": "London"}), "South")
    'London'
    """
    return deployment.serves.get(region, deployment.serves.get(ANY))


def lane_between(mode: Mode, location: str, region: str) -> Lane | None:
    """The most specific lane: location and region named, then location, then region, then any; None: no lane.

    Of equally specific lanes the first counts.
    """
    fits = [lane for lane in mode.lanes if lane.location in (ANY, location) and lane.region in (ANY, region)]
    return max(fits, key=lambda lane: (lane.location != ANY, lane.region != ANY), default=None)


@dataclass(frozen=True)
class ProcessFigures:
    """What a process costs and can do at one location."""

    cost_per_line: float
    cost_per_piece: float
    cost_per_order: float
    fixed_cost_per_year: float
    capacity_lines_per_day: float | None


def process_figures(process: Process, location: str) -> ProcessFigures:
    """The location's own figures where it has some, the process's elsewhere."""
    own = next((one for one in process.at if one.location == location), ProcessAtLocation(location=location))
    capacity = own.capacity_lines_per_day
    return ProcessFigures(
        cost_per_line=_first(own.cost_per_line, process.cost_per_line),
        cost_per_piece=_first(own.cost_per_piece, process.cost_per_piece),
        cost_per_order=process.cost_per_order,
        fixed_cost_per_year=_first(own.fixed_cost_per_year, process.fixed_cost_per_year),
        capacity_lines_per_day=process.capacity_lines_per_day if capacity is None else capacity,
    )


def _first(own: float | None, general: float) -> float:
    return general if own is None else own


def runs_at(process: Process, location: str) -> bool:
    """Whether the location has the process at all."""
    return not process.only_at_listed or any(one.location == location for one in process.at)
