"""How long a customer waits for what is not on the shelf.

Sources: Zipkin (2000), 6.2.4 and 7.2 (base stock: wait over t if and only if S or more asked in L - t);
Little's law; Fischer, Ziegenbein & Tempelmeier on the duration of stockouts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, pooled_performance


def base_stock_wait_within(
    demand_per_day: npt.ArrayLike,
    lead_time_days: npt.ArrayLike,
    base_stock_pieces: npt.ArrayLike,
    waiting_days: npt.ArrayLike,
) -> Array:
    """P(W <= t) = P(Poisson(d (L - t)) <= S - 1): time-window fill rate of a base stock, unit orders.  [-]

    At t = 0 it is the fill rate; from t = L on everyone has been served (S of 1 or more).

    >>> base_stock_wait_within(2, 3, 8, [0, 1, 2]).round(6).tolist()
    [0.74398, 0.948866, 0.998903]
    """
    days_left = np.maximum(np.asarray(lead_time_days, float) - np.asarray(waiting_days, float), 0.0)
    mean, stock = np.broadcast_arrays(
        np.asarray(demand_per_day, float) * days_left, np.asarray(base_stock_pieces, float)
    )
    return np.asarray(1 - Demand(np.asarray(Family.POISSON), mean, np.sqrt(mean)).survival(stock - 1))


def served_within(
    shelf_of_lead_time: Callable[[float], ShelfDemand],
    lead_time_days: float,
    reorder_point_pieces: npt.ArrayLike,
    order_quantity_pieces: npt.ArrayLike,
    waiting_days: Sequence[float],
) -> Array:
    """P(W <= t) of a random piece under (r, nQ) with backorders, first come first served; T times in front.
    [-]

    shelf_of_lead_time  the items' `ShelfDemand` for a given mean lead time, all else equal
    waiting_days        t, (T,)

    What is ordered up to L - t before the customer has come t after him, so the piece waits longer than t
    exactly when it would be short with the lead time L - t. Exact for constant lead times and continuous
    review; at t = 0 it is the fill rate. For t of L and more it is the answer for L, a lower bound where r
    is negative.

    >>> from servicepolicy_optimizer.inventory.shelf import shelf_demand
    >>> shelf_of = lambda days: shelf_demand(2.0, 2.0 ** 0.5, 1, 1, days, 0, family=Family.POISSON)
    >>> served_within(shelf_of, 3, 7, 1, [0, 1, 2, 3]).round(6).tolist()
    [0.74398, 0.948866, 0.998903, 1.0]
    """
    within = []
    for waited in waiting_days:
        shelf = shelf_of_lead_time(max(lead_time_days - waited, 0.0))
        within.append(pooled_performance(shelf, reorder_point_pieces, order_quantity_pieces).unit_fill_rate)
    return np.stack(within)


def mean_wait_days(backorders_pieces: npt.ArrayLike, demand_per_day: npt.ArrayLike) -> Array:
    """E[W] = E[B] / d over all pieces, served at once or not (Little).  [days]

    >>> round(float(mean_wait_days(0.3140213892, 2)), 10)
    0.1570106946
    """
    return np.asarray(np.asarray(backorders_pieces, float) / np.asarray(demand_per_day, float))


def stockout_duration_probabilities(
    stock_pieces: float, mean_per_day: float, sd_per_day: float, lead_time_days: int
) -> Array:
    """P(J = j), j = 0..L: how many of the L days of a lead time are without stock; normal daily demand.  [-]

    The stock lasts N full days with P(N = n) = Phi((s - n d)/(sqrt(n) sd)) - Phi((s - (n+1) d)/(sqrt(n+1)
    sd)); J = L - N. An upper bound on what a customer waits.

    >>> stockout_duration_probabilities(400, 100, 30, 5).round(4).tolist()
    [0.068, 0.432, 0.4729, 0.0271, 0.0, 0.0]
    """
    days = np.arange(1, lead_time_days + 1)
    lasts = ndtr((stock_pieces - days * mean_per_day) / (np.sqrt(days) * sd_per_day))
    lasts = np.concatenate([[1.0], lasts, [0.0]])  # P(stock lasts n days or more), n = 0..L, and no further
    exactly = lasts[:-1] - lasts[1:]
    return np.asarray(exactly[::-1])
