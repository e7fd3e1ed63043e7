"""Customer classes, item classes, regions: who is in which segment."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from servicepolicy_models.noun import Name, Noun, OpenShare


class Measure(StrEnum):
    """By what customers or items are ranked."""

    REVENUE = "revenue"
    PIECES = "pieces"
    LINES = "lines"
    MARGIN = "margin"
    DEMAND_PER_HOLDING_COST = "demand_per_holding_cost"
    """Items only: pieces a year per currency of holding a piece for a year (Teunter, Babai & Syntetos 2010
    without
    criticality): what a point of fill rate costs in stock."""
    GIVEN = "given"
    """The class column of the item or customer table."""
    NONE = "none"
    """One class for all."""


class CutBy(StrEnum):
    """What the cut-offs count."""

    COUNT = "share_of_count"
    """Share of customers or items: Frazelle's 5/15/80 %."""
    VALUE = "share_of_value"
    """Cumulated share of the measure: Pareto's 80/15/5 %."""


class Classification(Noun):
    """How one side (customers or items) is cut into classes, the best first."""

    classes: Annotated[tuple[Name, ...], Field(min_length=1, max_length=26)] = ("A", "B", "C")
    measure: Measure = Measure.REVENUE
    cut_by: CutBy = CutBy.COUNT
    cut_offs: tuple[OpenShare, ...] = (0.05, 0.20)
    """Cumulated shares at which a class ends; one fewer than classes. 0.05, 0.20 means 5 %, 15 %, 80 %."""
    overrides: dict[str, str] = Field(default_factory=dict)
    """Customer or item -> class, whatever the ranking says."""

    @model_validator(mode="after")
    def _cut_offs_fit(self) -> Self:
        if len(set(self.classes)) != len(self.classes):
            raise ValueError("class names repeat; give each class a name of its own")
        ranked = self.measure not in (Measure.GIVEN, Measure.NONE)
        needed = len(self.classes) - 1
        if ranked and len(self.cut_offs) != needed:
            raise ValueError(
                f"{len(self.classes)} classes need {needed} cut-offs, found {len(self.cut_offs)}; "
                "give one fewer cut-off than classes"
            )
        if list(self.cut_offs) != sorted(set(self.cut_offs)):
            raise ValueError("cut-offs must rise; they are cumulated shares")
        if self.measure is Measure.NONE and len(self.classes) != 1:
            raise ValueError("measure 'none' means one class; name one class or choose a measure")
        unknown = sorted(set(self.overrides.values()) - set(self.classes))
        if unknown:
            known = list(self.classes)
            raise ValueError(f"overrides name unknown classes {unknown}; known are {known}")
        return self


class Region(Noun):
    """Part of the market with its own lanes."""

    name: Name
    values: tuple[str, ...] = ()
    """Values of the region column that belong here; `*` takes what no other region names."""


class Segmentation(Noun):
    """The customer-item matrix: classes on both sides, and regions."""

    customers: Classification = Classification()
    items: Classification = Classification()
    regions: Annotated[tuple[Region, ...], Field(min_length=1)] = (Region(name="all", values=("*",)),)
    promise_by_region: bool = False
    """True: every region gets its own promise and path; False: one promise per customer class and item
    class.
    """
