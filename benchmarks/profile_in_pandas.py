"""What `servicepolicy profile` says of a wholesaler's order lines, worked out in pandas: the honest peer.

Written for the scenario of `servicepolicy generate` and its cleaning rules, as an analyst would who takes
care: texts become numbers once, groups are of numbers, and only customers and items with a cancellation are
gone through in a loop.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from servicepolicy_models.profile import Activity, Profile

PERIOD_DAYS = 7
CUT_OFFS = (0.05, 0.20)
REGIONS = ("North", "South")
CLASSES = 3
SHOWN = 10
LARGEST = 1e9

SAME = 1e-9
"""Numbers that differ by less than this share are the same: sums of floats depend on their order."""

STEPS = (
    "duplicate_row", "non_product", "zero_pieces", "write_off", "no_price", "zero_price", "negative_price",
    "cancellation", "return", "cancelled_line",
)  # fmt: skip

Told = Mapping[str, Any]


def told_in_pandas(orders: Path, items: Path) -> Told:
    """Read, check, clean, class and add up; the answer in the words of `told`."""
    lines = _checked(pd.read_parquet(orders))
    waterfall, lines, periods = _cleaned(lines)
    master = pd.read_csv(items)
    cost = pd.Series(master["unit_cost_eur"].to_numpy(), index=master["item_no"].str.upper())
    lines["revenue"] = lines["left"] * lines["unit_price_eur"]
    lines["margin"] = lines["revenue"] - lines["left"] * lines["item"].map(cost).astype(float)
    items_by_revenue = lines.groupby("item", observed=True)["revenue"].sum().round(6)
    lines["j"] = lines["item"].map(_classes(items_by_revenue)).astype("int64")
    buyers = lines.groupby("buyer", sort=False).agg(revenue=("revenue", "sum"), code=("customer_no", "first"))
    named = buyers.dropna(subset="code").set_index("code")["revenue"].round(6)
    of_buyer = buyers["code"].map(_classes(named)).fillna(CLASSES - 1).astype("int64")
    lines["i"] = lines["buyer"].map(of_buyer)
    lines["r"] = lines["region"].map({name: r for r, name in enumerate(REGIONS)}).astype("int64")
    total = _amounts(lines, [])[()]
    return {
        "waterfall": waterfall,
        "total": total,
        "customers": _amounts(lines, ["i"]),
        "items": _amounts(lines, ["j"]),
        "cells": {(i, j, "*"): found for (i, j), found in _amounts(lines, ["i", "j"]).items()}
        | {(i, j, REGIONS[r]): found for (i, j, r), found in _amounts(lines, ["i", "j", "r"]).items()},
        "best and worst customers": _extremes(lines, "buyer", _buyer_names(lines)),
        "best and worst items": _extremes(lines, "item", None),
        "concentration": [_concentration(lines.groupby(side)["revenue"].sum()) for side in ("buyer", "item")],
        "lowest class only": _lowest_class_only(lines),
        **_patterns(lines, periods),
    }


def _checked(lines: pd.DataFrame) -> pd.DataFrame:
    """Refuse what the intake refuses: empty cells, infinite and huge numbers, dates of another age."""
    for name in ("order_no", "item_no", "customer_no", "region", "description"):
        lines[name] = lines[name].astype("category")
        lines[name] = lines[name].cat.rename_categories(list(lines[name].cat.categories.str.strip()))
    numbers = lines[["quantity_pieces", "unit_price_eur"]]
    years = lines["order_date"].dt.year
    if lines[["order_no", "item_no", "quantity_pieces", "order_date"]].isna().to_numpy().any():
        raise ValueError("empty cells")
    if (numbers.abs() > LARGEST).to_numpy().any() or not years.between(1970, 2100).all():
        raise ValueError("impossible numbers or dates")
    by_case = dict(
        zip(lines["item_no"].cat.categories, lines["item_no"].cat.categories.str.upper(), strict=True)
    )
    lines["item"] = lines["item_no"].map(by_case).astype("category")
    return lines


def _cleaned(lines: pd.DataFrame) -> tuple[Told, pd.DataFrame, int]:
    """The waterfall, the demand with the pieces `left`, and the whole periods of the history."""
    compared = [name for name in lines.columns if name != "item_no"]
    pieces, price = lines["quantity_pieces"], lines["unit_price_eur"]
    back = (pieces < 0) | lines["order_no"].cat.categories.str.startswith("C")[lines["order_no"].cat.codes]
    conditions = [
        lines.duplicated(compared),
        lines["item"] == "FREIGHT",
        pieces == 0,
        (pieces < 0) & lines["customer_no"].isna() & (price.fillna(0) <= 0),
        price.isna(),
        price == 0,
        price < 0,
    ]
    step = np.select(conditions, range(len(conditions)), len(STEPS))
    left = pieces.abs().astype(float).to_numpy(copy=True)
    _match(lines, back.to_numpy(), step, left)
    plain = step == len(STEPS)
    size = pieces.abs().to_numpy()
    step[plain & back & (left < size)] = STEPS.index("cancellation")
    step[plain & back & (left >= size)] = STEPS.index("return")
    step[plain & ~back & (left == 0)] = STEPS.index("cancelled_line")
    value = (pieces * price.fillna(0)).to_numpy()
    rows = {name: _step(step == number, pieces, value) for number, name in enumerate(STEPS)}
    kept = step == len(STEPS)
    reduced = kept & (left < size)
    rows["reduced_line"] = (
        int(reduced.sum()),
        float((size - left)[reduced].sum()),
        float(((size - left) * price.to_numpy())[reduced].sum()),
    )
    first, last = lines["order_date"].min().normalize(), lines["order_date"].max().normalize()
    demand = lines[kept].assign(left=left[kept])
    demand["day"] = (demand["order_date"].dt.normalize() - first).dt.days
    order = demand["order_no"].cat.codes.astype("int64")
    customer = demand["customer_no"].cat.codes.astype("int64")
    demand["buyer"] = customer.where(customer >= 0, -1 - order)
    demand["order"] = pd.factorize(order * (customer.max() + 2) + customer)[0]
    return rows, demand, ((last - first).days + 1) // PERIOD_DAYS


def _step(taken: np.ndarray, pieces: "pd.Series[int]", value: np.ndarray) -> tuple[int, float, float]:
    return int(taken.sum()), float(pieces[taken].sum()), float(value[taken].sum())


def _match(lines: pd.DataFrame, back: np.ndarray, step: np.ndarray, left: np.ndarray) -> None:
    """Cancellations take the latest earlier line of as many pieces, then what they need of the latest."""
    customer, item = lines["customer_no"].cat.codes.to_numpy(), lines["item"].cat.codes.to_numpy()
    trade = customer.astype("int64") * (int(item.max()) + 1) + item
    asked = (step == len(STEPS)) & (customer >= 0)
    near = np.flatnonzero(asked & np.isin(trade, np.unique(trade[asked & back])))
    moment = lines["order_date"].to_numpy()[near]
    near = near[np.lexsort((near, back[near], moment, trade[near]))]
    ends = np.flatnonzero(np.diff(trade[near])) + 1
    for rows in np.split(near, ends):
        _match_one(rows.tolist(), back, left)


def _match_one(rows: list[int], back: np.ndarray, left: np.ndarray) -> None:
    gone: set[int] = set()
    for exact in (True, False):
        earlier: list[int] = []
        for row in rows:
            if row in gone:
                continue
            if not back[row]:
                earlier.append(row)
                continue
            for one in reversed(earlier):
                if one in gone:
                    continue
                if exact and left[one] == left[row]:
                    gone |= {one, row}
                    left[one] = left[row] = 0.0
                    break
                if not exact:
                    taken = min(left[one], left[row])
                    left[one] -= taken
                    left[row] -= taken
                    if left[row] == 0:
                        break


def _classes(measure: "pd.Series[float]") -> "pd.Series[int]":
    """Class of each code: ranked by measure, then by code."""
    ranked = measure.rename("measure").rename_axis("code").reset_index().astype({"code": "str"})
    ranked = ranked.sort_values(["measure", "code"], ascending=[False, True])
    before = np.arange(len(ranked)) / len(ranked)
    return pd.Series(np.searchsorted(np.array(CUT_OFFS) - 1e-12, before, side="right"), index=ranked["code"])


def _amounts(lines: pd.DataFrame, by: list[str]) -> dict[tuple[Any, ...], tuple[float, ...]]:
    """customers, items, orders, lines, pieces, revenue, margin by group."""
    every = lines if by else lines.assign(every=0)
    groups = every.groupby(by or ["every"], observed=True)
    found = groups.agg(
        customers=("buyer", "nunique"),
        items=("item", "nunique"),
        orders=("order", "nunique"),
        lines=("left", "size"),
        pieces=("left", "sum"),
        revenue=("revenue", "sum"),
        margin=("margin", "sum"),
    )
    keys = [key if isinstance(key, tuple) else (key,) for key in found.index] if by else [()]
    return dict(zip(keys, found.itertuples(index=False, name=None), strict=True))


def _buyer_names(lines: pd.DataFrame) -> "pd.Series[str]":
    """The customer's code, or that of the order that stands for one."""
    first = lines.drop_duplicates("buyer")
    order = "order " + first["order_no"].astype(str)
    return pd.Series(first["customer_no"].astype(object).fillna(order).to_numpy(), index=first["buyer"])


