"""Columns of very many lines, batch by batch: in memory, or where they are too many, in a file of the spill
folder.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from errno import EIO
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np

from servicepolicy_optimizer.many_lines.threads import Threads

LINES_A_BATCH = 131_072
"""Some arrays of so many numbers fit into a processor's cache, or nearly."""

Batch = Mapping[str, Any]
"""Columns (n,) of some lines in a row."""

Answer = TypeVar("Answer")


class LineStore:
    """Lines that are written once and read as often as it takes."""

    def __init__(self, file: Path | None) -> None:
        """No lines yet; with a file, they are kept in it."""
        self.rows = 0
        self.threads = Threads()
        """Whatever is done with the lines."""
        self.columns: tuple[str, ...] = ()
        self._sizes, self._file, self._held = list[int](), file, list[Batch]()
        self._places = list[dict[str, tuple[int, Any]]]()
        self._bytes = 0

    def add(self, batch: Batch) -> None:
        """Write some lines more."""
        self.columns = tuple(batch)
        size = len(next(iter(batch.values())))
        self._sizes.append(size)
        self.rows += size
        if self._file is None:
            self._held.append(batch)
            return
        places = {}
        with self._file.open("ab", buffering=0) as opened:
            for name, column in batch.items():
                places[name] = self._bytes, column.dtype
                self._bytes += _written(opened, np.ascontiguousarray(column).view(np.uint8).data)
        self._places.append(places)

    def each(self, names: Sequence[str], work: Callable[[int, int, Batch], Answer]) -> Iterator[Answer]:
        """work(place of the first line, how many lines, these columns) of batch after batch, in the order of
        the lines; the work is done side by side.
        """

        def worked(part: tuple[int, int, int]) -> Answer:
            first, size, number = part
            return work(first, size, self._batch(number, size, names))

        return self.threads.each(worked, self._parts())

    def _batch(self, number: int, size: int, names: Sequence[str]) -> Batch:
        if self._file is None or not self._places:
            return self._held[number]
        places = self._places[number]
        with self._file.open("rb", buffering=0) as opened:
            return {name: _read(opened, *places[name], size) for name in names}

    def _parts(self) -> Iterator[tuple[int, int, int]]:
        """Place of the first line, how many lines, and the number of each batch."""
        first = 0
        for number, size in enumerate(self._sizes):
            yield first, size, number
            first += size

    def discard(self) -> None:
        """Nobody reads the lines any more."""
        if self._file is not None and self._places:
            self._file.unlink()


def _written(opened: IO[bytes], column: memoryview) -> int:
    """Write all bytes: what is not buffered may be written in parts."""
    at = 0
    while at < len(column):
        at += opened.write(column[at:])
    return at


def _read(opened: IO[bytes], place: int, kind: Any, size: int) -> Any:
    opened.seek(place)
    found = np.fromfile(opened, kind, size)
    if len(found) < size:  # nor does a compiled loop see where an array ends
        raise OSError(EIO, "the spill folder lost lines that were written into it", opened.name)
    return found


def narrow(numbers: Any, count: int) -> Any:
    """(n,) numbers from -1 up to below a count, in the smallest type that holds them: what is written and
    read is bytes.

    >>> [str(narrow(np.array([0, 1], np.int32), count).dtype) for count in (100, 9_661, 117_300)]
    ['int8', 'int16', 'int32']
    """
    kind = next((one for one in (np.int8, np.int16) if count <= np.iinfo(one).max), np.int32)
    return numbers.astype(kind)
