"""Promised against achieved on the company's own history: how it is asked, and what came of it."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from servicepolicy_models.findings import Finding
from servicepolicy_models.noun import NonNegative, Noun, OpenShare, Positive

ForecastBy = Literal["smoothed", "given"]
"""From the item's own smoothed past and the level of its class; or the company's own."""


class QuoteBy(StrEnum):
    """Which order lines are promised a quoted lead time instead of stock."""

    QUANTILE = "quantile"
    """Those above a quantile of the item's line sizes."""
    COST = "cost"
    """Those for which holding the last piece costs more than serving such lines from stock is worth."""
    NONE = "none"


class BacktestPlan(Noun):
    """How a history is replayed. What is absent is taken from the scenario or from the data."""

    promises: tuple[OpenShare, ...] = ()
    """Unit fill rates, each promised to every segment in a replay of its own; empty: those of the
    scenario's targets.
    """
    supplies: dict[str, str] = Field(default_factory=dict)
    """Item class -> name of its supply option; absent: the first that serves the class."""
    lead_time_days: Positive | None = None
    """Absent: of the supply option."""
    lead_time_sd_days: NonNegative | None = None
    """Absent: of that supply option. Replayed lead times are drawn from a gamma law, in whole days."""
    review_days: NonNegative | None = None
    """Days between two looks at the stock; a replay looks once a day at most."""
    order_cycle_days: Positive | None = None
    """An order covers this many days of demand; absent: the economic order quantity of the supply option."""
    refit_days: Annotated[int, Field(ge=1, le=366)] = 28
    """Reorder points are set anew every so many days, from what was known then."""
    first_judged_day: Annotated[int, Field(ge=0)] | None = None
    """Days after the first day of the history; absent: at 55 % of it."""
    calibration_half_life_refits: Positive = 3.0
    """Periods after which what a period taught counts half, when the plan for the next one is corrected."""
    catch_up: bool = True
    """Make up in the periods to come, evenly, for what was short of the promise so far."""
    quote_above_quantile: OpenShare | None = 0.995
    """An order line above this quantile of the item's line sizes is promised a quoted lead time instead of
    stock; null: none is by quantile.
    """
    equal_service: bool = True
    """Whether the target is searched at which the textbook formula achieves what our reorder points do."""
    quote_by: QuoteBy | None = None
    """Absent: `quantile`, or `none` where no quantile is given."""
    textbook_window_days: Annotated[int, Field(ge=2)] = 91
    """History on which the textbook formula beside ours is fitted."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Of the drawn lead times."""

    @model_validator(mode="after")
    def _a_quantile_is_named(self) -> Self:
        if self.quote_by is QuoteBy.QUANTILE and self.quote_above_quantile is None:
            raise ValueError("quoting by quantile needs a quantile: give one, or quote by cost or none")
        return self

    @property
    def quotes_by(self) -> QuoteBy:
        """The rule, resolved."""
        unsaid = QuoteBy.NONE if self.quote_above_quantile is None else QuoteBy.QUANTILE
        return self.quote_by or unsaid


class SegmentEvidence(Noun):
    """How one segment's promise fared in the judged periods."""

    customer_class: str
    item_class: str
    region: str
    """`*`: all regions together."""
    promised_fill_rate: float
    is_target: bool
    """Whether the scenario asks this very promise of the segment; of all regions, the strictest."""
    achieved_fill_rate: float | None
    """Share of the promised pieces delivered from stock; null without any."""
    standard_error: float | None
    """Of the achieved fill rate, from week to week; null below two weeks."""
    pieces: float
    """Promised pieces that were ordered."""
    lines: int
    """Their order lines."""
    achieved_line_fill_rate: float | None
    """Share of the promised lines delivered whole from stock."""
    achieved_of_all_pieces: float | None
    """As if quoted lines and items not yet stocked had been promised too: none of theirs counts as
    delivered.
    """
    quoted_share_of_pieces: float
    quoted_share_of_lines: float
    not_yet_stocked_share_of_pieces: float
    """Of items so new that no stock ordered for them could have arrived."""


