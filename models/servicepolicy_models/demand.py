"""Where the demand comes from: order lines with a column mapping and stated cleaning rules, or inline
numbers.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from servicepolicy_models.noun import Name, NonNegative, Noun, Positive, Share


class ColumnMap(Noun):
    """Which column of the order lines holds what. Only the first four are required."""

    order: Name
    """Order (invoice) number."""

    item: Name
    """Item (stock) code."""

    quantity: Name
    """Ordered pieces; negative for returns and cancellations."""

    date: Name
    """Order date or timestamp."""

    price: Name | None = None
    """Unit price in the scenario's currency; absent: `items.unit_price` or the unit cost stands in."""

    customer: Name | None = None
    """Customer number; absent: every order is its own customer."""

    region: Name | None = None
    """Where the customer is (country, depot area, port ...); mapped by `segmentation.regions`."""

    description: Name | None = None
    """Item text, kept for the reader."""

    unit_cost: Name | None = None
    """Unit cost, when the order lines carry it."""

    weight_kg: Name | None = None
    """Weight of the whole line in kg, when the order lines carry it."""


class ItemColumns(Noun):
    """Which column of an item table holds what."""

    item: Name
    unit_cost: Name | None = None
    unit_price: Name | None = None
    unit_weight_kg: Name | None = None
    unit_volume_m3: Name | None = None
    item_class: Name | None = None
    """A class given from outside (`segmentation.items.measure` = "given")."""


class CustomerColumns(Noun):
    """Which column of a customer table holds what."""

    customer: Name
    customer_class: Name | None = None
    """A class given from outside (`segmentation.customers.measure` = "given")."""
    region: Name | None = None


class MissingCustomer(StrEnum):
    """What to do with lines that name no customer."""

    KEEP_AS_LOWEST_CLASS = "keep_as_lowest_class"
    """They are real demand on the shelf; each order is a customer of its own, in the lowest class."""

    CLASSIFY_BY_ORDER = "classify_by_order"
    """Each order without a customer is a customer of its own and is classified like any other."""

    DROP = "drop"


class CleaningRules(Noun):
    """How dirt in the order lines is recognised and handled. Every rule that fires is counted and
    reported.
    """

    cancellation_order_pattern: str | None = None
    """Regular expression on the order number that marks a cancellation, such as `^C`."""

    match_cancellations: bool = True
    """A cancellation removes the same customer's latest earlier line of the same item and quantity (or
    reduces it);
    what cannot be matched counts as a return and leaves the demand as it was."""

    non_product_pattern: str | None = None
    """Regular expression on the item code for postage, fees, vouchers, samples: such lines are not demand."""

    item_code_upper_case: bool = True
    """Item codes that differ only in letter case or outer blanks are one item."""

    drop_exact_duplicates: bool = True
    """A row that equals another in every mapped column is counted once."""

    drop_zero_price: bool = True
    """A line at price zero or below is a write-off, a sample or a correction, not demand."""

    missing_customer: MissingCustomer = MissingCustomer.KEEP_AS_LOWEST_CLASS

    drop_incomplete_last_month: bool = False
    """Leave out the last calendar month when the data stop before its end."""


class OrderLines(Noun):
    """Demand read from a file of order lines (CSV, Parquet, Excel or JSON)."""

    kind: Literal["order_lines"] = "order_lines"
    path: str | None = None
    """File, relative to the scenario's folder; the caller may hand in another (`--orders`)."""
    sheet: str | None = None
    """Excel sheet; absent: the first."""
    columns: ColumnMap
    date_format: str | None = None
    """How dates are written, as in `%d/%m/%Y %H:%M`; absent: ISO order, or the one other order that fits
    every row.
    """
    decimal: Literal[".", ","] = "."
    """Decimal sign of numbers that the file holds as text."""
    item_table: str | None = None
    """Item master file, relative to the scenario's folder."""
    item_columns: ItemColumns | None = None
    customer_table: str | None = None
    customer_columns: CustomerColumns | None = None
    cleaning: CleaningRules = CleaningRules()
    period_days: Annotated[int, Field(ge=1, le=92)] = 7
    """Length of the periods whose demand gives each item's variance."""
    history_from: str | None = None
    """First day used (ISO date); absent: the first in the file."""
    history_to: str | None = None
    """Last day used (ISO date); absent: the last in the file."""
    days_covered: Positive | None = None
    """Days of trade that the file stands for, when dates cannot tell (a file of one day: 1)."""
    orders_arrive: Literal["as_recorded", "poisson"] = "as_recorded"
    """`poisson`: too short a history for a variance; lines arrive at random with the sizes seen (compound
    Poisson).
    """


class OrderSize(Noun):
    """Order lines of one size."""

    pieces: Positive
    share: Annotated[float, Field(gt=0, le=1)]
    """Of the order lines."""


class PoolDemand(Noun):
    """What the customers of one class in one region order of one item."""

    customer_class: Name
    region: Name = "all"
    pieces_per_day: NonNegative
    variance_pieces2_per_day: NonNegative | None = None
    """Variance of daily demand; absent: compound Poisson, lines_per_day x
    order_size_second_moment_pieces2.
    """
    lines_per_day: NonNegative
    order_size_second_moment_pieces2: NonNegative | None = None
    """E[x^2] of the order-line size x; absent: every line has the mean size."""
    order_sizes: tuple[OrderSize, ...] = ()
    """Sizes of the order lines with their shares: makes the fill rate exact for lumpy demand. Their mean must
    be pieces / lines; they stand in for order_size_second_moment_pieces2.
    """


class InlineItem(Noun):
    """One item with its demand, its worth and its size."""

    item: Name
    item_class: Name
    unit_cost: Positive
    """Currency per piece."""
    unit_price: NonNegative | None = None
    """Currency per piece; absent: the unit cost."""
    unit_weight_kg: NonNegative = 0.0
    unit_volume_m3: NonNegative = 0.0
    demand: Annotated[tuple[PoolDemand, ...], Field(min_length=1)]


class InlineSegment(Noun):
    """What a segment's orders amount to in a year; what is absent is derived from the items."""

    customer_class: Name
    item_class: Name
    region: Name = "all"
    orders_per_year: NonNegative | None = None
    """Orders, an order with lines in several segments shared among them by lines. Absent: as many as
    lines.
    """
    order_visits_per_year: NonNegative | None = None
    """Distinct orders with at least one line here: what has to be shipped. Absent: orders_per_year."""
    customers: NonNegative | None = None
    """Distinct customers; absent: one for every order (no consolidation over time)."""


class InlineDemand(Noun):
    """Demand handed in as numbers: for ERP systems that know their items, and for tests."""

    kind: Literal["inline"] = "inline"
    items: Annotated[tuple[InlineItem, ...], Field(min_length=1)]
    segments: tuple[InlineSegment, ...] = ()


DemandSource = Annotated[OrderLines | InlineDemand, Field(discriminator="kind")]


class ItemDefaults(Noun):
    """What an item is worth and how large it is where no table says so."""

    unit_cost_share_of_price: Share | None = None
    """Unit cost = this share of the average price paid."""
    unit_cost: Positive | None = None
    unit_price: NonNegative | None = None
    unit_weight_kg: NonNegative = 0.0
    unit_volume_m3: NonNegative = 0.0
