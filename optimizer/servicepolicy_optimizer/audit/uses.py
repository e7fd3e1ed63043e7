"""How much of every capacity and budget is used."""

from collections.abc import Iterator, Mapping, Sequence

from servicepolicy_models.cost import Cost
from servicepolicy_models.policy import StockValue, Use
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.class_account import ClassAccount
from servicepolicy_optimizer.audit.means_in_use import process_figures, runs_at
from servicepolicy_optimizer.audit.segment_account import SegmentAccount


def uses_of_capacities(
    scenario: Scenario, segments: Sequence[SegmentAccount], classes: Mapping[str, ClassAccount]
) -> tuple[Use, ...]:
    """Every capacity of the scenario: labour of channels, lines of processes and locations, weight of modes,
    storage.
    """
    return (
        *_channels(scenario, segments),
        *_processes(scenario, segments),
        *_locations(scenario, segments),
        *_modes(scenario, segments),
        *_storage(scenario, classes),
    )


def uses_of_budgets(
    scenario: Scenario, cost: Cost, stock_value: StockValue, co2e_kg: float
) -> tuple[Use, ...]:
    """The budgets: average stock value with the owned pipeline, total logistics cost without lost sales,
    CO2e.
    """
    budgets, money = scenario.budgets, scenario.currency
    return (
        Use(name="budget inventory value", used=stock_value.total, limit=budgets.inventory_value, unit=money),
        Use(name="budget total cost", used=cost.total, limit=budgets.total_cost, unit=f"{money}/year"),
        Use(name="budget CO2e", used=co2e_kg, limit=budgets.co2e_kg, unit="kg/year"),
    )


def _channels(scenario: Scenario, segments: Sequence[SegmentAccount]) -> Iterator[Use]:
    """Labour hours a year of the orders and lines that come in by each channel."""
    for channel in scenario.channels:
        hours = sum(one.labour_hours_per_year for one in segments if one.means.channel.name == channel.name)
        limit = channel.labour_capacity_hours_per_year
        yield Use(name=f"channel {channel.name} labour", used=hours, limit=limit, unit="hours/year")


def _processes(scenario: Scenario, segments: Sequence[SegmentAccount]) -> Iterator[Use]:
    """Lines a day of each process at each location that has it."""
    for process in scenario.processes:
        mine = [one for one in segments if one.means.process.name == process.name]
        for location in scenario.locations:
            lines = sum(one.lines_per_year_at(location.name) for one in mine) / scenario.days_per_year
            limit = process_figures(process, location.name).capacity_lines_per_day
            if runs_at(process, location.name) or lines > 0:
                yield Use(
                    name=f"process {process.name} at {location.name}",
                    used=lines,
                    limit=limit,
                    unit="lines/day",
                )


def _locations(scenario: Scenario, segments: Sequence[SegmentAccount]) -> Iterator[Use]:
    """Lines a day of each location, over all processes."""
    for location in scenario.locations:
        lines = sum(one.lines_per_year_at(location.name) for one in segments) / scenario.days_per_year
        limit = location.capacity_lines_per_day
        yield Use(name=f"location {location.name}", used=lines, limit=limit, unit="lines/day")


def _modes(scenario: Scenario, segments: Sequence[SegmentAccount]) -> Iterator[Use]:
    """Kilograms a year of each mode."""
    for mode in scenario.modes:
        weight_kg = sum(one.weight_kg_per_year for one in segments if one.means.mode.name == mode.name)
        yield Use(name=f"mode {mode.name}", used=weight_kg, limit=mode.capacity_kg_per_year, unit="kg/year")


def _storage(scenario: Scenario, classes: Mapping[str, ClassAccount]) -> Iterator[Use]:
    """Average volume on hand at each location."""
    shelves = [shelf for account in classes.values() for shelf in account.shelves]
    for location in scenario.locations:
        volume_m3 = sum(one.storage_m3 for one in shelves if one.shelf.location.name == location.name)
        yield Use(
            name=f"storage {location.name}", used=volume_m3, limit=location.storage_capacity_m3, unit="m3"
        )
