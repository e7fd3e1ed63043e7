"""How much of every capacity and budget the decision uses."""

from collections.abc import Iterator

from servicepolicy_models.cost import Cost
from servicepolicy_models.policy import Use
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.answer.stock import Stock
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.paths.facilities import works_at


def uses(scenario: Scenario, stock: Stock, decided: Decided, cost: Cost, co2e_kg: float) -> tuple[Use, ...]:
    """Capacities that anything uses or that have a limit; budgets always."""
    rows = [*_of_paths(scenario, decided), *_of_stock(scenario, stock)]
    budgets = scenario.budgets
    return (
        *(row for row in rows if row.limit is not None or row.used > 0),
        Use(
            name="budget inventory value",
            used=stock.value().total,
            limit=budgets.inventory_value,
            unit=scenario.currency,
        ),
        Use(
            name="budget total cost",
            used=cost.total,
            limit=budgets.total_cost,
            unit=f"{scenario.currency}/year",
        ),
        Use(name="budget CO2e", used=co2e_kg, limit=budgets.co2e_kg, unit="kg/year"),
    )


def _of_paths(scenario: Scenario, decided: Decided) -> Iterator[Use]:
    paths = list(decided.paths.values())
    for channel in scenario.channels:
        hours = sum(path.channel_labour_hours for path in paths if path.channel == channel.name)
        yield Use(
            name=f"channel {channel.name} labour",
            used=hours,
            limit=channel.labour_capacity_hours_per_year,
            unit="hours/year",
        )
    for process in scenario.processes:
        own = {at.location: at.capacity_lines_per_day for at in process.at}
        for location in scenario.locations:
            if not works_at(process, location.name):
                continue
            lines = sum(
                path.lines_per_day.get(location.name, 0.0) for path in paths if path.process == process.name
            )
            limit = own.get(location.name)
            yield Use(
                name=f"process {process.name} at {location.name}",
                used=lines,
                limit=process.capacity_lines_per_day if limit is None else limit,
                unit="lines/day",
            )
    for location in scenario.locations:
        lines = sum(path.lines_per_day.get(location.name, 0.0) for path in paths)
        yield Use(
            name=f"location {location.name}",
            used=lines,
            limit=location.capacity_lines_per_day,
            unit="lines/day",
        )
    for mode in scenario.modes:
        weight = sum(path.weight_kg for path in paths if path.mode == mode.name)
        yield Use(name=f"mode {mode.name}", used=weight, limit=mode.capacity_kg_per_year, unit="kg/year")


def _of_stock(scenario: Scenario, stock: Stock) -> Iterator[Use]:
    for location in scenario.locations:
        yield Use(
            name=f"storage {location.name}",
            used=stock.storage_m3(location.name),
            limit=location.storage_capacity_m3,
            unit="m3",
        )
