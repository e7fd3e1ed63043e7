"""Which inputs matter: what is varied, how, and what came of it."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from servicepolicy_models.futures import ScaledInput
from servicepolicy_models.noun import Noun, Positive


class ScreeningMethod(StrEnum):
    """How the inputs are varied."""

    MORRIS = "morris"
    """One input at a time along random trajectories (Morris 1991): few solves, a ranking."""
    SOBOL = "sobol"
    """All inputs at once (Saltelli 2010): many solves, shares of the variance."""


class FactorRange(Noun):
    """Between which factors an input is multiplied."""

    low: Positive
    high: Positive

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.low >= self.high:
            raise ValueError("the lowest factor is not below the highest; write the smaller one as low")
        return self


ALIKE = FactorRange(low=0.8, high=1.2)


class ScreeningAsked(Noun):
    """What is varied, and how much may be solved for it."""

    inputs: Annotated[dict[ScaledInput, FactorRange], Field(min_length=2)] = Field(
        default_factory=lambda: dict.fromkeys(ScaledInput, ALIKE)
    )
    """Input -> range of factors; absent: every input from 20 % less to 20 % more."""
    method: ScreeningMethod = ScreeningMethod.MORRIS
    samples: Annotated[int, Field(ge=2, le=4096)] = 8
    """Trajectories of Morris, base points of Sobol (a power of two there)."""
    most_solves: Annotated[int, Field(ge=6, le=100_000)] = 200
    """Fewer samples are taken where these would need more solves."""


class InputEffect(Noun):
    """What one input does to the yearly cost over its whole range. The rest is averaged over."""

    name: ScaledInput
    low: float
    high: float
    effect: float
    """Morris: mean absolute change of the cost when the input goes through its range (mu*), in currency a
    year. Sobol: share of the cost's variance that it takes part in (ST)."""
    uncertainty: float
    """Half width of the 95 % confidence interval of the effect."""
    direction: float | None
    """Morris: mean change, with its sign."""
    interaction: float
    """Morris: standard deviation of the change: above the effect, it depends on the other inputs. Sobol:
    ST - S1."""
    flips_policy: float | None
    """Morris: share of its steps after which some segment had other means."""
    sentence: str


class Screening(Noun):
    """The inputs by how much they matter."""

    schema_version: Literal["1"] = "1"
    scenario: str
    currency: str
    method: ScreeningMethod
    cost: float
    """TLC + LSC of the scenario as it is."""
    lowest_cost: float
    highest_cost: float
    """Over all points solved."""
    samples: int
    """Taken; those that hold a point without a policy are not counted."""
    solves: int
    without_policy: int
    """Points at which no policy keeps everything."""
    inputs: tuple[InputEffect, ...]
    """The largest effect first."""
    findings: tuple[str, ...] = ()
    sentence: str
