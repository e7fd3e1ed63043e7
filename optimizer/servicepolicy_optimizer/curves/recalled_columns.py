"""First columns kept by what they are computed from."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.curves.columns import StockedShelf
from servicepolicy_optimizer.curves.item_curves import ShelfColumns
from servicepolicy_optimizer.recall import Part, Recall, recalled

RUNGS = "rungs"
"""Name under which the (K, n) rungs lie beside the columns."""


def recalled_columns(
    recall: Recall,
    shelf: StockedShelf,
    asked: tuple[Part, ...],
    make: Callable[[], ShelfColumns],
    known_as: Callable[[], tuple[Part, ...]],
) -> ShelfColumns:
    """The columns of this shelf; made where they are not known. asked: what else they depend on. known_as:
    what the shelf is made from.
    """

    def arrays() -> Mapping[str, Any]:
        columns, rungs = make()
        return {RUNGS: np.stack(rungs)} | {one.name: getattr(columns, one.name) for one in fields(columns)}

    found = dict(
        recalled(
            recall,
            "columns",
            lambda: (*asked, *_of_shelf(shelf)),
            arrays,
            lambda: (*asked, *known_as()),
        )
    )
    rungs = tuple(found.pop(RUNGS))
    return ColumnSet(**found), rungs


def _of_shelf(shelf: StockedShelf) -> tuple[Part, ...]:
    """What decides what a rung costs and brings."""
    rungs = shelf.rungs
    amounts = (getattr(shelf.items, one.name) for one in fields(shelf.items))
    return (
        *(part for part in amounts if isinstance(part, np.ndarray)),
        *(rungs.reorder_point_pieces, rungs.critical_level_pieces, rungs.on_hand_pieces, rungs.fill_rate),
        *(shelf.service, shelf.carrying_rate_per_year, shelf.storage_cost_per_m3_year),
    )
