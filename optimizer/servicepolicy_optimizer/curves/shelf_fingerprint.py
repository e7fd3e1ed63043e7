"""What every shelf and column of a scenario depends on, and what some do."""

from typing import Any

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.canonical import canonical

NOT_OF_EVERY_SHELF = (
    "name", "title", "notes", "assumptions", "demand", "on_time_probability", "terms", "channels",
    "processes", "modes", "frequencies", "deployments", "stock_policies", "budgets", "rules",
    "current_policy", "supply", "locations",
)  # fmt: skip
"""Fields of a scenario that not every stocked shelf depends on. The demand is told by its hash; deployments
and stock policies stand in the key of the shelf; supplier and location are compared shelf by shelf."""

NOT_OF_THE_SHELF = {"storage_capacity_m3", "capacity_lines_per_day"}
"""Fields of a location that no shelf depends on: they are limits."""


def shelf_fingerprint(scenario: Scenario) -> bytes:
    """What every shelf and column depends on, beside the demand, its own supplier and its own location."""
    free: dict[str, Any] = scenario.model_dump(mode="json", exclude=set(NOT_OF_EVERY_SHELF))
    free["limits"] = {name: free["limits"][name] for name in ("rungs", "price_levels")}
    if not any(target.cycle_service_level is not None for target in scenario.targets):
        free.pop("targets")
    return canonical(free)


def fingerprint_at(scenario: Scenario, supply: str, location: str) -> tuple[bytes, ...]:
    """The supplier and the location of a shelf."""
    supplier = next(one for one in scenario.supply if one.name == supply)
    at = next(one for one in scenario.locations if one.name == location)
    told = (supplier.model_dump(mode="json"), at.model_dump(mode="json", exclude=NOT_OF_THE_SHELF))
    return tuple(map(canonical, told))
