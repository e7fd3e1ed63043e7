"""Facts as a file of arrays (NumPy's .npz, without pickles), bit for bit."""

import json
from collections.abc import Mapping
from dataclasses import fields
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.facts import Facts, ItemFacts, SegmentFacts, SizeFacts
from servicepolicy_optimizer.kept_demand import Form

NAMES = ("customer_classes", "item_classes", "regions")


def dump_facts(facts: Facts) -> bytes:
    """Write facts down."""
    parts: dict[str, Any] = {"item": facts.items, "size": facts.items.order_sizes, "segment": facts.segments}
    arrays: dict[str, Any] = {
        f"{name}.{field.name}": value
        for name, part in parts.items()
        for field in fields(part)
        if isinstance(value := getattr(part, field.name), np.ndarray)
    }
    said = {
        **{name: getattr(facts, name) for name in (*NAMES, "sha256")},
        "items": facts.items.items,
        "findings": [one.model_dump(mode="json") for one in facts.findings],
    }
    written = BytesIO()
    np.savez(written, said=np.frombuffer(json.dumps(said).encode(), np.uint8), **arrays)
    return written.getvalue()


def load_facts(content: bytes) -> Facts:
    """Read facts back."""
    with np.load(BytesIO(content), allow_pickle=False) as kept:
        arrays = dict(kept)
    said = json.loads(arrays.pop("said").tobytes())
    sizes = SizeFacts(**_part("size", arrays))
    return Facts(
        **{name: tuple(said[name]) for name in NAMES},
        items=ItemFacts(items=tuple(said["items"]), order_sizes=sizes, **_part("item", arrays)),
        segments=SegmentFacts(**_part("segment", arrays)),
        findings=tuple(Finding.model_validate(one) for one in said["findings"]),
        sha256=said["sha256"],
    )


def _part(name: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """The arrays of one noun, by its fields."""
    start = f"{name}."
    return {at.removeprefix(start): array for at, array in arrays.items() if at.startswith(start)}


FACTS = Form(".facts", dump_facts, load_facts)
