"""The ladder of a shelf with very many items: lot after lot, into memory or into a file."""

from collections.abc import Callable, Sequence

from servicepolicy_optimizer.curves.in_a_file import let_go
from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.inventory.side_by_side import side_by_side

Make = Callable[[ShelfItems], Ladder]
"""The ladder of some items, each by itself."""


def ladder_in_lots(
    items: ShelfItems, make: Make, lots: Sequence[Ints], room: Callable[[tuple[int, ...]], Floats]
) -> Ladder:
    """What `make` makes of all items, with no more than some lots beside `room` for all at a time."""
    few = make(items.of(lots[0][:1]))

    def of_all(array: Floats) -> Floats:
        return room((items.rows.size, *array.shape[1:]))

    critical = few.critical_level_pieces
    whole = Ladder(
        of_all(few.reorder_point_pieces),
        None if critical is None else of_all(critical),
        of_all(few.on_hand_pieces),
        of_all(few.fill_rate),
    )

    def of_lot(lot: Ints) -> None:
        made = make(items.of(lot))
        for name, array in vars(whole).items():
            if array is not None:
                array[lot] = getattr(made, name)

    for _ in side_by_side(of_lot, lots):
        pass
    let_go(vars(whole).values())
    return whole


def doubles_of(items: ShelfItems, rungs: int, rationed: bool) -> int:
    """At least as many as a ladder with its envelope takes: reorder points, stock, fill rate and steps; on a
    rationed shelf critical levels and fill rates of every class, at every pattern of reserves.
    """
    rows, classes = int(items.rows.size), int(items.pieces.shape[1])
    if not rationed:
        return 4 * rows * rungs
    return rows * max(4, (2 * rungs) // 5) * (2 * classes - 1) * (2 + 2 * classes)
