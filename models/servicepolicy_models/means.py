"""The means: order channels, warehouse processes, transport modes, supply options, locations, deployments."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from servicepolicy_models.noun import Name, NonNegative, Noun, Positive, Share, Signed


class StageTime(Noun):
    """How long a stage takes: mean and standard deviation in hours."""

    mean_hours: NonNegative
    sd_hours: NonNegative = 0.0


class Channel(Noun):
    """How orders come in: EDI, web shop, phone, sales visit."""

    name: Name
    cost_per_order: NonNegative = 0.0
    cost_per_line: NonNegative = 0.0
    labour_hours_per_order: NonNegative = 0.0
    labour_hours_per_line: NonNegative = 0.0
    labour_cost_per_hour: NonNegative = 0.0
    error_share_of_lines: Share = 0.0
    cost_per_error: NonNegative = 0.0
    fixed_cost_per_year: NonNegative = 0.0
    """Paid when any segment uses it."""
    labour_capacity_hours_per_year: NonNegative | None = None
    time: StageTime = StageTime(mean_hours=0.0)
    """Order entry and processing."""
    customer_classes: tuple[Name, ...] | None = None
    """Classes that may use it; absent: all."""


class ProcessAtLocation(Noun):
    """What a warehouse process costs and can do at one location."""

    location: Name
    cost_per_line: NonNegative | None = None
    cost_per_piece: NonNegative | None = None
    fixed_cost_per_year: NonNegative | None = None
    capacity_lines_per_day: NonNegative | None = None


class Process(Noun):
    """How orders are picked, packed and made ready: standard wave, express, cross-dock."""

    name: Name
    cost_per_line: NonNegative = 0.0
    cost_per_piece: NonNegative = 0.0
    cost_per_order: NonNegative = 0.0
    fixed_cost_per_year: NonNegative = 0.0
    """Paid at each location where any segment uses it."""
    capacity_lines_per_day: NonNegative | None = None
    """At each location."""
    time: StageTime = StageTime(mean_hours=0.0)
    at: tuple[ProcessAtLocation, ...] = ()
    """Locations with their own figures; if `only_at_listed`, the only ones that have the process."""
    only_at_listed: bool = False
    customer_classes: tuple[Name, ...] | None = None
    item_classes: tuple[Name, ...] | None = None


class RateBand(Noun):
    """What a shipment costs between two weights: max(minimum_charge, cost_per_shipment + weight x
    cost_per_kg).
    """

    from_kg: NonNegative = 0.0
    to_kg: Positive | None = None
    """Exclusive; absent: no upper bound."""
    minimum_charge: NonNegative = 0.0
    cost_per_shipment: NonNegative = 0.0
    cost_per_kg: NonNegative = 0.0


class Lane(Noun):
    """A transport mode from one location (`*`: any) to one region (`*`: any)."""

    location: Name = "*"
    region: Name = "*"
    bands: Annotated[tuple[RateBand, ...], Field(min_length=1)]
    time: StageTime
    co2e_kg_per_kg: NonNegative = 0.0
    """CO2e in kg per kg shipped."""
    co2e_kg_per_shipment: NonNegative = 0.0

    @model_validator(mode="after")
    def _bands_join(self) -> Self:
        for lower, upper in zip(self.bands, self.bands[1:], strict=False):
            if lower.to_kg is None or lower.to_kg != upper.from_kg:
                raise ValueError("rate bands must join: each band starts where the one before ends")
        for band in self.bands:
            if band.to_kg is not None and band.to_kg <= band.from_kg:
                raise ValueError("a rate band ends above the weight at which it starts")
        return self


class Mode(Noun):
    """A transport mode or carrier service with its lanes. The most specific lane applies."""

    name: Name
    lanes: Annotated[tuple[Lane, ...], Field(min_length=1)]
    capacity_kg_per_year: NonNegative | None = None
    fixed_cost_per_year: NonNegative = 0.0
    customer_classes: tuple[Name, ...] | None = None
    item_classes: tuple[Name, ...] | None = None


class ShippingFrequency(Noun):
    """How often a customer's orders leave: each order at once, or collected."""

    name: Name
    shipments_per_week: Positive | None = None
    """Absent: each order leaves at once. Else orders wait for the next departure, half an interval on
    average.
    """


class QuantityBreak(Noun):
    """From this order quantity on, the price of every piece is multiplied by the factor (all-units
    discount).
    """

    from_pieces: Positive
    unit_cost_factor: Positive


