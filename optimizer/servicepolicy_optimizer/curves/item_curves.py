"""The curves of all shelves: columns, and behind each column the rung of every item."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.curves.columns import column
from servicepolicy_optimizer.curves.stockroom import Place, Stockroom
from servicepolicy_optimizer.facts import Floats, Rungs

ShelfColumns = tuple[ColumnSet, tuple[Rungs, ...]]
"""Columns of one shelf and, for each, the rung (n,) of every item."""


@dataclass(frozen=True)
class Curves:
    """Every place with its columns and, for each column, the rung (n,) of every item."""

    columns: Mapping[Place, ColumnSet]
    rungs: Mapping[Place, tuple[Rungs, ...]]

    def grown(self, room: Stockroom, additions: Mapping[Place, tuple[Rungs, Floats]]) -> "Curves":
        """With one more column at some places: the rungs of its items, and the class prices (I,) that
        chose them.
        """
        columns, rungs = dict(self.columns), dict(self.rungs)
        for place, (chosen, price) in additions.items():
            columns[place] = joined([columns[place], column(room.shelves[place], chosen, price)])
            rungs[place] = (*rungs[place], chosen)
        return Curves(columns, rungs)

    def with_columns(self, additions: Mapping[Place, tuple[ColumnSet, Rungs]]) -> "Curves":
        """With several more columns at some places, and their rungs (n, K)."""
        columns, rungs = dict(self.columns), dict(self.rungs)
        for place, (more, chosen) in additions.items():
            columns[place] = joined([columns[place], more])
            rungs[place] = (*rungs[place], *np.ascontiguousarray(chosen.T))
        return Curves(columns, rungs)

    def columns_beyond(self, fewer: "Curves") -> Mapping[Place, ColumnSet]:
        """The columns that others lack, at the places where they lack any."""
        return {
            place: columns.beyond(fewer.columns[place].size)
            for place, columns in self.columns.items()
            if columns.size > fewer.columns[place].size
        }


def joined(columns: list[ColumnSet]) -> ColumnSet:
    """Several sets as one."""
    return ColumnSet(
        **{
            name: np.concatenate([getattr(c, name) for c in columns])
            for name in ColumnSet.__dataclass_fields__
        }
    )
