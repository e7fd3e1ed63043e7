"""What all segments share, computed once: the grid of ways, the lanes' yearly costs, the timetable.

Most of it no promise, rule, capacity or budget changes: a scenario and its baselines have the same `Terrain`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from servicepolicy_models.rules import Choice
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.facts import Facts, Floats
from servicepolicy_optimizer.paths.facilities import facility_costs
from servicepolicy_optimizer.paths.lost_demand import cost_of_goods_per_year
from servicepolicy_optimizer.paths.network import Legs
from servicepolicy_optimizer.paths.rule_masks import reject_mixed_choices
from servicepolicy_optimizer.paths.scarcity import Scarcity, scarcity
from servicepolicy_optimizer.paths.tariffs import LaneKey, LaneUse, lane_uses
from servicepolicy_optimizer.paths.timetable import Timetable, timetable
from servicepolicy_optimizer.paths.ways import Ways, ways_of
from servicepolicy_optimizer.recall import NOTHING_KEPT, Recall
from servicepolicy_optimizer.targets import SegmentTerms, resolve_terms
from servicepolicy_optimizer.wildcards import Addressbook


class Yearly(NamedTuple):
    """What the means of a segment under a deployment cost and take a year, axis by axis of the grid."""

    response_cost: Floats
    """(C,)"""
    labour_hours: Floats
    """(C,)"""
    warehousing_cost: Floats
    """(P,)"""
    transport_cost: Floats
    """(M, F)"""
    co2e_kg: Floats
    """(M, F)"""
    lost_margin: Floats
    """(T,)"""
    lines_per_day: Mapping[str, float]
    """Location -> lines a day."""
    weight_kg: float


@dataclass(frozen=True)
class Terrain:
    """What no promise, rule, capacity or budget changes."""

    lanes: Mapping[LaneKey, LaneUse]
    times: Timetable
    terms: Mapping[Segment, SegmentTerms]
    cost_of_goods: Floats
    """(I, J, R) a year."""
    facility_cost: Mapping[str, float]
    yearly: dict[tuple[Segment, str], Yearly] = field(default_factory=dict)
    """(segment, deployment) -> what was priced so far."""


def terrain_of(scenario: Scenario, facts: Facts, recall: Recall = NOTHING_KEPT) -> Terrain:
    """Compute it. recall: where the timetable is found if it was laid for any question."""
    lanes = lane_uses(scenario, facts)
    return Terrain(
        lanes=lanes,
        times=timetable(scenario, lanes.values(), recall),
        terms=resolve_terms(scenario, facts),
        cost_of_goods=cost_of_goods_per_year(scenario, facts),
        facility_cost=facility_costs(scenario),
    )


@dataclass(frozen=True)
class Ground:
    """A scenario laid out for its service paths."""

    scenario: Scenario
    facts: Facts
    terrain: Terrain
    ways: Ways
    ladder_hours: Floats
    """(T,)"""
    scarcity: Scarcity
    fixed: Addressbook[Choice]
    forbidden: Addressbook[Choice]

    @property
    def means_names(self) -> tuple[tuple[str, ...], ...]:
        """Channels, processes, modes and frequencies by name: the axes of the grid."""
        axes = (self.ways.channels, self.ways.processes, self.ways.modes, self.ways.frequencies)
        return tuple(tuple(one.name for one in axis) for axis in axes)

    def lanes_of(self, way: Legs) -> tuple[LaneUse, ...]:
        """The lanes of each leg."""
        return tuple(self.terrain.lanes[at, int(r)] for at, r in zip(way.locations, way.regions, strict=True))


def lay_ground(scenario: Scenario, facts: Facts, terrain: Terrain | None = None) -> Ground:
    """Compute what all segments share. terrain: of a scenario that differs in promises, rules, capacities and
    budgets only. Raises ScenarioRejected for rules that cannot be read.
    """
    reject_mixed_choices(scenario)
    ways = ways_of(scenario)
    terrain = terrain_of(scenario, facts) if terrain is None else terrain
    return Ground(
        scenario=scenario,
        facts=facts,
        terrain=terrain,
        ways=ways,
        ladder_hours=np.array(scenario.promise_ladder.response_hours, dtype=np.float64),
        scarcity=scarcity(scenario, facts, ways, terrain.facility_cost),
        fixed=Addressbook(scenario.rules.fixed),
        forbidden=Addressbook(scenario.rules.forbidden),
    )
