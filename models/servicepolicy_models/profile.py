"""The sales activity profiles: what customers and items amount to, before any policy is chosen.

After E. Frazelle, *Supply Chain Strategy*: the customer (CSAP), the item (ISAP) and the customer-item (CISAP)
sales activity profile. All amounts are what the history recorded, not yearly; `Profile.days` says how long
that was.
"""

from enum import StrEnum

from servicepolicy_models.findings import Finding
from servicepolicy_models.noun import Noun
from servicepolicy_models.segmentation import Measure


class WaterfallStep(Noun):
    """How many rows, pieces and how much money one cleaning rule took away, as recorded in the file."""

    rule: str
    """Short stable code, the same as in the findings, such as `demand.duplicate_row`."""
    sentence: str
    """Which rows: reads on after their number."""
    rows: int
    rows_reduced: int = 0
    """Rows that stay with fewer pieces."""
    pieces: float
    value: float
    """Pieces x price in the scenario's currency; 0 without a price column."""


class Activity(Noun):
    """What a class, a cell or all amount to, over the history; shares are of the whole file's demand."""

    customers: int
    """Customers with at least one line; an order without a customer is one."""
    items: int
    orders: int
    """Orders with at least one line here."""
    lines: int
    pieces: float
    revenue: float
    margin: float
    """Revenue less unit cost x pieces; what it costs to serve comes with a policy, not with the profile."""
    revenue_share: float
    pieces_share: float
    lines_share: float
    orders_share: float
    """Shares of orders may add up to more than 1: an order with lines in two cells is in both."""
    margin_share: float
    """Of the whole margin; may lie outside 0 to 1 where a class loses money."""
    margin_of_revenue: float
    """Margin / revenue; 0 without revenue."""


class Concentration(Noun):
    """How unevenly revenue is spread."""

    top_1_percent: float
    """Share of revenue of the best 1 %, rounded up to whole customers or items."""
    top_5_percent: float
    top_20_percent: float
    gini: float
    """0: all alike; near 1: one has it all."""


class ActivityClass(Noun):
    """One class of customers or items."""

    name: str
    activity: Activity
    measure_from: float | None = None
    """Lowest value of the ranking measure in the class, over the history; None where classes are given or
    empty.
    """
    measure_to: float | None = None
    """Highest value."""


class Account(Noun):
    """One customer or item by name."""

    code: str
    class_name: str
    revenue: float
    margin: float
    pieces: float
    lines: int


class SideProfile(Noun):
    """The customer or the item sales activity profile."""

    measure: Measure
    """By what the classes were ranked."""
    classes: tuple[ActivityClass, ...]
    """The best first."""
    concentration: Concentration
    best: tuple[Account, ...]
    """Those with the highest margin."""
    worst: tuple[Account, ...]
    """Those with the lowest margin, the lowest first."""


class ActivityCell(Noun):
    """One cell of the customer-item sales activity profile."""

    customer_class: str
    item_class: str
    region: str
    """`*`: all regions together."""
    activity: Activity


class PatternName(StrEnum):
    """Demand patterns after Syntetos, Boylan & Croston (2005), J. Operational Research Society 56,
    495-503.
    """

    SMOOTH = "smooth"
    """Mean interval between periods with demand < 1.32 periods, squared variation of sizes < 0.49."""
    ERRATIC = "erratic"
    """Short intervals, varying sizes."""
    INTERMITTENT = "intermittent"
    """Long intervals, even sizes."""
    LUMPY = "lumpy"
    """Long intervals, varying sizes."""


class VariabilityName(StrEnum):
    """How much demand varies from period to period, periods without demand included."""

    X = "X"
    """Coefficient of variation at most 0.5."""
    Y = "Y"
    """At most 1."""
    Z = "Z"
    """Above 1."""


class ItemShare(Noun):
    """How many items of an item class are of a kind, and what share of the class's pieces they have."""

    item_class: str
    kind: PatternName | VariabilityName
    items: int
    pieces_share: float


class LowestClassOnly(Noun):
    """Items that nobody buys but customers of the lowest class: candidates for slower, dearer or no stock."""

    items: int
    items_share: float
    pieces_share: float
    revenue_share: float
    margin: float


class Profile(Noun):
    """What the order lines say of customers, items and their cells."""

    scenario: str
    currency: str
    first_day: str
    last_day: str
    """ISO dates, both included."""
    days: float
    """Days of trade that the amounts stand for."""
    periods: int
    """Whole periods of `period_days` calendar days."""
    period_days: int
    zero_period_share: float | None
    """Share of (item, period) pairs without demand; None without a whole period."""
    total: Activity
    customers: SideProfile
    items: SideProfile
    cells: tuple[ActivityCell, ...]
    """Each customer class and item class with region `*`, and, with several regions, each region too."""
    patterns: tuple[ItemShare, ...]
    """By item class and pattern; empty without two whole periods."""
    variability: tuple[ItemShare, ...]
    """ABC-XYZ; empty without two whole periods."""
    lowest_class_only: LowestClassOnly | None
    """None with a single customer class."""
    waterfall: tuple[WaterfallStep, ...]
    """From all rows of the file (first) over what each rule took away to what is demand (last)."""
    findings: tuple[Finding, ...]
