"""What a shelf can hold and what it serves then: known, or of very many items made when it is asked for.

The first columns take each ladder once, and the ladders of very many items are gigabytes of memory that
nobody touched before. So each is lent in the memory of the one before it. Whoever asks for it afterwards, as
refining does time and again, has it made once more, the same to the last bit, where it stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from math import prod
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.ladder_in_lots import Room
from servicepolicy_optimizer.facts import Floats

MOST_LENT_BYTES = 500_000_000
"""Of a ladder that is lent."""


class Stock(Protocol):
    """The ladder of a shelf and what its rungs serve."""

    @property
    def rungs(self) -> Ladder:
        """The stock decisions of every item."""
        ...

    @property
    def service(self) -> Floats:
        """(n, M, I) what a rung lets be promised (see `service_measure`)."""
        ...

    def lent(self, bench: Bench) -> Stock:
        """To be looked at until the bench is cleared."""
        ...


@dataclass(frozen=True)
class StockKnown:
    """See `Stock`."""

    rungs: Ladder
    service: Floats

    def lent(self, bench: Bench) -> StockKnown:
        """As it is."""
        return self


@dataclass(frozen=True)
class StockWhenAsked:
    """See `Stock`."""

    make: Callable[[Room], StockKnown]
    """Makes it in the arrays of a room, every time the same."""
    room: Room
    """Where it stays."""
    bytes: int
    """That it takes."""
    _made: list[StockKnown] = field(default_factory=list)
    _one_at_a_time: Lock = field(default_factory=Lock)

    @property
    def rungs(self) -> Ladder:
        """See `Stock`."""
        return self._kept().rungs

    @property
    def service(self) -> Floats:
        """See `Stock`."""
        return self._kept().service

    def lent(self, bench: Bench) -> Stock:
        """Made on the bench, unless it is made or takes too much."""
        if self._made or self.bytes > bench.most_bytes:
            return self
        return self.make(bench.cleared())

    def _kept(self) -> StockKnown:
        if not self._made:
            with self._one_at_a_time:
                if not self._made:
                    self._made.append(self.make(self.room))
        return self._made[0]


@dataclass
class Bench:
    """Memory in which one ladder after another is made.

    >>> bench = Bench()
    >>> first = bench.cleared()((2, 3), dtype=np.float64)
    >>> np.shares_memory(first, bench.cleared()((5,), dtype=np.int16))
    True
    """

    most_bytes: int = MOST_LENT_BYTES
    _blocks: list[NDArray[np.uint8]] = field(default_factory=list)
    """One an array of a ladder, each as large as the largest so far."""

    def cleared(self) -> Room:
        """Room for another ladder; what lay here before is overwritten."""
        number = count()

        def room(shape: tuple[int, ...], *, dtype: DTypeLike) -> NDArray[Any]:
            size, place = prod(shape) * np.dtype(dtype).itemsize, next(number)
            if place == len(self._blocks):
                self._blocks.append(np.empty(size, np.uint8))
            elif self._blocks[place].size < size:
                self._blocks[place] = np.empty(size, np.uint8)
            return self._blocks[place][:size].view(dtype).reshape(shape)

        return room
