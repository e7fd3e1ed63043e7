"""Which paths the relaxation begins with."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.solve.arrays import Name
from servicepolicy_optimizer.wide.generation import PathRelaxation
from servicepolicy_optimizer.wide.lagrangian import Mask
from servicepolicy_optimizer.wide.rows import OF_ONE_NAME
from servicepolicy_optimizer.wide.sample import sampled
from servicepolicy_optimizer.wide.uses import PathUses

ENOUGH = 1e-3
"""Share of a decision of a sample below which it says nothing of the whole."""


def begun(scenario: Scenario, choices: Choices) -> PathRelaxation:
    """The relaxation over all paths; a large one begins with what a sample asks for."""
    few = sampled(choices)
    if few is None:
        return PathRelaxation(scenario, choices)
    sample = PathRelaxation(scenario, few)
    found = sample.solve()
    if found.held is not Held.OPTIMAL or found.prices is None or found.few is None:
        return PathRelaxation(scenario, choices)
    taken = {
        index
        for (component, index), share in zip(sample.few, found.few.tolist(), strict=True)
        if component == "stock" and share > ENOUGH
    }
    hint = Hint(found.prices.rows, _sources(choices, taken))
    return PathRelaxation(scenario, choices, hint=hint.paths)


def _sources(choices: Choices, taken: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {
        (item_class, option.deployment)
        for item_class, offered in choices.options.items()
        for option in offered
        if (item_class, option.name) in taken
    }


@dataclass(frozen=True)
class Hint:
    """What a smaller question came to."""

    prices: Mapping[Name, float]
    """Of its rows."""
    sources: set[tuple[str, str]]
    """Item classes with the deployments that they take."""

    def paths(self, uses: PathUses) -> Mask:
        """(P,) of every serving the cheapest path at these prices; where it is likely to be used, the cheapest of every
        response time.
        """
        cost = self._cost(uses)
        serving = np.repeat(np.arange(len(uses.serving)), np.diff(uses.start))
        likely = np.array([(s[1], d) in self.sources for s, d in uses.serving], dtype=bool)
        hours = np.where(likely[serving], _hours(uses), 0.0)
        order = np.lexsort((cost, hours, serving))
        new = np.diff(serving[order], prepend=-1) != 0
        new |= np.diff(hours[order], prepend=-1.0) != 0
        first = np.zeros(uses.size, dtype=bool)
        first[order[new]] = True
        return first

    def _cost(self, uses: PathUses) -> Floats:
        """(P,) with what is scarce at its price."""
        price = [
            self.prices.get((OF_ONE_NAME[family], key), 0.0) if family in OF_ONE_NAME else 0.0
            for family, key in uses.resources
        ]
        cost: Floats = uses.cost + uses.uses.T @ np.array(price)
        return cost


def _hours(uses: PathUses) -> Floats:
    """(P,) response time, 0 where nothing is asked of it."""
    of_hours = np.array([family == "hours" for family, _ in uses.resources], dtype=np.float64)
    hours: Floats = uses.uses.T @ of_hours
    return hours
