"""Yearly activity by customer class, item class and region: orders, visits, lines, pieces, weight, money,
customers.
"""

from typing import Any

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import WEIGHT_BINS, Floats, SegmentFacts
from servicepolicy_optimizer.profile.history import History
from servicepolicy_optimizer.profile.placement import Placement
from servicepolicy_optimizer.profile.sums import exact_sum

PERCENTILES = 101


def segment_facts(scenario: Scenario, placement: Placement, history: History) -> SegmentFacts:
    """Add up the placed lines once into order visits (order, segment), and everything from those.

    An order is an order number of one customer. Yearly: history x days_per_year / days of history. Customers
    are counted over the history, but those that stand for one order each are as many a year as their orders.
    """
    desk = placement.cleaned.desk
    segmentation = scenario.segmentation
    shape = (len(segmentation.customers.classes), len(segmentation.items.classes), len(segmentation.regions))
    per_year = scenario.days_per_year / history.days
    visit, cell = order_visits(placement), desk.fresh("cell")
    percentiles = ", ".join(f"{number / (PERCENTILES - 1)!r}" for number in range(PERCENTILES))
    desk.connection.execute(
        f"""
        CREATE TABLE {cell} AS
        SELECT i, j, r, count(*) AS visits, {exact_sum("lines / order_lines")} AS orders, sum(lines) AS lines,
            {exact_sum("pieces")} AS pieces, {exact_sum("weight_kg")} AS weight_kg, {exact_sum("revenue")} AS
                revenue,
            count(DISTINCT customer) FILTER (named) AS named_customers,
            count(DISTINCT customer) FILTER (NOT named) AS single_customers,
            quantile_cont(order_value, [{percentiles}]) AS order_values
        FROM {visit} GROUP BY i, j, r
        """
    )
    found = desk.connection.execute(f"SELECT * EXCLUDE (order_values) FROM {cell}").fetchnumpy()
    order_values = desk.connection.execute(
        f"SELECT i, j, r, unnest(order_values) AS value FROM {cell}"
    ).fetchnumpy()
    return SegmentFacts(
        orders_per_year=_dense(found, "orders", shape) * per_year,
        order_visits_per_year=_dense(found, "visits", shape) * per_year,
        lines_per_year=_dense(found, "lines", shape) * per_year,
        pieces_per_year=_dense(found, "pieces", shape) * per_year,
        weight_kg_per_year=_dense(found, "weight_kg", shape) * per_year,
        revenue_per_year=_dense(found, "revenue", shape) * per_year,
        customers=_dense(found, "named_customers", shape)
        + _dense(found, "single_customers", shape) * per_year,
        visit_weight_kg=_weight_bins(visit, shape, placement),
        order_value_quantiles=_quantiles(order_values, shape),
    )


def order_visits(placement: Placement) -> str:
    """A view with a row for each order and segment that meet, with the whole order's lines and value."""
    desk = placement.cleaned.desk
    part, visit = desk.fresh("order_part"), desk.fresh("visit")
    desk.connection.execute(
        f"""
        CREATE TABLE {part} AS
        SELECT order_number, customer, named, i, j, r, count(*) AS lines, {exact_sum("pieces")} AS pieces,
            {exact_sum("revenue")} AS revenue, {exact_sum("weight_kg")} AS weight_kg
        FROM {placement.placed} GROUP BY order_number, customer, named, i, j, r
        """
    )
    desk.connection.execute(
        f"""
        CREATE VIEW {visit} AS
        SELECT part.*, order_lines, order_value
        FROM {part} AS part JOIN (
            SELECT order_number, customer, sum(lines) AS order_lines, {exact_sum("revenue")} AS order_value
            FROM {part} GROUP BY order_number, customer
        ) USING (order_number, customer)
        """
    )
    return visit


def _weight_bins(visit: str, shape: tuple[int, int, int], placement: Placement) -> Floats:
    """(I, J, R, bins) mean weight of the visits in equal-probability bins.

    The k-th lightest of n visits holds the probabilities (k-1)/n .. k/n; a visit that straddles two bins
    counts in both by its overlap, so that the mean of the bins is the mean weight whatever n is.
    """
    # In units of 1 / (bins x n): visit k covers (k-1) x bins .. k x bins, bin b covers b x n .. (b+1) x n.
    overlap = f"least(k * {WEIGHT_BINS}, (bin + 1) * n) - greatest((k - 1) * {WEIGHT_BINS}, bin * n)"
    found = placement.cleaned.desk.connection.execute(
        f"""
        WITH ranked AS (
            SELECT i, j, r, weight_kg, row_number() OVER (PARTITION BY i, j, r ORDER BY weight_kg) AS k,
                count(*) OVER (PARTITION BY i, j, r) AS n
            FROM {visit}
        ), overlapping AS (
            SELECT *, unnest(range((k - 1) * {WEIGHT_BINS} // n, (k * {WEIGHT_BINS} + n - 1) // n)) AS bin
                FROM ranked
        )
        SELECT i, j, r, bin, {exact_sum(f"weight_kg * ({overlap})")} / n AS weight_kg FROM overlapping GROUP
            BY i, j, r, bin, n
        """
    ).fetchnumpy()
    bins = np.zeros((*shape, WEIGHT_BINS))
    bins[found["i"], found["j"], found["r"], found["bin"]] = found["weight_kg"]
    return np.maximum.accumulate(bins, axis=-1)  # rounding must not make a heavier bin lighter


def _dense(found: dict[str, Any], name: str, shape: tuple[int, int, int]) -> Floats:
    dense = np.zeros(shape)
    dense[found["i"], found["j"], found["r"]] = found[name]
    return dense


def _quantiles(found: dict[str, Any], shape: tuple[int, int, int]) -> Floats:
    """(I, J, R, 101): `unnest` keeps the 101 rows of a segment together and in order."""
    quantiles = np.zeros((*shape, PERCENTILES))
    step = slice(None, None, PERCENTILES)
    quantiles[found["i"][step], found["j"][step], found["r"][step]] = found["value"].reshape(-1, PERCENTILES)
    return quantiles
