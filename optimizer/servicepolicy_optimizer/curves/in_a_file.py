"""Arrays that lie in a file and not in memory: what is not being looked at takes none.

The file has no name and ends with its last array, however the process ends. Its pages are mapped, so that the
array is an array like any other; `let_go` takes them out of the process's memory again. What is written first
goes into the file by `put`: written through the mapping, every page is filled with zeros beforehand.
"""

import errno
import mmap
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from math import prod
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.curves.lots import are_many, in_a_row
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats, Ints

AnyArray = NDArray[Any]

DOUBLE_BYTES = 8
CACHE_LINE_BYTES = 64
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
        is the same under every stocking option. The others lie in a file where memory is full, and there are
        very many.
        """
        same, new = dict[str, AnyArray](), dict[str, AnyArray]()
        for one in fields(items):
            array = getattr(items, one.name)
            if isinstance(array, np.ndarray):
                before = self._seen.get((one.name, array.shape))
                if before is not None and np.array_equal(before, array):
                    same[one.name] = before
                else:
                    new[one.name] = array
        if self.is_full and are_many(items.rows.size):
            new = dict(zip(new, laid_in_a_file(list(new.values()), self.folder), strict=True))
        self._seen.update({(name, array.shape): array for name, array in new.items()})
        let_go([*same.values(), *new.values()])
        arrays: dict[str, Any] = {**same, **new}
        return replace(items, **arrays)


class Pages(mmap.mmap):
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


def _mapped(size: int, folder: Path | None) -> Pages:
    """A file of so many bytes, without a name. Raises TooLarge where the disk has no room for it."""
    with TemporaryFile(dir=folder) as file:
        try:
            # Told here, where it is an error; a page that the disk has no room for later is the end.
            os.posix_fallocate(file.fileno(), 0, size)
        except OSError as trouble:
            what = f"the ladders of all items need {size / 1e9:.1f} GB more of the disk than is free."
            mend = "Ask for fewer rungs, stocking options or items, or make room."
            raise TooLarge([error("/limits/rungs", what, "ladders.no_room", mend)]) from trouble
        pages = Pages(file.fileno(), size)
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
    _written(pages.file, np.ascontiguousarray(values, array.dtype), block.start * array.strides[0])


def _written(file: IO[bytes], values: AnyArray, at: int) -> None:
    """Into the file from a byte on, past the mapping."""
    left = values.reshape(-1).view(np.uint8).data
    while left:
        written = os.pwrite(file.fileno(), left, at)
        left, at = left[written:], at + written


def laid_in_a_file(arrays: Sequence[AnyArray], folder: Path | None = None) -> list[AnyArray]:
    """Copies of several arrays in one file, each in the order in which it lies in memory.

    Sums over an array depend on that order in their last digits.

    >>> first, second = laid_in_a_file([np.arange(3), np.ones((2, 2)).T])
    >>> first.tolist(), second.tolist()
    ([0, 1, 2], [[1.0, 1.0], [1.0, 1.0]])
    """
    ends = np.cumsum([0, *(-(-array.nbytes // CACHE_LINE_BYTES) * CACHE_LINE_BYTES for array in arrays)])
    if not ends[-1]:
        return list(arrays)
    whole = in_a_file((int(ends[-1]),), folder, np.uint8)
    pages, laid = _pages_of(whole), list[AnyArray]()
    for start, array in zip(ends.tolist(), arrays, strict=False):
        axes = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
        as_it_lies = np.ascontiguousarray(array.transpose(axes))
        if pages is not None and pages.file is not None:
            _written(pages.file, as_it_lies, start)
        there = whole[start : start + array.nbytes].view(array.dtype).reshape(as_it_lies.shape)
        laid.append(there.transpose(np.argsort(axes)))
    let_go([whole])
    return laid


def laid_beside(array: AnyArray, arrays: Sequence[AnyArray]) -> list[AnyArray]:
    """Arrays where another one lies: copied into a file, or as they are."""
    pages = _pages_of(array)
    return list(arrays) if pages is None else laid_in_a_file(arrays, pages.folder)


def beside(array: Floats, shape: tuple[int, ...]) -> Floats:
    """Room for another array where this one lies: in a file, or in memory."""
    pages = _pages_of(array)
    return np.empty(shape) if pages is None else in_a_file(shape, pages.folder)


def let_go(arrays: Iterable[AnyArray | None]) -> None:
    """Take what lies in files out of this process's memory, until it is looked at again."""
    let_go_of(files_of(arrays))


def files_of(arrays: Iterable[AnyArray | None]) -> tuple[Pages, ...]:
    """The files in which some arrays lie, each once: for whoever lets go of them time and again."""
    mapped = (None if array is None else _pages_of(array) for array in arrays)
    return tuple({id(pages): pages for pages in mapped if pages is not None}.values())


def let_go_of(files: Iterable[Pages]) -> None:
    """`let_go`, of files."""
    for pages in files:
        pages.madvise(mmap.MADV_DONTNEED)
        pages.end_writing()


def _pages_of(array: AnyArray) -> Pages | None:
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, memoryview):
        base = base.obj
    return base if isinstance(base, Pages) else None
