"""Shelves and columns that earlier questions computed, found again where what they depend on is the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import rfc8785

from servicepolicy_models.means import Location, SupplyOption
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.curves.shelf_fingerprint import shelf_fingerprint
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.question import Known
from servicepolicy_optimizer.recall import InMemory, Recall

KEPT = 12
"""Stock-keepings that are remembered at the same time: each holds the ladders of every item."""
MOST_BYTES = 64_000_000
"""Of what was computed for these questions, where nothing else keeps it."""


@dataclass(frozen=True)
class _Remembered:
    """Shelves and columns, and the suppliers and locations that they were made for."""

    known: Known
    supply: Mapping[str, SupplyOption]
    locations: Mapping[str, Location]


@dataclass
class Memory:
    """What earlier questions computed, by the demand and the stock-keeping that it holds for."""

    remembered: dict[tuple[str, bytes, bytes], _Remembered] = field(default_factory=dict)
    """Hash of the demand, what all shelves depend on, suppliers and locations -> what is known."""
    solves: int = 0
    """Questions solved so far."""
    recall: Recall = field(default_factory=lambda: InMemory(MOST_BYTES))
    """Where what was computed for any question is found; in this memory, unless it lies elsewhere."""

    def of(self, scenario: Scenario, facts: Facts) -> Known:
        """What is known for the same shelves. What was not asked for longest is forgotten.

        Of a question that differs in some suppliers or locations only, the shelves of the others are taken.
        """
        free = without_limits(scenario)
        supply = {one.name: one for one in free.supply}
        locations = {one.name: one for one in free.locations}
        parts = free.model_dump(mode="json", include={"supply", "locations"})
        key = (facts.sha256, shelf_fingerprint(free), rfc8785.dumps(parts))
        found = self.remembered.pop(key, None)
        if found is None:
            found = _Remembered(Known(recall=self.recall), supply, locations)
            for other_key, other in reversed(self.remembered.items()):
                if other_key[:2] == key[:2]:
                    _take_over(found, other)
        self.remembered[key] = found
        while len(self.remembered) > KEPT:
            self.remembered.pop(next(iter(self.remembered)))
        return found.known


def _take_over(found: _Remembered, other: _Remembered) -> None:
    """Shelves, with their columns, whose supplier and location are the same in both."""
    for shelf_key, shelf in other.known.shelves.items():
        _, supply, location, *_ = shelf_key[0]
        if found.supply.get(supply) == other.supply[supply] and (
            found.locations.get(location) == other.locations[location]
        ):
            found.known.shelves.setdefault(shelf_key, shelf)
    taken = {id(shelf) for shelf in found.known.shelves.values()}
    for column_key, columns in other.known.columns.items():
        if column_key[0] in taken:
            found.known.columns.setdefault(column_key, columns)
