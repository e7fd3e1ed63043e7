"""To which group of inputs a field of a scenario belongs, and scenarios that mix the groups of two."""

from collections.abc import Mapping, Set
from typing import Any

from servicepolicy_models.comparison import InputGroup
from servicepolicy_models.noun import Noun
from servicepolicy_models.scenario import Scenario

G = InputGroup

OF_SCENARIO: Mapping[str, InputGroup | None] = {
    "schema_version": None, "name": None, "title": None, "notes": None, "assumptions": None,
    "currency": None, "current_policy": None,
    "days_per_year": G.DEMAND, "demand": G.DEMAND, "demand_laws": G.DEMAND, "items": G.DEMAND,
    "segmentation": G.CLASSES,
    "fill_rate_definition": G.PROMISES, "fill_rate_basis": G.PROMISES, "targets": G.PROMISES,
    "terms": G.PROMISES, "on_time_probability": G.PROMISES, "promise_ladder": G.PROMISES,
    "channels": G.MEANS, "processes": G.MEANS, "modes": G.MEANS, "frequencies": G.MEANS, "supply": G.MEANS,
    "locations": G.MEANS, "deployments": G.MEANS, "stock_policies": G.MEANS,
    "stockout_reactions": G.COSTS, "count_lost_sales": G.COSTS, "carrying_rate_per_year": G.COSTS,
    "budgets": G.LIMITS, "rules": G.LIMITS,
    "limits": G.SEARCH,
}  # fmt: skip
"""Every field of a scenario; None: no cost depends on it."""

ENTERED = ("items", "channels", "processes", "modes", "frequencies", "supply", "locations", "deployments")
"""Fields whose parts belong to groups of their own."""

TIMES = {
    "time", "lead_time_mean_days", "lead_time_sd_days", "review_days", "extra_lead_time_days",
    "shipments_per_week",
}  # fmt: skip
CAPACITIES = {
    "labour_capacity_hours_per_year", "capacity_lines_per_day", "capacity_kg_per_year",
    "storage_capacity_m3",
}  # fmt: skip
PRICES = {
    "bands", "quantity_breaks", "unit_price", "labour_hours_per_order", "labour_hours_per_line",
    "error_share_of_lines",
}  # fmt: skip
"""Beside every field with `cost` in its name."""


def group_within(field: str, of: InputGroup) -> InputGroup:
    """The group of a field inside one of the `ENTERED` fields, whose own group is `of`.

    >>> group_within("cost_per_line", InputGroup.MEANS).value
    'costs'
    >>> group_within("unit_weight_kg", InputGroup.DEMAND).value
    'demand'
    """
    if field in TIMES:
        return G.TIMES
    if field in CAPACITIES:
        return G.LIMITS
    return G.COSTS if "cost" in field or field in PRICES else of


def key_of(entry: Noun) -> tuple[str, ...]:
    """What tells the entries of a list of means apart: a lane by its ends, all others by name."""
    for names in (("name",), ("location", "region"), ("location",)):
        if all(name in type(entry).model_fields for name in names):
            return tuple(getattr(entry, name) for name in names)
    raise LookupError(type(entry).__name__)


def is_keyed(value: Any) -> bool:
    """Whether a value is a list of means or lanes, each with a key of its own."""
    if not isinstance(value, tuple) or not value:
        return False
    named = all(
        isinstance(one, Noun) and any(name in type(one).model_fields for name in ("name", "location"))
        for one in value
    )
    return named and len({key_of(one) for one in value}) == len(value)


def mixed(earlier: Scenario, later: Scenario, changed: Set[InputGroup]) -> Scenario:
    """The earlier scenario with some groups of inputs taken from the later one.

    A means that only one of the two knows comes and goes with the group `means`, and all of it.
    """
    fields = {
        name: _mixed(getattr(earlier, name), getattr(later, name), group, changed)
        if name in ENTERED
        else getattr(later if group in changed else earlier, name)
        for name, group in OF_SCENARIO.items()
        if group is not None
    }
    return earlier.model_copy(update=fields)


def _mixed(earlier: Any, later: Any, group: InputGroup, changed: Set[InputGroup]) -> Any:
    if earlier == later:
        return earlier
    if is_keyed(earlier) and is_keyed(later):
        before, after = ({key_of(one): one for one in side} for side in (earlier, later))
        taken = after if group in changed else before
        return tuple(
            _mixed_noun(before[key], after[key], group, changed) if key in before and key in after else entry
            for key, entry in taken.items()
        )
    if isinstance(earlier, Noun) and isinstance(later, Noun):
        return _mixed_noun(earlier, later, group, changed)
    return later if group in changed else earlier


def _mixed_noun(earlier: Noun, later: Noun, group: InputGroup, changed: Set[InputGroup]) -> Noun:
    update = {}
    for name in type(earlier).model_fields:
        own, a, b = group_within(name, group), getattr(earlier, name), getattr(later, name)
        update[name] = (
            _mixed(a, b, group, changed) if is_keyed(a) and is_keyed(b) else (b if own in changed else a)
        )
    return earlier.model_copy(update=update)
