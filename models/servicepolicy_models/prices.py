"""What promises, capacities and budgets cost: differences between exact solutions."""

from typing import Literal

from pydantic import Field

from servicepolicy_models.changes import Change, Level
from servicepolicy_models.noun import Name, Noun
from servicepolicy_models.proof import Held

StepName = Literal["one_point_more", "next_rung_up", "one_point_less", "next_rung_down", "faster", "slower",
                   "one_percent_more", "one_percent_less", "lifted"]  # fmt: skip


class PricesQuestion(Noun):
    """Whose prices are wanted."""

    only: tuple[Name, ...] = ()
    """Segments (`A/A`) and limits (`location Leeds`); absent: all."""


class StepPrice(Noun):
    """What one change would cost or save a year."""

    step: StepName
    change: Change
    held: Held
    """Of the changed scenario: `infeasible` is a proof that the change cannot be had."""
    cost_difference_per_year: float | None
    """More than the scenario as it is; negative: saved. None: there is no such policy, or none was found."""
    at_least: float | None = None
    at_most: float | None = None
    """The difference lies between these, by what no policy undercuts on either side. For `every_item`, and
    where no such bound was found in time: over the columns that all prices share."""
    holds_to: float | None = None
    """The same money buys as much as this, in the unit of the change: what the new policy reaches. Of a
    step down: all promises up to this cost no more."""
    binds: tuple[str, ...] = ()
    """What stands in the way of a cheaper policy, named by its shadow prices at the changed optimum."""
    sentence: str


class SegmentPrice(Noun):
    """The price of one segment's promises."""

    customer_class: str
    item_class: str
    region: str
    target_fill_rate: float
    planned_fill_rate: float
    """In the cheapest policy: a promise up to this costs nothing more."""
    target_response_hours: float | None
    promised_response_hours: float
    steps: tuple[StepPrice, ...]


class LimitPrice(Noun):
    """The value of a capacity or budget."""

    where: str
    """`location Leeds`, `inventory budget`, ..."""
    unit: str
    limit: float
    used: float
    value_of_one_unit: float | None
    """Saved a year by one more unit, as an average over `one_percent_more`; 0 where more is worth nothing;
    none where it is not known."""
    enough: float | None
    """More than this is worth nothing: what is used when the limit is lifted."""
    steps: tuple[StepPrice, ...]


class Prices(Noun):
    """What every promise, capacity and budget of a scenario costs."""

    schema_version: Literal["1"] = "1"
    scenario: str
    currency: str
    level: Level
    cost_per_year: float
    """TLC + LSC of the cheapest policy, from which all differences are counted."""
    cost_at_least: float | None
    """No policy costs less, whatever rung each item has. For `every_item`, and where no such bound was found
    in time: no choice over the columns that all prices share."""
    segments: tuple[SegmentPrice, ...]
    limits: tuple[LimitPrice, ...]
    sentences: tuple[str, ...]
    """What the figures mean, to read aloud before them."""
    complete: bool = True
    """False: it was stopped; only the segments and limits are there whose steps were all priced."""
    seconds: dict[str, float] = Field(default_factory=dict)
    demand_sha256: str = ""
    scenario_sha256: str = ""
