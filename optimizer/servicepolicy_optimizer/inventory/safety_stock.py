"""Safety stock of normal lead-time demand: from cycle service, from a fill rate, and back.

Sources: Chopra & Meindl, Supply Chain Management (2016), ch. 12; Silver, Pyke & Thomas (2017), 6.7; Nahmias
& Olsen (2015), 5.5. Elementwise; shapes broadcast.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.loss import inverse_standard_normal_loss, standard_normal_loss

NEWTON_STEPS = 100


def safety_stock_for_cycle_service(
    cycle_service: npt.ArrayLike, lead_time_demand_sd_pieces: npt.ArrayLike
) -> Array:
    """ss = Phi^-1(alpha) sd.  [pieces]

    >>> round(float(safety_stock_for_cycle_service(0.9, 707.1067811865)))
    906
    """
    return np.asarray(ndtri(cycle_service) * np.asarray(lead_time_demand_sd_pieces, float))


def safety_stock_for_fill_rate(
    fill_rate: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike, lead_time_demand_sd_pieces: npt.ArrayLike
) -> Array:
    """One-term: the ss with sd G(ss / sd) = (1 - beta) Q; may be negative.  [pieces]

    >>> round(float(safety_stock_for_fill_rate(0.975, 10000, 707.1067811865)))
    67
    """
    sd = np.asarray(lead_time_demand_sd_pieces, float)
    short_share = 1 - np.asarray(fill_rate, float)
    return np.asarray(sd * inverse_standard_normal_loss(short_share * np.asarray(order_quantity_pieces) / sd))


def safety_factor_for_fill_rate_two_term(
    fill_rate: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike, lead_time_demand_sd_pieces: npt.ArrayLike
) -> Array:
    """The k with sd [G(k) - G(k + Q / sd)] = (1 - beta) Q; never above the one-term factor.  [-]

    The left side falls in k, so halving between the one-term factor and one that is surely too low finds it.

    >>> round(float(safety_factor_for_fill_rate_two_term(0.8, 100, 100)), 6)
    0.376614
    """
    sd = np.asarray(lead_time_demand_sd_pieces, float)
    width = np.asarray(order_quantity_pieces, float) / sd
    goal = (1 - np.asarray(fill_rate, float)) * width
    high = inverse_standard_normal_loss(goal)
    low = np.minimum(high, 0.0) - width - 10.0
    for _ in range(NEWTON_STEPS):
        middle = (low + high) / 2
        short = standard_normal_loss(middle) - standard_normal_loss(middle + width)
        low, high = np.where(short > goal, middle, low), np.where(short > goal, high, middle)
    return np.asarray((low + high) / 2)


def shortage_per_cycle(
    safety_stock_pieces: npt.ArrayLike, lead_time_demand_sd_pieces: npt.ArrayLike
) -> Array:
    """ESC = sd G(ss / sd): pieces short in a cycle.  [pieces]

    >>> round(float(shortage_per_cycle(1000, 707.1067811865)), 1)
    25.1
    """
    sd = np.asarray(lead_time_demand_sd_pieces, float)
    return np.asarray(sd * standard_normal_loss(np.asarray(safety_stock_pieces, float) / sd))


def fill_rate_from_cycle_service(
    cycle_service: npt.ArrayLike,
    order_quantity_pieces: npt.ArrayLike,
    lead_time_demand_sd_pieces: npt.ArrayLike,
) -> Array:
    """The (one-term) fill rate that a cycle service level amounts to: 1 - sd G(Phi^-1(alpha)) / Q.  [-]

    >>> round(float(fill_rate_from_cycle_service(0.95, 450, 34.64)), 4)
    0.9984
    """
    sd, q = np.asarray(lead_time_demand_sd_pieces, float), np.asarray(order_quantity_pieces, float)
    return np.asarray(1 - sd * standard_normal_loss(ndtri(cycle_service)) / q)


def cycle_service_from_fill_rate(
    fill_rate: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike, lead_time_demand_sd_pieces: npt.ArrayLike
) -> Array:
    """The cycle service level at which the (one-term) fill rate is kept.  [-]

    >>> round(float(cycle_service_from_fill_rate(0.98, 100, 25)), 4)
    0.8464
    """
    sd = np.asarray(lead_time_demand_sd_pieces, float)
    return np.asarray(ndtr(safety_stock_for_fill_rate(fill_rate, order_quantity_pieces, sd) / sd))
