"""Parts of the items side by side on both processors: array functions let go of Python's lock meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import numpy as np

THREADS = 2
"""As many as the profile takes; a machine with one processor loses nothing by it."""
AHEAD = 2
"""Parts a thread that may be finished before they are asked for: so answers do not pile up."""

BLOCK_BYTES = 30_000_000
"""Below the 32 MB up to which glibc learns."""

Part = TypeVar("Part")
Answer = TypeVar("Answer")


def side_by_side(
    work: Callable[[Part], Answer], parts: Iterable[Part], threads: int = THREADS
) -> Iterator[Answer]:
    """work(part) of every part, in the order of the parts, whatever thread is ready first.

    >>> list(side_by_side(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    parts = iter(parts)
    first = list(islice(parts, 2))
    if len(first) > 1:
        keep_what_is_freed()
    if threads < 2 or len(first) < 2:
        yield from map(work, first)
        yield from map(work, parts)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(work, part) for part in (*first, *islice(parts, threads * AHEAD - 2))]
        while waiting:
            done = waiting.pop(0).result()
            waiting.extend(pool.submit(work, part) for part in islice(parts, 1))
            yield done


def keep_what_is_freed() -> None:
    """Have glibc keep freed memory for the next arrays, not give it back and fetch it page by page.

    It gives back what lies free beyond twice the largest block that came from the system by itself and was
    freed (mallopt(3), M_MMAP_THRESHOLD); this block is never touched and costs nothing. Arrays of a lot then
    cost two thirds of what they did. Elsewhere nothing happens.
    """
    np.empty(BLOCK_BYTES, np.uint8)
