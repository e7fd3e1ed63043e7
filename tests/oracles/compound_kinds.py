"""Oracles of lumpy demand: compound Poisson and two-moment fits."""

from typing import Any

import numpy as np

from servicepolicy_optimizer.inventory.compound import OrderLines, compound_shelf
from servicepolicy_optimizer.inventory.lattice import LatticeDemand, convolved
from servicepolicy_optimizer.inventory.line_fill import line_fill_rate
from servicepolicy_optimizer.inventory.reorder_point import reorder_point_for_fill_rate
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, pooled_performance, position_stockout
from servicepolicy_optimizer.inventory.two_moment_fit import two_moment_probabilities

Inputs = dict[str, Any]
Outputs = dict[str, Any]

LONGEST_ORDER_PIECES = 2000


def compound_base_stock(given: Inputs) -> Outputs:
    sizes = {int(size): chance for size, chance in given["size_pmf"].items()}
    probability = np.zeros((1, max(sizes) + 1))
    probability[0, list(sizes)] = list(sizes.values())
    shelf = compound_shelf(OrderLines(np.array([given["order_rate"]]), probability), given["lead_time"])
    r = np.array([given["S"] - 1.0])
    return {
        "unit_fill": pooled_performance(shelf, r, 1).unit_fill_rate[0],
        "line_fill": line_fill_rate(shelf, r, 1)[0],
        "ready_rate": 1 - position_stockout(shelf.lead, r, np.ones(1))[0],
    }


def two_moment_fit(given: Inputs) -> Outputs:
    demand = LatticeDemand(two_moment_probabilities(given["mean"], given["sd"])[None, :])
    x = given["x"]
    return {
        "pmf": demand.probability[0, x],
        "cdf": 1 - demand.survival(x)[0],
        "sf_ge": demand.survival(x - 1)[0],
        "loss": demand.loss(x)[0],
    }


def lumpy_backorder(given: Inputs) -> Outputs:
    period = two_moment_probabilities(given["mean"], given["sd"])[None, :]
    lead = np.ones((1, 1))
    for _ in range(given["lead_time"]):
        lead = convolved(lead, period)
    exposed = lead
    for _ in range(given["review"]):
        exposed = convolved(exposed, period)
    increment = np.array([given["mean"] * given["review"]])
    return _fill(given, ShelfDemand(LatticeDemand(lead), LatticeDemand(exposed), increment, True))


def compound_poisson(given: Inputs) -> Outputs:
    variance_to_mean = given["sd"] ** 2 / given["mean"]
    stop = 2 / (variance_to_mean + 1)
    sizes = np.arange(LONGEST_ORDER_PIECES)
    probability = np.where(sizes > 0, stop * (1 - stop) ** (sizes - 1.0), 0.0)[None, :]
    orders = OrderLines(np.array([given["mean"] * stop]), probability)
    return _fill(given, compound_shelf(orders, given["lead_time"], review_days=given["review"]))


def _fill(given: Inputs, shelf: ShelfDemand) -> Outputs:
    """(R, s, nQ) orders when the position is below s, so r = s - 1."""
    r = np.asarray([given["s"]], float) - 1
    return {
        "fill": pooled_performance(shelf, r, np.array([given["Q"]])).unit_fill_rate[0],
        "s_fill95": reorder_point_for_fill_rate(shelf, np.array([given["Q"]]), 0.95)[0] + 1,
    }


KINDS = {
    "compound_poisson_base_stock": compound_base_stock,
    "adan_two_moment_fit": two_moment_fit,
    "rsnq_lumpy_backorder": lumpy_backorder,
    "rsnq_compound_poisson": compound_poisson,
}
