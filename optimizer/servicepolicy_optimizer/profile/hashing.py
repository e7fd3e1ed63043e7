"""A hash of the demand: the same arrays and names give the same hash."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from servicepolicy_optimizer.facts import ItemFacts, SegmentFacts

NUMBERS_AT_ONCE = 1_000_000
"""Of a large array: the covariances of a thousand atoms need no second copy of themselves as bytes."""


def demand_sha256(names: tuple[tuple[str, ...], ...], items: ItemFacts, segments: SegmentFacts) -> str:
    """SHA-256 over class names, regions, and every field of both, each with its name, type and shape."""
    digest = sha256()
    for group in names:
        for part in _bytes("names", group):
            digest.update(part)
    for of in (items, segments):
        for field in fields(of):
            for part in _bytes(field.name, getattr(of, field.name)):
                digest.update(part)
    return digest.hexdigest()


def _bytes(name: str, value: Any) -> Iterator[bytes]:
    """A field in a form that no other value shares: little-endian arrays, texts with their lengths."""
    if is_dataclass(value):
        for field in fields(value):
            yield from _bytes(f"{name}.{field.name}", getattr(value, field.name))
    elif isinstance(value, tuple):
        yield f"{name}:{len(value)};".encode()
        yield from (f"{len(one.encode())}:{one}".encode() for one in value)
    else:
        little = np.dtype("<i8" if value.dtype.kind == "i" else "<f8")
        yield f"{name}:{little.str}:{value.shape};".encode()
        numbers = np.ascontiguousarray(value).reshape(-1)
        for first in range(0, numbers.size, NUMBERS_AT_ONCE):
            # Minus zero equals zero but has other bytes.
            yield (numbers[first : first + NUMBERS_AT_ONCE].astype(little) + 0).tobytes()
