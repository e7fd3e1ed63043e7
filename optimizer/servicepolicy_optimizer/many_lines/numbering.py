"""Dense numbers, 0 and up, for texts and for whole keys, in the order in which they are met first."""

from typing import Any

import numpy as np
import pyarrow as pa

from servicepolicy_optimizer.compiled.line_groups import find_keys, number_keys
from servicepolicy_optimizer.compiled.text_numbers import are_plain, number_texts, place_texts

LEAST_PLACES = 1 << 10
MOST_DIRECT = 1 << 24
"""Keys that may each have a place of their own: 4 bytes each."""


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


def with_counts(counts: Any, numbers: int) -> Any:
    """Counts of so many numbers at least, 0 of those that are new."""
    if numbers <= len(counts):
        return counts
    longer = np.zeros(max(numbers, 2 * len(counts)), np.int32)
    longer[: len(counts)] = counts
    return longer


class KeyNumbers:
    """Numbers of keys of 64 bits."""

    def __init__(self, keys: int | None = None) -> None:
        """No key has one yet. `keys`: each will be below it, and not negative; None: that is not known."""
        self.count = 0
        self.is_direct = keys is not None and keys <= MOST_DIRECT
        """Whether a key is its own place."""
        self.known = np.empty(LEAST_PLACES, np.int64)
        """(more than count,) the keys, in the order of their numbers."""
        self.places = np.full(keys, -1, np.int32) if keys is not None and self.is_direct else _places(0)

    def make_room(self, keys: int) -> None:
        """Make room for so many keys more."""
        self.known = _with_room(self.known, self.count, keys)
        if self.is_direct or 2 * (self.count + keys) <= len(self.places):
            return
        self.places = _places(0)  # the old table goes before the new one comes
        self.places = _places(self.count + keys)
        # Every key gets the number that it has, and is written where it stands.
        number_keys(self.keys, self.places, False, self.known, 0, np.empty(self.count, np.int32))

    def of(self, keys: Any) -> Any:
        """(n,) the numbers of keys (n,); a key that has none gets the next."""
        self.make_room(len(keys))
        found = np.empty(len(keys), np.int32)
        self.count = number_keys(keys, self.places, self.is_direct, self.known, self.count, found)
        return found

    def find(self, keys: Any) -> Any:
        """(n,) the numbers of keys (n,), -1 for a key that has none; not where a key is its own place."""
        found = np.empty(len(keys), np.int32)
        find_keys(keys, self.places, self.known, found)
        return found

    def settle(self) -> None:
        """No more keys come, and none is looked for: give back what only finds them."""
        self.places = _places(0)

    @property
    def keys(self) -> Any:
        """(count,) the keys, in the order of their numbers."""
        return self.known[: self.count]


class TextNumbers:
    """Numbers of texts, told apart letter by letter."""

    def __init__(self) -> None:
        """No text has one yet."""
        self.count = 0
        self._starts = np.zeros(LEAST_PLACES + 1, np.int64)
        self._letters = np.empty(LEAST_PLACES, np.uint8)
        self._marks = np.empty(LEAST_PLACES, np.uint32)
        self._places = _places(0)

    def of(self, texts: pa.Array) -> Any:
        """(n,) the numbers of texts (n,), none of them NULL; a text that has none gets the next."""
        texts = texts.cast(pa.string())  # before its offset is asked for: a cast may begin anew
        _, starts, letters = texts.buffers()
        begins = np.frombuffer(starts, np.int32)[texts.offset :][: len(texts) + 1].astype(np.int64)
        read = np.frombuffer(letters or b"", np.uint8)
        used = int(self._starts[self.count])
        self._letters = _with_room(self._letters, used, int(begins[-1] - begins[0]))
        self._starts = _with_room(self._starts, self.count + 1, len(texts))
        self._marks = _with_room(self._marks, self.count, len(texts))
        if 2 * (self.count + len(texts)) > len(self._places):
            self._places = _places(0)  # the old table goes before the new one comes
            self._places = _places(self.count + len(texts))
            place_texts(self._marks[: self.count], self._places)
        found = np.empty(len(texts), np.int32)
        self.count = number_texts(
            begins, read, self._places, self._starts, self._letters, self._marks, self.count, found
        )
        return found

    def texts(self) -> pa.Array:
        """(count,) the texts, in the order of their numbers."""
        starts, letters = self._starts[: self.count + 1], self._letters[: int(self._starts[self.count])]
        buffers = [None, pa.py_buffer(starts), pa.py_buffer(letters)]
        return pa.Array.from_buffers(pa.large_string(), self.count, buffers)

    def are_plain(self) -> bool:
        """Whether each begins and ends with a letter of ASCII that is no blank; false of an empty one."""
        starts = self._starts[: self.count + 1]
        return self.count > 0 and are_plain(starts, self._letters)

    def settle(self) -> None:
        """No more texts come: give back what only finds them."""
        self._places, self._marks = _places(0), np.empty(0, np.uint32)
