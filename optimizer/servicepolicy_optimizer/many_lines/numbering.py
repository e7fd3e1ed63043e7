"""Dense numbers, 0 and up, for texts and for whole keys, in the order in which they are met first."""

from typing import Any

import numpy as np
import pyarrow as pa

from servicepolicy_optimizer.compiled.line_groups import find_keys, number_keys, number_texts

LEAST_PLACES = 1 << 10


def _places(numbers: int) -> Any:
    """A table of places, at most half of it to be taken by so many numbers; all free."""
    size = LEAST_PLACES
    while size < 2 * numbers:
        size *= 2
    return np.full(size, -1, np.int32)


def _with_room(array: Any, taken: int, more: int) -> Any:
    """The array, or a copy at least twice as long, with room for so many more beyond what is taken."""
    if taken + more <= len(array):
        return array
    longer = np.empty(max(taken + more, 2 * len(array)), array.dtype)
    longer[:taken] = array[:taken]
    return longer


class KeyNumbers:
    """Numbers of keys of 64 bits."""

    def __init__(self) -> None:
        """No key has one yet."""
        self.count = 0
        self._known = np.empty(LEAST_PLACES, np.int64)
        self._places = _places(0)

    def of(self, keys: Any) -> Any:
        """(n,) the numbers of keys (n,); a key that has none gets the next."""
        self._known = _with_room(self._known, self.count, len(keys))
        if 2 * (self.count + len(keys)) > len(self._places):
            self._places = _places(self.count + len(keys))
            # Every key gets the number that it has, and is written where it stands.
            number_keys(self.keys, self._places, self._known, 0, np.empty(self.count, np.int32))
        found = np.empty(len(keys), np.int32)
        self.count = number_keys(keys, self._places, self._known, self.count, found)
        return found

    def find(self, keys: Any) -> Any:
        """(n,) the numbers of keys (n,), -1 for a key that has none."""
        found = np.empty(len(keys), np.int32)
        find_keys(keys, self._places, self._known, found)
        return found

    @property
    def keys(self) -> Any:
        """(count,) the keys, in the order of their numbers."""
        return self._known[: self.count]


class TextNumbers:
    """Numbers of texts, told apart letter by letter."""

    def __init__(self) -> None:
        """No text has one yet."""
        self.count = 0
        self._starts = np.zeros(LEAST_PLACES + 1, np.int64)
        self._letters = np.empty(LEAST_PLACES, np.uint8)
        self._places = _places(0)

    def of(self, texts: pa.Array) -> Any:
        """(n,) the numbers of texts (n,), none of them NULL; a text that has none gets the next."""
        _, starts, letters = texts.cast(pa.string()).buffers()
        begins = np.frombuffer(starts, np.int32)[texts.offset :][: len(texts) + 1].astype(np.int64)
        read = np.frombuffer(letters or b"", np.uint8)
        used = int(self._starts[self.count])
        self._letters = _with_room(self._letters, used, int(begins[-1] - begins[0]))
        self._starts = _with_room(self._starts, self.count + 1, len(texts))
        if 2 * (self.count + len(texts)) > len(self._places):
            self._places = _places(self.count + len(texts))
            # Every text gets the number that it has, and is written where it stands.
            held = self._letters[:used]
            held.flags.writeable = False
            self._number(self._starts[: self.count + 1], held, 0)
        found, self.count = self._number(begins, read, self.count)
        return found

    def _number(self, begins: Any, letters: Any, count: int) -> tuple[Any, int]:
        found = np.empty(len(begins) - 1, np.int32)
        return found, number_texts(begins, letters, self._places, self._starts, self._letters, count, found)

    def texts(self) -> pa.Array:
        """(count,) the texts, in the order of their numbers."""
        starts, letters = self._starts[: self.count + 1], self._letters[: int(self._starts[self.count])]
        buffers = [None, pa.py_buffer(starts), pa.py_buffer(letters)]
        return pa.Array.from_buffers(pa.large_string(), self.count, buffers)

    def settle(self) -> None:
        """No more texts come: give back what only finds them."""
        self._places = _places(0)
