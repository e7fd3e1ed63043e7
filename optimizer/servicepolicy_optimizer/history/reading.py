"""Cleaned and placed order lines -> their history as arrays."""

from typing import Any

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import Tables
from servicepolicy_optimizer.history.order_history import OrderHistory
from servicepolicy_optimizer.profile import Placement, place


def order_history(scenario: Scenario, tables: Tables) -> tuple[OrderHistory, Placement]:
    """Take the lines out of the workspace. Raises OrderLinesRejected as `place` does."""
    placement = place(scenario, tables.lines, tables.items, tables.customers)
    run = tables.lines.desk.connection.execute
    placed = placement.placed
    if tables.lines.orders is not None:
        placed = (
            f"(SELECT placed.* REPLACE (orders.order_number AS order_number) FROM {placed} AS placed "
            f"JOIN {tables.lines.orders} AS orders ON orders.number = placed.order_number)"
        )
    lines = run(
        "SELECT item, customer, dense_rank() OVER (ORDER BY order_number) - 1 AS place, r, day,"
        f" pieces, revenue, cost FROM {placed} ORDER BY day, row"
    ).fetchnumpy()
    orders = run(f"SELECT DISTINCT order_number FROM {placed} ORDER BY order_number").fetchnumpy()
    items = run(f"SELECT code, unit_cost FROM {placement.worth} ORDER BY item").fetchnumpy()
    customers = run(
        "SELECT customer, coalesce(code, order_number) AS code, code IS NOT NULL AS named "
        f"FROM {tables.lines.customers} ORDER BY customer"
    ).fetchnumpy()
    ranked = run(f"SELECT ranked FROM {placement.customer_rank.table} ORDER BY number").fetchnumpy()
    classes = [
        run(f"SELECT class FROM {table} ORDER BY number").fetchnumpy()["class"]
        for table in (placement.item_class, placement.customer_class)
    ]
    history = OrderHistory(
        item=_whole(lines["item"]),
        customer=np.searchsorted(_whole(customers["customer"]), _whole(lines["customer"])),
        order=_whole(lines["place"]),
        region=_whole(lines["r"]),
        day=_whole(lines["day"]),
        pieces=np.asarray(lines["pieces"], float),
        revenue=np.asarray(lines["revenue"], float),
        cost=np.asarray(lines["cost"], float),
        items=tuple(map(str, items["code"])),
        orders=tuple(map(str, orders["order_number"])),
        customers=tuple(map(str, customers["code"])),
        ranked_customers=np.asarray(ranked["ranked"], bool),
        unit_cost=np.asarray(items["unit_cost"], float),
        item_class=_whole(classes[0]),
        customer_class=_whole(classes[1]),
        first_day=tables.lines.first_day,
        days=tables.lines.span_days,
    )
    return history, placement


def _whole(values: Any) -> np.ndarray:
    return np.asarray(values).astype(np.intp)
