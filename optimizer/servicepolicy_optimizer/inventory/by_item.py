"""Demand whose law differs in kind from item to item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array, Mask, Whole
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw


@dataclass(frozen=True)
class DemandByItem:
    """Demand of N items: item i is item place[i] of laws[kind[i]].

    >>> from servicepolicy_optimizer.inventory.demand import Demand, Family
    >>> slow = Demand(np.array([Family.POISSON]), np.array([2.0]), np.zeros(1))
    >>> fast = Demand(np.array([Family.NORMAL]), np.array([90.0]), np.array([9.0]))
    >>> both = DemandByItem.of_groups([np.array([1]), np.array([0])], [slow, fast])
    >>> both.mean_pieces.tolist(), both.is_counting.tolist(), both.survival([90.0, 2.0]).round(4).tolist()
    ([90.0, 2.0], [False, True], [0.5, 0.3233])
    """

    laws: tuple[ShortageLaw, ...]
    kind: Whole
    place: Whole

    @classmethod
    def of_groups(cls, groups: Sequence[Whole], laws: Sequence[ShortageLaw]) -> DemandByItem:
        """Items groups[k] follow laws[k], in that order; the groups share out 0..N-1."""
        items = sum(group.size for group in groups)
        kind, place = np.zeros(items, np.intp), np.zeros(items, np.intp)
        for k, group in enumerate(groups):
            kind[group], place[group] = k, np.arange(group.size)
        return cls(tuple(laws), kind, place)

    @property
    def mean_pieces(self) -> Array:
        """E[D], (N,)."""
        return self._gathered(lambda law: law.mean_pieces)

    @property
    def sd_pieces(self) -> Array:
        """Standard deviation of D, (N,)."""
        return self._gathered(lambda law: law.sd_pieces)

    @property
    def is_counting(self) -> Mask:
        """True where only whole pieces occur, (N,)."""
        return np.asarray(self._gathered(lambda law: law.is_counting), bool)

    @property
    def table_levels(self) -> Whole:
        """Levels that a table of each item takes, (N,)."""
        return np.asarray(self._gathered(lambda law: law.table_levels), np.intp)

    def of(self, items: Whole) -> ShortageLaw:
        """The demand of some of the items, by their places."""
        kinds = np.unique(self.kind[items])
        groups = [np.flatnonzero(self.kind[items] == k) for k in kinds]
        parts = [
            self._part(self.laws[k], self.place[items][group]) for k, group in zip(kinds, groups, strict=True)
        ]
        return parts[0] if len(parts) == 1 else DemandByItem.of_groups(groups, parts)

    def tabulated(self) -> ShortageLaw:
        """Every law added up."""
        return DemandByItem(tuple(law.tabulated() for law in self.laws), self.kind, self.place)

    def tabulated_with(self, longer: ShortageLaw) -> tuple[ShortageLaw, ShortageLaw]:
        """Law by law where the longer demand is of the same kinds, else each by itself."""
        if (
            not isinstance(longer, DemandByItem)
            or not np.array_equal(self.kind, longer.kind)
            or not np.array_equal(self.place, longer.place)
        ):
            return self.tabulated(), longer.tabulated()
        pairs = [law.tabulated_with(other) for law, other in zip(self.laws, longer.laws, strict=True)]
        first, second = (tuple(pair[side] for pair in pairs) for side in (0, 1))
        return DemandByItem(first, self.kind, self.place), DemandByItem(second, self.kind, self.place)

    def survival(self, x_pieces: npt.ArrayLike) -> Array:
        """P(D > x).  [-]"""
        x = self._aligned(x_pieces)
        answer = np.empty(x.shape)
        for law, rows, places in self._groups():
            answer[rows] = self._part(law, places).survival(x[rows])
        return answer

    def excess_moments(self, x_pieces: npt.ArrayLike, highest_order: int) -> list[Array]:
        """Each law's excess moments."""
        x = self._aligned(x_pieces)
        answers = [np.empty(x.shape) for _ in range(highest_order)]
        for law, rows, places in self._groups():
            found = self._part(law, places).excess_moments(x[rows], highest_order)
            for answer, rung in zip(answers, found, strict=True):
                answer[rows] = rung
        return answers

    def _groups(self) -> list[tuple[ShortageLaw, Whole, Whole]]:
        """Each law with the items that follow it and their places in it."""
        groups = [(law, np.flatnonzero(self.kind == k)) for k, law in enumerate(self.laws)]
        return [(law, rows, self.place[rows]) for law, rows in groups if rows.size]

    @staticmethod
    def _part(law: ShortageLaw, places: Whole) -> ShortageLaw:
        """Some items of a law; the law itself where that is all of them in their order."""
        if np.array_equal(places, np.arange(law.is_counting.size)):
            return law
        return law.of(places)

    def _gathered(self, of_law: Callable[[ShortageLaw], npt.ArrayLike]) -> Array:
        """A figure of each item from its law, (N,)."""
        answer = np.zeros(self.kind.size)
        for law, rows, places in self._groups():
            answer[rows] = np.asarray(of_law(law))[places]
        return answer

    def _aligned(self, x_pieces: npt.ArrayLike) -> Array:
        """Levels with one row an item."""
        x = np.asarray(x_pieces, float)
        return np.broadcast_to(x, (self.kind.size, *x.shape[1:]))
