"""A shelf whose shortages are lost, continuous review, from the same demand as one with backorders.

Three answers, each where it is right:

- one order outstanding at most (r < Q): a cycle sells Q and loses ESC, beta = Q / (Q + ESC), with ESC the
  pieces that a cycle is short: sum over y > r of [G_{L+X}(y) - G_L(y)] / E[X], which is G_L(r) for single
  pieces. Exact for single pieces.
- one for one (Q = 1, single pieces): what is under way is the accepted demand of a lead time, which has the
  law of D_L cut off at the position y: a line is short by
      [G_{L+X}(y) - G_L(y) - E[X] P(D_L > y)] / (E[X] P(D_L <= y)).
  This is Erlang's loss formula, exact for any lead time.
- several orders outstanding (r >= Q): between the two, 1 / (2 - beta of backorders) below and the cut-off law
  averaged over y above; their mean is taken. Against a played shelf it was right within 0.005 at fill rates
  of 0.95 and more, 0.015 at 0.85, 0.035 at 0.75 and below; order quantities smaller than a line double that.

A reorder point below zero never orders: nobody waits, so an empty shelf stays empty.

Stock on hand: accepted customers find the position uniform on r+1..r+Q, the others find the shelf empty and
the next multiple of Q above r under way; on order are beta d L pieces (Little):

    on hand = beta (r + (Q + 1)/2) + (1 - beta) Q (floor(r/Q) + 1) - beta d L.

Sources: Erlang (1917); Hadley & Whitin (1963), 4.11; Zipkin (2000), 7.2.3; Silver, Pyke & Thomas (2017),
6.7.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.lost_sales import one_order_fill_rate
from servicepolicy_optimizer.inventory.shelf import (
    Performance,
    ShelfDemand,
    lost_sales_fill_rate,
    mean_position,
    pooled_performance,
)

SINGLE_PIECES_WITHIN = 1e-9
NEAR, FAR = 16, 8
"""Of the inventory positions r+1..r+Q each of the lowest, where lines are short, counts for itself; so many
middles of equal parts stand for the others."""


def lost_sales_performance(
    demand: ShelfDemand, reorder_point_pieces: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike
) -> Performance:
    """Unit fill rate and mean stock on hand of N items when what is short is lost; nobody waits.

    reorder_point_pieces   r, (N,) or (N, M), whole
    order_quantity_pieces  Q, (N,), at least 1

    Raises ValueError for periodic review: with lost sales it is a Markov chain (`lost_sales_policies`).

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> from servicepolicy_optimizer.inventory.shelf import shelf_demand
    >>> shelf = shelf_demand([2.0], [2.0 ** 0.5], 1, 1, 5, 0, family=Family.POISSON)  # Erlang's B(9, 10)
    >>> [float(part.round(4)[0]) for part in lost_sales_performance(shelf, [8.0], [1.0])]
    [0.7268, 1.7321, 0.0]
    """
    if demand.periodic:
        raise ValueError("demand: lost sales with reviews have no closed answer; ask for continuous review")
    r = np.asarray(reorder_point_pieces, float)
    r = np.broadcast_to(r, (*demand.lead.is_counting.shape, *r.shape[1:]))
    q = np.maximum(np.broadcast_to(np.asarray(order_quantity_pieces, float), r.shape[:1]), 1.0)
    fill, on_hand = np.empty(r.shape), np.empty(r.shape)
    for lot in demand.parts():
        part = demand.of(lot).tabulated()
        fill[lot] = _fill_rate(part, r[lot], q[lot])
        on_hand[lot] = _on_hand(part, r[lot], q[lot], fill[lot])
    return Performance(fill, on_hand, np.zeros(r.shape))


def _fill_rate(demand: ShelfDemand, r: Array, q: Array) -> Array:
    """The answer of each item's own case."""
    quantity = q.reshape(-1, *(1,) * (r.ndim - 1))
    one = one_order_fill_rate(_short_in_a_cycle(demand, r, q), quantity)
    cut_off = _cut_off(demand, r, quantity)
    waiting = lost_sales_fill_rate(pooled_performance(demand, r, q).unit_fill_rate)
    several = (cut_off + np.maximum(one, waiting)) / 2
    single = _increment(demand, r) <= 1 + SINGLE_PIECES_WITHIN
    once = np.where(single, one, np.minimum(one, cut_off))
    fill = np.where(single & (quantity == 1), cut_off, np.where(r < quantity, once, several))
    return np.where(r < 0, 0.0, fill)


def _short_in_a_cycle(demand: ShelfDemand, r: Array, q: Array) -> Array:
    """ESC: sum over y > r of [G_{L+X}(y) - G_L(y)] / E[X].  [pieces]"""
    level = demand.level_for_law(r, q)
    longer = demand.exposed.excess_moments(level, 2)[1] - demand.lead.excess_moments(level, 2)[1]
    return np.maximum(longer, 0.0) / _increment(demand, r)


def _cut_off(demand: ShelfDemand, r: Array, quantity: Array) -> Array:
    """Fill rate by the cut-off law, averaged over the positions r+1..r+Q."""
    total, beyond = np.zeros(r.shape), np.maximum(quantity - NEAR, 0.0)
    for k in range(int(min(NEAR, quantity.max(initial=1.0)))):
        total += np.where(k < quantity, _short_at(demand, r + k + 1.0), 0.0)
    for k in range(FAR if beyond.any() else 0):
        along = NEAR + np.ceil((k + 0.5) * beyond / FAR)
        total += np.where(beyond > 0, _short_at(demand, r + along) * beyond / FAR, 0.0)
    return 1.0 - total / quantity


def _short_at(demand: ShelfDemand, position: Array) -> Array:
    """Share of a line that is short at position y, what is under way having the law of D_L cut off at y."""
    beyond = demand.lead.survival(position)
    longer = demand.exposed.excess_moments(position, 1)[0] - demand.lead.excess_moments(position, 1)[0]
    served = np.maximum(1.0 - beyond, 1e-300)
    return np.clip((longer / _increment(demand, position) - beyond) / served, 0.0, 1.0)


def _on_hand(demand: ShelfDemand, r: Array, q: Array, fill: Array) -> Array:
    """Mean stock on hand.  [pieces]"""
    quantity = q.reshape(-1, *(1,) * (r.ndim - 1))
    lead_mean = demand.lead.mean_pieces.reshape(quantity.shape)
    empty = quantity * (np.floor(r / quantity) + 1)
    level = demand.level_for_law(r, q)
    position = fill * mean_position(demand.lead, level, q) + (1 - fill) * empty
    return np.where(r < 0, 0.0, np.maximum(position - fill * lead_mean, 0.0))


def _increment(demand: ShelfDemand, answer: Array) -> Array:
    """E[X] of each item, with axes added."""
    mean = np.broadcast_to(demand.increment_mean_pieces, demand.lead.is_counting.shape)
    return np.maximum(mean, 1e-300).reshape(-1, *(1,) * (answer.ndim - 1))
