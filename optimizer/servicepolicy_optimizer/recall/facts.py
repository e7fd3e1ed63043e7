"""The facts of order lines, kept by what they are computed from: files by content, and part of a scenario."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import rfc8785

from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts, ItemFacts, SegmentFacts, SizeFacts
from servicepolicy_optimizer.profile.hashing import demand_sha256
from servicepolicy_optimizer.recall.arrays import Packed, packed, unpacked
from servicepolicy_optimizer.recall.content import content_key, file_sha256

NOT_OF_THE_DEMAND = frozenset({
    "schema_version", "name", "title", "notes", "assumptions", "currency", "fill_rate_definition",
    "fill_rate_basis", "targets", "terms", "on_time_probability", "promise_ladder", "channels", "processes",
    "modes", "frequencies", "supply", "locations", "deployments", "stock_policies", "demand_laws",
    "stockout_reactions", "count_lost_sales", "carrying_rate_per_year", "budgets", "rules", "current_policy",
    "limits",
})  # fmt: skip
"""Fields of a scenario that the facts do not depend on. A field that is added counts until it stands here."""

ITEMS, SIZES, SEGMENTS = "items.", "sizes.", "segments."
"""Begin the names of arrays."""

Part = TypeVar("Part", ItemFacts, SizeFacts, SegmentFacts)


def demand_key(what: str, scenario: Scenario, tables: tuple[Path | None, ...]) -> str:
    """The key of a value that the scenario makes of the tables. Raises OSError where one cannot be read."""
    of_demand = rfc8785.dumps(scenario.model_dump(mode="json", exclude=set(NOT_OF_THE_DEMAND)))
    # Findings name the files.
    read = [None if path is None else (path.name, file_sha256(path)) for path in tables]
    return content_key(what, of_demand, read)


def laid_out(facts: Facts) -> Facts:
    """The facts as they are recalled: every array in the order of its indices, whatever it was in memory.

    Sums over an array depend on that order in their last digits.
    """
    items, sizes = facts.items, facts.items.order_sizes
    ordered = replace(items, **_arrays("", items), order_sizes=replace(sizes, **_arrays("", sizes)))
    return replace(facts, items=ordered, segments=replace(facts.segments, **_arrays("", facts.segments)))


def packed_facts(facts: Facts) -> bytes:
    """Facts as bytes."""
    items, segments = facts.items, facts.segments
    arrays = _arrays(ITEMS, items) | _arrays(SIZES, items.order_sizes) | _arrays(SEGMENTS, segments)
    words = {
        "customer_classes": facts.customer_classes,
        "item_classes": facts.item_classes,
        "regions": facts.regions,
        "items": items.items,
        "findings": [one.model_dump(mode="json") for one in facts.findings],
        "sha256": facts.sha256,
    }
    return packed(Packed(arrays, words))


def unpacked_facts(content: bytes) -> Facts | None:
    """Facts from bytes; None where they are not what they say."""
    found = unpacked(content)
    if found is None:
        return None
    words = found.words
    customers, classes, regions = (
        tuple(words[name]) for name in ("customer_classes", "item_classes", "regions")
    )
    sizes = _part(SizeFacts, SIZES, found)
    items = _part(ItemFacts, ITEMS, found, items=tuple(words["items"]), order_sizes=sizes)
    segments = _part(SegmentFacts, SEGMENTS, found)
    if demand_sha256((customers, classes, regions), items, segments) != words["sha256"]:
        return None
    findings = tuple(Finding.model_validate(one) for one in words["findings"])
    return Facts(customers, classes, regions, items, segments, findings, words["sha256"])


def _arrays(prefix: str, part: Part) -> dict[str, Any]:
    """C order, all of them."""
    found = {one.name: getattr(part, one.name) for one in fields(part)}
    return {
        f"{prefix}{name}": np.ascontiguousarray(value)
        for name, value in found.items()
        if isinstance(value, np.ndarray)
    }


def _part(kind: type[Part], prefix: str, found: Packed, **others: Any) -> Part:
    arrays: dict[str, Any] = {
        name.removeprefix(prefix): value for name, value in found.arrays.items() if name.startswith(prefix)
    }
    return kind(**arrays, **others)
