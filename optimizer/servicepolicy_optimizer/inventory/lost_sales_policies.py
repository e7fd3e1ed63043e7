"""Reorder policies whose shortages are lost, exactly, for one item and whole pieces.

Continuous review with at most one order outstanding is a renewal process; periodic review with a lead time
no longer than the review period is a Markov chain on the stock found at a review.

Sources: Hadley & Whitin (1963), 4.11 and 5.13; Silver, Pyke & Thomas (2017), 6.7.3; Bijvank & Vis, European
Journal of Operational Research 215 (2011) (lost-sales systems). Longer lead times have no such closed
answer: simulate.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.critical_level import poisson_probabilities
from servicepolicy_optimizer.inventory.excess import Array


class LostSalesService(NamedTuple):
    """What a lost-sales policy delivers in the long run."""

    unit_fill_rate: float
    on_hand_pieces: float
    """Mean over time (continuous review), or mean at the ends of review periods (periodic review)."""
    orders_per_period: float
    """Orders a day (continuous review) or a review (periodic review)."""


def one_order_policy(
    demand_per_day: float, lead_time_days: float, reorder_point_pieces: int, order_quantity_pieces: int
) -> LostSalesService:
    """(r, Q) with Poisson demand, one piece at a time, constant lead time and r < Q, so one order is
    outstanding.

    A cycle sells Q and loses G(r); during the lead time the stock falls from r, afterwards from what was
    left + Q. Raises ValueError where r >= Q.

    >>> service = one_order_policy(2.0, 3.0, 6, 10)
    >>> round(service.unit_fill_rate, 6)
    0.912098
    """
    if reorder_point_pieces >= order_quantity_pieces:
        raise ValueError(
            f"reorder_point_pieces: {reorder_point_pieces} is not below the order quantity "
            f"{order_quantity_pieces}, so several orders may be outstanding; raise the quantity or simulate"
        )
    chance = poisson_probabilities(demand_per_day * lead_time_days)
    count = np.arange(chance.size)
    left = np.maximum(reorder_point_pieces - count, 0)
    lost = float(np.maximum(count - reorder_point_pieces, 0) @ chance)
    cycle_days = (order_quantity_pieces + lost) / demand_per_day
    # time the stock stands at r - j during the lead time: P(D_L > j) / demand rate
    beyond = 1 - np.cumsum(chance)
    steps = np.arange(reorder_point_pieces)
    before_receipt = float((reorder_point_pieces - steps) @ beyond[:reorder_point_pieces]) / demand_per_day
    # after it each level from what was left + Q down to r + 1 stands for one customer
    top, low = left + order_quantity_pieces, reorder_point_pieces
    after_receipt = float(((top * (top + 1) - low * (low + 1)) / 2) @ chance) / demand_per_day
    return LostSalesService(
        order_quantity_pieces / (order_quantity_pieces + lost),
        (before_receipt + after_receipt) / cycle_days,
        1 / cycle_days,
    )


def reviewed_policy(
    before_receipt_probability: npt.ArrayLike,
    after_receipt_probability: npt.ArrayLike,
    reorder_level_pieces: int,
    order_up_to_pieces: int,
) -> LostSalesService:
    """(R, s, S) with lost sales and L <= R: order up to S where a review finds s or less; s = S - 1 is (R,
    S).

    before_receipt_probability  P(D_L = n), n = 0, 1, ...: demand from the review to the receipt
    after_receipt_probability   P(D_{R-L} = n): demand from the receipt to the next review

    The stock x found at a review is a Markov chain: x' = ((x - D_L)+ + order - D_{R-L})+.

    >>> round(reviewed_policy([0.5, 0.5], [1.0], 0, 1).unit_fill_rate, 6)  # ordered when empty, one day late
    0.666667
    """
    early, late = np.asarray(before_receipt_probability, float), np.asarray(after_receipt_probability, float)
    if not -1 < reorder_level_pieces < order_up_to_pieces:
        raise ValueError(
            "reorder_level_pieces: must be 0 or more and below the order-up-to level; change one"
        )
    found = np.arange(order_up_to_pieces + 1)
    order = np.where(found <= reorder_level_pieces, order_up_to_pieces - found, 0)
    after_early, lost_early = _drawn(early, order_up_to_pieces)
    after_late, lost_late = _drawn(late, order_up_to_pieces)
    step = np.zeros((found.size, found.size))
    lost = lost_early.copy()
    for x in found:
        received = np.zeros(found.size)
        received[order[x] :] = after_early[x, : found.size - order[x]]
        step[x] = received @ after_late
        lost[x] += received @ lost_late
    share = _stationary(step)
    asked = float(early @ np.arange(early.size) + late @ np.arange(late.size))
    return LostSalesService(
        1 - float(share @ lost) / asked, float(share @ found), float(share[order > 0].sum())
    )


def _drawn(probability: Array, highest: int) -> tuple[Array, Array]:
    """From each stock 0..highest: chances of what is left after a demand (rows), and the mean that is
    lost.
    """
    count = np.arange(probability.size)
    left, lost = np.zeros((highest + 1, highest + 1)), np.zeros(highest + 1)
    for stock in range(highest + 1):
        np.add.at(left[stock], np.maximum(stock - count, 0), probability)
        lost[stock] = np.maximum(count - stock, 0) @ probability
    return left, lost


def _stationary(step: Array) -> Array:
    """Long-run shares of a chain: balance equations with one replaced by the sum."""
    balance = step.T - np.eye(len(step))
    balance[-1] = 1.0
    right = np.zeros(len(step))
    right[-1] = 1.0
    return np.asarray(np.linalg.solve(balance, right))
