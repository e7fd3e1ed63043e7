"""The key of a value: a hash of everything that it is computed from, the program among it."""

from collections.abc import Iterable
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import servicepolicy_models
import servicepolicy_optimizer
from servicepolicy_optimizer.fingerprint import versions

Part = str | bytes | int | float | bool | None | np.ndarray[Any, Any] | Iterable["Part"]

PLAIN = frozenset({str, int, float, bool, type(None)})
"""Of these the words that Python writes tell value and type."""


def content_key(what: str, *parts: Part) -> str:
    """SHA-256 of the kind of value, of this program, and of all parts; 64 hexadecimal digits.

    Arrays count with type, shape, order in memory and every bit: minus zero is another number than zero.

    >>> content_key("ladder", 1.0) == content_key("ladder", 1.0)
    True
    >>> content_key("ladder", 1.0) == content_key("ladder", 1)
    False
    """
    digest = sha256(program())
    for piece in _pieces((what, *parts)):
        # With its length, so that no two lists of pieces run together to the same bytes.
        digest.update(len(piece).to_bytes(8, "little"))
        digest.update(piece)
    return digest.hexdigest()


@cache
def program() -> bytes:
    """What computes: versions of Python and the libraries, and every line of our own that takes part."""
    digest = sha256(repr(sorted(versions().items())).encode())
    for room in (servicepolicy_models, servicepolicy_optimizer):
        for path in sorted(_folder(room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.digest()


def _folder(room: ModuleType) -> Path:
    return Path(str(room.__file__)).parent


def _pieces(part: Part) -> Iterable[bytes | memoryview]:
    if isinstance(part, np.ndarray):
        # An axis of one entry has no order.
        strides = tuple(step if size > 1 else 0 for size, step in zip(part.shape, part.strides, strict=True))
        yield f"array {part.dtype.str} {part.shape} {strides}".encode()
        # What is only repeated, as by `broadcast_to`, is told by its strides.
        once = part[tuple(slice(None, 1 if step == 0 else None) for step in part.strides)]
        yield np.ascontiguousarray(once).data.cast("B") if part.size else b""
    elif isinstance(part, bytes):
        yield b"bytes"
        yield part
    elif isinstance(part, str | int | float | None):
        yield f"{type(part).__name__} {part!r}".encode()
    else:
        within = list(part)
        if PLAIN.issuperset(map(type, within)):
            # One after the other they would be hashed as often as there are.
            yield f"plain {within!r}".encode()
            return
        yield f"{len(within)} parts".encode()
        for one in within:
            yield from _pieces(one)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
