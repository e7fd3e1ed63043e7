"""Smoothed demand of every item on every past forecasting day: one walk through the lines, week by week."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.forecast.known_lines import KnownLines

HALF_LIVES_DAYS = (14.0, 28.0, 56.0, 112.0, 224.0)
"""Candidates for the weight with which an item's past counts."""


@dataclass(frozen=True)
class Rates:
    """Exponentially weighted demand of N items as known on a day, for each of H half-lives."""

    day: int
    pieces_per_day: Floats
    """(H, N) since the item's first sale; 0 before it."""
    effective_days: Floats
    """(H, N) days of even weight that carry as much information."""


def walk(lines: KnownLines, days: tuple[int, ...]) -> Iterator[Rates]:
    """The rates on each of the rising days."""
    keep = 0.5 ** (1 / np.array(HALF_LIVES_DAYS))[:, None]
    items = lines.item_class.size
    sums, before = np.zeros((keep.size, items)), 0
    for day in days:
        first, last = np.searchsorted(lines.day_of_line, [before, day])
        new, age = slice(first, last), day - 1 - lines.day_of_line[first:last]
        sums = sums * keep ** (day - before) + np.stack(
            [
                np.bincount(lines.item[new], lines.pieces[new] * one**age, minlength=items)
                for one in keep[:, 0]
            ]
        )
        before = day
        known_days = np.maximum(day - lines.first_sale, 0)[None, :]
        weight = (1 - keep**known_days) / (1 - keep)
        square = (1 - keep ** (2 * known_days)) / (1 - keep**2)
        yield Rates(
            day,
            np.where(known_days > 0, sums / np.maximum(weight, 1.0), 0.0),
            weight**2 / np.maximum(square, 1e-300),
        )
