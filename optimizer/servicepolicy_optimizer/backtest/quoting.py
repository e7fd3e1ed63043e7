"""Above which size an order line is quoted a lead time instead of being promised stock.

By cost: the x-th piece on the shelf, there so that lines of x pieces can be served, costs h a year. Each of
the ν (1 − F(x)) lines a year that are larger gets one piece more by it, worth λ. A line is quoted where

    h > λ ν (1 − F(x)),   that is above the quantile   F(x) = 1 − h / (λ ν)

h   currency per piece-year, the carrying rate times the unit cost
ν   lines a year of the item
F   the law of the item's line sizes (line_sizes.py)
λ   currency per piece short: what the customers' stockout reactions cost, over the classes that order the
    item; without them, what the promise P implies of an item of median worth: λ = median(h Q / d) / (1 − P),
    the price at which P(short) = h Q / (λ d) is the share short that the strictest promise allows
    (formulation.md, section 4; Hadley and Whitin 1963)

Where h > λ ν no line is worth stock: all are quoted. An item without a line so far has no size to be quoted.
"""

from collections.abc import Callable, Mapping

import numpy as np

from servicepolicy_models.backtest import QuoteBy
from servicepolicy_optimizer.backtest.setting import Setting, order_quantities_of
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.forecast.line_sizes import large_line_sizes
from servicepolicy_optimizer.history.sums import summed
from servicepolicy_optimizer.reactions import cost_per_piece_short

SURELY = 1e-12
"""A share of lines below this is none."""


def quote_limits(setting: Setting, day: int, item_class: Ints, customer_class: Ints) -> Floats:
    """(N,) pieces: a larger line is quoted. From the lines before the day; infinite: none is.

    item_class, customer_class   (N,) and (C,) as known on the day
    """
    return LIMITS_BY[setting.plan.quotes_by](setting, day, item_class, customer_class)


def by_quantile(setting: Setting, day: int, item_class: Ints, customer_class: Ints) -> Floats:
    """The plan's quantile of every item's line sizes."""
    history = setting.history
    lines, items = history.lines_between(0, day), len(history.items)
    return large_line_sizes(
        history.item[lines], history.pieces[lines], items, setting.plan.quote_above_quantile
    )


def by_cost(setting: Setting, day: int, item_class: Ints, customer_class: Ints) -> Floats:
    """The size beyond which a piece on the shelf costs more than it is worth."""
    history, scenario = setting.history, setting.scenario
    lines, items = history.lines_between(0, day), len(history.items)
    item, pieces = history.item[lines], history.pieces[lines]
    # What was first sold yesterday is not sold every day: a rate rests on one interval between refits.
    known_days = np.maximum(day - history.first_sale(), setting.plan.refit_days)
    lines_a_year = np.bincount(item, minlength=items) / known_days * scenario.days_per_year
    pieces_per_day = summed(item, pieces, items) / known_days
    holding = scenario.carrying_rate_per_year * history.unit_cost
    stated = _stated_price(setting, day, customer_class)
    price = np.where(stated > 0, stated, _implied_price(setting, item_class, pieces_per_day))
    share = np.where(lines_a_year > 0, holding / np.maximum(price * lines_a_year, 1e-300), 0.0)
    sizes = large_line_sizes(item, pieces, items, 1 - np.clip(share, SURELY, 1 - SURELY))
    return np.where(share >= 1, 0.0, np.where(share > SURELY, sizes, np.inf))


def by_nothing(setting: Setting, day: int, item_class: Ints, customer_class: Ints) -> Floats:
    """Every line is promised stock."""
    return np.full(len(setting.history.items), np.inf)


LIMITS_BY: Mapping[QuoteBy, Callable[[Setting, int, Ints, Ints], Floats]] = {
    QuoteBy.QUANTILE: by_quantile,
    QuoteBy.COST: by_cost,
    QuoteBy.NONE: by_nothing,
}


def _stated_price(setting: Setting, day: int, customer_class: Ints) -> Floats:
    """(N,) currency per piece short by the stockout reactions, over the pieces that each class ordered."""
    history = setting.history
    lines, items = history.lines_between(0, day), len(history.items)
    item, pieces = history.item[lines], history.pieces[lines]
    ordered = np.maximum(summed(item, pieces, items), 1e-300)
    price = summed(item, history.revenue[lines], items) / ordered
    cost = cost_per_piece_short(setting.scenario, price)
    return summed(item, pieces * cost[item, customer_class[history.customer[lines]]], items) / ordered


def _implied_price(setting: Setting, item_class: Ints, pieces_per_day: Floats) -> float:
    """Currency per piece short at which an item of median worth is short as the strictest promise allows."""
    scenario, sold = setting.scenario, pieces_per_day > 0
    if not sold.any():
        return 0.0
    holding = scenario.carrying_rate_per_year * setting.history.unit_cost[sold]
    quantity = order_quantities_of(setting, item_class, pieces_per_day)[sold]
    cycle_cost = holding * quantity / (pieces_per_day[sold] * scenario.days_per_year)
    return float(np.median(cycle_cost)) / (1 - max(setting.plan.promises))
