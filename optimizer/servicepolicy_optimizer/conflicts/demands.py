"""What a planner can give up: demands, each made of the rows of the master model that carry it."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from servicepolicy_optimizer.solve.arrays import Name


class Demand(NamedTuple):
    """One promise, capacity, budget or rule of the scenario."""

    family: str
    """Constraint family of the master model that stands for it."""
    where: tuple[str, ...]
    """Segment, item class, location, budget, or pair of segments."""


def _whole(index: Any) -> tuple[str, ...]:
    return index if isinstance(index, tuple) else (index,)


def _segment(index: Any) -> tuple[str, ...]:
    return tuple(index[:3])


def _pair(index: Any) -> tuple[str, ...]:
    return tuple(index[:6])


def _customer_class(index: Any) -> tuple[str, ...]:
    return (index[0],)


DEMAND_OF: Mapping[str, tuple[str, Callable[[Any], tuple[str, ...]]]] = {
    "one_stocking_option": ("one_stocking_option", _whole),
    "one_path": ("one_path", _segment),
    "one_promise": ("one_path", _segment),
    "promise_after_path": ("one_path", _segment),
    "fill_rate_floor": ("fill_rate_floor", _segment),
    "fill_rate_of_items_floor": ("fill_rate_floor", _segment),
    "promise_within_plan": ("fill_rate_floor", _segment),
    "otif_floor": ("otif_floor", _segment),
    "channel_labour": ("channel_labour", _whole),
    "process_lines": ("process_lines", _whole),
    "location_lines": ("location_lines", _whole),
    "storage": ("storage", _whole),
    "mode_weight": ("mode_weight", _whole),
    "inventory_budget": ("inventory_budget", _whole),
    "total_cost_budget": ("total_cost_budget", _whole),
    "co2e_budget": ("co2e_budget", _whole),
    "better_customer_fill": ("better_customer_fill", _pair),
    "better_customer_promise": ("better_customer_fill", _pair),
    "better_customer_response": ("better_customer_response", _pair),
    "better_item_fill": ("better_item_fill", _pair),
    "better_item_promise": ("better_item_fill", _pair),
    "better_item_response": ("better_item_response", _pair),
    "path_by_chosen_channel": ("path_by_chosen_channel", _customer_class),
    "distinct_promises": ("distinct_promises", _whole),
}
"""Family of rows -> the demand it carries. Rows of other families only say what a decision is."""

PRICE_OF: Mapping[str, float] = {"one_path": 10.0, "one_stocking_option": 100.0}
"""What it costs to miss a demand altogether, 1 where nothing else is said. To leave a segment unserved or an
item class unstocked is the last resort: it would free all they use."""


def demands(rows: tuple[Name, ...]) -> Mapping[Demand, tuple[int, ...]]:
    """Demand -> the numbers of its rows, in the order of the model."""
    found: dict[Demand, list[int]] = defaultdict(list)
    for number, (family, index) in enumerate(rows):
        if family in DEMAND_OF:
            demand_family, where = DEMAND_OF[family]
            found[Demand(demand_family, where(index))].append(number)
    return {demand: tuple(numbers) for demand, numbers in found.items()}
