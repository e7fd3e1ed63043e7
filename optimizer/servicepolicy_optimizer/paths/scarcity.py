"""Which means are scarce: choosing them for one segment can be felt by another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import Channel, Process
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.paths.facilities import at_location, process_facility
from servicepolicy_optimizer.paths.network import serving_location
from servicepolicy_optimizer.paths.ways import Mask, Ways

ROOM = 1e-9
"""A capacity counts as ample when it exceeds all demand together by this share."""


@dataclass(frozen=True)
class Scarcity:
    """What is scarce of each kind of means."""

    channel: Mask
    """(C,)"""
    process_at: Mapping[str, Mask]
    """Location -> (P,)"""
    mode: Mask
    """(M,)"""

    def process(self, locations: Iterable[str]) -> Mask:
        """(P,) processes that are scarce at any of the locations."""
        return np.asarray(np.logical_or.reduce([self.process_at[location] for location in locations]))


def scarcity(scenario: Scenario, facts: Facts, ways: Ways, fixed_cost: Mapping[str, float]) -> Scarcity:
    """Means with a fixed cost, and means whose capacity all demand together would exceed.

    A capacity that could take the demand of every segment at once binds nobody, whatever is chosen. Channels
    are scarce too when a customer class may use only one of them.
    """
    counted = scenario.rules.one_channel_per_customer_class
    kg = float(facts.segments.weight_kg_per_year.sum())
    locations = dict.fromkeys(location for by_region in _serving(scenario, facts) for location in by_region)
    return Scarcity(
        channel=np.array(
            [
                counted
                or f"channel:{one.name}" in fixed_cost
                or _exceeds(_all_labour_hours(one, facts), one.labour_capacity_hours_per_year)
                for one in ways.channels
            ]
        ),
        process_at={
            location: np.array(
                [
                    process_facility(one.name, location) in fixed_cost
                    or _exceeds(_all_lines_per_day(scenario, facts, location), _capacity(one, location))
                    for one in ways.processes
                ]
            )
            for location in locations
        },
        mode=np.array(
            [f"mode:{one.name}" in fixed_cost or _exceeds(kg, one.capacity_kg_per_year) for one in ways.modes]
        ),
    )


def _exceeds(demand: float, capacity: float | None) -> bool:
    return capacity is not None and demand * (1.0 + ROOM) > capacity


def _all_labour_hours(channel: Channel, facts: Facts) -> float:
    """Hours a year if every segment used the channel."""
    orders, lines = facts.segments.orders_per_year.sum(), facts.segments.lines_per_year.sum()
    return float(orders * channel.labour_hours_per_order + lines * channel.labour_hours_per_line)


def _all_lines_per_day(scenario: Scenario, facts: Facts, location: str) -> float:
    """Lines a day of every region that some deployment serves from the location."""
    served = [location in by_deployment for by_deployment in _serving(scenario, facts)]
    return float(facts.segments.lines_per_year[:, :, served].sum()) / scenario.days_per_year


def _serving(scenario: Scenario, facts: Facts) -> list[tuple[str, ...]]:
    """Of each region, the locations that serve it under some deployment."""
    by_region = [[serving_location(one, region) for one in scenario.deployments] for region in facts.regions]
    return [tuple(location for location in names if location is not None) for names in by_region]


def _capacity(process: Process, location: str) -> float | None:
    """Lines a day: the location's own figure, else the process's."""
    own = at_location(process, location)
    own_lines = None if own is None else own.capacity_lines_per_day
    return process.capacity_lines_per_day if own_lines is None else own_lines
