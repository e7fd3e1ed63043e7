"""What decides which rungs are best on a shelf, at any prices: its content, whatever it was made from."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.recall import Part

SAME_ON_EVERY_RUNG = ("supply_cost", "handling_cost", "co2e_kg", "replenishments", "order_quantity_pieces")
"""Amounts of items that no rung changes: every column has the same of them, and none is better for it."""


def shelf_content(
    items: ShelfItems, rungs: Ladder, service: Floats, rates: tuple[float, float]
) -> tuple[Part, ...]:
    """What each rung holds and fills, who orders, and what a piece on hand and a piece short cost.

    rates: carrying a year, storage of a m³ a year. What else a ladder knows follows from these. A ladder that
    is kept is told by its key: it is far larger than all else.
    """
    amounts = [getattr(items, one.name) for one in fields(items) if one.name not in SAME_ON_EVERY_RUNG]
    told: tuple[Part, ...] = (rungs.key,)
    if rungs.key is None:
        levels = rungs.reorder_point_pieces, rungs.critical_level_pieces
        told = (*levels, rungs.on_hand_pieces, rungs.fill_rate)
    # Where nobody is promised cycle service, it is the fill rate.
    own = () if np.may_share_memory(service, rungs.fill_rate) else (service,)
    return (*(part for part in amounts if isinstance(part, np.ndarray)), *told, *own, *rates)


def same_on_every_rung(
    items: ShelfItems, storage_cost_per_m3_year: float, storage_m3: Floats
) -> Mapping[str, Floats]:
    """The amounts (K,) of columns in which those stand, given what the columns store."""
    everywhere = np.ones(storage_m3.size)
    return {
        "supply_cost": items.supply_cost.sum() * everywhere,
        "warehousing_cost": items.handling_cost.sum() + storage_cost_per_m3_year * storage_m3,
        "co2e_kg": items.co2e_kg.sum() * everywhere,
    }
