"""What each segment must be promised at least, and its terms: every wildcard and default resolved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import Target, Terms
from servicepolicy_optimizer.choices import Segment, SegmentTarget
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.segments import regions_with_demand, segments, total
from servicepolicy_optimizer.wildcards import ANY, Addressbook

PROMISES = ("fill_rate", "cycle_service_level", "response_hours", "on_time_probability", "otif")
"""Fields of a target that promise something."""

STRICTEST = {
    "fill_rate": max,
    "cycle_service_level": max,
    "response_hours": min,
    "on_time_probability": max,
    "otif": max,
}


@dataclass(frozen=True)
class SegmentTerms:
    """The terms of a segment, all defaults resolved. Absent terms cost nothing and forbid nothing."""

    returns_share_of_lines: float = 0.0
    cost_per_returned_line: float = 0.0
    value_added_cost_per_line: float = 0.0
    minimum_order_value: float = 0.0
    small_order_share: float | None = None
    """Share of orders below the minimum, when given; None: read from the order values."""
    small_order_surcharge: float = 0.0
    consolidation: bool = True


def resolve_targets(scenario: Scenario, facts: Facts) -> Mapping[Segment, SegmentTarget]:
    """Segment -> its target. Later entries refine earlier ones field by field; `*` speaks of all.

    A fill rate said later replaces a cycle service level said earlier, and the reverse: they are one promise
    said in two ways. One promise that covers several regions takes the strictest of what is asked for any
    region that orders: the highest fill rate and probability, the shortest time.
    """
    book = Addressbook(scenario.targets)
    return {
        segment: _target(scenario, facts, segment, book.of(*segment[:2]))
        for segment in segments(scenario, facts)
    }


def resolve_terms(scenario: Scenario, facts: Facts) -> Mapping[Segment, SegmentTerms]:
    """Segment -> its terms. Later entries refine earlier ones field by field; `*` speaks of all."""
    book = Addressbook(scenario.terms)
    return {segment: _terms(book.of(*segment[:2])) for segment in segments(scenario, facts)}


def _target(scenario: Scenario, facts: Facts, segment: Segment, entries: Sequence[Target]) -> SegmentTarget:
    # Where no region orders, nobody is promised less than the others: all regions count.
    regions = regions_with_demand(facts, segment, or_all=True)
    asked = _strictest([_asked(entries, facts.regions[r], scenario.on_time_probability) for r in regions])
    return SegmentTarget(
        fill_rate=asked.get("fill_rate", 0.0),
        response_hours=asked.get("response_hours"),
        on_time_probability=asked["on_time_probability"],
        otif=asked.get("otif"),
        pieces_per_year=total(facts.segments.pieces_per_year, facts, segment),
        lines_per_year=total(facts.segments.lines_per_year, facts, segment),
        cycle_service_level=asked.get("cycle_service_level"),
    )


def _asked(entries: Sequence[Target], region: str, on_time_probability: float) -> dict[str, float]:
    """What is asked for one region, refined field by field."""
    asked = {"on_time_probability": on_time_probability}
    for entry in entries:
        if entry.region not in (ANY, region):
            continue
        said = {name: value for name in PROMISES if (value := getattr(entry, name)) is not None}
        if said.keys() & {"fill_rate", "cycle_service_level"}:
            asked.pop("fill_rate", None)
            asked.pop("cycle_service_level", None)
        asked |= said
    return asked


def _strictest(by_region: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The strictest of what is asked anywhere, field by field.

    >>> _strictest([{"response_hours": 24, "fill_rate": 0.9}, {"response_hours": 48, "otif": 0.8}])
    {'fill_rate': 0.9, 'response_hours': 24, 'otif': 0.8}
    """
    said = {name: [asked[name] for asked in by_region if name in asked] for name in PROMISES}
    return {name: STRICTEST[name](values) for name, values in said.items() if values}


def _terms(entries: Sequence[Terms]) -> SegmentTerms:
    fields = SegmentTerms.__dataclass_fields__
    said: dict[str, Any] = {}
    for entry in entries:
        said |= {name: value for name in fields if (value := getattr(entry, name)) is not None}
    return SegmentTerms(**said)
