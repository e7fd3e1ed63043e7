"""How an infeasible scenario can be made feasible, and at what cost."""

from typing import Any, Literal

from pydantic import Field

from servicepolicy_models.changes import Change, Level
from servicepolicy_models.noun import Noun
from servicepolicy_models.proof import Held

Amounts = Literal["least", "cheapest"]
"""How much of the limits that change: the least that is enough, or as much as lowers the cost."""


class Repair(Noun):
    """Changes that make the scenario feasible, none of which could be left out."""

    number: int
    """Counts from 1, the smallest first."""
    changes: tuple[Change, ...]
    amounts: Amounts
    """`least` where no capacity or budget changes."""
    weight: float
    """Σ weight of its changes: their number, where the planner gave no weights."""
    cost_per_year: float
    """TLC + LSC of the cheapest policy found for the changed scenario."""
    cost_difference_per_year: float | None
    """Against `Repairs.reference`; none where there is no reference."""
    level: Level
    held: Held
    proven: bool
    """That nothing of it could be left out is proven, and not only not found otherwise in time."""
    sentence: str
    """All of it in one sentence."""
    patch: dict[str, Any]
    """JSON merge patch (RFC 7396) that makes the child scenario of the scenario."""


class Impossible(Noun):
    """A promise that no money, capacity or rule could keep."""

    where: str
    promised: float
    possible: float | None
    """The best that any means give, in the same unit; none: nothing is possible at all."""
    unit: str
    sentence: str


class Reference(Noun):
    """Against what the cost differences of repairs are counted."""

    sentence: str
    cost_per_year: float


class Repairs(Noun):
    """The answer to an infeasible scenario."""

    schema_version: Literal["1"] = "1"
    scenario: str
    currency: str
    repairs: tuple[Repair, ...]
    """The smallest first; of equal ones the cheaper."""
    smallest: tuple[int, ...]
    """Numbers of the repairs with the fewest (least weight of) changes, in their order."""
    cheapest: tuple[int, ...]
    """Numbers of the repairs in order of yearly cost."""
    complete: bool
    """Whether these are all sets of changes that make the scenario feasible and of which nothing could be
    left out. False: there may be more, and cheaper ones, beyond those that were looked at."""
    impossible: tuple[Impossible, ...]
    reference: Reference | None
    level: Level
    """At which the sets of changes were found to be enough and none of them needless."""
    unconfirmed: tuple[str, ...] = ()
    """Sets of changes that a mix of columns can live with, but no policy of whole items was found."""
    sentences: tuple[str, ...]
    """What to read aloud."""
    seconds: dict[str, float] = Field(default_factory=dict)
    demand_sha256: str = ""
    scenario_sha256: str = ""