def _extremes(
    lines: pd.DataFrame, side: str, names: "pd.Series[str] | None"
) -> list[list[tuple[str, float, float, float, float]]]:
    """Those with the highest and the lowest margin; ties by code, customers without one last."""
    found = lines.groupby(side, observed=True).agg(
        revenue=("revenue", "sum"), margin=("margin", "sum"), pieces=("left", "sum"), lines=("left", "size")
    )
    found["code"] = found.index.astype(str) if names is None else names.loc[found.index].to_numpy()
    found["single"] = found.index < 0 if names is not None else False
    found["ranked"] = found["margin"].round(6)
    shown = []
    for rising in (False, True):
        ordered = found.sort_values(["ranked", "single", "code"], ascending=[rising, True, True]).head(SHOWN)
        shown.append(
            list(ordered[["code", "revenue", "margin", "pieces", "lines"]].itertuples(index=False, name=None))
        )
    return shown


def _concentration(revenue: "pd.Series[float]") -> tuple[float, float, float, float]:
    rising = np.sort(revenue.clip(lower=0).to_numpy())
    count, total = len(rising), rising.sum()
    top = [float(rising[count - math.ceil(count * one / 100) :].sum() / total) for one in (1, 5, 20)]
    gini = 2 * float(np.arange(1, count + 1) @ rising) / (count * total) - (count + 1) / count
    return top[0], top[1], top[2], gini


