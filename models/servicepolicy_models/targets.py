"""What each segment must be promised at least, and the terms that go with it."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from servicepolicy_models.noun import Name, NonNegative, Noun, OpenShare, Positive, Share


class Target(Noun):
    """The promise that one segment, or several, must at least get. Later targets refine earlier ones field
    by field.
    """

    customer_class: Name = "*"
    item_class: Name = "*"
    region: Name = "*"
    fill_rate: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Unit fill rate (type 2): share of demanded pieces delivered from stock."""
    cycle_service_level: OpenShare | None = None
    """Type 1: share of replenishment cycles without stockout. Said instead of a fill rate, it is converted
    item by
    item, which requires `fill_rate_basis` = "every_item"."""
    response_hours: Positive | None = None
    """Order received to delivered."""
    on_time_probability: OpenShare | None = None
    """P(response time <= response_hours) for what was in stock; absent: the scenario's default."""
    otif: Annotated[float, Field(ge=0, lt=1)] | None = None
    """On time in full: fill rate x on-time probability. Where it is asked, a slower promise that is kept more
    often may stand for stock.
    """

    @model_validator(mode="after")
    def _one_kind_of_fill(self) -> Self:
        if self.fill_rate is not None and self.cycle_service_level is not None:
            raise ValueError(
                "fill_rate and cycle_service_level exclude each other; say which one is promised"
            )
        return self


class Terms(Noun):
    """Terms that are carried and priced, but not decided. Later terms refine earlier ones field by field."""

    customer_class: Name = "*"
    item_class: Name = "*"
    returns_share_of_lines: Share | None = None
    """Share of lines that come back."""
    cost_per_returned_line: NonNegative | None = None
    value_added_cost_per_line: NonNegative | None = None
    """Labels, kits, gift wrap: warehouse work beyond picking."""
    minimum_order_value: NonNegative | None = None
    """Orders below pay the surcharge."""
    small_order_share: Share | None = None
    """Share of orders below the minimum, when the order lines cannot tell."""
    small_order_surcharge: NonNegative | None = None
    """Paid by the customer; lowers the response cost."""
    consolidation: bool | None = None
    """False: every order leaves alone; shipping frequencies below 'each order' are not offered."""


class PromiseLadder(Noun):
    """The promises that may be made: nobody promises 93.7 % within 31 hours."""

    fill_rates: Annotated[tuple[OpenShare, ...], Field(min_length=1)] = (
        0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995,
    )  # fmt: skip
    response_hours: Annotated[tuple[Positive, ...], Field(min_length=1)] = (
        4,
        8,
        12,
        24,
        36,
        48,
        72,
        96,
        120,
        168,
        240,
        336,
    )

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for rungs in (self.fill_rates, self.response_hours):
            if list(rungs) != sorted(set(rungs)):
                raise ValueError("the rungs of a promise ladder must rise")
        return self
