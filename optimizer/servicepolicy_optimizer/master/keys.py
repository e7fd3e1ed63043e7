"""How decisions are named: flat tuples, so that Pyomo finds a variable without taking an index apart."""

from collections.abc import Mapping

from servicepolicy_optimizer.choices import Segment

OptionKey = tuple[str, str]
"""(item class, option name)."""
ShelfKey = tuple[str, str, str]
"""(item class, option name, shelf name)."""
ColumnKey = tuple[str, str, str, int | str]
"""(item class, option name, shelf name, number of the column in its ColumnSet); in the floor, a name."""
ServingKey = tuple[str, str, str, str]
"""(customer class, item class, region, deployment)."""
PathKey = tuple[str, str, str, str, int]
"""(customer class, item class, region, deployment, number of the path among the segment's)."""
PromiseKey = tuple[str, str, str, float, float]
"""(customer class, item class, region, fill rate, response hours)."""

ByOption = Mapping[OptionKey, float]
ByColumn = Mapping[ColumnKey, float]
ByPath = Mapping[PathKey, float]
ByPromise = Mapping[PromiseKey, float]

__all__ = [
    "ByColumn", "ByOption", "ByPath", "ByPromise", "ColumnKey", "OptionKey", "PathKey", "PromiseKey",
    "Segment", "ServingKey", "ShelfKey",
]  # fmt: skip
