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
    file = BytesIO()
    words = np.frombuffer(json.dumps(value.words).encode(), np.uint8)
    np.savez(file, allow_pickle=False, **{WORDS: words, **value.arrays})
    return file.getvalue()


def unpacked(content: bytes) -> Packed | None:
    """What was packed; None where the bytes are something else."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            found = dict(archive)
        words = json.loads(found.pop(WORDS).tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return Packed(found, words)
