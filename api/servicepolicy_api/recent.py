"""What was made of the same bytes a little while ago, as long as this process runs."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Values by key, those used last, in so many bytes; any thread may ask.

    A value is not looked at again: only what can never become wrong may be kept.
    """

    def __init__(self, most_bytes: int) -> None:
        """Keep nothing yet."""
        self._most_bytes, self._bytes, self._lock = most_bytes, 0, Lock()
        self._kept: OrderedDict[bytes, tuple[V, int]] = OrderedDict()

    def get(self, key: bytes) -> V | None:
        """The value of a key, if it is still there."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: bytes, value: V, size_bytes: int) -> None:
        """Keep a value, and let go of those used longest ago until all fit; one too large is not kept."""
        with self._lock:
            _, before = self._kept.pop(key, (None, 0))
            self._bytes -= before
            if size_bytes > self._most_bytes:
                return
            self._kept[key] = value, size_bytes
            self._bytes += size_bytes
            while self._bytes > self._most_bytes:
                _, (_, freed) = self._kept.popitem(last=False)
                self._bytes -= freed
