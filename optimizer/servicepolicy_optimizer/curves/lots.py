"""Items by lots: very many take both processors, and a compiler."""

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