class PeriodEvidence(Noun):
    """All segments together, between two refits."""

    first_day: str
    last_day: str
    planned_fill_rate: float
    """Fill rate at which the period's stock was aimed: the promise, and what had to be made up."""
    achieved_fill_rate: float | None
    pieces: float
    stock_value: float
    """Average, in the scenario's currency."""


class Textbook(Noun):
    """The textbook formula, replayed on the same days: normal demand, fitted on the latest window."""

    achieved_fill_rate: float | None
    """Of the same promised pieces."""
    achieved_of_all_pieces: float | None
    stock_value: float
    target_at_equal_service: float | None
    """The target at which it achieves what our reorder points did; null: no target does, or not asked."""
    stock_value_at_equal_service: float | None
    """Its average stock value there."""


class PromiseEvidence(Noun):
    """One promise, made to every segment: what was achieved and what it took."""

    promised_fill_rate: float
    achieved_fill_rate: float | None
    """All segments together."""
    standard_error: float | None
    achieved_of_all_pieces: float | None
    quoted_share_of_pieces: float
    """Of all pieces ordered, those of lines that were quoted a lead time."""
    quoted_share_of_lines: float
    achieved_without_catch_up: float | None
    """The same, had nothing been made up; equal where catching up was not asked."""
    stock_value: float
    """Average over the judged days, in the scenario's currency."""
    stock_value_without_catch_up: float
    textbook: Textbook
    segments: tuple[SegmentEvidence, ...]
    """By customer class and item class."""
    regional_segments: tuple[SegmentEvidence, ...]
    """By region too, where the scenario promises by region; empty otherwise."""
    periods: tuple[PeriodEvidence, ...]
    short_items: tuple["ShortItem", ...]
    """Items that broke the promise most."""
    short_orders: tuple["ShortOrder", ...]
    """Orders that broke the promise most."""


class ShortItem(Noun):
    """An item and the promised pieces that it did not deliver from stock."""

    item: str
    item_class: str
    pieces: float
    pieces_short: float
    reason: Literal["demand_above_forecast", "lumpy_lines", "within_the_plan"]
    """More was ordered than twice the forecast; or one line held half of what was short; or neither."""


class ShortOrder(Noun):
    """An order and the promised pieces that it did not get from stock."""

    order: str
    day: str
    pieces: float
    pieces_short: float


class Estimate(Noun):
    """What the data said of an item class and a source of forecasts at the last refit."""

    item_class: str
    forecast: ForecastBy
    items: int
    """Items of the class that are foreseen by it."""
    half_life_days: float | None
    """Of the weights with which an item's past demand counts; null where the forecasts were given."""
    level_error: float | None
    """Root mean square error of the class's forecast level, as a share; null: too short a history, or given
    forecasts.
    """
    dispersion: float
    """Variance of an item's demand in multiples of that of orders that come at random."""
    relative_variance: float
    """Variance of the item's mean itself, as a share of its square."""


class ItemParameters(Noun):
    """What the ERP system needs for an item from the last day of the history on, for one promise."""

    item: str
    item_class: str
    promised_fill_rate: float
    reorder_point_pieces: float
    order_quantity_pieces: float
    quote_above_pieces: float | None
    """A line of more pieces is quoted a lead time; null: none is."""
    forecast_pieces_per_day: float
    forecast: ForecastBy


class Backtest(Noun):
    """A rolling backtest: fit, promise, replay what really came."""

    scenario: str
    currency: str
    plan: BacktestPlan
    """With everything resolved that the scenario or the data had to say."""
    history_first_day: str
    history_last_day: str
    judged_first_day: str | None
    judged_days: int
    proved: bool
    """False: the history does not allow a judgement; the findings say why."""
    promises: tuple[PromiseEvidence, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    findings: tuple[Finding, ...] = ()
    items: tuple[ItemParameters, ...] = ()
    """May be left out on request."""
