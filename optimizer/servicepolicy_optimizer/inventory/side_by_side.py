"""Parts of the items side by side on both processors: array functions let go of Python's lock meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

THREADS = 2
"""As many as the profile takes; a machine with one processor loses nothing by it."""
AHEAD = 2
"""Parts a thread that may be finished before they are asked for: so answers do not pile up."""

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
