"""Capacities and budgets of a scenario: which there are, and the scenario with another figure for one."""

from collections.abc import Callable, Mapping
from typing import Any

from servicepolicy_models.means import Process, ProcessAtLocation
from servicepolicy_models.noun import Noun
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.conflicts.ceilings import CEILINGS
from servicepolicy_optimizer.conflicts.demands import Demand
from servicepolicy_optimizer.master.asked import asked

AMPLE = 1e12
"""Stands for no limit where absence would mean another one: a process's own figure at a location."""

BUDGET_OF = {
    "inventory_budget": "inventory_value",
    "total_cost_budget": "total_cost",
    "co2e_budget": "co2e_kg",
}
"""Family -> field of the budgets."""


def limits_of(scenario: Scenario, choices: Choices) -> Mapping[Demand, float]:
    """Every capacity and budget that the scenario names, with its figure."""
    known = asked(scenario, choices)
    return {
        Demand(family, key if isinstance(key, tuple) else (key,)): float(limit)
        for family, ceiling in CEILINGS.items()
        for key, limit in ceiling.limits(known).items()
    }


def name_of(demand: Demand) -> str:
    """`location Leeds`, `process express at Leeds`, `inventory budget`."""
    return NAMES[demand.family].format(*demand.where)


def unit_of(scenario: Scenario, demand: Demand) -> str:
    """`lines a day`, `EUR`."""
    return CEILINGS[demand.family].unit.format(*demand.where)


def with_limit(scenario: Scenario, demand: Demand, figure: float | None) -> Scenario:
    """The scenario with another figure for a capacity or budget; None: without it."""
    return SET[demand.family](scenario, demand, figure)


NAMES: Mapping[str, str] = {
    "channel_labour": "labour of channel {}",
    "process_lines": "process {} at {}",
    "location_lines": "location {}",
    "storage": "storage of {}",
    "mode_weight": "mode {}",
    "inventory_budget": "inventory budget",
    "total_cost_budget": "total cost budget",
    "co2e_budget": "CO2e budget",
}
"""Family -> what the planner calls it, in few words."""


USE_OF: Mapping[str, str] = {
    "channel_labour": "channel {} labour",
    "process_lines": "process {} at {}",
    "location_lines": "location {}",
    "storage": "storage {}",
    "mode_weight": "mode {}",
    "inventory_budget": "budget inventory value",
    "total_cost_budget": "budget total cost",
    "co2e_budget": "budget CO2e",
}
"""Family -> the name under which a policy says how much of it is used (`answer/uses.py`)."""


def _budget(scenario: Scenario, demand: Demand, figure: float | None) -> Scenario:
    budgets = scenario.budgets.model_copy(update={BUDGET_OF[demand.family]: figure})
    return scenario.model_copy(update={"budgets": budgets})


def _field(means: str, field: str) -> Callable[[Scenario, Demand, float | None], Scenario]:
    def with_figure(scenario: Scenario, demand: Demand, figure: float | None) -> Scenario:
        nouns: tuple[Any, ...] = getattr(scenario, means)
        changed: tuple[Noun, ...] = tuple(
            one.model_copy(update={field: figure}) if one.name == demand.where[0] else one for one in nouns
        )
        return scenario.model_copy(update={means: changed})

    return with_figure


def _process(scenario: Scenario, demand: Demand, figure: float | None) -> Scenario:
    name, location = demand.where
    changed = tuple(
        _process_at(one, location, AMPLE if figure is None else figure) if one.name == name else one
        for one in scenario.processes
    )
    return scenario.model_copy(update={"processes": changed})


def _process_at(process: Process, location: str, figure: float) -> Process:
    """The process with a figure of its own at the location."""
    if any(own.location == location for own in process.at):
        at = tuple(
            own.model_copy(update={"capacity_lines_per_day": figure}) if own.location == location else own
            for own in process.at
        )
    else:
        at = (*process.at, ProcessAtLocation(location=location, capacity_lines_per_day=figure))
    return process.model_copy(update={"at": at})


SET: Mapping[str, Callable[[Scenario, Demand, float | None], Scenario]] = {
    "channel_labour": _field("channels", "labour_capacity_hours_per_year"),
    "process_lines": _process,
    "location_lines": _field("locations", "capacity_lines_per_day"),
    "storage": _field("locations", "storage_capacity_m3"),
    "mode_weight": _field("modes", "capacity_kg_per_year"),
    **dict.fromkeys(BUDGET_OF, _budget),
}
"""Family -> how its figure is set."""
