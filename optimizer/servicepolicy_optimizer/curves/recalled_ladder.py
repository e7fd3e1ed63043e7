"""Ladders kept by what they are computed from."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.recall import NOTHING_KEPT, Packed, Part, Recall, content_key, packed, unpacked


def recalled_ladder(
    recall: Recall, items: ShelfItems, asked: tuple[Part, ...], make: Callable[[], Ladder]
) -> Ladder:
    """The ladder of these items; made where it is not known. asked: what else the ladder depends on."""
    if recall is NOTHING_KEPT:
        return make()
    key = content_key("ladder", *asked, *_of_demand(items))
    known = recall.get(key)
    found = unpacked(known) if known else None
    if found is not None:
        return Ladder(**{one.name: found.arrays.get(one.name) for one in fields(Ladder)})  # type: ignore[arg-type]
    made = make()
    arrays: dict[str, Any] = {one.name: getattr(made, one.name) for one in fields(made)}
    recall.put(key, packed(Packed({name: one for name, one in arrays.items() if one is not None})))
    return made


def _of_demand(items: ShelfItems) -> tuple[Part, ...]:
    """What decides how a reorder point serves, whatever anything costs."""
    described, figures = items.described, items.described.figures
    sizes = figures.sizes
    return (
        *(part for name, part in figures._asdict().items() if name != "sizes"),
        *(sizes.start, sizes.pieces, sizes.lines_per_day),
        *(described.law, described.reason),
        *(items.lost, items.order_quantity_pieces),
    )
