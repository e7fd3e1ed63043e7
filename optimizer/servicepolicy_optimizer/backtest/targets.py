"""Which fill rates the scenario asks of its segments."""

from dataclasses import dataclass

from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import Target

SAME = 1e-9


@dataclass(frozen=True)
class FillTargets:
    """The scenario's fill-rate targets, resolved for a segment when asked."""

    scenario: Scenario

    def of(self, i: int, j: int, r: int | None) -> float | None:
        """Target of customer class i, item class j, region r (None: the strictest of all regions)."""
        sides = self.scenario.segmentation
        asked = [
            self._one(sides.customers.classes[i], sides.items.classes[j], region.name)
            for n, region in enumerate(sides.regions)
            if r in (None, n)
        ]
        return max((one for one in asked if one is not None), default=None)

    def asks(self, i: int, j: int, r: int | None, promise: float) -> bool:
        """Whether the promise is the segment's target."""
        target = self.of(i, j, r)
        return target is not None and abs(target - promise) < SAME

    def distinct(self) -> tuple[float, ...]:
        """All targets above 0, rising."""
        sides = self.scenario.segmentation
        asked = {
            self.of(i, j, r)
            for i in range(len(sides.customers.classes))
            for j in range(len(sides.items.classes))
            for r in range(len(sides.regions))
        }
        return tuple(sorted(one for one in asked if one))

    def _one(self, customer_class: str, item_class: str, region: str) -> float | None:
        """The last fill rate said of the segment; a cycle service level said later takes its place."""
        fill_rate = None
        for target in self.scenario.targets:
            if _speaks_of(target, customer_class, item_class, region):
                if target.fill_rate is not None:
                    fill_rate = target.fill_rate
                elif target.cycle_service_level is not None:
                    fill_rate = None
        return fill_rate


def _speaks_of(target: Target, customer_class: str, item_class: str, region: str) -> bool:
    return (
        target.customer_class in ("*", customer_class)
        and target.item_class in ("*", item_class)
        and target.region in ("*", region)
    )
