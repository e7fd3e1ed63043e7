"""Periodic review: what the protection interval R + L changes.

Sources: Cachon & Terwiesch (2012), ch. 14; Chopra & Meindl (2016), ch. 12; Broekmeulen & van Donselaar's (R,
s, nQ) formulas; Silver, Pyke & Thomas (2017), 6.9.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.demand import Demand
from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw


class OrderUpTo(NamedTuple):
    """An order-up-to level and the safety stock in it."""

    order_up_to_pieces: Array
    safety_stock_pieces: Array


def order_up_to_for_cycle_service(
    mean_per_day: npt.ArrayLike,
    sd_per_day: npt.ArrayLike,
    review_days: npt.ArrayLike,
    lead_time_days: npt.ArrayLike,
    safety_factor: npt.ArrayLike,
) -> OrderUpTo:
    """S = d (R + L) + z s_d sqrt(R + L); normal demand.  [pieces]

    >>> z = 1.2815516  # 90 %
    >>> [round(float(value)) for value in order_up_to_for_cycle_service(2500, 500, 4, 2, z)]
    [16570, 1570]
    """
    tau = np.asarray(review_days, float) + np.asarray(lead_time_days, float)
    safety = np.asarray(safety_factor, float) * np.asarray(sd_per_day, float) * np.sqrt(tau)
    return OrderUpTo(np.asarray(np.asarray(mean_per_day, float) * tau + safety), np.asarray(safety))


def fill_rate_counting_carried_backorders(
    protected_demand: Demand, order_up_to_pieces: npt.ArrayLike, review_demand_mean_pieces: npt.ArrayLike
) -> Array:
    """1 - G_{L+R}(S) / (d R): the book formula, which charges backorders carried in from before a second
    time.  [-]

    A lower bound; the exact rate is `pooled_performance` of a periodic `ShelfDemand`.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> demand = Demand(Family.POISSON, 6.0, 0.0)
    >>> fill_rate_counting_carried_backorders(demand, np.array([7.0, 8.0, 9.0]), 1.5).round(4).tolist()
    [0.62, 0.7907, 0.8925]
    """
    per_review = np.asarray(review_demand_mean_pieces, float)
    return np.asarray(1 - protected_demand.loss(order_up_to_pieces) / per_review)


def orders_per_review(review_demand: ShortageLaw, order_quantity_pieces: npt.ArrayLike) -> Array:
    """Share of reviews at which an (R, s, nQ) policy orders: E[min(1, D_R / Q)] = (d R - G_R(Q)) / Q.  [-]

    With Q large against the demand of a review this is d R / Q; otherwise that overstates the ordering cost.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> demand = Demand(Family.GAMMA, 10.0, 3.0 * 2 ** 0.5)
    >>> float(orders_per_review(demand, 4).round(6))
    0.991607
    """
    q = np.asarray(order_quantity_pieces, float)
    return np.asarray((review_demand.mean_pieces - review_demand.excess_moments(q, 1)[0]) / q)


def mean_order_size(review_demand: ShortageLaw, order_quantity_pieces: npt.ArrayLike) -> Array:
    """Mean size of an order, d R / share of reviews with an order.  [pieces]

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> float(mean_order_size(Demand(Family.GAMMA, 10.0, 3.0 * 2 ** 0.5), 4).round(3))
    10.085
    """
    return np.asarray(review_demand.mean_pieces / orders_per_review(review_demand, order_quantity_pieces))


def order_quantity_now(order_up_to_pieces: npt.ArrayLike, inventory_position_pieces: npt.ArrayLike) -> Array:
    """What to order at a review: up to S from the stock on hand and on order, never less than nothing.
    [pieces]

    >>> round(float(order_quantity_now(368.97, 150)), 2)
    218.97
    """
    position = np.asarray(inventory_position_pieces, float)
    return np.asarray(np.maximum(np.asarray(order_up_to_pieces, float) - position, 0.0))
