"""Ladders kept by what they are computed from."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.inventory.content import demand_parts
from servicepolicy_optimizer.recall import NOTHING_KEPT, Part, Recall, key_found, recalled_at


def recalled_ladder(
    recall: Recall, items: ShelfItems, asked: tuple[Part, ...], make: Callable[[], Ladder]
) -> Ladder:
    """The ladder of these items; made where it is not known. asked: what else the ladder depends on."""

    def parts() -> tuple[Part, ...]:
        return (*asked, *demand_parts(items.described), items.lost, items.order_quantity_pieces)

    def known_as() -> tuple[Part, ...]:
        return (*asked, *items.known_as, items.lost, items.order_quantity_pieces)

    def arrays() -> Mapping[str, Any]:
        made = make()
        found = {one.name: getattr(made, one.name) for one in fields(made) if one.init}
        return {name: array for name, array in found.items() if array is not None}

    if recall is NOTHING_KEPT:
        return make()
    key = key_found(recall, "ladder", parts, known_as)
    found: Mapping[str, Any] = recalled_at(recall, key, arrays) or {}
    recalled = Ladder(**{"critical_level_pieces": None, **found})
    object.__setattr__(recalled, "key", key)
    return recalled
