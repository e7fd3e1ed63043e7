"""What the planner calls the capacities and budgets, and in which unit."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from servicepolicy_optimizer.master.asked import Asked


class Ceiling(NamedTuple):
    """A limit on the right-hand side of a row. Braces stand for the row's index."""

    what: str
    limits: Callable[[Asked], Mapping[Any, float]]
    unit: str

    def limit(self, asked: Asked, where: tuple[str, ...]) -> float:
        """The right-hand side."""
        return self.limits(asked)[where[0] if len(where) == 1 else where]


CEILINGS: Mapping[str, Ceiling] = {
    "channel_labour": Ceiling("the labour of channel {}", lambda asked: asked.labour_hours, "hours a year"),
    "process_lines": Ceiling(
        "the capacity of process {} at {}", lambda asked: asked.process_lines, "lines a day"
    ),
    "location_lines": Ceiling("the capacity of {}", lambda asked: asked.location_lines, "lines a day"),
    "storage": Ceiling("the storage of {}", lambda asked: asked.storage_m3, "m³"),
    "mode_weight": Ceiling("the capacity of mode {}", lambda asked: asked.weight_kg, "kg a year"),
    "inventory_budget": Ceiling("the inventory budget", lambda asked: asked.inventory_value, "{}"),
    "total_cost_budget": Ceiling("the total cost budget", lambda asked: asked.total_cost, "{} a year"),
    "co2e_budget": Ceiling("the CO2e budget", lambda asked: asked.co2e_kg, "{} a year"),
}
"""Family -> its ceiling."""
