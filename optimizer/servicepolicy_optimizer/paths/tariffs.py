"""What each lane would cost a year for each cell of the matrix, at each shipping frequency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import Lane
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts, Floats
from servicepolicy_optimizer.paths.freight import parcels, shipment_charge
from servicepolicy_optimizer.paths.network import lane_between, serving_location
from servicepolicy_optimizer.paths.shipments import Shipments, shipments

LaneKey = tuple[str, int]
"""(location, index of the region)."""


@dataclass(frozen=True)
class LaneUse:
    """The lanes of all modes from a location to a region, used by all cells of the matrix."""

    lanes: tuple[Lane | None, ...]
    """M, one for each mode; None: it has no lane."""
    transport_cost: Floats
    """(M, F, I, J) a year; infinite where there is no lane."""
    co2e_kg: Floats
    """(M, F, I, J) a year."""


def lane_uses(scenario: Scenario, facts: Facts) -> Mapping[LaneKey, LaneUse]:
    """(location, region) -> what its lanes cost, for every location from which a deployment serves it."""
    uses: dict[LaneKey, LaneUse] = {}
    for r, region in enumerate(facts.regions):
        locations = (serving_location(deployment, region) for deployment in scenario.deployments)
        shipped = [_shipped(facts, r, scenario, f) for f in range(len(scenario.frequencies))]
        for location in _named(locations):
            lanes = tuple(lane_between(mode, location, region) for mode in scenario.modes)
            uses[location, r] = _lane_use(facts, lanes, shipped, r)
    return uses


def _named(locations: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(location for location in locations if location is not None))


def _shipped(facts: Facts, r: int, scenario: Scenario, f: int) -> Shipments:
    yearly = facts.segments
    visit_kg = yearly.visit_weight_kg[:, :, r]
    return shipments(
        yearly.order_visits_per_year[:, :, r].ravel(),
        yearly.customers[:, :, r].ravel(),
        visit_kg.reshape(-1, visit_kg.shape[-1]),
        scenario.frequencies[f],
    )


def _lane_use(facts: Facts, lanes: tuple[Lane | None, ...], shipped: list[Shipments], r: int) -> LaneUse:
    weight_kg = facts.segments.weight_kg_per_year[:, :, r]
    cost = np.full((len(lanes), len(shipped), *weight_kg.shape), np.inf)
    co2e_kg = np.full_like(cost, np.inf)
    for m, lane in enumerate(lanes):
        if lane is None:
            continue
        for f, sent in enumerate(shipped):
            cost[m, f] = sent.total_by_cell(shipment_charge(lane.bands, sent.kg)).reshape(weight_kg.shape)
            by_shipment = sent.total_by_cell(parcels(lane.bands, sent.kg)).reshape(weight_kg.shape)
            co2e_kg[m, f] = lane.co2e_kg_per_kg * weight_kg + lane.co2e_kg_per_shipment * by_shipment
    return LaneUse(lanes, cost, co2e_kg)
