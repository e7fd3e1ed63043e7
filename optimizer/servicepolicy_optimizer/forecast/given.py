"""The company's own forecasts as a source: on every day the latest that had been made, never a later one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.forecast.foreseen import Foreseen, Source


@dataclass(frozen=True)
class GivenForecasts:
    """K forecasts, in the order in which they were made. A forecast stands until the item's next."""

    item: Ints
    """(K,)"""
    made_on: Ints
    """(K,) first day of the history on which it was known; below 0: before the history."""
    pieces_per_day: Floats
    """(K,) mean."""
    error_sd_pieces: Floats
    """(K,) standard deviation of the error over the protection interval; NaN: not said."""
    relative_error: Floats
    """(K,) the same as a share of the forecast over the protection interval; NaN: not said."""

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return self.item.size > 0

    def times(self, share: Floats) -> "GivenForecasts":
        """The forecasts of a share (N,) of every item's pieces."""
        return replace(self, pieces_per_day=self.pieces_per_day * share[self.item])

    def latest(self, day: int, items: int) -> Ints:
        """(items,) the latest forecast made on or before the day; -1: none.

        >>> given = GivenForecasts(np.array([0, 0]), np.array([3, 9]), *np.ones((3, 2)))
        >>> [given.latest(day, 2).tolist() for day in (2, 8, 9)]
        [[-1, -1], [0, -1], [1, -1]]
        """
        made = int(np.searchsorted(self.made_on, day, side="right"))
        latest = np.full(items, -1, dtype=np.intp)
        np.maximum.at(latest, self.item[:made], np.arange(made))
        return latest

    def first_made(self, items: int) -> Ints:
        """(items,) the day from which demand was foreseen of each; where never, a day that never comes."""
        first = np.full(items, np.iinfo(np.int32).max, dtype=np.intp)
        some = self.pieces_per_day > 0
        np.minimum.at(first, self.item[some], self.made_on[some])
        return first

    def source(self, days: tuple[int, ...], protection_days: Ints) -> Source:
        """The forecasts as they stood on each of the rising days; protection intervals are (N,)."""
        return Source(1, self._walk(days, protection_days))

    def _walk(self, days: tuple[int, ...], protection_days: Ints) -> Iterator[Foreseen]:
        items = protection_days.size
        for day in days:
            row = self.latest(day, items)
            speaks = np.flatnonzero(row >= 0)
            made = row[speaks]
            mean, sd = np.zeros(items), np.full(items, np.nan)
            mean[speaks] = self.pieces_per_day[made]
            relative = self.relative_error[made] * self.pieces_per_day[made] * protection_days[speaks]
            said = self.error_sd_pieces[made]
            sd[speaks] = np.where(np.isnan(said), relative, said)
            yield Foreseen(day, mean[None], np.full((1, items), np.inf), row >= 0, sd)


NOTHING_GIVEN = GivenForecasts(
    np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0), np.zeros(0)
)
