"""A hash of the demand: the same arrays and names give the same hash."""

from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from servicepolicy_optimizer.facts import ItemFacts, SegmentFacts


def demand_sha256(names: tuple[tuple[str, ...], ...], items: ItemFacts, segments: SegmentFacts) -> str:
    """SHA-256 over class names, regions, and every field of both, each with its name, type and shape."""
    digest = sha256()
    for group in names:
        digest.update(_bytes("names", group))
    for part in (items, segments):
        for field in fields(part):
            digest.update(_bytes(field.name, getattr(part, field.name)))
    return digest.hexdigest()


def _bytes(name: str, value: Any) -> bytes:
    """A field in a form that no other value shares: little-endian arrays, texts with their lengths."""
    if is_dataclass(value):
        return b"".join(_bytes(f"{name}.{field.name}", getattr(value, field.name)) for field in fields(value))
    if isinstance(value, tuple):
        return b"".join(
            [f"{name}:{len(value)};".encode(), *(f"{len(one.encode())}:{one}".encode() for one in value)]
        )
    array = np.ascontiguousarray(value).astype("<i8" if value.dtype.kind == "i" else "<f8")
    # Minus zero equals zero but has other bytes.
    return f"{name}:{array.dtype.str}:{array.shape};".encode() + (array + 0).tobytes()
