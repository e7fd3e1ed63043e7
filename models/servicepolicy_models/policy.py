"""The whole answer."""

from typing import Literal

from pydantic import Field

from servicepolicy_models.cost import Cost
from servicepolicy_models.evidence import PolicyEvidence
from servicepolicy_models.findings import Finding
from servicepolicy_models.means import StockPolicy
from servicepolicy_models.noun import Noun, Row
from servicepolicy_models.proof import Proof


class SegmentTerms(Noun):
    """The terms carried for a segment, and what they cost a year."""

    returns_share_of_lines: float = 0.0
    value_added_cost_per_line: float = 0.0
    minimum_order_value: float = 0.0
    small_order_surcharge: float = 0.0
    consolidation: bool = True


class SegmentPolicy(Noun):
    """What one segment is promised, how it is kept, and what it costs."""

    customer_class: str
    item_class: str
    region: str
    """`*` when one promise covers all regions."""
    target_fill_rate: float
    target_response_hours: float | None
    promised_fill_rate: float
    """Highest rung of the promise ladder that the planned fill rate reaches, never below the target."""
    planned_fill_rate: float
    """Unit fill rate that the chosen stock gives, by pieces."""
    least_item_fill_rate: float
    """Unit fill rate of the segment's worst item; what is promised under the basis `every_item`."""
    target_cycle_service_level: float | None = None
    """Where the scenario promises cycle service (type 1) instead of a fill rate."""
    least_cycle_service_level: float | None = None
    """P(no stockout in a replenishment cycle) of the worst item, where cycle service is promised."""
    promised_response_hours: float
    """Fastest rung of the promise ladder that is kept with the asked probability; where on time in full is
    asked, a slower one if that costs less.
    """
    on_time_probability: float
    """P(response time <= promised_response_hours), for what was in stock."""
    mean_response_hours: float
    otif: float
    """planned_fill_rate x on_time_probability."""
    mean_wait_days: float | None = None
    """What a piece waits for stock on average, those served at once included."""
    delivered_on_time: float | None = None
    """Share of the pieces delivered within promised_response_hours all in all: from stock, or short and still
    in time after their wait.
    """
    channel: str
    process: str
    mode: str
    frequency: str
    supply: str
    deployment: str
    stock_policy: StockPolicy
    orders_per_year: float
    lines_per_year: float
    pieces_per_year: float
    revenue_per_year: float
    pieces_short_per_year: float
    marginal_cost_of_one_point: float | None = None
    """Yearly cost of one more point (0.01) of fill rate with the means unchanged: the dual of the
    fill-rate row.
    """
    terms: SegmentTerms = SegmentTerms()
    cost: Cost
    """Direct cost, and its share (by pieces) of what its item class's stock costs; shared fixed costs by
    lines.
    """


class StockValue(Noun):
    """Average stock value in the scenario's currency."""

    cycle: float = 0.0
    safety: float = 0.0
    """Reorder point less expected demand over the protection interval, with expected backorders added
    back.
    """
    reserve: float = 0.0
    """The part of safety stock kept from the lower classes."""
    pipeline: float = 0.0
    """On its way and owned."""

    @property
    def total(self) -> float:
        """All four."""
        return self.cycle + self.safety + self.reserve + self.pipeline


class ItemClassPolicy(Noun):
    """The stocking option of one item class."""

    item_class: str
    supply: str
    deployment: str
    stock_policy: StockPolicy
    items: int
    stock_value: StockValue
    storage_m3: float
    replenishment_orders_per_year: float
    cost: Cost


class ItemPolicy(Row):
    """What the ERP system needs for one item on one shelf."""

    item: str
    item_class: str
    location: str
    shelf: str
    """Customer class whose shelf it is, `*` when shared."""
    supply: str
    review_days: float
    reorder_point_pieces: float
    order_quantity_pieces: float
    critical_level_pieces: dict[str, float] = Field(default_factory=dict)
    """Customer class -> stock on hand at or below which the class waits; empty unless rationed."""
    safety_stock_pieces: float
    on_hand_pieces: float
    """Average."""
    unit_fill_rate: dict[str, float]
    """Customer class -> planned unit fill rate."""
    mean_wait_days: dict[str, float] = Field(default_factory=dict)
    """Customer class -> what a piece waits for stock on average, those served at once included."""
    distribution: str
    """Law used for the demand over the protection interval."""
    distribution_reason: str = ""
    """Why that law."""
    demand_pieces_per_year: float


class Baseline(Noun):
    """Another policy on the same scenario, judged by the same audit."""

    name: Literal["current_policy", "one_size_strictest", "one_size_average", "unconstrained"]
    sentence: str
    """What it is, in words."""
    feasible: bool
    """Whether it keeps every promise, capacity, budget and rule of the scenario."""
    breaks: tuple[str, ...] = ()
    """What it breaks, in words."""
    cost: Cost | None = None
    """None: no such policy can be built (said in `breaks`)."""
    fill_rate: float | None = None
    """Weighted by pieces."""
    stock_value: float | None = None


class Conflict(Noun):
    """A family of constraints that takes part in a contradiction."""

    family: str
    """Name of the constraint family in the master model, or the stage that found the contradiction."""
    where: str
    """The segment, item class, location or budget concerned."""
    sentence: str
    """What cannot be kept, in the planner's words."""


class Use(Noun):
    """How much of a capacity or budget the policy uses."""

    name: str
    used: float
    limit: float | None = None
    unit: str


class Policy(Noun):
    """The whole answer: promises, means, costs, items, baselines, findings, proof."""

    schema_version: Literal["1"] = "1"
    scenario: str
    currency: str
    days_per_year: float
    fill_rate_definition: Literal["unit"] = "unit"
    fill_rate_basis: str
    proof: Proof
    cost: Cost | None = None
    stock_value: StockValue | None = None
    co2e_kg_per_year: float | None = None
    fill_rate: float | None = None
    """Weighted by pieces over all segments."""
    segments: tuple[SegmentPolicy, ...] = ()
    item_classes: tuple[ItemClassPolicy, ...] = ()
    uses: tuple[Use, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    evidence: PolicyEvidence | None = None
    """How sure the promises are, where it was asked: see `servicepolicy solve --evidence`."""
    findings: tuple[Finding, ...] = ()
    assumptions: tuple[str, ...] = ()
    items: tuple[ItemPolicy, ...] = ()
    """May be left out on request."""
