"""One policy for many futures: the futures asked about, and what is safe to publish."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from servicepolicy_models.noun import Name, NonNegative, Noun, Positive
from servicepolicy_models.proof import Held, Stopped


class ScaledInput(StrEnum):
    """An input of a scenario that can be multiplied as a whole."""

    DEMAND = "demand"
    """Orders, lines and pieces of everybody: more orders of the same size; the variance grows in
    proportion."""
    UNIT_COST = "unit_cost"
    """What items cost to buy."""
    FREIGHT = "freight"
    """Every rate of every transport mode to the customers."""
    INBOUND = "inbound"
    """Inbound cost by piece, weight and value."""
    ORDER_HANDLING = "order_handling"
    """What channels cost by order, line, hour and error."""
    WAREHOUSING = "warehousing"
    """What processes and locations cost by order, line, piece and cubic metre."""
    ORDERING_COST = "ordering_cost"
    """Cost of a replenishment order."""
    CARRYING_RATE = "carrying_rate"
    SHORTAGE_COST = "shortage_cost"
    """What a piece short costs."""
    LEAD_TIME = "lead_time"
    """Mean lead time of every supply option."""
    LEAD_TIME_DEVIATION = "lead_time_deviation"
    RESPONSE_TIME = "response_time"
    """Means and deviations of order entry, warehouse and transport times."""
    FIXED_COST = "fixed_cost"
    """Of open channels, processes, modes, suppliers and locations."""


class Future(Noun):
    """What may come: a scenario, with some inputs multiplied and some means gone."""

    name: Name
    weight: NonNegative = 1.0
    """Weights are divided by their sum."""
    times: dict[ScaledInput, Positive] = Field(default_factory=dict)
    """Input -> factor."""
    without: tuple[Name, ...] = ()
    """Means that fail: `mode:Courier`, `channel:Phone`, `process:express`, `supply:Asia`."""


class Measure(StrEnum):
    """What a policy for many futures minimises."""

    EXPECTED = "expected"
    """The mean cost, by weight."""
    REGRET = "regret"
    """The largest regret: what the policy costs in a future beyond that future's own optimum."""
    CVAR = "cvar"
    """The mean cost of the worst futures, those that together weigh `tail` (Rockafellar & Uryasev 2000)."""


class Shared(StrEnum):
    """What is decided before the future is known."""

    MEANS = "means"
    """Promises, the stocking option of every item class, and the path of every segment."""
    STOCK = "stock"
    """Promises and stocking options; the path of a segment may be another in every future."""


class FuturesAsked(Noun):
    """The futures and how they are weighed against each other."""

    futures: Annotated[tuple[Future, ...], Field(min_length=1)]
    measure: Measure = Measure.EXPECTED
    tail: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of the weight that counts as the worst, for `cvar`."""
    shared: Shared = Shared.MEANS


class FutureCost(Noun):
    """What the published policy costs if a future comes. Money per year."""

    name: str
    weight: float
    """Share of all weights."""
    cost: float | None
    """TLC + LSC of the published policy in this future; None where nothing can be published."""
    own_cost: float | None
    """Of the policy that is best for this future alone; None where it has none."""
    regret: float | None
    """cost - own_cost: what knowing this future in advance would save."""
    sentence: str


class PublishedSegment(Noun):
    """What a segment can be told today, whatever comes."""

    customer_class: str
    item_class: str
    region: str
    promised_fill_rate: float
    """The lowest that any of the futures leaves."""
    promised_response_hours: float
    """The slowest of all futures."""
    channel: str | None
    process: str | None
    mode: str | None
    frequency: str | None
    """None where the path is decided when the future is known and differs."""
    supply: str
    deployment: str
    stock_policy: str
    steady: tuple[str, ...]
    """Fields that the best policy of every single future chooses alike."""
    moving: dict[str, dict[str, str]]
    """Field -> future -> what the best policy of that future chooses, for fields that differ."""
    sentence: str


class RobustPolicy(Noun):
    """One policy for many futures, with its proof. Money per year."""

    schema_version: Literal["1"] = "1"
    scenario: str
    currency: str
    measure: Measure
    tail: float
    shared: Shared
    first_stage: str
    """What is decided now, in words."""
    recourse: str
    """What is decided when the future is known, in words."""
    held: Held
    stopped: Stopped
    objective: float | None = None
    """The measure of the published policy, every item whole, audited in every future."""
    bound: float | None = None
    """Lower bound of the one model."""
    bound_holds_for: Literal["every policy", "the columns of the model"] = "the columns of the model"
    gap: float | None = None
    """(objective - bound) / expected_cost."""
    expected_cost: float | None = None
    largest_regret: float | None = None
    tail_cost: float | None = None
    """Mean of the worst futures that together weigh `tail`."""
    futures: tuple[FutureCost, ...] = ()
    segments: tuple[PublishedSegment, ...] = ()
    against: tuple[str, ...] = ()
    """Why nothing can be published, in words."""
    rounds: int = 0
    """Times the one model was solved."""
    sentence: str
