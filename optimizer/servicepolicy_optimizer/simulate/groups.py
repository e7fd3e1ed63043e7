"""The groups in which service is told: segments, item classes, all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.world import World


@dataclass(frozen=True)
class Groups:
    """G = segments + item classes + 1 groups of M lines; every line is in one group of each level."""

    segment: Ints
    """(M,)"""
    item_class: Ints
    """(M,)"""
    class_of_segment: Ints
    """(segments,)"""
    item_classes: int

    @property
    def segments(self) -> int:
        """How many there are."""
        return int(self.class_of_segment.size)

    @property
    def count(self) -> int:
        """G."""
        return self.segments + self.item_classes + 1

    def levels(self) -> Iterator[tuple[range, Ints]]:
        """Each level: the numbers of its groups, and which of them (from 0) each line is in (M,)."""
        sizes = (self.segments, self.item_classes, 1)
        starts = np.cumsum((0, *sizes))
        members = (self.segment, self.item_class, np.zeros_like(self.segment))
        for start, size, member in zip(starts, sizes, members, strict=False):
            yield range(int(start), int(start) + size), member

    def total(self, values: ArrayLike) -> Floats:
        """Sum of a value of each line over every group.  (G,)"""
        by_segment = np.bincount(self.segment, np.asarray(values, float), self.segments)
        by_class = np.bincount(self.class_of_segment, by_segment, self.item_classes)
        return np.concatenate([by_segment, by_class, [by_segment.sum()]])

    def quantiles(self, values: Floats, shares: Sequence[float]) -> Floats:
        """The smallest value that at least a share of the group's lines do not exceed.  (G, shares)"""
        found = np.full((self.count, len(shares)), np.nan)
        for group, member in self.levels():
            kind = np.int16 if len(group) < 2**15 else np.int64  # small numbers are sorted by counting
            row = np.argsort(member.astype(kind), kind="stable")
            bounds = np.searchsorted(member[row], np.arange(len(group) + 1))
            sorted_values = values[row]
            for at, low, high in zip(group, bounds[:-1], bounds[1:], strict=True):
                if high > low:
                    nth = [int(np.ceil(share * (high - low) - 1e-9)) - 1 for share in shares]
                    found[at] = np.partition(sorted_values[low:high], nth)[nth]
        return found


def groups_of(world: World, segment: Ints, item_class: Ints) -> Groups:
    """The groups of lines in segments and item classes (M,)."""
    names = world.facts.item_classes
    class_of_segment = np.array([names.index(name) for _, name, _ in world.segments], np.intp)
    return Groups(segment, item_class, class_of_segment, len(names))