def _lowest_class_only(lines: pd.DataFrame) -> tuple[float, float, float]:
    """Items, pieces and revenue of what only the lowest class buys."""
    found = lines.groupby("item", observed=True).agg(
        best=("i", "min"), pieces=("left", "sum"), revenue=("revenue", "sum")
    )
    only = found[found["best"] == CLASSES - 1]
    return len(only), float(only["pieces"].sum()), float(only["revenue"].sum())


def _patterns(lines: pd.DataFrame, periods: int) -> Told:
    """Items by class and pattern, by class and variability, and the share of periods without demand."""
    period = lines["day"] // PERIOD_DAYS
    weekly = lines[period < periods].groupby(["item", period], observed=True)["left"].sum()
    by_item = pd.DataFrame({"x": weekly, "x2": weekly**2}).groupby(level=0, observed=True)
    found = by_item.agg(filled=("x", "size"), pieces=("x", "sum"), squares=("x2", "sum"))
    j = lines.drop_duplicates("item").set_index("item")["j"]
    found = found.reindex(j.index.astype(str), fill_value=0).assign(j=j.to_numpy())
    sizes = _squared_variation(found, found["filled"])
    spread = np.sqrt(_squared_variation(found, pd.Series(float(periods), index=found.index)))
    interval = periods / found["filled"].replace(0, np.nan)
    pattern = 2 * (interval.fillna(np.inf) >= 1.32) + 1 * (sizes >= 0.49)
    variability = pd.Series(np.searchsorted([0.5, 1.0], spread), index=found.index).where(
        found["filled"] > 0, 2
    )
    pieces = found.groupby("j")["pieces"].sum()
    kinds = {}
    for name, kind in (("patterns", pattern), ("variability", variability)):
        counted = found.groupby([found["j"], kind])["pieces"].agg(["size", "sum"]).itertuples(name=None)
        kinds[name] = {(j, code): (size, amount / pieces[j]) for (j, code), size, amount in counted}
    return {**kinds, "empty periods": 1 - float(found["filled"].sum()) / (len(found) * periods)}


