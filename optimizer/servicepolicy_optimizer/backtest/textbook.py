"""The formula of the textbooks, as planners use it: daily mean and deviation, normal demand.

sigma_L = s sqrt(L); ESC = G(k) sigma_L = (1 - P2) Q; r = d L + k sigma_L (Silver, Pyke and Thomas 2017, 6.7;
fill rate with one term). Fitted on the latest window alone.
"""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.backtest.reorder_points import ReorderPoints
from servicepolicy_optimizer.backtest.setting import Setting, Supply, order_quantities_of
from servicepolicy_optimizer.backtest.situation import Situation
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.inventory.loss import inverse_standard_normal_loss

SMALLEST_LOSS = 1e-300


@dataclass(frozen=True)
class TextbookFit:
    """N items, fitted to a window."""

    mean_pieces_per_day: Floats
    spread_pieces: Floats
    """s sqrt(L), of the demand over the lead time and review."""
    planned_days: Floats
    """Lead time, and review where stock is not looked at daily."""
    order_quantity_pieces: Floats


def textbook_fit(setting: Setting, known: Situation) -> TextbookFit:
    """Daily mean and deviation of the window before the day, and the order quantity that goes with them."""
    window = min(setting.plan.textbook_window_days, known.day)
    lines, items = known.known, known.item_class.size
    first, last = np.searchsorted(lines.day_of_line, [known.day - window, known.day])
    place = lines.item[first:last] * window + lines.day_of_line[first:last] - (known.day - window)
    daily = np.bincount(place, lines.pieces[first:last], minlength=items * window).reshape(items, window)
    mean, sd = daily.mean(axis=1), daily.std(axis=1, ddof=1)
    lead = np.array([_planned_for(one) for one in setting.supplies])[known.item_class]
    quantity = order_quantities_of(setting, known.item_class, mean)
    return TextbookFit(mean, sd * np.sqrt(lead), lead, np.where(mean > 0, quantity, 0.0))


def _planned_for(supply: Supply) -> float:
    """Days of demand: the lead time, and the review where it is more than the daily look at the stock."""
    return supply.lead_time_days + (supply.review_days if supply.review_days > 1 else 0)


def textbook_points(fit: TextbookFit, short_share: float) -> ReorderPoints:
    """Reorder points of a fill rate 1 - short_share."""
    spread = np.where(fit.spread_pieces > 0, fit.spread_pieces, 1.0)
    loss = np.maximum(short_share * fit.order_quantity_pieces / spread, SMALLEST_LOSS)
    factor = np.where(fit.spread_pieces > 0, inverse_standard_normal_loss(loss), 0.0)
    point = np.round(fit.mean_pieces_per_day * fit.planned_days + factor * fit.spread_pieces)
    ordered = fit.mean_pieces_per_day > 0
    return ReorderPoints(np.where(ordered, np.maximum(point, -1.0), -1.0), fit.order_quantity_pieces)
