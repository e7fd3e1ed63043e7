"""Sums of sales activity by any grouping, as Narwhals expressions: the same on DuckDB, Spark, Polars or
pandas.

The frames hold decimals where the database has them, so that the sums are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from servicepolicy_optimizer.profile.placement import Placement
from servicepolicy_optimizer.profile.segment_activity import order_visits


@dataclass(frozen=True)
class ActivityFrames:
    """Partial sums of the placed lines, far fewer than lines.

    `pairs`: customer, item, i, j, r, lines, pieces, revenue, cost: one row for each customer, item and
    region. `visits`: order, i, j, r: one row for each order and cell that meet.
    """

    pairs: nw.LazyFrame[Any]
    visits: nw.LazyFrame[Any]


def activity_frames(placement: Placement) -> ActivityFrames:
    """Add up the placed lines once for customers and items, once for orders."""
    desk = placement.cleaned.desk
    pair, visit = desk.fresh("customer_item"), order_visits(placement)
    money = ", ".join(
        f"sum(CAST({name} AS DECIMAL(38, 9))) AS {name}" for name in ("pieces", "revenue", "cost")
    )
    desk.connection.execute(
        f"CREATE TABLE {pair} AS SELECT customer, item, i, j, r, count(*) AS lines, {money} "
        f"FROM {placement.placed} GROUP BY customer, item, i, j, r"
    )
    # A customer's number follows the last blank, so the text is unique to the order.
    orders = desk.connection.sql(f"SELECT order_number || ' ' || customer AS \"order\", i, j, r FROM {visit}")
    return ActivityFrames(nw.from_native(desk.connection.table(pair)).lazy(), nw.from_native(orders).lazy())


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
    amounts = _rows(frames.pairs, by, _AMOUNTS)
    orders = _rows(frames.visits, by, (nw.col("order").n_unique().alias("orders"),))
    return {
        key: Sums(
            customers=int(row["customers"]),
            items=int(row["items"]),
            orders=int(orders[key]["orders"]),
            lines=int(row["lines"]),
            pieces=float(row["pieces"]),
            revenue=float(row["revenue"]),
            cost=float(row["cost"]),
        )
        for key, row in amounts.items()
    }


_AMOUNTS = (
    nw.col("customer").n_unique().alias("customers"),
    nw.col("item").n_unique().alias("items"),
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
    by_item = frames.pairs.group_by("item").agg(nw.col("i").min(), *amounts)
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
    summed = frames.pairs.group_by(side).agg(*amounts)
    return summed.with_columns((nw.col("revenue") - nw.col("cost")).alias("margin")).sort(
        "margin", side, descending=[True, False]
    )
