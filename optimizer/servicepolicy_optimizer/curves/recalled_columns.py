"""First columns kept by what they are computed from."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np

from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.curves.columns import StockedShelf
from servicepolicy_optimizer.curves.in_a_file import laid_beside
from servicepolicy_optimizer.curves.item_curves import ShelfColumns
from servicepolicy_optimizer.curves.shelf_content import same_on_every_rung
from servicepolicy_optimizer.curves.stock import Bench
from servicepolicy_optimizer.recall import Part, Recall, recalled

RUNGS = "rungs"
"""Name under which the (K, n) rungs lie beside the columns."""


def recalled_columns(
    recall: Recall,
    shelf: StockedShelf,
    asked: tuple[Part, ...],
    make: Callable[[StockedShelf], ShelfColumns],
    known_as: Callable[[], tuple[Part, ...]],
    bench: Bench,
) -> ShelfColumns:
    """The columns of this shelf; made where they are not known. asked: what else they depend on. known_as:
    what the shelf is made from. bench: on which it is lent to be looked at. What is the same on every rung is
    added afterwards: other inbound costs leave the columns.
    """
    lent = cache(lambda: shelf.lent(bench))

    def arrays() -> Mapping[str, Any]:
        columns, rungs = make(lent())
        return {RUNGS: np.stack(rungs)} | {one.name: getattr(columns, one.name) for one in fields(columns)}

    found = dict(
        recalled(
            recall,
            "columns",
            lambda: (*asked, shelf.content_of(lent())),
            arrays,
            lambda: (*asked, *known_as()),
        )
    )
    (rungs,) = laid_beside(shelf.items.supply_cost, [found.pop(RUNGS)])
    found.update(same_on_every_rung(shelf.items, shelf.storage_cost_per_m3_year, found["storage_m3"]))
    return ColumnSet(**found), tuple(rungs)
