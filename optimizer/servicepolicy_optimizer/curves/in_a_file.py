"""Arrays that lie in a file and not in memory: what is not being looked at takes none.

The file has no name and ends with its last array, however the process ends. Its pages are mapped, so that the
array is an array like any other; `let_go` takes them out of the process's memory again. What is written first
goes into the file by `put`: written through the mapping, every page is filled with zeros beforehand.
"""

import errno
import mmap
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from math import prod
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.curves.lots import in_a_row
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats, Ints

AnyArray = NDArray[Any]

DOUBLE_BYTES = 8
MOST_BYTES = 500_000_000
"""Of ladders that are held in memory."""


@dataclass
class Space:
    """Room for the ladders of a question: memory first, then files.

    >>> space = Space(most_bytes=800)
    >>> space.holds(80), space.holds(80), space.holds(20)
    (True, False, True)
    """

    most_bytes: int = MOST_BYTES
    folder: Path | None = None
    """Where files lie; None: in the machine's temporary folder."""
    taken_bytes: int = 0
    is_full: bool = False
    """Whether anything did not fit: from then on what can be made again is not held either."""
    _seen: dict[tuple[str, tuple[int, ...]], AnyArray] = field(default_factory=dict)
    """Name of a field and shape -> the array that was seen last under it."""

    def holds(self, doubles: int) -> bool:
        """Whether so many more fit into memory; they are counted if they do."""
        needed = doubles * DOUBLE_BYTES
        if self.taken_bytes + needed > self.most_bytes:
            self.is_full = True
            return False
        self.taken_bytes += needed
        return True

    def shared(self, items: ShelfItems) -> ShelfItems:
        """The items, with the arrays of those before where they are equal: most of what is known of an item
        is the same under every stocking option.
        """
        same: dict[str, Any] = {}
        for one in fields(items):
            array = getattr(items, one.name)
            if isinstance(array, np.ndarray):
                before = self._seen.setdefault((one.name, array.shape), array)
                if before is array or np.array_equal(before, array):
                    same[one.name] = before
                else:
                    self._seen[one.name, array.shape] = array
        return replace(items, **same)


class _Pages(mmap.mmap):
    """A mapped file that knows its folder."""

    folder: Path | None = None
    file: IO[bytes] | None = None
    """Where it is written to, until it is let go of."""

    def end_writing(self) -> None:
        """The mapping has a descriptor of its own, and a process has not many."""
        if self.file is not None:
            self.file.close()
            self.file = None

    __del__ = end_writing


def in_a_file(shape: tuple[int, ...], folder: Path | None = None, dtype: DTypeLike = np.float64) -> AnyArray:
    """Zeros in a file. Raises TooLarge where the disk has no room, or this process may open no more files.

    >>> array = in_a_file((3, 2))
    >>> array[1] = 5.0
    >>> let_go([array])
    >>> array.tolist()
    [[0.0, 0.0], [5.0, 5.0], [0.0, 0.0]]
    """
    size = prod(shape) * np.dtype(dtype).itemsize
    if not size:
        return np.zeros(shape, dtype)
    try:
        pages = _mapped(size, folder)
    except OSError as trouble:
        if trouble.errno not in (errno.EMFILE, errno.ENFILE):
            raise
        what = "the ladders of all items need more open files than this process may have."
        mend = "Allow it more (`ulimit -n`), or ask for fewer stocking options or customer classes."
        raise TooLarge([error("/limits/rungs", what, "ladders.no_files", mend)]) from trouble
    return np.frombuffer(pages, dtype).reshape(shape)


def _mapped(size: int, folder: Path | None) -> _Pages:
    """A file of so many bytes, without a name. Raises TooLarge where the disk has no room for it."""
    with TemporaryFile(dir=folder) as file:
        try:
            # Told here, where it is an error; a page that the disk has no room for later is the end.
            os.posix_fallocate(file.fileno(), 0, size)
        except OSError as trouble:
            what = f"the ladders of all items need {size / 1e9:.1f} GB more of the disk than is free."
            mend = "Ask for fewer rungs, stocking options or items, or make room."
            raise TooLarge([error("/limits/rungs", what, "ladders.no_room", mend)]) from trouble
        pages = _Pages(file.fileno(), size)
        pages.folder, pages.file = folder, os.fdopen(os.dup(file.fileno()), "r+b", 0)
    return pages


def put(array: AnyArray, rows: Ints, values: Floats) -> None:
    """array[rows] = values (rows, ...), of a whole array that `in_a_file` or numpy made.

    >>> array = in_a_file((3, 2))
    >>> put(array, np.array([1, 2]), np.full((2, 2), 5.0))
    >>> array.tolist()
    [[0.0, 0.0], [5.0, 5.0], [5.0, 5.0]]
    """
    pages, block = _pages_of(array), in_a_row(rows)
    if pages is None or pages.file is None or block is None:
        array[rows if block is None else block] = values
        return
    left = np.ascontiguousarray(values, array.dtype).ravel().view(np.uint8).data
    at = block.start * array.strides[0]
    while left:
        written = os.pwrite(pages.file.fileno(), left, at)
        left, at = left[written:], at + written


def beside(array: Floats, shape: tuple[int, ...]) -> Floats:
    """Room for another array where this one lies: in a file, or in memory."""
    pages = _pages_of(array)
    return np.empty(shape) if pages is None else in_a_file(shape, pages.folder)


def let_go(arrays: Iterable[Floats | None]) -> None:
    """Take what lies in files out of this process's memory, until it is looked at again."""
    for array in arrays:
        pages = None if array is None else _pages_of(array)
        if pages is not None:
            pages.madvise(mmap.MADV_DONTNEED)
            pages.end_writing()


def _pages_of(array: Floats) -> _Pages | None:
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, memoryview):
        base = base.obj
    return base if isinstance(base, _Pages) else None