class SupplyOption(Noun):
    """A supplier or inbound mode for item classes."""

    name: Name
    item_classes: tuple[Name, ...] | None = None
    unit_cost_factor: Positive = 1.0
    """Purchase price relative to the item's unit cost."""
    fixed_cost_per_order: NonNegative = 0.0
    """Currency per replenishment order line."""
    inbound_cost_per_piece: NonNegative = 0.0
    inbound_cost_per_kg: NonNegative = 0.0
    inbound_cost_share_of_value: Share = 0.0
    lead_time_mean_days: Positive
    lead_time_sd_days: NonNegative = 0.0
    review_days: NonNegative = 0.0
    """0: continuous review (r, nQ); above: the stock is looked at every so many days."""
    minimum_order_pieces: NonNegative = 0.0
    order_multiple_pieces: NonNegative = 0.0
    maximum_cover_days: Positive = 365.0
    """No order covers more than this many days of demand."""
    quantity_breaks: tuple[QuantityBreak, ...] = ()
    owns_pipeline: bool = False
    """True: the company owns what is on its way."""
    co2e_kg_per_kg: NonNegative = 0.0
    fixed_cost_per_year: NonNegative = 0.0


class Location(Noun):
    """A stocking location."""

    name: Name
    fixed_cost_per_year: NonNegative = 0.0
    storage_cost_per_m3_year: NonNegative = 0.0
    storage_capacity_m3: NonNegative | None = None
    capacity_lines_per_day: NonNegative | None = None
    """Over all processes."""
    extra_lead_time_days: NonNegative = 0.0
    """Added to every supply option's lead time (transfer from the central warehouse)."""
    inbound_cost_per_kg: NonNegative = 0.0
    inbound_cost_per_piece: NonNegative = 0.0
    cost_per_piece: NonNegative = 0.0
    """Handling of a piece, in and out, whatever the process."""


class Deployment(Noun):
    """Which location serves which region."""

    name: Name
    serves: Annotated[dict[Name, Name], Field(min_length=1)]
    """Region -> location; `*` takes every region not named."""
    item_classes: tuple[Name, ...] | None = None


class StockPolicy(StrEnum):
    """How customer classes share a shelf."""

    POOLED = "pooled"
    """One shelf: everyone sees the same fill rate."""
    SEPARATE = "separate"
    """A shelf for each customer class."""
    RATIONED = "rationed"
    """One shelf with reserve levels: a class is served only while stock on hand exceeds its critical
    level.
    """


class Shortage(StrEnum):
    """What becomes of a piece that is short."""

    BACKORDER = "backorder"
    """It waits for the next receipt, and is delivered then."""
    LOST = "lost"
    """It is not delivered: the customer does without, or buys elsewhere."""


class DemandLaw(StrEnum):
    """How the demand of an item over its lead time is described."""

    AUTO = "auto"
    """The law that is safe for the item, by its data: compound where order sizes are known, else two
    moments.
    """
    NORMAL = "normal"
    GAMMA = "gamma"
    POISSON = "poisson"
    NEGATIVE_BINOMIAL = "negative_binomial"
    COMPOUND = "compound"
    """Order sizes as they are seen, lines (or bursts of lines) at random."""


class DemandLawChoice(Noun):
    """The law for the items of a class; of several choices that fit, the last holds."""

    item_class: Name = "*"
    law: DemandLaw


class StockoutReaction(Noun):
    """What customers of a class do when a piece is short, and what that costs (after Corsten & Gruen
    2003).
    """

    customer_class: Name = "*"
    shortage: Shortage = Shortage.BACKORDER
    """How stock is reckoned: what is short waits, or is lost to the shelf. All classes alike."""
    wait: Share = 1.0
    substitute: Share = 0.0
    buy_elsewhere_once: Share = 0.0
    leave: Share = 0.0
    cost_per_waiting_piece: NonNegative = 0.0
    cost_per_substituted_piece: NonNegative = 0.0
    lost_share_of_price: Share = 0.0
    """Margin lost with a piece bought elsewhere, as a share of its price."""
    leaving_multiple_of_price: NonNegative = 0.0
    """What a customer who leaves costs, per piece short, in multiples of the price."""
    shortage_factor: Signed | None = None
    """The simple form: a piece short costs this share of its price, whatever the reaction."""
    demand_lost_share_per_day: Share = 0.0
    """Share of the demand lost for every day of promised response time beyond the fastest rung."""

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Self:
        total = self.wait + self.substitute + self.buy_elsewhere_once + self.leave
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"wait + substitute + buy_elsewhere_once + leave must be 1, found {total:g}")
        return self
