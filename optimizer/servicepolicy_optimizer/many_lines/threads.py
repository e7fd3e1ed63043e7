"""Work on lines on both processors: array functions and compiled loops let go of Python's lock."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

THREADS = 2
"""As many as the database takes; a machine with one processor loses nothing by it."""

Part = TypeVar("Part")
Answer = TypeVar("Answer")


class Threads:
    """The same threads for whatever is done with some lines: each thread has a heap of its own, and new ones
    would leave theirs behind, full of what was freed.
    """

    def __init__(self) -> None:
        """They begin with their first work, and end when nobody holds them any more."""
        self._pool = ThreadPoolExecutor(THREADS, "lines")

    def each(self, work: Callable[[Part], Answer], parts: Iterable[Part]) -> Iterator[Answer]:
        """work(part) of every part, in the order of the parts, whatever thread is ready first. Few answers
        wait to be asked for. Work never waits for other work, or all threads might wait.

        >>> list(Threads().each(abs, [-1, 2, -3]))
        [1, 2, 3]
        """
        waiting, rest = deque[Future[Answer]](), iter(parts)
        try:
            for part in rest:
                waiting.append(self._pool.submit(work, part))
                if len(waiting) > THREADS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()

    def ahead(self, parts: Iterator[Part]) -> Iterator[Part]:
        """The parts, none of them None; the next is made while one is looked at.

        >>> list(Threads().ahead(iter("abc")))
        ['a', 'b', 'c']
        """

        def more() -> Part | None:
            return next(parts, None)

        coming = self._pool.submit(more)
        while (part := coming.result()) is not None:
            coming = self._pool.submit(more)
            yield part
