"""The ladder of a pooled shelf with very many items, by compiled arithmetic where that knows their law.

Which road is taken depends on the shelf alone, so a ladder is the same whoever asks for it, and when.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from servicepolicy_optimizer.curves.ladder import (
    Ladder,
    highest_reorder_points,
    lowest_reorder_point,
    pooled_ladder,
)
from servicepolicy_optimizer.curves.lots import are_many, in_a_row, lots_of
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Ints
from servicepolicy_optimizer.inventory.demand import Demand
from servicepolicy_optimizer.inventory.shelf import ShelfDemand

LARGEST_WHOLE = 2.0**31
"""Beyond it, levels stay as they are."""


def is_of_many(items: ShelfItems) -> bool:
    """Whether there are so many items, by laws of two moments, and what is short is delivered later."""
    return are_many(items.rows.size) and not items.lost and isinstance(items.demand.lead, Demand)


def ladder_of_many(items: ShelfItems, rungs: int, lot: Ints) -> Ladder:
    """`ladder` of one lot of a pooled shelf for which `is_of_many`.

    What is compiled agrees with the plain road within 3e-12 of the mean demand; items whose law it does not
    know take that road.
    """
    # Not before it is needed: a compiler comes with it.
    from servicepolicy_optimizer.compiled.pooled_shelf import evenly_spaced, pooled_of_many

    # Not `items.of`: most of what is known of them would be copied for nothing.
    demand, quantity = _demand_of(items.demand, lot), items.order_quantity_pieces[lot]
    points = evenly_spaced(lowest_reorder_point(items.lost), highest_reorder_points(demand), rungs)
    fill, on_hand, known = pooled_of_many(demand, points, quantity)
    rest = np.flatnonzero(~known)
    if rest.size:
        plain = pooled_ladder(items.of(lot[rest]), points[rest])
        fill[rest], on_hand[rest] = plain.fill_rate[:, :, 0], plain.on_hand_pieces
    return Ladder(points, None, on_hand, fill[:, :, None])


def _demand_of(demand: ShelfDemand, lot: Ints) -> ShelfDemand:
    """`demand.of(lot)`, without a copy where the items follow each other."""
    rows, lead, exposed = in_a_row(lot), demand.lead, demand.exposed
    if rows is None or not (isinstance(lead, Demand) and isinstance(exposed, Demand)):
        return demand.of(lot)
    count = lead.family.shape
    return replace(
        demand,
        lead=lead.of(rows),
        exposed=exposed.of(rows),
        increment_mean_pieces=np.broadcast_to(demand.increment_mean_pieces, count)[rows],
        order_size_of_piece_pieces=np.broadcast_to(demand.order_size_of_piece_pieces, count)[rows],
    )


def type_of_levels(items: ShelfItems) -> np.dtype[Any]:
    """The smallest that holds every reorder point of a shelf for which `is_of_many`: they are whole."""
    highest = highest_reorder_points(items.demand).max()
    return np.min_scalar_type(-1 - int(highest)) if highest < LARGEST_WHOLE else np.dtype(np.float64)


def lots_of_many(items: ShelfItems) -> list[Ints]:
    """As they lie: no item waits for a table."""
    every = np.arange(items.rows.size)
    return [every[lot] for lot in lots_of(every.size)]
