"""Two years of trade of a wholesaler that does not exist."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicepolicy_optimizer.synthetic.dirt import soiled
from servicepolicy_optimizer.synthetic.tables import ITEMS, ORDER_LINES

FIRST_DAY, LAST_DAY = "2023-01-02", "2024-12-31"
LINES_PER_ORDER = 6.0
NORTH_SHARE_OF_CUSTOMERS = 0.62
PACK_PIECES = np.array([1, 2, 5, 10, 12, 25])


@dataclass(frozen=True)
class Wholesaler:
    """The tables of one synthetic wholesaler; tables.py declares their columns."""

    order_lines: pd.DataFrame
    items: pd.DataFrame


def wholesaler(
    rng: np.random.Generator, customers: int = 300, items: int = 400, lines: int = 25_000
) -> Wholesaler:
    """Return a wholesaler whose customers differ in worth and whose items differ in velocity.

    Worth of customers is Pareto distributed with the tail index 1.16 of the 80/20 rule; items sell by Zipf's
    law. Orders are lumpy: pack sizes, and now and then a project order. Some items have a season. `lines`
    counts the lines of demand, before dirt (returns, duplicates, freight and the like) is added. The same
    generator state gives the same tables.
    """
    buyers = _buyers(rng, customers)
    articles = _articles(rng, items)
    orders = _orders(rng, buyers, lines, items)
    demand = _lines(rng, orders, articles, lines)
    table = soiled(rng, demand)
    return Wholesaler(order_lines=ORDER_LINES.validate(table), items=ITEMS.validate(_item_table(articles)))


def _buyers(rng: np.random.Generator, count: int) -> pd.DataFrame:
    worth = rng.pareto(1.16, count) + 1.0
    in_north = rng.random(count) < NORTH_SHARE_OF_CUSTOMERS
    return pd.DataFrame(
        {
            "customer_no": [f"K{number:05d}" for number in 10_001 + rng.permutation(count)],
            "region": np.where(in_north, "North", "South"),
            # One customer in a million must not be the whole market.
            "worth": np.minimum(worth, 60.0),
        }
    )


def _articles(rng: np.random.Generator, count: int) -> pd.DataFrame:
    price = np.round(rng.lognormal(np.log(14.0), 0.8, count), 2)
    weight = rng.lognormal(np.log(0.5), 0.8, count)
    # Cheap things come in large packs.
    size = np.floor(5.5 - 1.6 * np.log10(price) - 2.0 * rng.random(count)).astype(int)
    pack = PACK_PIECES[np.clip(size, 0, len(PACK_PIECES) - 1)]
    return pd.DataFrame(
        {
            "item_no": [f"P-{number:04d}" for number in 1 + rng.permutation(count)],
            "velocity": rng.permutation(np.arange(1, count + 1) ** -0.9),
            "season_swing": np.where(rng.random(count) < 0.2, rng.uniform(0.4, 0.95, count), 0.0),
            "season_peak_month": rng.integers(1, 13, count),
            "pack_pieces": pack,
            "project_share": rng.uniform(0.0, 0.05, count),
            "list_price_eur": price,
            "unit_cost_eur": np.round(price * rng.uniform(0.5, 0.72, count), 2),
            "unit_weight_kg": np.round(weight, 3),
            "unit_volume_m3": np.round(weight * rng.uniform(1.5, 5.0, count) / 1000.0, 6),
        }
    )


def _orders(rng: np.random.Generator, buyers: pd.DataFrame, lines: int, items: int) -> pd.DataFrame:
    """As many orders as so many lines need, in the order of their dates; none has more lines than items."""
    count = max(1, int(2.0 * lines / min(LINES_PER_ORDER, items)))
    frequency = buyers["worth"].to_numpy() ** 0.75
    who = rng.choice(len(buyers), count, p=frequency / frequency.sum())
    generosity = buyers["worth"].to_numpy()[who] ** 0.25
    size = 1 + rng.geometric(1.0 / LINES_PER_ORDER, count) * generosity / generosity.mean() * 0.9
    line_count = np.minimum(size.astype(int), items)
    needed = int(np.searchsorted(np.cumsum(line_count), lines)) + 1
    orders = buyers.iloc[who[:needed]].reset_index(drop=True).assign(line_count=line_count[:needed])
    return orders.assign(order_date=_moments(rng, len(orders)))


def _moments(rng: np.random.Generator, count: int) -> NDArray[Any]:
    """Order times: working days only, closed at the turn of the year, busier before Christmas, growing."""
    days = pd.date_range(FIRST_DAY, LAST_DAY, freq="D")
    closed = (days.month == 12) & (days.day >= 24) | (days.month == 1) & (days.day == 1)
    phase = 2.0 * np.pi * (days.day_of_year.to_numpy() - 320) / 365.25
    busy = (1.0 + 0.3 * np.cos(phase)) * (1.0 + 0.05 * (days.year - days.year[0]))
    weight = np.where((days.day_of_week >= 5) | closed, 0.0, busy)
    day = rng.choice(len(days), count, p=weight / weight.sum())
    second = rng.integers(8 * 3600, 18 * 3600, count)
    return np.sort(days.to_numpy()[day].astype("datetime64[s]") + second.astype("timedelta64[s]"))


def _lines(
    rng: np.random.Generator, orders: pd.DataFrame, articles: pd.DataFrame, lines: int
) -> pd.DataFrame:
    numbered = orders.assign(order_no=[str(500_001 + place) for place in range(len(orders))])
    rows = numbered.loc[numbered.index.repeat(numbered["line_count"])].head(lines).reset_index(drop=True)
    article = articles.iloc[_chosen_articles(rng, numbered, articles)[:lines]].reset_index(drop=True)
    packs = rng.geometric(np.clip(0.8 / rows["worth"].to_numpy() ** 0.3, 0.05, 1.0))
    project = np.where(rng.random(len(rows)) < article["project_share"], rng.integers(5, 16, len(rows)), 1)
    discount = np.clip(0.05 * np.log2(rows["worth"].to_numpy()), 0.0, 0.2)
    return pd.DataFrame(
        {
            "order_no": rows["order_no"],
            "customer_no": rows["customer_no"],
            "region": rows["region"],
            "order_date": rows["order_date"].astype("datetime64[us]"),
            "item_no": article["item_no"],
            "description": "Synthetic article " + article["item_no"],
            "quantity_pieces": packs * project * article["pack_pieces"].to_numpy(),
            "unit_price_eur": np.round(article["list_price_eur"].to_numpy() * (1.0 - discount), 2),
        }
    )


def _chosen_articles(
    rng: np.random.Generator, orders: pd.DataFrame, articles: pd.DataFrame
) -> NDArray[np.intp]:
    """The articles of all orders' lines, by velocity and season; an order names an article once.

    Drawing without replacement is taking the largest keys ln(weight) + Gumbel noise (Kool et al. 2019).
    """
    month = orders["order_date"].dt.month.to_numpy()[:, None]
    angle = 2.0 * np.pi * (month - articles["season_peak_month"].to_numpy()) / 12.0
    weight = articles["velocity"].to_numpy() * (1.0 + articles["season_swing"].to_numpy() * np.cos(angle))
    ranked = np.argsort(-(np.log(weight) + rng.gumbel(size=weight.shape)), axis=1)
    wanted = np.arange(len(articles)) < orders["line_count"].to_numpy()[:, None]
    return ranked[wanted]


def _item_table(articles: pd.DataFrame) -> pd.DataFrame:
    table = articles.sort_values("item_no", ignore_index=True)
    table["description"] = "Synthetic article " + table["item_no"]
    return table[list(ITEMS.columns)]
