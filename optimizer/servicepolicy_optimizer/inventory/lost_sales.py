"""Lost sales: what is short is gone.

Sources: Erlang (1917); Zipkin (2000), 7.2.3 (base stock as a loss system); Silver, Pyke & Thomas (2017),
6.7.3.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array


class InventoryValueAdded(NamedTuple):
    """What an item earns after its stock is paid for."""

    inventory_value: Array
    carrying_cost_per_year: Array
    margin_per_year: Array
    inventory_value_added_per_year: Array


def erlang_loss(servers: npt.ArrayLike, offered_load: npt.ArrayLike) -> Array:
    """Share lost, B(S, a) = a B(S-1, a) / (S + a B(S-1, a)), B(0, a) = 1; shapes broadcast.  [-]

    A base stock of S pieces with offered load a = demand rate x lead time loses exactly this share, whatever
    the law of the lead time; its fill rate is 1 - B.

    >>> erlang_loss([2, 5, 10], [1, 3, 5]).round(6).tolist()
    [0.2, 0.110054, 0.018385]
    """
    count, load = np.broadcast_arrays(np.asarray(servers, int), np.asarray(offered_load, float))
    lost = np.ones(load.shape)
    for s in range(1, int(count.max(initial=0)) + 1):
        lost = np.where(s <= count, load * lost / (s + load * lost), lost)
    return lost


def one_order_fill_rate(
    shortage_per_cycle_pieces: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike
) -> Array:
    """Q / (Q + ESC): fill rate when what a cycle is short is lost and at most one order is outstanding.  [-]

    >>> round(float(one_order_fill_rate(100, 900)), 6)
    0.9
    """
    short, q = np.asarray(shortage_per_cycle_pieces, float), np.asarray(order_quantity_pieces, float)
    return np.asarray(q / (q + short))


def lost_sales_cost_per_year(
    demand_pieces_per_year: npt.ArrayLike,
    unit_price: npt.ArrayLike,
    unit_fill_rate: npt.ArrayLike,
    shortage_factor: npt.ArrayLike,
) -> Array:
    """LSC = demand x price x (1 - fill rate) x shortage factor.  [money a year]

    >>> float(lost_sales_cost_per_year(2000, 2400, 0.9, 0.4).round(2))
    192000.0
    """
    short = np.asarray(demand_pieces_per_year, float) * (1 - np.asarray(unit_fill_rate, float))
    return np.asarray(short * np.asarray(unit_price, float) * np.asarray(shortage_factor, float))


def inventory_value_added(
    demand_pieces_per_year: npt.ArrayLike,
    unit_price: npt.ArrayLike,
    unit_cost: npt.ArrayLike,
    carrying_rate_per_year: npt.ArrayLike,
    on_hand_pieces: npt.ArrayLike,
    unit_fill_rate: npt.ArrayLike = 1.0,
) -> InventoryValueAdded:
    """IVA = sold pieces x (price - cost) - stock value x carrying rate; sold = demand x fill rate.  [money a
    year]

    >>> [float(value) for value in inventory_value_added(5000, 5.0, 3.0, 0.3, 12000)]
    [36000.0, 10800.0, 10000.0, -800.0]
    """
    cost, stock = np.asarray(unit_cost, float), np.asarray(on_hand_pieces, float)
    sold = np.asarray(demand_pieces_per_year, float) * np.asarray(unit_fill_rate, float)
    value = np.asarray(stock * cost)
    carrying = np.asarray(value * np.asarray(carrying_rate_per_year, float))
    margin = np.asarray(sold * (np.asarray(unit_price, float) - cost))
    return InventoryValueAdded(value, carrying, margin, np.asarray(margin - carrying))
