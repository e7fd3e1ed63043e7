"""A change to a scenario in the planner's words, and what is chosen among changes."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from servicepolicy_models.noun import Name, Noun, Positive


class ChangeKind(StrEnum):
    """What a change touches."""

    FILL_RATE = "fill_rate"
    CYCLE_SERVICE_LEVEL = "cycle_service_level"
    RESPONSE = "response"
    OTIF = "otif"
    CAPACITY = "capacity"
    BUDGET = "budget"
    RULE = "rule"


class Level(StrEnum):
    """At which level of detail a cost was found."""

    ITEM_BY_ITEM = "item_by_item"
    """The solver chose the reorder point of every item: exact for whole items."""
    MIXED_COLUMNS = "mixed_columns"
    """The solver mixed columns, groups of items at one price each: exact for the mix. Whole items cost a
    little more, and so about the same more on both sides of a difference."""
    WHOLE_ITEMS = "whole_items"
    """A finished policy of whole items, found by prices; near the best but not proven to be it."""


class Change(Noun):
    """One promise, capacity, budget or rule that is other than the scenario says."""

    kind: ChangeKind
    where: str
    """`A/X`, `A/X (North)`, `Leeds`, `express at Leeds`, `inventory_value`, or the name of the rule."""
    before: float | None = None
    """In `unit`; none for a rule that only holds or does not."""
    after: float | None = None
    """None: lifted altogether."""
    unit: str = ""
    sentence: str
    """`Promise C/C within 72 h instead of 48 h`."""


class Aim(Noun):
    """Which changes are meant: all that fit every field. `*` stands for all."""

    kind: ChangeKind | None = None
    customer_class: Name = "*"
    """Of promises; an aim that names a class means promises only."""
    item_class: Name = "*"
    region: Name = "*"
    name: Name = "*"
    """Of capacities, budgets and rules: a name such as `Leeds`, `inventory_value`,
    `better_customer_never_served_worse`."""


class Weight(Aim):
    """How dear changes are to the planner; 1 where nothing is said. The last weight that fits counts."""

    weight: Positive


class RepairWishes(Noun):
    """What the planner wants of repairs."""

    untouchable: tuple[Aim, ...] = ()
    """Changes that no repair may make."""
    weights: tuple[Weight, ...] = ()
    repairs_at_most: Annotated[int, Field(ge=1, le=20)] = 5
    """Told, of each kind: smallest and cheapest."""
    look_at_most: Annotated[int, Field(ge=1, le=200)] = 12
    """Sets of changes that are looked for; each takes a solve of its own."""
