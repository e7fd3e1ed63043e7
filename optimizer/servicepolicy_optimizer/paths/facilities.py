"""Facilities: what has a fixed cost a year once anything uses it."""

from collections.abc import Iterator, Mapping

from servicepolicy_models.means import Process, ProcessAtLocation
from servicepolicy_models.scenario import Scenario


def facility_costs(scenario: Scenario) -> Mapping[str, float]:
    """Facility -> fixed cost a year, where there is one: channels, processes, modes, locations, suppliers.

    Names: `channel:EDI`, `process:express@Leeds`, `mode:Road`, `location:Leeds`, `supply:Asia`.
    """
    return {name: cost for name, cost in _fixed_costs(scenario) if cost > 0}


def process_facility(process: str, location: str) -> str:
    """The name of a process at a location."""
    return f"process:{process}@{location}"


def at_location(process: Process, location: str) -> ProcessAtLocation | None:
    """What a process's list of locations says of one; None: nothing of its own."""
    return next((own for own in process.at if own.location == location), None)


def works_at(process: Process, location: str) -> bool:
    """Whether the location has the process."""
    return not process.only_at_listed or at_location(process, location) is not None


def _fixed_costs(scenario: Scenario) -> Iterator[tuple[str, float]]:
    for channel in scenario.channels:
        yield f"channel:{channel.name}", channel.fixed_cost_per_year
    for process in scenario.processes:
        for location in scenario.locations:
            if works_at(process, location.name):
                own = at_location(process, location.name)
                cost = None if own is None else own.fixed_cost_per_year
                yield (
                    process_facility(process.name, location.name),
                    process.fixed_cost_per_year if cost is None else cost,
                )
    for mode in scenario.modes:
        yield f"mode:{mode.name}", mode.fixed_cost_per_year
    for location in scenario.locations:
        yield f"location:{location.name}", location.fixed_cost_per_year
    for supply in scenario.supply:
        yield f"supply:{supply.name}", supply.fixed_cost_per_year
