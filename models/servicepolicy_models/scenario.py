"""The whole question."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from servicepolicy_models.demand import DemandSource, ItemDefaults
from servicepolicy_models.means import (
    Channel,
    DemandLawChoice,
    Deployment,
    Location,
    Mode,
    Process,
    ShippingFrequency,
    StockoutReaction,
    StockPolicy,
    SupplyOption,
)
from servicepolicy_models.noun import Name, NonNegative, Noun, OpenShare, Positive
from servicepolicy_models.rules import Budgets, Limits, PolicyRules
from servicepolicy_models.segmentation import Segmentation
from servicepolicy_models.targets import PromiseLadder, Target, Terms

SCHEMA_VERSION: Literal["1"] = "1"


class FillRateBasis(StrEnum):
    """To what a fill-rate promise applies."""

    SEGMENT = "segment"
    """The pieces of the segment together; items may differ."""
    EVERY_ITEM = "every_item"
    """Every item on its own."""


class Assumption(Noun):
    """A number that no data supports: marked, so that nobody takes it for a measurement."""

    field: str
    """JSON Pointer of the assumed field."""
    text: str
    """What is assumed, and why."""


class CurrentPromise(Noun):
    """What a segment is promised today, and the means in use; what is absent is left free."""

    customer_class: Name = "*"
    item_class: Name = "*"
    region: Name = "*"
    fill_rate: Annotated[float, Field(ge=0, lt=1)] | None = None
    response_hours: Positive | None = None
    channel: Name | None = None
    process: Name | None = None
    mode: Name | None = None
    frequency: Name | None = None
    supply: Name | None = None
    deployment: Name | None = None
    stock_policy: StockPolicy | None = None


class Scenario(Noun):
    """The whole question: demand, segments, promises, means, money, limits. Money is per year, response in
    hours.
    """

    schema_version: Literal["1"] = SCHEMA_VERSION
    name: Name
    title: str = ""
    notes: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    """ISO 4217 code."""
    days_per_year: Annotated[float, Field(gt=0, le=366)] = 365.0
    """Days of demand in the year that all costs refer to (calendar days unless demand is per working day)."""
    fill_rate_definition: Literal["unit"] = "unit"
    """Type 2: share of demanded pieces delivered from stock."""
    fill_rate_basis: FillRateBasis = FillRateBasis.SEGMENT
    demand: DemandSource
    items: ItemDefaults = ItemDefaults()
    segmentation: Segmentation = Segmentation()
    targets: tuple[Target, ...] = ()
    terms: tuple[Terms, ...] = ()
    on_time_probability: OpenShare = 0.95
    """Of a response promise, where the target does not say."""
    promise_ladder: PromiseLadder = PromiseLadder()
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    processes: Annotated[tuple[Process, ...], Field(min_length=1)]
    modes: Annotated[tuple[Mode, ...], Field(min_length=1)]
    frequencies: Annotated[tuple[ShippingFrequency, ...], Field(min_length=1)] = (
        ShippingFrequency(name="each order"),
    )
    supply: Annotated[tuple[SupplyOption, ...], Field(min_length=1)]
    locations: Annotated[tuple[Location, ...], Field(min_length=1)]
    deployments: Annotated[tuple[Deployment, ...], Field(min_length=1)]
    stock_policies: Annotated[tuple[StockPolicy, ...], Field(min_length=1)] = (
        StockPolicy.POOLED,
        StockPolicy.SEPARATE,
        StockPolicy.RATIONED,
    )
    demand_laws: tuple[DemandLawChoice, ...] = ()
    """None: the law of every item is chosen from its data, and named in the answer."""
    stockout_reactions: tuple[StockoutReaction, ...] = ()
    """None: short pieces cost nothing beyond the promise."""
    count_lost_sales: bool = True
    """Whether the lost-sales cost of the stockout reactions joins the objective."""
    carrying_rate_per_year: NonNegative
    """Cost of holding stock worth one unit of currency for a year."""
    budgets: Budgets = Budgets()
    rules: PolicyRules = PolicyRules()
    current_policy: tuple[CurrentPromise, ...] = ()
    limits: Limits = Limits()
