"""What a shelf costs at least at some prices, every item at its best rung: for bounds, and new columns."""

from collections.abc import Callable

import numpy as np

from servicepolicy_optimizer.curves.columns import (
    StockedShelf,
    StockPrices,
    chooser,
    number_type,
    rung_costs,
    seen_costs,
    threads_for,
)
from servicepolicy_optimizer.curves.envelope_of_many import least_of_many
from servicepolicy_optimizer.curves.lots import are_many, lots_of
from servicepolicy_optimizer.facts import Floats, Rungs
from servicepolicy_optimizer.inventory.side_by_side import side_by_side

CELLS_AT_ONCE = 20_000
"""Items times rungs, where every rung is priced: so that it stays in a processor's cache."""


def lagrangian(shelf: StockedShelf, prices: StockPrices) -> float:
    """Least cost over all rungs of all items, with what is used charged at the prices: currency per year.

    Constant parts (supply, handling, pipeline) included, so that no choice on the ladder costs less.
    """
    return cheapest(shelf, prices)[0]


def cheapest(shelf: StockedShelf, prices: StockPrices) -> tuple[float, Rungs]:
    """`lagrangian`, and the rungs (n,) that come to it: `best_rungs`."""
    of_rungs, best = cheapest_rungs(shelf, prices)
    return constant_at(shelf, prices) + of_rungs, best


def constant_at(shelf: StockedShelf, prices: StockPrices) -> float:
    """What no rung changes, at the prices: currency a year."""
    constant = shelf.constant_cost + shelf.carrying_rate_per_year * shelf.pipeline_value
    return (prices.objective + prices.money) * constant + prices.stock_value * shelf.pipeline_value


def cheapest_rungs(shelf: StockedShelf, prices: StockPrices) -> tuple[float, Rungs]:
    """`cheapest` without what no rung changes."""
    if not shelf.items.rows.size:
        return 0.0, np.zeros(0, number_type(shelf))
    best, costs = _cheapest_of_items(shelf, prices)
    return float(costs.sum()), best


def _cheapest_of_items(shelf: StockedShelf, prices: StockPrices) -> tuple[Rungs, Floats]:
    """(n,) the best rungs, and (n,) `rung_costs` of them."""
    n = shelf.items.rows.size
    best, costs = np.empty(n, number_type(shelf)), np.empty(n)
    of_lot, lots = _least_of_rungs(shelf, prices, best, costs), _lots_of_rungs(shelf)
    if shelf.envelope is not None:
        of_lot, lots = _least_on_envelope(shelf, prices, best, costs), lots_of(n)
    for _ in side_by_side(of_lot, lots, threads_for(n)):
        pass
    shelf.let_go()
    return best, costs


def _lots_of_rungs(shelf: StockedShelf) -> list[slice]:
    """Of very many items what is compiled takes no memory by the rung."""
    n = shelf.items.rows.size
    return lots_of(n) if are_many(n) else lots_of(n, max(CELLS_AT_ONCE // shelf.rungs.rungs, 1))


def _least_of_rungs(
    shelf: StockedShelf, prices: StockPrices, best: Rungs, costs: Floats
) -> Callable[[slice], None]:
    """Of a lot of the items the best rungs and their costs, every rung priced."""

    def of_lot(lot: slice) -> None:
        if are_many(shelf.items.rows.size):
            per_piece, seen = seen_costs(shelf, prices, lot)
            stock, fill = shelf.rungs.on_hand_pieces[lot], shelf.rungs.fill_rate[lot]
            least_of_many(stock, fill, per_piece, seen, best[lot], costs[lot])
            return
        every = rung_costs(shelf, prices, lot)
        lowest = np.argmin(every, axis=1)
        best[lot], costs[lot] = lowest, every[np.arange(lowest.size), lowest]

    return of_lot


def _least_on_envelope(
    shelf: StockedShelf, prices: StockPrices, best: Rungs, costs: Floats
) -> Callable[[slice], None]:
    """Of a lot of the items the best rungs and their costs, looked up."""
    choose, rungs = chooser(shelf, [prices]), shelf.rungs

    def of_lot(lot: slice) -> None:
        best[lot] = lowest = choose(lot)[:, 0]
        per_piece, seen = seen_costs(shelf, prices, lot)
        at = np.arange(lowest.size) * rungs.rungs + lowest
        missing = 1.0 - rungs.fill_rate[lot].ravel().take(at)
        costs[lot] = per_piece * rungs.on_hand_pieces[lot].ravel().take(at) + seen[:, 0] * missing

    return of_lot
