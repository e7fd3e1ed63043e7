"""What all segments share, computed once: the grid of ways, the lanes' yearly costs, the timetable."""

from collections.abc import Mapping
from dataclasses import dataclass

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
from servicepolicy_optimizer.targets import SegmentTerms, resolve_terms
from servicepolicy_optimizer.wildcards import Addressbook


@dataclass(frozen=True)
class Ground:
    """A scenario laid out for its service paths."""

    scenario: Scenario
    facts: Facts
    ways: Ways
    ladder_hours: Floats
    """(T,)"""
    lanes: Mapping[LaneKey, LaneUse]
    times: Timetable
    terms: Mapping[Segment, SegmentTerms]
    cost_of_goods: Floats
    """(I, J, R) a year."""
    facility_cost: Mapping[str, float]
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
        return tuple(self.lanes[at, int(r)] for at, r in zip(way.locations, way.regions, strict=True))


def lay_ground(scenario: Scenario, facts: Facts) -> Ground:
    """Compute what all segments share. Raises ScenarioRejected for rules that cannot be read."""
    reject_mixed_choices(scenario)
    ways, lanes = ways_of(scenario), lane_uses(scenario, facts)
    facility_cost = facility_costs(scenario)
    return Ground(
        scenario=scenario,
        facts=facts,
        ways=ways,
        ladder_hours=np.array(scenario.promise_ladder.response_hours, dtype=np.float64),
        lanes=lanes,
        times=timetable(scenario, lanes.values()),
        terms=resolve_terms(scenario, facts),
        cost_of_goods=cost_of_goods_per_year(scenario, facts),
        facility_cost=facility_cost,
        scarcity=scarcity(scenario, facts, ways, facility_cost),
        fixed=Addressbook(scenario.rules.fixed),
        forbidden=Addressbook(scenario.rules.forbidden),
    )
