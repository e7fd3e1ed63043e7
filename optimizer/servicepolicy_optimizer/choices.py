"""What may be chosen: stocking options with their columns, and service paths. Plain numbers, ready for the
master model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from servicepolicy_models.means import StockPolicy
from servicepolicy_optimizer.facts import Floats

Segment = tuple[str, str, str]
"""(customer class, item class, region); region is `*` when one promise covers all regions."""


@dataclass(frozen=True)
class SegmentTarget:
    """What a segment must at least be promised, all defaults resolved."""

    fill_rate: float
    """0 where nothing is asked."""
    response_hours: float | None
    on_time_probability: float
    otif: float | None
    pieces_per_year: float
    lines_per_year: float
    """0 pieces: the segment orders nothing; its fill-rate row is not built."""
    cycle_service_level: float | None = None
    """Type 1, said instead of a fill rate: converted item by item where the curves are made."""


@dataclass(frozen=True)
class Shelf:
    """Stock of one item class at one location, for one customer class or shared by all."""

    location: str
    customer_class: str | None
    """None: shared by all customer classes."""
    regions: tuple[str, ...]
    """Regions served from here."""
    item: int | None = None
    """Number of the item among the shelf's, where every item is a shelf of its own; None: all items."""

    @property
    def name(self) -> str:
        """`Leeds`, `Leeds/B` for a customer class's own shelf, `Leeds/B#3` for its fourth item alone."""
        whole = self.location if self.customer_class is None else f"{self.location}/{self.customer_class}"
        return whole if self.item is None else f"{whole}#{self.item}"


@dataclass(frozen=True)
class ColumnSet:
    """K columns of one shelf: the aggregate of all its items, each at the rung that is best for the
    column's prices.

    Yearly amounts. Money in the scenario's currency.
    """

    price_per_piece_short: Floats
    """(K, I) price on a piece short per customer class that made the column."""
    inventory_cost: Floats
    """(K,) carrying cost."""
    supply_cost: Floats
    """(K,) purchase premium, ordering, inbound freight."""
    warehousing_cost: Floats
    """(K,) storage and handling that depend on the location and the stock, not on the path."""
    lost_sales_cost: Floats
    """(K,) pieces short x what they cost."""
    stock_value: Floats
    """(K,) average, with owned pipeline."""
    storage_m3: Floats
    """(K,) average."""
    co2e_kg: Floats
    """(K,) inbound."""
    pieces_short: Floats
    """(K, I, R) pieces short a year per customer class and region; 0 for those the shelf does not serve."""
    fill_rate: Floats
    """(K, I) what the column lets be promised: of all pieces (basis `segment`) or of the worst item
    (`every_item`).
    """

    @property
    def size(self) -> int:
        """K."""
        return int(self.inventory_cost.shape[0])

    def beyond(self, first: int) -> "ColumnSet":
        """The columns from a number on."""
        return ColumnSet(**{one.name: getattr(self, one.name)[first:] for one in fields(self)})

    def upto(self, end: int) -> "ColumnSet":
        """The columns before a number."""
        return ColumnSet(**{one.name: getattr(self, one.name)[:end] for one in fields(self)})

    @property
    def cost(self) -> Floats:
        """(K,) all parts."""
        return self.inventory_cost + self.supply_cost + self.warehousing_cost + self.lost_sales_cost


@dataclass(frozen=True)
class StockingOption:
    """One way to stock an item class: supply option, deployment, stock policy."""

    item_class: str
    supply: str
    deployment: str
    stock_policy: StockPolicy
    shelves: tuple[Shelf, ...]

    @property
    def name(self) -> str:
        """`Asia|central|pooled`."""
        return f"{self.supply}|{self.deployment}|{self.stock_policy.value}"


@dataclass(frozen=True)
class ServicePath:
    """One way to serve a segment under a deployment: channel, process, mode, frequency, and the promise made
    with it. Yearly amounts.
    """

    channel: str
    process: str
    mode: str
    frequency: str
    response_cost: float
    transport_cost: float
    warehousing_cost: float
    lost_sales_cost: float
    """Demand lost because the promise is slow."""
    promised_response_hours: float
    """A rung of the promise ladder: the fastest kept with the asked probability; with an OTIF target the same
    means may occur with several."""
    on_time_probability: float
    """P(response <= promised_response_hours)."""
    mean_response_hours: float
    channel_labour_hours: float
    """On its channel."""
    lines_per_day: Mapping[str, float]
    """Location -> lines a day of its process there."""
    weight_kg: float
    """On its mode."""
    co2e_kg: float
    facilities: tuple[str, ...] = ()
    """Names of facilities it needs open: `channel:EDI`, `process:express@Leeds`, `mode:Road`."""

    @property
    def name(self) -> str:
        """Of its means: `EDI|express|Road|daily`."""
        return f"{self.channel}|{self.process}|{self.mode}|{self.frequency}"

    @property
    def cost(self) -> float:
        """All parts."""
        return self.response_cost + self.transport_cost + self.warehousing_cost + self.lost_sales_cost


@dataclass(frozen=True)
class Choices:
    """Everything the master model chooses from."""

    targets: Mapping[Segment, SegmentTarget]
    options: Mapping[str, tuple[StockingOption, ...]]
    """Item class -> its stocking options."""
    columns: Mapping[tuple[str, str, str], ColumnSet]
    """(item class, option name, shelf name) -> columns."""
    paths: Mapping[tuple[Segment, str], Sequence[ServicePath]]
    """(segment, deployment) -> paths that keep the response promise; dominated ones pruned."""
    option_facilities: Mapping[tuple[str, str], tuple[str, ...]]
    """(item class, option name) -> facilities it needs open: `location:Leeds`, `supply:Asia`."""
    facility_cost: Mapping[str, float]
    """Facility -> fixed cost a year. Facilities without fixed cost are not listed and need not be opened."""
    pruned_paths: int = 0
    late_paths: int = 0
    """Paths left out because they cannot keep the response promise."""
    lost_by_promise: Mapping[Segment, Mapping[float, float]] = field(default_factory=dict)
    """Segment -> promised hours -> what so slow a promise loses a year; where different promises are counted,
    so that a segment may be promised more hours than its path needs."""
    slowest_promise: Mapping[Segment, float] = field(default_factory=dict)
    """Segment -> fastest rung that any path reaches, for segments whose response promise no path keeps."""
