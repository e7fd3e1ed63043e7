"""Order sizes as history shows them: how many lines of which size, item after item, without empty cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array, Whole


@dataclass(frozen=True)
class OrderSizes:
    """The order lines of N items by size; M entries, the items one after the other.

    start          entries of item i are start[i] .. start[i + 1] - 1, (N + 1,)
    pieces         x, (M,), above 0
    lines_per_day  lines of that size, (M,), above 0

    >>> sizes = OrderSizes.of_entries(2, np.array([1, 0, 0]), np.array([5.0, 1, 3]), np.array([2.0, 3, 1]))
    >>> sizes.lines.tolist(), sizes.moment(1).tolist(), sizes.moment(2).tolist()
    ([4.0, 2.0], [1.5, 5.0], [3.0, 25.0])
    """

    start: Whole
    pieces: Array
    lines_per_day: Array

    @classmethod
    def of_entries(
        cls, items: int, item: npt.ArrayLike, pieces: npt.ArrayLike, lines_per_day: npt.ArrayLike
    ) -> OrderSizes:
        """Put entries of `items` items into order; entries without lines or pieces are left out."""
        row, size, lines = (
            np.asarray(item, np.intp),
            np.asarray(pieces, float),
            np.asarray(lines_per_day, float),
        )
        real = (size > 0) & (lines > 0)
        row, size, lines = row[real], size[real], lines[real]
        order = np.argsort(row, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=items))]).astype(np.intp)
        return cls(start, size[order], lines[order])

    @cached_property
    def item(self) -> Whole:
        """Which item an entry belongs to, (M,)."""
        return np.repeat(np.arange(self.start.size - 1), np.diff(self.start))

    @cached_property
    def lines(self) -> Array:
        """Lines a day, (N,)."""
        return self._added(self.lines_per_day)

    @property
    def largest_pieces(self) -> Array:
        """Largest size, (N,); 0 without lines."""
        largest = np.zeros(self.start.size - 1)
        np.maximum.at(largest, self.item, self.pieces)
        return largest

    def moment(self, power: int) -> Array:
        """E[x^power] over the lines, (N,); 0 without lines.  [pieces^power]"""
        lines = self.lines
        total = self._added(self.lines_per_day * self.pieces**power)
        return np.divide(total, lines, out=np.zeros_like(total), where=lines > 0)

    def of(self, items: Whole) -> OrderSizes:
        """The sizes of some of the items, by their places."""
        first, count = self.start[items], np.diff(self.start)[items]
        start = np.concatenate([[0], np.cumsum(count)]).astype(np.intp)
        entry = np.repeat(first - start[:-1], count) + np.arange(start[-1])
        return OrderSizes(start, self.pieces[entry], self.lines_per_day[entry])

    def on_lattice(self, step_pieces: Array, points: int) -> Array:
        """P(x = j h), j = 0..points - 1, (N, points): a size between two levels is shared so that its mean
        stays.

        step_pieces  h, (N,). What is shared has at most h²/4 more variance a line, and never less; sizes
        on the lattice stay as they are. What lies beyond the last level is put there.

        >>> OrderSizes.of_entries(1, [0, 0], [4.0, 7.0], [1.0, 1.0]).on_lattice(np.array([4.0]), 4).tolist()
        [[0.0, 0.625, 0.375, 0.0]]
        """
        items, item = self.start.size - 1, self.item
        place = np.minimum(self.pieces / step_pieces[item], points - 1.0)
        below = np.floor(place)
        share = self.lines_per_day / self.lines[item]
        cell = item * points + below.astype(np.intp)
        chance: Array = np.bincount(cell, share * (1 - (place - below)), items * points).astype(float)
        chance[1:] += np.bincount(cell, share * (place - below), items * points)[:-1]
        return chance.reshape(items, points)

    def _added(self, per_entry: Array) -> Array:
        """Sums over the entries of each item, (N,)."""
        return np.bincount(self.item, per_entry, self.start.size - 1).astype(float)
