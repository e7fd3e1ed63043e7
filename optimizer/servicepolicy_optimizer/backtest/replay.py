"""The shelf day by day, as the lines really came.

In the morning what is due arrives and serves those who wait, the longest first. Then the day's lines are
served in the order of the file: a line gets what is on the shelf, and the rest of it waits. In the evening of
a review day, where stock on hand and on order less what waits is at or below the reorder point, as many order
quantities are ordered as bring it above.
"""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.backtest.lead_times import longest_lead_days
from servicepolicy_optimizer.backtest.period import Period
from servicepolicy_optimizer.backtest.reorder_points import ReorderPoints
from servicepolicy_optimizer.backtest.setting import Setting
from servicepolicy_optimizer.facts import Floats

GOLDEN = (5**0.5 - 1) / 2


@dataclass
class Shelf:
    """N items on a morning. Changed by playing; a copy plays on its own."""

    net_pieces: Floats
    """(N,) on hand less what waits."""
    due_pieces: Floats
    """(S, N) ring of what is on order, by day of arrival modulo S."""

    @property
    def on_order_pieces(self) -> Floats:
        """(N,)"""
        return np.asarray(self.due_pieces.sum(axis=0))


@dataclass(frozen=True)
class Played:
    """What a period's lines got."""

    delivered_pieces: Floats
    """(m,) from stock at once, of every line of the period; 0 of those that are quoted."""
    stock_value_days: float
    """Sum over the days of the value of the stock on hand in the evening."""


def opening_shelf(setting: Setting, points: ReorderPoints) -> Shelf:
    """Positions spread evenly over r + 1 .. r + Q, where an (r, nQ) shelf is found in the long run
    (Hadley and Whitin 1963); nothing on order.
    """
    items, quantity = len(setting.history.items), points.order_quantity_pieces
    spread = np.arange(items) * GOLDEN % 1
    position = points.reorder_point_pieces + 1 + np.floor(spread * quantity)
    net = np.where(quantity > 0, np.maximum(position, 0.0), 0.0)
    return Shelf(net, np.zeros((longest_lead_days(setting) + 1, items)))


def play(setting: Setting, shelf: Shelf, one: Period, points: ReorderPoints) -> Played:
    """Play a period on the shelf, which is left as the period leaves it."""
    item_class, cost = one.known.item_class, setting.history.unit_cost
    review = np.array([supply.review_days for supply in setting.supplies])[item_class]
    quantity = points.order_quantity_pieces
    safe_quantity = np.where(quantity > 0, quantity, 1.0)
    opening, value, ring = np.empty_like(one.demand), 0.0, shelf.due_pieces.shape[0]
    on_order = shelf.on_order_pieces
    for number, day in enumerate(range(one.from_day, one.to_day)):
        arriving = shelf.due_pieces[day % ring]
        shelf.net_pieces += arriving
        on_order -= arriving
        shelf.due_pieces[day % ring] = 0.0
        opening[number] = shelf.net_pieces
        shelf.net_pieces -= one.demand[number]
        below = points.reorder_point_pieces - shelf.net_pieces - on_order
        ordering = np.flatnonzero((below >= 0) & (quantity > 0) & ((day + 1) % review == 0))
        ordered = (np.floor(below[ordering] / safe_quantity[ordering]) + 1) * quantity[ordering]
        lead = one.lead_days[number % one.lead_days.shape[0], ordering]
        shelf.due_pieces[(day + lead) % ring, ordering] += ordered
        on_order[ordering] += ordered
        value += float(np.maximum(shelf.net_pieces, 0.0) @ cost)
    return Played(_delivered(setting, one, opening), value)


def _delivered(setting: Setting, one: Period, opening: Floats) -> Floats:
    """(m,) what the morning's stock leaves for each line after those before it."""
    history, line = setting.history, one.line
    item, day = history.item[one.lines][line], history.day[one.lines][line] - one.from_day
    pieces = history.pieces[one.lines]
    delivered = np.zeros(pieces.size)
    delivered[line] = np.clip(opening[day, item] - one.ahead_pieces, 0.0, pieces[line])
    return delivered
