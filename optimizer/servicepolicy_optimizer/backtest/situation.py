"""What is known on a day on which reorder points are set: classes, forecast, sizes. Nothing of later days."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.backtest.quoting import quote_limits
from servicepolicy_optimizer.backtest.setting import Setting, order_quantities_of
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.forecast import KnownLines, Prediction, predict
from servicepolicy_optimizer.forecast.line_sizes import promised_shares
from servicepolicy_optimizer.history.classes_as_of import customer_classes_before, item_classes_before
from servicepolicy_optimizer.inventory.demand import Demand, choose_family


@dataclass(frozen=True)
class Situation:
    """N items, C customers, J item classes."""

    day: int
    item_class: Ints
    """(N,)"""
    customer_class: Ints
    """(C,)"""
    known: KnownLines
    """Lines before the day that are promised stock: none of quoted size."""
    prediction: Prediction
    exposed: Demand
    """(N,) demand over the protection interval and half an order line more: what a reorder point faces."""
    order_quantity_pieces: Floats
    """(N,)"""
    quote_above_pieces: Floats
    """(N,) a larger line is quoted a lead time; infinite: none is."""
    worth: Floats
    """(N,) what holding a piece over an order's cycle costs, its median 1: P(short) rises with it."""


def situation(setting: Setting, day: int) -> Situation:
    """Everything that sets the reorder points of a day."""
    history, sides = setting.history, setting.scenario.segmentation
    lines = history.lines_between(0, day)
    item, pieces = history.item[lines], history.pieces[lines]
    item_class = item_classes_before(history, sides.items, day)
    customer_class = customer_classes_before(history, sides.customers, day)
    quote_above = quote_limits(setting, day, item_class, customer_class)
    kept = pieces <= quote_above[item]
    known = KnownLines(
        item=item[kept],
        day_of_line=history.day[lines][kept],
        pieces=pieces[kept],
        day=day,
        item_class=item_class,
        classes=setting.classes,
        first_sale=history.first_sale(),
    )
    protection = np.array([one.protection_days for one in setting.supplies])
    # A given forecast is of all orders; what is quoted is not to be stocked.
    given = setting.given.times(promised_shares(item, pieces, quote_above))
    foreseen = predict(known, protection, setting.plan.refit_days, given)
    quantity = order_quantities_of(setting, item_class, foreseen.pieces_per_day)
    return Situation(
        day=day,
        item_class=item_class,
        customer_class=customer_class,
        known=known,
        prediction=foreseen,
        exposed=_exposed(setting, foreseen, item_class),
        order_quantity_pieces=np.where(foreseen.pieces_per_day > 0, quantity, 0.0),
        quote_above_pieces=quote_above,
        worth=_worth(history.unit_cost, quantity, foreseen.pieces_per_day),
    )


def _exposed(setting: Setting, foreseen: Prediction, item_class: Ints) -> Demand:
    """Demand over the protection interval, and what the line in hand takes the stock below the trigger by.

    The undershoot of an order line of size x is uniform on 0 .. x for the piece that is asked for: mean
    E[x²] / (2 E[x]) (Silver, Pyke and Thomas 2017, 7.6).
    """
    lump = foreseen.lump_pieces
    over = foreseen.pieces_per_day * foreseen.protection_days
    sd_days = np.array([one.lead_time_sd_days for one in setting.supplies])[item_class]
    mean = over + lump / 2
    variance = foreseen.variance_pieces2 + (foreseen.pieces_per_day * sd_days) ** 2 + lump**2 / 12
    ordered = foreseen.pieces_per_day > 0
    mean, sd = np.where(ordered, mean, 0.0), np.where(ordered, np.sqrt(variance), 0.0)
    return Demand(choose_family(mean, sd, lump), mean, sd)


def _worth(unit_cost: Floats, order_quantity: Floats, pieces_per_day: Floats) -> Floats:
    """h Q / d of each item, over its median: at a price λ a piece short, P(D > r) = h Q / (λ d)."""
    ordered = pieces_per_day > 0
    if not ordered.any():
        return np.ones(unit_cost.size)
    cycle_cost = unit_cost * order_quantity / np.where(ordered, pieces_per_day, 1.0)
    return np.where(ordered, cycle_cost / np.median(cycle_cost[ordered]), 1.0)