def _squared_variation(found: pd.DataFrame, count: "pd.Series[float]") -> "pd.Series[float]":
    variance = (found["squares"] - found["pieces"] ** 2 / count).clip(lower=0) / (count - 1)
    return (variance / (found["pieces"] / count) ** 2).where((count > 1) & (found["pieces"] > 0), 0.0)


def told(profile: Profile) -> Told:
    """The numbers of a profile, as they are compared."""
    steps = {one.rule.removeprefix("demand."): one for one in profile.waterfall}
    classes = [one.name for one in profile.customers.classes]
    kinds = {}
    for name in ("patterns", "variability"):
        order = list(dict.fromkeys(one.kind for one in getattr(profile, name)))
        kinds[name] = {
            (classes.index(one.item_class), order.index(one.kind)): (one.items, one.pieces_share)
            for one in getattr(profile, name)
            if one.items
        }
    only = profile.lowest_class_only
    total = profile.total
    return {
        "waterfall": {
            name: (steps[name].rows + steps[name].rows_reduced, steps[name].pieces, steps[name].value)
            for name in (*STEPS, "reduced_line")
        },
        "total": _numbers(total),
        "customers": {(i,): _numbers(one.activity) for i, one in enumerate(profile.customers.classes)},
        "items": {(j,): _numbers(one.activity) for j, one in enumerate(profile.items.classes)},
        "cells": {
            (classes.index(one.customer_class), classes.index(one.item_class), one.region): _numbers(
                one.activity
            )
            for one in profile.cells
        },
        **{
            f"best and worst {name}": [
                [(one.code, one.revenue, one.margin, one.pieces, one.lines) for one in shown]
                for shown in (side.best, side.worst)
            ]
            for name, side in (("customers", profile.customers), ("items", profile.items))
        },
        "concentration": [
            tuple(side.concentration.model_dump().values()) for side in (profile.customers, profile.items)
        ],
        "lowest class only": only
        and (only.items, only.pieces_share * total.pieces, only.revenue_share * total.revenue),
        **kinds,
        "empty periods": profile.zero_period_share,
    }


def _numbers(one: Activity) -> tuple[float, ...]:
    return one.customers, one.items, one.orders, one.lines, one.pieces, one.revenue, one.margin


def require_same(ours: Any, theirs: Any, where: str = "profile") -> None:
    """Raise where two answers differ, and say where."""
    if isinstance(ours, Mapping):
        if set(ours) != set(theirs):
            raise AssertionError(f"{where}: {sorted(map(str, ours))} and {sorted(map(str, theirs))}")
        for key in ours:
            require_same(ours[key], theirs[key], f"{where}, {key}")
    elif isinstance(ours, (tuple, list)):
        if len(ours) != len(theirs):
            raise AssertionError(f"{where}: {len(ours)} and {len(theirs)}")
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            require_same(one, other, f"{where}, {place}")
    elif isinstance(ours, str):
        if ours != theirs:
            raise AssertionError(f"{where}: {ours} and {theirs}")
    elif not math.isclose(ours, theirs, rel_tol=SAME, abs_tol=SAME):
        raise AssertionError(f"{where}: {ours} and {theirs}")
