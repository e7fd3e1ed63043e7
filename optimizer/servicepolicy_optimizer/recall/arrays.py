"""Arrays and a few words as bytes, and back; nothing that is read is ever run."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np

WORDS = "words"
"""Name under which the words lie beside the arrays."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Packed:
    """What a value is made of."""

    arrays: Mapping[str, Array]
    words: Mapping[str, Any] = field(default_factory=dict)
    """JSON."""


def packed(value: Packed) -> bytes:
    """Arrays by name and words as an uncompressed NumPy archive."""
    axes = {name: _axes(array) for name, array in value.arrays.items()}
    words = np.frombuffer(json.dumps([value.words, axes]).encode(), np.uint8)
    laid = {name: np.ascontiguousarray(array.transpose(axes[name])) for name, array in value.arrays.items()}
    file = BytesIO()
    np.savez(file, allow_pickle=False, **{WORDS: words, **laid})
    return file.getvalue()


def unpacked(content: bytes) -> Packed | None:
    """What was packed; None where the bytes are something else."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            found = dict(archive)
        words, axes = json.loads(found.pop(WORDS).tobytes())
        return Packed({name: array.transpose(np.argsort(axes[name])) for name, array in found.items()}, words)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None


def _axes(array: Array) -> list[int]:
    """The axes of an array from the outermost in memory to the innermost.

    They are kept: sums over an array depend on them in their last digits.
    """
    return sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
