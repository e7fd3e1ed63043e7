"""By which rule a customer enters, keeps or leaves a class, and what it would do to today's customers."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from servicepolicy_models.noun import Name, NonNegative, Noun, Share, Signed


class Thresholds(Noun):
    """What a customer must reach in a period, all that is said of it."""

    revenue_per_year: NonNegative | None = None
    """Revenue of the period, scaled to a year."""
    pieces_per_year: NonNegative | None = None
    lines_per_year: NonNegative | None = None
    loyalty_periods: Annotated[int, Field(ge=1)] | None = None
    """Periods with an order, this one and those right before it, without a gap."""
    growth: Signed | None = None
    """Revenue of the period / revenue of the period before - 1; a first period has not grown."""

    @property
    def says_something(self) -> bool:
        """Whether there is anything to reach."""
        return any(getattr(self, name) is not None for name in type(self).model_fields)


class ClassRule(Noun):
    """How one class is entered, kept and left."""

    customer_class: Name
    enter: Thresholds
    """What lets a customer in."""
    keep: Thresholds | None = None
    """What lets a customer stay; no stricter than `enter`. Absent: `enter` x `keep_share`."""


class QualificationRule(Noun):
    """Tiers with discipline: everybody starts in the lowest class, and every better one has to be earned.

    At the end of each period a customer climbs to the best class whose `enter` it has reached in each of the
    last `enter_after` periods, and else keeps its class until it has missed `keep` in each of the last
    `leave_after` periods; then it falls to the best class whose `keep` it reached in the last of them.
    """

    schema_version: Literal["1"] = "1"
    classes: Annotated[tuple[ClassRule, ...], Field(min_length=1)]
    """The best first; the lowest class needs no rule."""
    period_days: Annotated[int, Field(ge=7, le=366)] = 91
    """The history is cut into whole periods that end with its last day."""
    enter_after: Annotated[int, Field(ge=1, le=52)] = 1
    leave_after: Annotated[int, Field(ge=1, le=52)] = 2
    keep_share: Share = 0.8
    """Hysteresis: the share of a revenue, piece or line threshold that is enough to stay."""
    most_customers_share: Annotated[float, Field(gt=0, le=1)] | None = None
    """More customers than this share in the better classes together draws a finding: tiers that everybody is
    in are no tiers."""

    @model_validator(mode="after")
    def _something_to_reach(self) -> Self:
        names = [rule.customer_class for rule in self.classes]
        if len(set(names)) != len(names):
            raise ValueError("a class has two rules; write one rule for each class")
        for rule in self.classes:
            if not rule.enter.says_something:
                raise ValueError(
                    f"class {rule.customer_class!r} asks nothing of those who enter; name a threshold, "
                    "nobody is in a better class by default"
                )
            if rule.keep is not None:
                _no_stricter(rule.customer_class, rule.keep, rule.enter)
        return self


def _no_stricter(name: str, keep: Thresholds, enter: Thresholds) -> None:
    for field in Thresholds.model_fields:
        stay, come = getattr(keep, field), getattr(enter, field)
        if stay is not None and (come is None or stay > come):
            raise ValueError(
                f"class {name!r} asks more {field} to stay than to enter; who just entered would have to "
                f"leave: lower keep.{field}"
            )


class ClassMove(Noun):
    """A customer whom the rule puts into another class than today's."""

    customer: str
    before: str
    """Class today, by the scenario."""
    after: str
    """Class by the rule."""
    periods_in_class: int
    """Whole periods that the customer has been in the class."""
    revenue_per_year: float
    """Of the last whole period, scaled to a year."""
    cost_before: float
    """Cost to serve a year, at the policy of the segments of today's class."""
    cost_after: float
    moved: float
    """cost_after - cost_before; above zero: the move costs money."""
    sentence: str


class ClassFlow(Noun):
    """All customers that move from one class to another, or stay."""

    before: str
    after: str
    customers: int
    revenue_per_year: float
    moved: float
    """What their moves cost a year."""


class QualifiedClass(Noun):
    """A class under the rule."""

    customer_class: str
    customers_before: int
    customers_after: int
    revenue_share_after: float
    entered_in_last_period: int
    left_in_last_period: int


class Qualification(Noun):
    """What the rule would do. Money per year."""

    schema_version: Literal["1"] = "1"
    scenario: str
    currency: str
    periods: int
    period_days: int
    first_day: str
    """Of the first whole period, ISO date."""
    last_day: str
    customers: int
    """With a name; orders without one stay where the scenario puts them."""
    classes: tuple[QualifiedClass, ...]
    flows: tuple[ClassFlow, ...]
    moves: tuple[ClassMove, ...]
    """The dearest first."""
    moved: float
    """What all moves together cost a year."""
    how_priced: str
    findings: tuple[str, ...] = ()
    sentence: str
