"""Quantiles near both ends of numbers that come in parts: what lies between the ends is not held."""

import numpy as np

from servicepolicy_optimizer.facts import Floats

POOL_OVER_ENDS = 4
"""So many times what both ends need is held before the rest is dropped."""


class OuterQuantiles:
    """The quantiles `share` and `1 - share` of up to `most` numbers, to the last bit as numpy's linear ones.

    >>> found = OuterQuantiles(0.25, most=5)
    >>> found.add(3, np.array([4.0, 1.0, 3.0]))
    >>> found.add(2, np.array([2.0, 5.0]))
    >>> found.pair()
    (2.0, 4.0)
    """

    def __init__(self, share: float, most: int) -> None:
        self.share, self.count = share, 0
        self.low, self.high = np.inf, -np.inf
        """A number between them, in the end above `low` and below `high`, is not needed."""
        self._end = int(share * most) + 4
        self._pool: list[Floats] = []
        self._size = 0

    def needed(self, numbers: Floats) -> Floats:
        """Those that may decide a quantile, as far as is known by now."""
        return numbers[(numbers <= self.low) | (numbers >= self.high)]

    def add(self, count: int, needed: Floats) -> None:
        """So many numbers, of which these are needed."""
        self.count += count
        self._pool.append(needed)
        self._size += needed.size
        if self._size > 2 * self._end * POOL_OVER_ENDS:
            all_held = np.concatenate(self._pool)
            all_held.partition((self._end - 1, all_held.size - self._end))
            self.low, self.high = float(all_held[self._end - 1]), float(all_held[-self._end])
            self._pool = [np.concatenate([all_held[: self._end], all_held[-self._end :]])]
            self._size = self._pool[0].size

    def pair(self) -> tuple[float, float]:
        """Both quantiles; there must be a number."""
        held = np.concatenate(self._pool)
        low, high = (self._quantile(held, share) for share in (self.share, 1.0 - self.share))
        return low, high

    def _quantile(self, held: Floats, share: float) -> float:
        place = (self.count - 1) * share
        below = int(place)
        ranks = [below, min(below + 1, self.count - 1)]
        # Of what was dropped all lies between the ends.
        places = [rank if rank < self._end else rank - self.count + held.size for rank in ranks]
        held.partition(places)
        return float(np.quantile(held[places], place - below))
