"""Arrays and a few words as bytes, and back; nothing that is read is ever run.

A NumPy archive would do as well, but hundreds of small ones take longer to open than some values to compute.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

LENGTH_BYTES = 8
"""Hold the length of the table of contents, which follows; then the arrays, one after the other."""

KINDS = "biuf"
"""Kinds of number that are read: truth values, integers, floats."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Packed:
    """What a value is made of."""

    arrays: Mapping[str, Array]
    words: Mapping[str, Any] = field(default_factory=dict)
    """JSON."""


def packed(value: Packed) -> bytes:
    """Arrays by name, and words: a table of contents in JSON, and every number as it lies in memory."""
    laid, contents = [], []
    for name, array in value.arrays.items():
        axes = _axes(array)
        laid.append(np.ascontiguousarray(array.transpose(axes)))
        contents.append([name, array.dtype.str, laid[-1].shape, axes])
    table = json.dumps([contents, value.words]).encode()
    return b"".join([len(table).to_bytes(LENGTH_BYTES, "little"), table, *(one.tobytes() for one in laid)])


def unpacked(content: bytes) -> Packed | None:
    """What was packed; None where the bytes are something else."""
    end = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "little")
    arrays: dict[str, Array] = {}
    try:
        contents, words = json.loads(content[LENGTH_BYTES:end])
        for name, code, shape, axes in contents:
            kind, count = np.dtype(code), math.prod(shape)
            if kind.kind not in KINDS:
                return None
            # Copied: an array in the middle of others might lie less well in memory.
            numbers = np.frombuffer(content, kind, count, end).copy() if count else np.zeros(0, kind)
            shaped = numbers if len(shape) == 1 else numbers.reshape(shape)
            in_order = all(axis == place for place, axis in enumerate(axes))
            arrays[name] = shaped if in_order else shaped.transpose(np.argsort(axes))
            end += numbers.nbytes
    except (ValueError, TypeError, RecursionError):
        return None
    return Packed(arrays, words) if end == len(content) else None


def _axes(array: Array) -> list[int]:
    """The axes of an array from the outermost in memory to the innermost.

    They are kept: sums over an array depend on them in their last digits.
    """
    return sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
