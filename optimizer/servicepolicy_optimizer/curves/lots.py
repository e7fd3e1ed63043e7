"""Items by lots: very many take both processors, and a compiler."""

import numpy as np

from servicepolicy_optimizer.facts import Ints

ITEMS_AT_ONCE = 2048
"""Sums are taken over so many items at a time, whatever thread takes them: so they come to the same."""

MANY_ITEMS = 2 * ITEMS_AT_ONCE
"""From here on both processors have a lot each; a shelf with fewer is not worth a compiler."""


def are_many(items: int) -> bool:
    """Whether a shelf with so many items is for compiled arithmetic: their number alone decides."""
    return items >= MANY_ITEMS


def lots_of(items: int, at_once: int = ITEMS_AT_ONCE) -> list[slice]:
    """So many items each."""
    return [slice(first, first + at_once) for first in range(0, items, at_once)]


def in_a_row(rows: Ints) -> slice | None:
    """Rows that follow each other as a slice, which takes no copy; None of others.

    >>> in_a_row(np.array([3, 4, 5])), in_a_row(np.array([3, 5]))
    (slice(3, 6, None), None)
    """
    if not rows.size or rows[-1] - rows[0] != rows.size - 1 or not (np.diff(rows) == 1).all():
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1)
