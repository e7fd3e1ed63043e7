"""The ladder of a shelf with very many items: lot after lot, into memory or into a file."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from servicepolicy_optimizer.curves.in_a_file import let_go, put
from servicepolicy_optimizer.curves.ladder import Ladder, Levels
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Ints
from servicepolicy_optimizer.inventory.side_by_side import side_by_side

Make = Callable[[Ints], Ladder]
"""The ladder of some items by their places, each by itself."""


class Room(Protocol):
    """Makes an array that is not yet written."""

    def __call__(self, shape: tuple[int, ...], *, dtype: DTypeLike) -> NDArray[Any]:
        """Of this shape and type."""
        ...


def ladder_in_lots(
    items: ShelfItems, make: Make, lots: Sequence[Ints], room: Room, of_levels: DTypeLike = np.float64
) -> Ladder:
    """What `make` makes of all items, with no more than some lots beside `room` for all at a time.

    of_levels: a type that holds every reorder point. It has an envelope where that of every lot is made.
    """
    few = make(lots[0][:1])

    def of_all(array: Levels, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        return room((items.rows.size, *array.shape[1:]), dtype=dtype)

    critical, steps = few.critical_level_pieces, few.step_worth
    whole = Ladder(
        of_all(few.reorder_point_pieces, of_levels),
        None if critical is None else of_all(critical),
        of_all(few.on_hand_pieces),
        of_all(few.fill_rate),
        None if steps is None else of_all(steps),
    )

    def of_lot(lot: Ints) -> bool:
        made = make(lot)
        for name, array in vars(whole).items():
            if array is not None and (values := getattr(made, name)) is not None:
                put(array, lot, values)
        return made.step_worth is not None

    enveloped = all(list(side_by_side(of_lot, lots)))
    let_go(vars(whole).values())
    return whole if enveloped else replace(whole, step_worth=None)


def doubles_of(items: ShelfItems, rungs: int, rationed: bool) -> int:
    """At least as many as a ladder with its envelope takes: reorder points, stock, fill rate and steps; on a
    rationed shelf critical levels and fill rates of every class, at every pattern of reserves.
    """
    return doubles_of_many(int(items.rows.size), int(items.pieces.shape[1]), rungs, rationed)


def doubles_of_many(rows: int, classes: int, rungs: int, rationed: bool) -> int:
    """`doubles_of` so many items and customer classes."""
    if not rationed:
        return 4 * rows * rungs
    return rows * max(4, (2 * rungs) // 5) * (2 * classes - 1) * (2 + 2 * classes)
