"""The screen of scenarios."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenarios:
    """The list of scenarios, their versions, and where new ones come from."""

    title: str = "Scenarios"
    lead: str = "A scenario is a whole question: demand, classes, promises, means, money, limits."
