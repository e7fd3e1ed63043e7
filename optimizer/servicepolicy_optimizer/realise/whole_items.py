"""The master model may run an item class between two columns. Items are whole: each gets one rung, chosen
by price.

The dual prices of the fill-rate rows are where the mix was found. At exactly these prices some items are
indifferent
between two rungs; the prices are raised as little as needed until every segment's promise holds for whole
items, and
the last items that moved go back where the promise can spare them. So the cost exceeds the mix by at most
the step of
an item or two, and the difference is part of the reported gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.curves.columns import StockPrices, StockedShelf, best_rungs
from servicepolicy_optimizer.facts import Floats, Ints

SWEEPS = 8
BISECTIONS = 40
HIGHEST_PRICE_FACTOR = 1e9


@dataclass(frozen=True)
class Need:
    """A segment's promise on the shelves of one item class."""

    customer_class: int
    regions: tuple[int, ...]
    short_at_most: float
    """Pieces a year."""


Assignment = Mapping[str, Ints]
"""Shelf name -> (n,) rung of every item."""


def realise_class(
    shelves: Mapping[str, StockedShelf],
    others: Mapping[str, StockPrices],
    needs: Sequence[Need],
    start: Sequence[float],
) -> Assignment | None:
    """Rungs for every item on every shelf of an item class, so that every need is kept; None if no rungs
    keep them.

    others: shelf -> prices of what else is scarce (their `short` is not used). start: price of each need
    in the mix.
    """
    search = _Search(shelves, others, needs)
    prices = _raise(search, np.array(start, float))
    if prices is None:
        return None
    prices = _lower(search, prices)
    return _give_back(search, prices)


@dataclass(frozen=True)
class _Search:
    shelves: Mapping[str, StockedShelf]
    others: Mapping[str, StockPrices]
    needs: Sequence[Need]

    def assign(self, price: Floats) -> dict[str, Ints]:
        """Every item at its best rung for a price (needs,) on each need."""
        return {
            name: best_rungs(shelf, self._prices(name, shelf, price)) for name, shelf in self.shelves.items()
        }

    def short(self, chosen: Assignment) -> Floats:
        """(needs,) pieces short a year."""
        total = np.zeros(len(self.needs))
        for name, shelf in self.shelves.items():
            n = np.arange(shelf.items.rows.size)
            missing = 1.0 - shelf.rungs.fill_rate[n, chosen[name]]
            for k, need in enumerate(self.needs):
                pieces = shelf.items.pieces[:, need.customer_class][:, list(need.regions)].sum(axis=1)
                missed = missing[:, 0 if missing.shape[1] == 1 else need.customer_class]
                total[k] += float((pieces * missed).sum())
        return total

    def excess(self, chosen: Assignment) -> Floats:
        """(needs,) pieces short beyond what the promise allows; at most 0 where it is kept."""
        allowed = np.array([need.short_at_most for need in self.needs])
        beyond: Floats = self.short(chosen) - allowed - 1e-9 * np.maximum(allowed, 1.0)
        return beyond

    def kept(self, price: Floats) -> bool:
        """Whether every promise holds at these prices."""
        return bool((self.excess(self.assign(price)) <= 0).all())

    def scale(self) -> float:
        """A price at which stock certainly moves: the dearest holding cost of a piece for a year."""
        return (
            max((float(shelf.holding_cost.max(initial=0.0)) for shelf in self.shelves.values()), default=1.0)
            or 1.0
        )

    def _prices(self, name: str, shelf: StockedShelf, price: Floats) -> StockPrices:
        short = np.zeros(shelf.items.pieces.shape[1:])
        for need, value in zip(self.needs, price, strict=True):
            short[need.customer_class, list(need.regions)] += value
        other = self.others[name]
        return StockPrices(short, other.money, other.stock_value, other.storage_m3)


def _raise(search: _Search, price: Floats) -> Floats | None:
    """Raise the price of every broken promise as little as needed, one after the other, until all hold."""
    for _ in range(SWEEPS):
        broken = np.flatnonzero(search.excess(search.assign(price)) > 0)
        if not broken.size:
            return price
        for k in broken:
            price = _raise_one(search, price, int(k))
    for factor in 4.0 ** np.arange(1, 20):
        lifted = np.maximum(price, search.scale() * 1e-6) * factor
        if search.kept(lifted):
            return lifted
    return None


def _raise_one(search: _Search, price: Floats, k: int) -> Floats:
    """The least price of need k at which it holds, the others fixed; the highest tried if none does."""
    low = price[k]
    high = max(low, search.scale() * 1e-3)
    while search.excess(search.assign(_with(price, k, high)))[k] > 0:
        low, high = high, high * 4.0
        if high > search.scale() * HIGHEST_PRICE_FACTOR:
            return _with(price, k, high)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2.0
        if search.excess(search.assign(_with(price, k, middle)))[k] > 0:
            low = middle
        else:
            high = middle
        if high - low <= 1e-9 * high:
            break
    return _with(price, k, high)


def _lower(search: _Search, price: Floats) -> Floats:
    """Lower every price as far as all promises still hold."""
    for k in np.argsort(-price):
        low, high = 0.0, float(price[k])
        if high == 0.0:
            continue
        if search.kept(_with(price, int(k), 0.0)):
            price = _with(price, int(k), 0.0)
            continue
        for _ in range(BISECTIONS):
            middle = (low + high) / 2.0
            low, high = (low, middle) if search.kept(_with(price, int(k), middle)) else (middle, high)
            if high - low <= 1e-9 * high:
                break
        price = _with(price, int(k), high)
    return price


def _give_back(search: _Search, price: Floats) -> Assignment:
    """Move items that are indifferent at these prices back to the cheaper rung, as long as every promise
    holds.
    """
    chosen = search.assign(price)
    cheaper = search.assign(price * (1.0 - 1e-6))
    for name, shelf in search.shelves.items():
        moved = np.flatnonzero(cheaper[name] != chosen[name])
        saving = shelf.holding_cost[moved] * (
            shelf.rungs.on_hand_pieces[moved, chosen[name][moved]]
            - shelf.rungs.on_hand_pieces[moved, cheaper[name][moved]]
        )
        for n in moved[np.argsort(-saving)][:200]:
            trial = {**chosen, name: chosen[name].copy()}
            trial[name][n] = cheaper[name][n]
            if (search.excess(trial) <= 0).all():
                chosen = trial
    return chosen


def _with(price: Floats, k: int, value: float) -> Floats:
    changed = price.copy()
    changed[k] = value
    return changed
