"""Budgets, policy rules and solve limits."""

from typing import Annotated

from pydantic import Field

from servicepolicy_models.means import StockPolicy
from servicepolicy_models.noun import Name, NonNegative, Noun


class Budgets(Noun):
    """Yearly ceilings; absent: none."""

    inventory_value: NonNegative | None = None
    """Average stock value, cycle, safety, reserve and owned pipeline, in the scenario's currency."""
    total_cost: NonNegative | None = None
    """Total logistics cost (without lost sales) per year."""
    co2e_kg: NonNegative | None = None
    """Inbound and outbound CO2e in kg per year."""


class Choice(Noun):
    """A means fixed or forbidden for segments (path fields) or item classes (stocking fields)."""

    customer_class: Name = "*"
    item_class: Name = "*"
    region: Name = "*"
    channel: Name | None = None
    process: Name | None = None
    mode: Name | None = None
    frequency: Name | None = None
    supply: Name | None = None
    deployment: Name | None = None
    stock_policy: StockPolicy | None = None


class PolicyRules(Noun):
    """What a policy must look like, beyond its promises."""

    better_customer_never_served_worse: bool = False
    """Along customer classes, per item class: fill rate never lower, response promise never slower."""
    better_item_never_served_worse: bool = False
    """Along item classes, per customer class."""
    one_channel_per_customer_class: bool = False
    distinct_promises_at_most: Annotated[int, Field(ge=1)] | None = None
    """At most so many different (fill rate, response hours) promises in the whole matrix."""
    fixed: tuple[Choice, ...] = ()
    """Only this may be chosen where it applies."""
    forbidden: tuple[Choice, ...] = ()


class Limits(Noun):
    """When the solver may stop."""

    relative_gap: Annotated[float, Field(ge=0, le=0.5)] = 1e-4
    time_limit_seconds: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    seed: Annotated[int, Field(ge=0, le=2_147_483_647)] = 0
    price_levels: Annotated[int, Field(ge=4, le=200)] = 16
    """Prices on a piece short for which every stocking option gets a column, before refinement."""
    refinements: Annotated[int, Field(ge=0, le=50)] = 12
    """Rounds of column generation at most."""
    rungs: Annotated[int, Field(ge=4, le=400)] = 40
    """Reorder points considered per item and shelf."""
