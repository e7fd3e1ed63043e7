"""What it costs in a year to take a segment's orders and to pick them: every definition, a function each."""

import numpy as np

from servicepolicy_models.means import Channel
from servicepolicy_models.targets import Terms
from servicepolicy_optimizer.audit.matrix import Activity
from servicepolicy_optimizer.audit.means_in_use import ProcessFigures
from servicepolicy_optimizer.facts import Floats


def response_cost(channel: Channel, terms: Terms, activity: Activity) -> float:
    """Orders, lines, errors, labour and returns, less the surcharges that small orders pay.

    orders x cost per order + lines x (cost per line + error share x cost per error) + labour hours x wage
    + lines x share returned x cost per returned line - orders x share small x surcharge.
    """
    orders, lines = activity.orders_per_year, activity.lines_per_year
    entry = orders * channel.cost_per_order + lines * channel.cost_per_line
    errors = lines * channel.error_share_of_lines * channel.cost_per_error
    labour = labour_hours(channel, activity) * channel.labour_cost_per_hour
    returns = lines * (terms.returns_share_of_lines or 0.0) * (terms.cost_per_returned_line or 0.0)
    surcharges = orders * small_order_share(terms, activity) * (terms.small_order_surcharge or 0.0)
    return entry + errors + labour + returns - surcharges


def labour_hours(channel: Channel, activity: Activity) -> float:
    """orders x hours per order + lines x hours per line.  [hours a year]"""
    per_order, per_line = channel.labour_hours_per_order, channel.labour_hours_per_line
    return activity.orders_per_year * per_order + activity.lines_per_year * per_line


def small_order_share(terms: Terms, activity: Activity) -> float:
    """Share of orders below the minimum order value: as given, else read from the distribution of order
    values.
    """
    if terms.small_order_share is not None:
        return terms.small_order_share
    if terms.minimum_order_value is None:
        return 0.0
    return share_below(activity.order_value_quantiles, terms.minimum_order_value)


def share_below(percentiles: Floats, value: float) -> float:
    """P(X < value) from the percentiles 0..100 of X, straight lines between them; 0 where no values are told.
    [-]

    >>> share_below(np.linspace(0, 200, 101), 50.0)
    0.25
    >>> share_below(np.full(101, 30.0), 30.0), share_below(np.full(101, 30.0), 31.0)
    (0.0, 1.0)
    """
    if not np.isfinite(percentiles).all() or percentiles[-1] <= 0.0:
        return 0.0
    reached = int(np.searchsorted(percentiles, value, side="left"))
    if reached == 0:
        return 0.0
    if reached == percentiles.size:
        return 1.0
    below, above = float(percentiles[reached - 1]), float(percentiles[reached])
    return (reached - 1 + (value - below) / (above - below)) / (percentiles.size - 1)


def picking_cost(process: ProcessFigures, terms: Terms, activity: Activity) -> float:
    """Warehousing on the segment's path: lines, pieces and orders through the process, and value-added work.

    lines x cost per line + pieces x cost per piece + orders x cost per order + lines x value-added cost per
    line.
    """
    lines = activity.lines_per_year
    picked = lines * process.cost_per_line + activity.pieces_per_year * process.cost_per_piece
    packed = activity.orders_per_year * process.cost_per_order
    return picked + packed + lines * (terms.value_added_cost_per_line or 0.0)
