"""Our profile of a million order lines, and of ten, against pandas and DuckDB doing four aggregations, and
against pandas giving the same answer.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb
import numpy as np
import pandas as pd

from benchmarks.many_lines import ManyLines, write_many_lines
from benchmarks.profile_in_pandas import Told, require_same, told, told_in_pandas
from benchmarks.race import Race
from servicepolicy_api.answering import profile
from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.profile import Profile
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles

COPIES = 40
"""Times the trade of the 25,000 lines of one wholesaler: other customers and orders, the same items."""

CUT_OFFS = (0.05, 0.20)
"""Cumulated shares of the customers and of the items at which a class ends."""

DUCKDB_CLASSES = """
    SELECT {side}, CASE WHEN rank <= 0.05 THEN 0 WHEN rank <= 0.20 THEN 1 ELSE 2 END AS class FROM (
        SELECT {side}, rank() OVER (ORDER BY revenue DESC) / count(*) OVER () AS rank
        FROM (SELECT {side}, sum(quantity_pieces * unit_price_eur) AS revenue FROM lines GROUP BY {side}))
"""


@dataclass(frozen=True)
class Material:
    """The order lines as Parquet and the scenario that asks about them."""

    scenario: Scenario
    folder: Path
    lines: int

    @property
    def orders(self) -> Path:
        """The file."""
        return self.folder / "order_lines.parquet"


def prepare(folder: Path) -> Material:
    """A wholesaler forty times as large."""
    scenario = read_scenario(write_wholesaler(folder, 7).read_bytes())
    one = pd.read_csv(folder / "order_lines.csv", dtype={"order_no": str}, parse_dates=["order_date"])
    copies = []
    for copy in range(COPIES):
        order = one["order_no"] + f"-{copy}"
        copies.append(one.assign(order_no=order, customer_no=one["customer_no"] + f"-{copy}"))
    table = pd.concat(copies, ignore_index=True)
    table.to_parquet(folder / "order_lines.parquet", index=False)
    return alike(Material(scenario, folder, len(table)))


def ten_million(folder: Path) -> ManyLines:
    """A wholesaler's lines four hundred times."""
    return alike(write_many_lines(folder, 10_000_000))


Asked = TypeVar("Asked", Material, ManyLines)


def alike(material: Asked) -> Asked:
    """The material, when our answer and that of pandas are the same in every number."""
    require_same(told(ours(material)), same_in_pandas(material))
    return material


def ours(material: Material | ManyLines) -> Profile:
    """The whole profile: checked, cleaned, classed, and everything `servicepolicy profile` shows."""
    return profile(material.scenario, DemandFiles(material.folder, orders=material.orders))


def same_in_pandas(material: Material | ManyLines) -> Told:
    """The numbers of the whole profile in pandas, cleaning and matching of cancellations included."""
    return told_in_pandas(material.orders, material.folder / "items.csv")


def with_pandas(material: Material | ManyLines) -> object:
    """The four aggregations in pandas."""
    return four_in_pandas(material.orders)


def four_in_pandas(orders: Path) -> object:
    """Read the file, then the four aggregations, as an analyst writes them; nothing is checked or cleaned."""
    lines = pd.read_parquet(orders)
    lines["revenue"] = lines["quantity_pieces"] * lines["unit_price_eur"]
    sums = {"revenue": ("revenue", "sum"), "pieces": ("quantity_pieces", "sum"), "lines": ("revenue", "size")}
    by_customer = lines.groupby("customer_no").agg(**sums, orders=("order_no", "nunique"))
    by_item = lines.groupby("item_no").agg(**sums, orders=("order_no", "nunique"))
    lines["i"] = lines["customer_no"].map(_classes(by_customer["revenue"]))
    lines["j"] = lines["item_no"].map(_classes(by_item["revenue"]))
    by_cell = lines.groupby(["i", "j"]).agg(**sums, orders=("order_no", "nunique"))
    week = lines["order_date"].dt.to_period("W")
    weekly = lines.groupby(["item_no", week])["quantity_pieces"].sum().unstack(fill_value=0)
    return by_customer, by_item, by_cell, weekly.mean(axis=1), weekly.std(axis=1)


def with_duckdb(material: Material | ManyLines) -> object:
    """The four aggregations in SQL; nothing is checked or cleaned."""
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.execute(f"CREATE VIEW lines AS SELECT * FROM read_parquet('{material.orders}')")
        sums = (
            "sum(quantity_pieces * unit_price_eur), sum(quantity_pieces), count(*), count(DISTINCT order_no)"
        )
        for side in ("customer_no", "item_no"):
            connection.execute(f"CREATE TABLE {side}_class AS {DUCKDB_CLASSES.format(side=side)}")
        return [
            connection.execute(query).fetchall()
            for query in (
                f"SELECT customer_no, {sums} FROM lines GROUP BY 1",
                f"SELECT item_no, {sums} FROM lines GROUP BY 1",
                f"SELECT c.class, i.class, {sums} FROM lines JOIN customer_no_class c USING (customer_no) "
                "JOIN item_no_class i USING (item_no) GROUP BY 1, 2",
                "SELECT item_no, avg(pieces), stddev_samp(pieces) FROM (SELECT item_no, "
                "date_trunc('week', order_date) AS week, sum(quantity_pieces) AS pieces FROM lines "
                "GROUP BY 1, 2) GROUP BY 1",
            )
        ]


def _classes(revenue: "pd.Series[float]") -> "pd.Series[int]":
    rank = revenue.rank(ascending=False) / len(revenue)
    return pd.Series(np.searchsorted(CUT_OFFS, rank), index=revenue.index)


def amount(material: Material | ManyLines) -> tuple[float, str]:
    """The lines of the file."""
    return float(material.lines), "lines"


_ABOUT = (
    "The four aggregations: by customer, by item, by cell of the matrix, weekly mean and deviation by item. "
    "Ours also checks and cleans (duplicates, cancellations matched with their orders, ...), adds exactly in "
    "decimals, and finds patterns, margins and extremes. The same answer in pandas is written for this "
    "scenario and adds in floats; that every number of both is the same was asserted before. Ours and DuckDB "
    "use two threads, pandas one."
)

CONTESTANTS = {
    "pandas, four aggregations": with_pandas,
    "pandas, the same answer": same_in_pandas,
    "DuckDB, four aggregations": with_duckdb,
    "servicepolicy profile": ours,
}

RACE = Race(
    name="Profile of a million order lines (Parquet)",
    about=_ABOUT,
    goal="at least 5 x as fast as pandas (on 50 M lines), below 1.5 GB",
    prepare=prepare,
    contestants=CONTESTANTS,
    against="pandas, four aggregations",
    rounds=3,
    work=amount,
)

TEN_MILLION = Race(
    name="Profile of ten million order lines (Parquet)",
    about=f"{_ABOUT} Each once, in a process of its own, in processor seconds of all its threads.",
    goal="at least 5 x as fast as pandas (on 50 M lines), below 1.5 GB",
    prepare=ten_million,
    contestants=CONTESTANTS,
    against="pandas, the same answer",
    rounds=1,
    work=amount,
    once=True,
)
