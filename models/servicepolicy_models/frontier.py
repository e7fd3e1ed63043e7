"""Total cost against service, inventory investment or CO2e, point by proved point."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from servicepolicy_models.changes import Level
from servicepolicy_models.noun import Name, NonNegative, Noun
from servicepolicy_models.proof import Held


class Against(StrEnum):
    """What cost is traded against."""

    FILL_RATE = "fill_rate"
    """Weighted mean of the planned fill rates; the more the better."""
    OTIF = "otif"
    """Weighted mean of fill rate x on-time probability; the more the better."""
    RESPONSE = "response"
    """Weighted mean of the promised response hours; the less the better."""
    INVENTORY = "inventory"
    """Average stock value; the less the better."""
    CO2E = "co2e"
    """Inbound and outbound transport, kg a year; the less the better."""


class WeightBy(StrEnum):
    """How segments count in a weighted mean."""

    PIECES = "pieces"
    LINES = "lines"
    REVENUE = "revenue"
    EQUAL = "equal"
    """Every segment that orders counts the same."""


class SegmentWeight(Noun):
    """How much one segment, or several, count instead; the last that fits counts."""

    customer_class: Name = "*"
    item_class: Name = "*"
    region: Name = "*"
    weight: NonNegative


class FrontierQuestion(Noun):
    """What is traded against what, over which range."""

    against: Against = Against.FILL_RATE
    weight_by: WeightBy = WeightBy.PIECES
    weights: tuple[SegmentWeight, ...] = ()
    points: Annotated[int, Field(ge=2, le=200)] = 25
    at_least: float | None = None
    """Where the range begins, in the unit of what is traded; absent: at what the cheapest policy has, or the
    first that is attainable."""
    at_most: float | None = None
    keep_promises: bool | None = None
    """Whether the scenario's promises of what is traded stay floors. Absent: they are lifted against service
    (so that the frontier shows what the same money could buy), and kept against inventory and CO2e.
    Capacities, budgets, rules and all other promises are kept in every case."""


class FrontierPoint(Noun):
    """One proved point."""

    asked: float
    """The bound on what is traded for which the cheapest policy was found."""
    held: Held
    """`infeasible`: proven that it cannot be had."""
    reached: float | None = None
    """What the policy has; at least as good as asked."""
    cost_per_year: float | None = None
    """TLC + LSC at the frontier's level."""
    cost_at_least: float | None = None
    """No choice over the columns that the points share costs less; item by item: no policy at all."""
    whole_items_cost_per_year: float | None = None
    """A policy of whole items that is as good; none where none was found by rounding this mix."""
    stock_value: float | None = None
    co2e_kg_per_year: float | None = None
    fill_rate: float | None = None
    """By pieces."""
    knee: bool = False
    patch: dict[str, Any] | None = None
    """JSON merge patch that makes the scenario whose cheapest policy is this point's."""


class FrontierMarker(Noun):
    """A known policy beside the frontier."""

    name: Literal["this policy", "policy in force", "one size, strictest", "one size, average", "no promises"]
    service: float
    """What it has of what is traded."""
    cost_per_year: float
    """Of whole items."""
    feasible: bool
    """Whether it keeps every promise, capacity, budget and rule of the scenario."""
    frontier_cost_per_year: float | None
    """The cheapest policy found that has as much, of whole items where one was found."""
    frontier_level: Level | None = None
    left_on_the_table_per_year: float | None
    """cost - frontier cost, solved for this very service and not interpolated."""
    sentence: str


class Frontier(Noun):
    """The frontier of a scenario."""

    schema_version: Literal["1"] = "1"
    scenario: str
    currency: str
    question: FrontierQuestion
    unit: str
    level: Level
    points: tuple[FrontierPoint, ...]
    """From the least to the most of what is traded; every one is a solution, none is interpolated."""
    knee_definition: str
    markers: tuple[FrontierMarker, ...]
    sentences: tuple[str, ...]
    complete: bool = True
    """False: it was stopped; the points are those solved until then, each as exact as it would have been."""
    seconds: dict[str, float] = Field(default_factory=dict)
    demand_sha256: str = ""
    scenario_sha256: str = ""
