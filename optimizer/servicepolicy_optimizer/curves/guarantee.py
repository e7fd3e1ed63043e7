"""Columns for the basis `every_item`: each item alone keeps the promise."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.curves.columns import StockedShelf
from servicepolicy_optimizer.curves.ladder import lowest_reorder_point
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.inventory.cycle_stockout import cycle_service_level
from servicepolicy_optimizer.inventory.lost_sales_shelf import lost_sales_performance
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, pooled_performance

KEPT = 1e-12
"""A promise is kept when it is missed by no more than this."""


def promise_vectors(least: Floats, rungs: Iterable[float], own_raises: bool) -> Floats:
    """(K, I) promises worth a column: the targets; every class raised to a rung of the promise ladder;
    and, on a
    rationed shelf (`own_raises`), one class raised alone.

    least: (I,) the targets, 0 where nothing is asked.
    """
    vectors = [least]
    for rung in rungs:
        vectors.append(np.maximum(least, rung))
        if own_raises:
            vectors.extend(
                np.where(np.arange(least.size) == i, np.maximum(least, rung), least)
                for i in range(least.size)
            )
    return np.unique(np.array(vectors), axis=0)


def least_reorder_points(
    items: ShelfItems, promises: Floats, cycle_service: np.ndarray, highest: Floats
) -> Floats:
    """(n, K) smallest whole reorder point in [-1, highest] that keeps every promise of each vector; pooled
    shelf.

    promises (K, I), highest (n,). Where no reorder point keeps a promise, the highest is returned.
    """
    ordered = items.pieces.sum(axis=2) > 0
    answer = np.full((items.rows.size, promises.shape[0]), -1.0)
    for lot in items.demand.parts():
        search = _Search(
            items.demand.of(lot).tabulated(), items.order_quantity_pieces[lot], items.lost, highest[lot]
        )
        for i in range(promises.shape[1]):
            levels, back = np.unique(promises[:, i], return_inverse=True)
            points = search.bisect(levels, bool(cycle_service[i]))[:, back]
            answer[lot] = np.where(ordered[lot, i, None], np.maximum(answer[lot], points), answer[lot])
    return answer


def cheapest_keeping(shelf: StockedShelf, promise: Floats) -> Ints:
    """(n,) the rung of least holding cost whose service keeps promise (I,) for every class that orders the
    item.

    Where none does, the rung with the best worst service.
    """
    ordered = (shelf.items.pieces.sum(axis=2) > 0)[:, None, :]
    slack = np.where(ordered, shelf.service - promise, np.inf).min(axis=2)
    holding = shelf.rungs.on_hand_pieces
    kept = slack >= -KEPT
    chosen: Ints = np.where(
        kept.any(axis=1), np.argmin(np.where(kept, holding, np.inf), axis=1), np.argmax(slack, axis=1)
    )
    return chosen


@dataclass(frozen=True)
class _Search:
    """Some items whose tables are made, and how their reorder points are judged."""

    demand: ShelfDemand
    order_quantity_pieces: Floats
    lost: bool
    highest: Floats

    def bisect(self, levels: Floats, cycle_service: bool) -> Floats:
        """(n, K) smallest whole r with service(r) >= level, for rising levels (K,)."""
        shape = (self.highest.size, levels.size)
        lowest = lowest_reorder_point(self.lost)
        low = np.full(shape, lowest - 1)
        high = np.broadcast_to(self.highest[:, None], shape).copy()
        while np.any(high - low > 1):
            middle = np.floor((low + high) / 2)
            kept = (self._service(middle, cycle_service) >= levels - KEPT) & (middle >= lowest)
            high = np.where(kept, middle, high)
            low = np.where(kept, low, middle)
        return high

    def _service(self, reorder_point: Floats, cycle_service: bool) -> Floats:
        if cycle_service:
            return cycle_service_level(self.demand, reorder_point, self.order_quantity_pieces)
        judge = lost_sales_performance if self.lost else pooled_performance
        return judge(self.demand, reorder_point, self.order_quantity_pieces).unit_fill_rate
