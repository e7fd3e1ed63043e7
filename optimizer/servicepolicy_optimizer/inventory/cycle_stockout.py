"""Cycle service (type 1) of a shelf whose order lines may be larger than one piece.

An order is placed when a line (or a review) finds the inventory position, which it took from y to y - X, at
or below r: U = r - (y - X) pieces below. Nobody is short before that order arrives if D_L + U <= r. With y
uniform on r+1..r+Q,

    P(U = j) = P(j < X <= j + Q) / E[min(X, Q)],

X being the line, or under periodic review the demand of a review period. Where Q is at least as large as X,
that is the excess of a renewal process, P(X > j) / E[X], and

    P(D_L + U <= r) = 1 - [G_{L+X}(r + 1) - G_L(r + 1)] / E[X],

the fill rate of the same shelf at Q = 1. Single pieces have no undershoot: P(D_L <= r). Where Q is smaller
than the line that a random piece comes in, U may be as large as X - 1: P(D_L + X <= r + 1 | X > 0), exact for
Q = 1, is taken if it is lower.

Sources: Tijms, Stochastic Models (1994), 1.3 (excess); Silver, Pyke & Thomas (2017), 6.12 (undershoot).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, pooled_performance

LEAST_CHANCE = 1e-12
"""Chances of no demand below this tell nothing."""


def cycle_service_level(
    demand: ShelfDemand, reorder_point_pieces: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike
) -> Array:
    """Share of replenishment cycles without a shortage, in the shape of the reorder points.  [-]

    demand                 N items
    reorder_point_pieces   r, (N,) or (N, M); for a class with a critical level, r less that level
    order_quantity_pieces  Q, (N,)

    >>> from servicepolicy_optimizer.inventory.shelf import shelf_demand
    >>> units = shelf_demand([2.0], [2.0 ** 0.5], 1, 1, 3, 0)  # P(Poisson(6) <= 8)
    >>> cycle_service_level(units, [8.0], [10.0]).round(4).tolist()
    [0.8472]
    """
    r = np.asarray(reorder_point_pieces, float)
    quantity = np.asarray(order_quantity_pieces, float).reshape(-1, *(1,) * (r.ndim - 1))
    after_excess = pooled_performance(demand, r, np.ones(len(r))).unit_fill_rate
    small = quantity < _size_of_piece(demand).reshape(-1, *(1,) * (r.ndim - 1))
    if not small.any():
        return after_excess
    after_all = np.empty(r.shape)
    for lot in demand.parts():
        after_all[lot] = _after_whole_increment(demand.of(lot).tabulated(), r[lot])
    return np.where(small, np.minimum(after_excess, after_all), after_excess)


def _after_whole_increment(demand: ShelfDemand, r: Array) -> Array:
    """P(D_L + X <= r + 1 | X > 0) of demand whose tables are made: a review without demand orders nothing."""
    counting = demand.exposed.is_counting
    axes = (-1, *(1,) * (r.ndim - 1))
    level = r + np.where(counting | demand.whole_pieces, 1.0, 0.0).reshape(axes)
    nothing = np.zeros(len(r))
    lead_none, exposed_none = (1.0 - law.survival(nothing) for law in (demand.lead, demand.exposed))
    known = counting & (lead_none > LEAST_CHANCE)
    none = np.divide(exposed_none, lead_none, out=nothing, where=known).clip(0.0, 1.0).reshape(axes)
    kept = 1.0 - demand.exposed.survival(level) - none * (1.0 - demand.lead.survival(level))
    return np.divide(kept, 1.0 - none, out=np.ones_like(kept), where=none < 1.0).clip(0.0, 1.0)


def _size_of_piece(demand: ShelfDemand) -> Array:
    """E[X²] / E[X], (N,), read off the variance that X adds to the demand over the lead time.  [pieces]"""
    mean = np.broadcast_to(demand.increment_mean_pieces, demand.lead.is_counting.shape)
    variance = np.maximum(demand.exposed.sd_pieces**2 - demand.lead.sd_pieces**2, 0.0)
    return np.divide(variance, mean, out=np.zeros(mean.shape), where=mean > 0) + mean
