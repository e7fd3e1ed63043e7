"""The order lines that are known on a day and are to be foreseen."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.history.sums import summed


@dataclass(frozen=True)
class KnownLines:
    """m lines of N items, all before `day`, sorted by day."""

    item: Ints
    """(m,)"""
    day_of_line: Ints
    """(m,) rising, from 0."""
    pieces: Floats
    """(m,)"""
    day: int
    """The day on which one forecasts: the first that is not known."""
    item_class: Ints
    """(N,)"""
    classes: int
    first_sale: Ints
    """(N,) day of each item's first line."""

    def pieces_between(self, from_day: int, to_day: int) -> Floats:
        """(N,) pieces of the days from_day .. to_day - 1."""
        first, last = np.searchsorted(self.day_of_line, [from_day, to_day])
        return summed(self.item[first:last], self.pieces[first:last], self.item_class.size)

    def daily_pieces_of_classes(self) -> Floats:
        """(J, day) pieces of every class on every known day."""
        place = self.item_class[self.item] * self.day + self.day_of_line
        total = summed(place, self.pieces, self.classes * self.day)
        return total.reshape(self.classes, self.day)
