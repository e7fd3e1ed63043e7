"""How long a run is and what is measured of it."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_models.simulation import DemandMode, SimulationSettings
from servicepolicy_optimizer.simulate.recorded import DAYS_OF_THE_WEEK, RecordedLines
from servicepolicy_optimizer.simulate.world import World


@dataclass(frozen=True)
class Plan:
    """The times of a run, in days of demand: [0, from) warms up, [from, to) is measured, [to, until) lets
    what was asked for before arrive.
    """

    measured_from_days: float
    measured_to_days: float
    until_days: float
    block_days: int
    """Calendar days of a bootstrap block."""

    @property
    def measured_days(self) -> float:
        """Length of what is measured."""
        return self.measured_to_days - self.measured_from_days


def plan_of(
    scenario: Scenario, world: World, settings: SimulationSettings, recorded: RecordedLines | None
) -> Plan:
    """Warm-up, measured time and the end; a replay measures what its record leaves after the warm-up."""
    warm_up = settings.warm_up_days or world.longest_supply_days
    weeks = np.ceil(world.longest_lead_days / DAYS_OF_THE_WEEK)
    block = settings.block_days or int(max(weeks, 1) * DAYS_OF_THE_WEEK)
    if settings.demand is DemandMode.REPLAY and recorded is not None:
        return Plan(warm_up, recorded.days, recorded.days, block)
    measured_to = warm_up + settings.years * scenario.days_per_year
    return Plan(warm_up, measured_to, measured_to + warm_up, block)


def settings_used(settings: SimulationSettings, plan: Plan, scenario: Scenario) -> SimulationSettings:
    """The settings with nothing left open."""
    return settings.model_copy(
        update={
            "warm_up_days": plan.measured_from_days,
            "block_days": plan.block_days,
            "years": plan.measured_days / scenario.days_per_year,
        }
    )
