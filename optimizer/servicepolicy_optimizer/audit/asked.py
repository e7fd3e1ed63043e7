"""What the scenario asks for a segment: its target, its terms, and how its customers take a shortage."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from servicepolicy_models.means import StockoutReaction
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import Terms
from servicepolicy_optimizer.audit.matrix import ANY, Segment

STRICTEST = {
    "fill_rate": max,
    "cycle_service_level": max,
    "response_hours": min,
    "on_time_probability": max,
    "otif": max,
}
"""Which of two promises asks more."""


@dataclass(frozen=True)
class Asked:
    """The least that a segment must be promised."""

    on_time_probability: float
    fill_rate: float | None = None
    cycle_service_level: float | None = None
    response_hours: float | None = None
    otif: float | None = None


def asked_of(scenario: Scenario, segment: Segment, regions: Iterable[str]) -> Asked:
    """The segment's target: the strictest of what is asked for any of the regions, promise by promise."""
    by_region = [_asked_in(scenario, segment, region) for region in regions]
    said = {name: [asked[name] for asked in by_region if name in asked] for name in STRICTEST}
    return Asked(**{name: STRICTEST[name](values) for name, values in said.items() if values})


def _asked_in(scenario: Scenario, segment: Segment, region: str) -> dict[str, float]:
    """What is asked in one region: later entries refine earlier ones; absent fields ask nothing.

    A fill rate replaces a cycle service level said earlier, and the reverse: they are one promise said in
    two ways. Where nobody says an on-time probability, the scenario's holds.
    """
    asked = {"on_time_probability": scenario.on_time_probability}
    for entry in scenario.targets:
        here = entry.region in (ANY, region)
        if not here or not _speaks_of(segment, entry.customer_class, entry.item_class):
            continue
        said = {name: value for name in STRICTEST if (value := getattr(entry, name)) is not None}
        if said.keys() & {"fill_rate", "cycle_service_level"}:
            asked.pop("fill_rate", None)
            asked.pop("cycle_service_level", None)
        asked |= said
    return asked


def terms_of(scenario: Scenario, segment: Segment) -> Terms:
    """The segment's terms: later entries refine earlier ones field by field; absent fields stay None."""
    said: dict[str, Any] = {}
    for entry in scenario.terms:
        if _speaks_of(segment, entry.customer_class, entry.item_class):
            said |= {name: value for name, value in entry if value is not None}
    return Terms(**said)


def reaction_of(scenario: Scenario, customer_class: str) -> StockoutReaction | None:
    """The last reaction that names the class or all classes; None: a piece short costs nothing."""
    named = [one for one in scenario.stockout_reactions if one.customer_class in (ANY, customer_class)]
    return named[-1] if named else None


def _speaks_of(segment: Segment, customer_class: str, item_class: str) -> bool:
    return customer_class in (ANY, segment[0]) and item_class in (ANY, segment[1])
