"""Sums of sales activity by any grouping, as Narwhals expressions: the same on DuckDB, Spark, Polars or
pandas.

The frames hold decimals where the database has them, so that the sums are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from servicepolicy_optimizer.profile.order_sets import OrderSet, order_sets, orders_by
from servicepolicy_optimizer.profile.placement import Placement
from servicepolicy_optimizer.profile.sums import money_sums


@dataclass(frozen=True)
class ActivityFrames:
    """Partial sums of the placed lines: as many rows as customers, items and cells meet, however many lines.

    `customers`: customer, i, j, r, lines, pieces, revenue, cost. `items`: item, i, j, r and the same amounts.
    """

    customers: nw.LazyFrame[Any]
    items: nw.LazyFrame[Any]
    orders: tuple[OrderSet, ...]


def activity_frames(placement: Placement, shape: tuple[int, int, int]) -> ActivityFrames:
    """One pass over the lines for the items, one for the orders; customers were added up before.

    `shape` counts customer classes, item classes and regions.
    """
    desk = placement.cleaned.desk
    # Tables: a view would be worked out anew for each of the groupings.
    customers = desk.fresh("customer_activity")
    desk.connection.execute(
        f"CREATE TABLE {customers} AS SELECT customer, class AS i, j, r, lines, pieces, revenue, cost "
        f"FROM {placement.customer_sums} JOIN {placement.customer_class} ON number = customer"
    )
    items = _item_activity(placement)
    by_customer, by_item = (desk.connection.sql(f"SELECT * FROM {one}") for one in (customers, items))
    return ActivityFrames(
        nw.from_native(by_customer).lazy(), nw.from_native(by_item).lazy(), order_sets(placement, shape)
    )


def _item_activity(placement: Placement) -> str:
    """A table (item, i, j, r, lines, pieces, revenue, cost)."""
    if placement.arrays is not None:
        return placement.arrays.item_sums(placement.customer_classes())
    desk = placement.cleaned.desk
    items = desk.fresh("item_activity")
    desk.connection.execute(
        f"CREATE TABLE {items} AS SELECT item, i, j, r, count(*) AS lines, {money_sums()} "
        f"FROM {placement.placed} GROUP BY item, i, j, r"
    )
    return items


@dataclass(frozen=True)
class Sums:
    """What a group amounts to."""

    customers: int
    items: int
    orders: int
    lines: int
    pieces: float
    revenue: float
    cost: float


def sums_by(frames: ActivityFrames, by: Sequence[str]) -> dict[tuple[int, ...], Sums]:
    """Sums of every group; `by` are names among i, j, r; without names, one group ()."""
    amounts = _rows(frames.customers, by, _AMOUNTS)
    items = _rows(frames.items, by, (nw.col("item").n_unique().alias("items"),))
    orders = orders_by(frames.orders, by)
    return {
        key: Sums(
            customers=int(row["customers"]),
            items=int(items[key]["items"]),
            orders=orders[key],
            lines=int(row["lines"]),
            pieces=float(row["pieces"]),
            revenue=float(row["revenue"]),
            cost=float(row["cost"]),
        )
        for key, row in amounts.items()
    }


_AMOUNTS = (
    nw.col("customer").n_unique().alias("customers"),
    nw.col("lines").sum(),
    nw.col("pieces").sum(),
    nw.col("revenue").sum(),
    nw.col("cost").sum(),
)


def _rows(
    frame: nw.LazyFrame[Any], by: Sequence[str], sums: Sequence[nw.Expr]
) -> dict[tuple[int, ...], dict[str, Any]]:
    """Group key -> row."""
    grouped = frame.group_by(*by).agg(*sums) if by else frame.select(*sums)
    rows = grouped.collect().rows(named=True)
    return {tuple(int(row[name]) for name in by): row for row in rows}


@dataclass(frozen=True)
class ItemSums:
    """What some items amount to."""

    items: int
    pieces: float
    revenue: float
    cost: float


def items_of_lowest_class(frames: ActivityFrames, lowest: int) -> ItemSums:
    """The items that no customer of a class better than `lowest` buys."""
    amounts = [nw.col(name).sum() for name in ("pieces", "revenue", "cost")]
    by_item = frames.items.group_by("item").agg(nw.col("i").min(), *amounts)
    only = by_item.filter(nw.col("i") == lowest).select(nw.len().alias("items"), *amounts)
    row = only.collect().rows(named=True)[0]
    return ItemSums(
        items=int(row["items"]),
        pieces=float(row["pieces"] or 0),
        revenue=float(row["revenue"] or 0),
        cost=float(row["cost"] or 0),
    )


def accounts(frames: ActivityFrames, side: str) -> nw.LazyFrame[Any]:
    """One row for each customer or item (`side` = `customer` or `item`): lines, pieces, revenue, margin.

    Ordered by margin, the highest first, then by number.
    """
    amounts = [nw.col(name).sum() for name in ("lines", "pieces", "revenue", "cost")]
    frame = frames.customers if side == "customer" else frames.items
    summed = frame.group_by(side).agg(*amounts)
    return summed.with_columns((nw.col("revenue") - nw.col("cost")).alias("margin")).sort(
        "margin", side, descending=[True, False]
    )
