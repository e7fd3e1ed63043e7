"""Reorder points for a promise, and the textbook fill rates of a reorder point.

Cycle service (type 1) is the chance of no stockout in a cycle; the fill rate (type 2) is the share of pieces
served. The same 98 % needs a safety stock of 51 pieces under the first and 26 under the second in Nahmias'
example. Sources: Nahmias & Olsen, Production and Operations Analysis (2015), 5.5; Silver, Pyke & Thomas
(2017), ch. 6; Axsäter (2015), ch. 5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.demand import Demand
from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.quantile import quantile
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, pooled_performance

HALVINGS = 100
DOUBLINGS = 60


def cycle_service(lead_time_demand: Demand, reorder_point_pieces: npt.ArrayLike) -> Array:
    """P(D <= r), the chance that a cycle sees no stockout.  [-]

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> float(cycle_service(Demand(Family.NORMAL, 5000.0, 707.1067811865), 6000).round(4))
    0.9214
    """
    return np.asarray(1 - lead_time_demand.survival(reorder_point_pieces))


def reorder_point_for_cycle_service(lead_time_demand: Demand, target: npt.ArrayLike) -> Array:
    """Smallest r with P(D <= r) >= target; whole for counting families.  [pieces]

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> float(reorder_point_for_cycle_service(Demand(Family.NORMAL, 100.0, 25.0), 0.98).round(1))
    151.3
    """
    return quantile(lead_time_demand, target)


def one_term_fill_rate(
    lead_time_demand: Demand, reorder_point_pieces: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike
) -> Array:
    """1 - G(r) / Q: expected shortage of a cycle over the order quantity.  [-]

    Counts backorders again that were short already a cycle earlier: too low where Q is small against the
    deviation of lead-time demand or the fill rate is below 0.9; `two_term_fill_rate` mends it.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> float(one_term_fill_rate(Demand(Family.NORMAL, 5000.0, 707.1067811865), 6000, 10000).round(4))
    0.9975
    """
    q = np.asarray(order_quantity_pieces, float)
    return np.asarray(1 - lead_time_demand.loss(reorder_point_pieces) / q)


def two_term_fill_rate(
    lead_time_demand: Demand, reorder_point_pieces: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike
) -> Array:
    """1 - (G(r) - G(r + Q)) / Q, exact for customers who take one piece (or a drop) at a time.  [-]

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> float(two_term_fill_rate(Demand(Family.POISSON, 14 * 45 / 365, 0.0), 2, 4).round(4))
    0.9033
    """
    r, q = np.asarray(reorder_point_pieces, float), np.asarray(order_quantity_pieces, float)
    return np.asarray(1 - (lead_time_demand.loss(r) - lead_time_demand.loss(r + q)) / q)


def reorder_point_for_fill_rate(
    demand: ShelfDemand,
    order_quantity_pieces: npt.ArrayLike,
    target_fill_rate: npt.ArrayLike,
    *,
    whole: bool = True,
) -> Array:
    """Smallest reorder point (order-up-to level where Q = 0) that gives the unit fill rate of
    `pooled_performance`.

    demand                 N items
    order_quantity_pieces  Q, (N,) or ()
    target_fill_rate       (N,) or (), above 0 and below 1
    whole                  True: smallest whole r; False: r to the last digits

    Between -Q (nothing is ever on the shelf) and the first level that is enough, the fill rate rises with r,
    so halving finds it. A negative reorder point is an answer: order when that many customers wait. Raises
    ValueError for targets outside (0, 1).

    >>> from servicepolicy_optimizer.inventory.shelf import shelf_demand
    >>> shelf = shelf_demand([1.5], [1.5 ** 0.5], 1, 1, 3, 0, 1)
    >>> float(reorder_point_for_fill_rate(shelf, 0, 0.9)[0])
    9.0
    """
    target = np.asarray(target_fill_rate, float)
    if np.any(~((target > 0) & (target < 1))):
        raise ValueError(
            "target_fill_rate: only a share above 0 and below 1 can be kept; ask for such a share"
        )
    q = np.asarray(order_quantity_pieces, float)
    shape = np.broadcast_shapes(q.shape, target.shape, np.shape(demand.lead.mean_pieces))

    def enough(level: Array) -> npt.NDArray[np.bool_]:
        """Where the fill rate reaches its target."""
        return np.asarray(pooled_performance(demand, level, q).unit_fill_rate >= target)

    low = np.broadcast_to(np.where(whole, np.floor(-q), -q), shape) - 1.0
    step = np.maximum(np.broadcast_to(demand.exposed.mean_pieces + q + 1, shape), 1.0)
    step = np.ceil(step) if whole else step
    high = low + step
    for _ in range(DOUBLINGS):
        missing = ~enough(high)
        if not missing.any():
            break
        low, step = np.where(missing, high, low), step * 2
        high = np.asarray(np.where(missing, high + step, high))
    for _ in range(HALVINGS):
        middle = np.floor((low + high) / 2) if whole else (low + high) / 2
        if np.all((middle <= low) | (middle >= high)):
            break
        reached = enough(middle)
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.asarray(high)
