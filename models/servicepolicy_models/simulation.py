"""What a finished policy did when it was played: the promises, the plan, and what came of them."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from servicepolicy_models.findings import Finding
from servicepolicy_models.noun import Noun, OpenShare, Positive


class DemandMode(StrEnum):
    """Where the order lines of a simulation come from."""

    ASSUMED = "assumed"
    """Drawn from the demand facts that the policy was made for: lines arrive at random, with the mean, the
    variance and the order sizes of every item."""
    BOOTSTRAP = "bootstrap"
    """Blocks of whole weeks of the recorded order lines, drawn with replacement: sizes, orders, weekdays and
    what goes together stay as they were."""
    REPLAY = "replay"
    """The recorded order lines exactly as they came; runs differ in lead and stage times only."""


class SimulationSettings(Noun):
    """How a policy is played."""

    demand: DemandMode = DemandMode.ASSUMED
    years: Annotated[float, Field(gt=0, le=1000)] = 3.0
    """Measured time of a run; a replay is as long as its record."""
    runs: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Independent runs; two at least for an interval."""
    seed: Annotated[int, Field(ge=0)] = 1
    whole_lines: bool = False
    """True: a line leaves whole or waits. False: what is on the shelf leaves at once, the rest waits."""
    in_sequence: bool = False
    """True: a replenishment order never arrives before an earlier one of its shelf. False: each has its own
    lead time, so that the lead time keeps its mean and deviation, and orders may overtake."""
    warm_up_days: Positive | None = None
    """Played before measuring, and again behind it; absent: the longest lead and review time, with four
    deviations."""
    block_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    """Length of a bootstrap block; absent: whole weeks that cover the longest lead and review time."""
    confidence: OpenShare = 0.95
    """Of the intervals."""


class Estimate(Noun):
    """A mean over runs with its interval (Student t over independent runs)."""

    mean: float
    half_width: float | None = None
    """Half of the confidence interval; None where there is one run only."""


class Service(Noun):
    """What customers got. None: nothing of the kind happened.

    Every share says what is counted: pieces, lines, orders, cycles or time (Tempelmeier, Inventory Management
    in Supply Networks, 2011, ch. 2: the same history gives different shares by period, piece and backlog).
    """

    pieces_per_year: Estimate
    """Asked for."""
    lines_per_year: Estimate
    orders_per_year: Estimate
    """Orders with a line here."""
    unit_fill_rate: Estimate | None = None
    """Type 2: share of pieces delivered from stock at once."""
    line_fill_rate: Estimate | None = None
    """Share of lines delivered whole from stock at once."""
    order_fill_rate: Estimate | None = None
    """Share of orders whose lines here were all delivered whole from stock at once."""
    cycle_service_level: Estimate | None = None
    """Type 1: share of replenishment cycles (from a receipt to the next) in which nobody here had to wait.
    Every cycle of every item counts once."""
    ready_rate: Estimate | None = None
    """Share of time with stock that these customers may take; items weigh by their pieces."""
    mean_wait_days: Estimate | None = None
    """For stock, until the line's last piece, over all lines (those served at once wait 0). Lines that still
    wait at the end count with the time until then."""
    on_time_share: Estimate | None = None
    """Share of lines whose stages (order entry, departure, process, transport) keep the promised hours, the
    wait for stock left out: what an on-time probability promises."""
    on_time_share_with_wait: Estimate | None = None
    """The same with the wait for stock until the line's last piece: on time in full, by lines."""
    otif: Estimate | None = None
    """On time in full by pieces: share of pieces delivered from stock at once and on time. Comparable with
    the plan's fill rate x on-time probability."""
    otif_orders: Estimate | None = None
    """Share of orders whose lines here all arrived whole within the promised hours."""
    mean_response_hours: Estimate | None = None
    """Over lines, without the wait for stock."""
    mean_response_hours_with_wait: Estimate | None = None
    response_hours: dict[str, Estimate] = Field(default_factory=dict)
    """Share of the lines (`0.5`, `0.9`, `0.95`, `0.99`) -> hours within which it arrived, without the wait
    for stock."""
    response_hours_with_wait: dict[str, Estimate] = Field(default_factory=dict)


class Verdict(StrEnum):
    """What a simulation says of a promise."""

    KEPT = "kept"
    """The mean reaches what is promised."""
    OPEN = "open"
    """The mean falls short, but what is promised lies within the interval."""
    BROKEN = "broken"
    """The whole interval (with one run: the figure) falls short."""
    NOT_ASKED = "not_asked"
    """No customer asked for anything."""


class SegmentSimulation(Noun):
    """A segment's promise, its plan, and what came of them."""

    customer_class: str
    item_class: str
    region: str
    promised_fill_rate: float
    planned_fill_rate: float
    promised_cycle_service_level: float | None = None
    """Where cycle service is promised instead of a fill rate."""
    promised_response_hours: float
    asked_on_time_probability: float
    """With which the promised hours must be kept, for what was in stock."""
    planned_on_time_probability: float
    planned_otif: float
    planned_mean_response_hours: float
    fill_verdict: Verdict
    """Of the promised fill rate by the pieces of the segment together; of the worst item where every item is
    promised it, as cycle service always is."""
    items_below_promise: int = 0
    """Items whose whole interval lies below the promised fill rate or cycle service; a broken promise only
    where the promise is for every item."""
    time_verdict: Verdict
    """Of the promised hours."""
    service: Service


class ItemClassSimulation(Noun):
    """The stock of an item class, and what its customers got together."""

    item_class: str
    planned_on_hand_value: float
    """Cycle, safety and reserve stock of the policy."""
    on_hand_value: Estimate
    """Average over time, at purchase price."""
    owed_pieces: Estimate
    """Average number of pieces that wait for stock."""
    service: Service


class ItemSimulation(Noun):
    """One item on one shelf, over all runs."""

    item: str
    location: str
    shelf: str
    pieces: float
    """Asked for in the measured time of all runs."""
    planned_unit_fill_rate: float
    """Over the classes, weighted by the pieces simulated."""
    unit_fill_rate: float | None
    """None: nobody asked."""
    cycles: int
    """Replenishment cycles measured."""
    cycle_service_level: float | None
    planned_on_hand_pieces: float
    on_hand_pieces: float
    owed_pieces: float


class Balance(Noun):
    """Pieces over all runs from the first day to the last, warm-up included.

    asked = delivered + waiting + lost
    """

    asked_pieces: float
    delivered_pieces: float
    waiting_pieces: float
    lost_pieces: float = 0.0
    """Where what is short is lost."""


class Simulation(Noun):
    """A finished policy, played: what it promised, what it planned, and what customers got."""

    schema_version: Literal["1"] = "1"
    scenario: str
    currency: str
    scenario_sha256: str
    demand_sha256: str
    """Hash of the demand facts that were simulated."""
    settings: SimulationSettings
    """As they were used, with nothing left open."""
    measured_days: float
    """Of each run."""
    fill_rate_basis: str
    promises: int
    """Fill-rate and response promises that were judged."""
    promises_broken: int
    planned_fill_rate: float | None
    planned_on_hand_value: float
    on_hand_value: Estimate
    service: Service
    """Over all segments."""
    segments: tuple[SegmentSimulation, ...]
    item_classes: tuple[ItemClassSimulation, ...]
    items: tuple[ItemSimulation, ...] = ()
    balance: Balance
    assumptions: tuple[str, ...] = ()
    """How it was played, in words."""
    findings: tuple[Finding, ...] = ()
