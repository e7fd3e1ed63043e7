"""Every item to a service level under a budget: by price, against the model of whole items in HiGHS.

After Millstein, Yang & Li (2014), Optimizing ABC inventory grouping decisions, International Journal of
Production Economics 148, 71-80, without the overhead of a group: all levels may be in use.
"""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.sparse import coo_array, csc_array

from benchmarks.duel import Duel, Reached
from benchmarks.item_columns import shelf_of
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.curves.columns import (
    StockedShelf,
    StockPrices,
    best_rungs_at,
    rung_costs,
    stocked_shelf,
)
from servicepolicy_optimizer.curves.guarantee import least_reorder_points
from servicepolicy_optimizer.curves.ladder import highest_reorder_points, pooled_ladder
from servicepolicy_optimizer.curves.promise_measure import service_measure
from servicepolicy_optimizer.curves.stock import StockKnown
from servicepolicy_optimizer.facts import Floats, Rungs
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import run

LEVELS = np.array([0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.99, 0.999])
"""Fill rates that an item may be kept at."""
BUDGET_SHARE = 0.6
"""Of the stock that costs least."""
PRICES_AT_ONCE = 24
PASSES, MOVES = 8, 200
"""Of what is left of the budget: passes over all items, and items that may take of it in a pass."""
SECONDS = 600.0


@dataclass(frozen=True)
class Material:
    """One shelf of items x levels, and what its stock may be worth."""

    shelf: StockedShelf
    budget: float
    gap: float


def prepare(items: int, folder: Path) -> Material:
    """Lumpy and smooth items from a seed; a ladder of one reorder point a service level."""
    scenario, on_shelf = shelf_of(items)
    classes = on_shelf.pieces.shape[1]
    nobody = np.zeros(classes, dtype=bool)
    promises = np.repeat(LEVELS[:, None], classes, axis=1)
    points = least_reorder_points(on_shelf, promises, nobody, highest_reorder_points(on_shelf.demand))
    rungs = pooled_ladder(on_shelf, points)
    service = service_measure(on_shelf, rungs, nobody)
    shelf = stocked_shelf(scenario, scenario.locations[0], on_shelf, StockKnown(rungs, service))
    cheapest = best_rungs_at(shelf, [_prices(shelf, 0.0)])[:, 0]
    return Material(shelf, BUDGET_SHARE * float(_chosen(_stock_value(shelf), cheapest).sum()), 1e-4)


def _prices(shelf: StockedShelf, stock_value: float) -> StockPrices:
    return StockPrices(np.zeros(shelf.items.pieces.shape[1:]), stock_value=stock_value)


def _stock_value(shelf: StockedShelf) -> Floats:
    """(n, M)"""
    worth: Floats = shelf.rungs.on_hand_pieces * shelf.items.purchase_price[:, None]
    return worth


def _chosen(table: Floats, rungs: Rungs) -> Floats:
    picked: Floats = table[np.arange(len(table)), rungs]
    return picked


def ours(material: Material) -> Reached:
    """The price of the budget between two that are near, then the budget's rest given to the items."""
    shelf, budget = replace(material.shelf), material.budget
    worth, cost = _stock_value(shelf), rung_costs(shelf, _prices(shelf, 0.0))
    low, high, bound = 0.0, 10.0 * shelf.carrying_rate_per_year, -np.inf
    for number in range(3):
        grid = np.linspace(low, high, PRICES_AT_ONCE) if number else np.r_[0.0, np.geomspace(1e-3, high, 23)]
        rungs = best_rungs_at(shelf, [_prices(shelf, price) for price in grid])
        values = np.take_along_axis(worth, rungs, 1).sum(axis=0)
        costs = np.take_along_axis(cost, rungs, 1).sum(axis=0)
        bound = max(bound, float((costs + grid * (values - budget)).max()))
        fits = int(np.argmax(values <= budget))
        low, high = float(grid[max(fits - 1, 0)]), float(grid[fits])
    kept = _with_the_rest(worth, cost, rungs[:, fits], budget)
    return Reached(float(_chosen(cost, kept).sum()), bound)


def _with_the_rest(worth: Floats, cost: Floats, kept: Rungs, budget: float) -> Rungs:
    """What is left of the budget, pass by pass to the items that save most for it."""
    kept, left = kept.copy(), budget - float(_chosen(worth, kept).sum())
    for _ in range(PASSES):
        more = worth - _chosen(worth, kept)[:, None]
        saved = _chosen(cost, kept)[:, None] - cost
        use = np.where((more <= left) & (saved > 0), saved / np.maximum(more, 1e-9 * budget), 0.0)
        best = use.argmax(axis=1)
        before = left
        for n in np.argsort(-_chosen(use, best), kind="stable")[:MOVES]:
            if use[n, best[n]] > 0 and more[n, best[n]] <= left:
                left -= float(more[n, best[n]])
                kept[n] = best[n]
        if left == before:
            break
    return kept


def highs(material: Material) -> Reached:
    """A binary for every item and level, one level an item, one row for the budget."""
    found = run(_whole_items(material), Limits(relative_gap=material.gap, time_limit_seconds=SECONDS))
    return Reached(found.objective, found.bound)


def _whole_items(material: Material) -> Arrays:
    worth = _stock_value(material.shelf)
    items, levels = worth.shape
    number = np.arange(items * levels)
    rows = np.concatenate([number // levels, np.full(number.size, items)])
    entries = np.concatenate([np.ones(number.size), worth.ravel()])
    matrix = coo_array((entries, (rows, np.tile(number, 2))), shape=(items + 1, number.size))
    return Arrays(
        cost=rung_costs(material.shelf, _prices(material.shelf, 0.0)).ravel(),
        constant=0.0,
        matrix=csc_array(matrix),
        row_lower=np.r_[np.ones(items), -np.inf],
        row_upper=np.r_[np.ones(items), material.budget],
        lower=np.zeros(number.size),
        upper=np.ones(number.size),
        integral=np.ones(number.size, dtype=bool),
        rows=tuple(("row", n) for n in range(items + 1)),
        columns=tuple(("level", n) for n in number.tolist()),
    )


def size(material: Material) -> str:
    """Items, levels, variables."""
    items, levels = material.shelf.rungs.on_hand_pieces.shape
    return f"{items:,} items x {levels} levels, {items * levels:,} binaries; gap asked {material.gap:.0e}"


def another_question() -> None:
    """One of so many items that machine code is taken for them."""
    with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
        ours(prepare(5_000, Path(folder)))


SHORT = Duel(
    name="Items to service levels under a budget, 1,000 items",
    about="Holding and short pieces cost least while the stock is worth no more than 0.6 of what it would be "
    "without a budget. Both start from the table of items x levels; ours finds the price of the budget on "
    "the envelopes of all items, and its bound is the Lagrangian's. After Millstein, Yang and Li (2014), "
    "without the overhead of a group. HiGHS on one thread. Every process has answered another "
    "question before, as a process of the service has: a cold one takes a second more, in which it loads "
    "machine code.",
    goal="at equal cost within 0.1 % at least 100 x as fast, at 10,000 items",
    prepare=partial(prepare, 1_000),
    contestants={"servicepolicy, by price": ours, "HiGHS, whole items": highs},
    size=size,
    warm_up=another_question,
)
FULL = replace(
    SHORT,
    name="Items to service levels under a budget, 10,000 items",
    prepare=partial(prepare, 10_000),
)
