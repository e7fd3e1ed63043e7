"""Where computed values are kept: by key, as bytes."""

from collections import OrderedDict
from typing import Protocol

LARGEST_SHARE = 0.5
"""Of all the room: what is larger than this is not kept, for it would drive out everything else."""


class Recall(Protocol):
    """Keeps values for those who ask again. It may forget anything at any time."""

    def get(self, key: str) -> bytes | None:
        """The value of a key, as it was handed in; None where it is not known, or not whole."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Keep a value, as far as there is room. Never fails: what is not kept is computed again."""
        ...


class NothingKept:
    """Forgets everything at once."""

    def get(self, key: str) -> bytes | None:
        """See `Recall`."""
        return None

    def put(self, key: str, value: bytes) -> None:
        """See `Recall`."""


NOTHING_KEPT = NothingKept()


class InMemory:
    """Keeps values in this process, so many bytes at most; what was not asked for longest goes first."""

    def __init__(self, most_bytes: int) -> None:
        """Begin with nothing."""
        self._most_bytes = most_bytes
        self._values: OrderedDict[str, bytes] = OrderedDict()
        self.bytes = 0

    def get(self, key: str) -> bytes | None:
        """See `Recall`."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: str, value: bytes) -> None:
        """See `Recall`."""
        if len(value) > LARGEST_SHARE * self._most_bytes:
            return
        self.bytes += len(value) - len(self._values.pop(key, b""))
        self._values[key] = value
        while self.bytes > self._most_bytes:
            self.bytes -= len(self._values.popitem(last=False)[1])
