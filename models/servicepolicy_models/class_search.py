"""Is 3x3 right? Which classings are tried, and what each of them costs."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from servicepolicy_models.noun import NonNegative, Noun, OpenShare


class ServiceHeld(StrEnum):
    """What is held fixed while the classes move, so that costs can be compared."""

    KEPT = "kept"
    """Nobody is promised less than today: a class gets the strictest of what its members are promised now."""
    PRICED = "priced"
    """Fill rates are not promised but priced: a piece short costs `shortage_factor` x its price, and every
    class gets the fill rate that then costs least. Response times are kept as above."""


class ClassesAsked(Noun):
    """How far to search."""

    most_customer_classes: Annotated[int, Field(ge=1, le=6)] = 3
    most_item_classes: Annotated[int, Field(ge=1, le=6)] = 3
    grid: Annotated[tuple[OpenShare, ...], Field(min_length=1, max_length=19)] = (0.05, 0.1, 0.2, 0.35, 0.5)
    """Cut-offs considered on both sides; those of the scenario are always among them."""
    service: ServiceHeld = ServiceHeld.KEPT
    shortage_factor: NonNegative | None = None
    """Share of its price that a piece short costs, for `priced`."""
    most_solves: Annotated[int, Field(ge=1, le=100_000)] = 100

    @model_validator(mode="after")
    def _priced_by_something(self) -> Self:
        if list(self.grid) != sorted(set(self.grid)):
            raise ValueError("the cut-offs of the grid must rise; write them in order, each once")
        if (self.service is ServiceHeld.PRICED) != (self.shortage_factor is not None):
            raise ValueError(
                "service 'priced' and shortage_factor go together; say what share of its price a piece short "
                "costs, or keep the promises"
            )
        return self


class Classing(Noun):
    """A way to cut customers and items into classes, and what it costs a year."""

    customer_cut_offs: tuple[float, ...]
    item_cut_offs: tuple[float, ...]
    customer_classes: int
    item_classes: int
    cost: float | None
    """TLC + LSC; None where no policy keeps everything."""
    why: str = ""
    """Why there is none."""


class ClassSearch(Noun):
    """The classings by what they cost. Money per year."""

    schema_version: Literal["1"] = "1"
    scenario: str
    currency: str
    service: ServiceHeld
    how_compared: str
    today: Classing
    best: Classing
    by_number: tuple[Classing, ...]
    """The best found for each number of customer classes and item classes that was tried."""
    loss: float
    """What today's classes cost beyond the best found."""
    item_level_bound: float | None
    """No policy costs less even if every item had a supplier and a kind of shelf of its own, today's segments
    being promised what they are today and the deployment being that of the item class."""
    item_level_loss: float | None
    """What today's classes can lose at most against that; null without a bound."""
    method: Literal["enumeration", "coordinate_search"]
    """`enumeration`: every classing on the grid was solved. `coordinate_search`: one cut-off after the other
    was added, dropped or moved to the next grid point while that lowered the cost."""
    classings_on_grid: int
    solves: int
    proved: str
    """What is proved of the best, and what is not, in words."""
    sentence: str
