"""The master model may run an item class between two columns. Items are whole: each gets one rung.

The dual prices of the fill-rate rows are where the mix was found. At exactly these prices some items are
indifferent between two rungs; the prices are raised as little as needed until every segment's promise holds
for whole items, and what then is left between promise and plan is given back, item by item. So the cost
exceeds the mix by about the step of an item or two, and the difference is part of the reported gap.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.curves.columns import (
    StockedShelf,
    StockPrices,
    best_rungs,
    rung_costs,
)
from servicepolicy_optimizer.curves.lots import lots_of
from servicepolicy_optimizer.facts import Floats, Ints, Rungs

SWEEPS = 8
CLOSE_ENOUGH = 1.002
"""Prices are found to this ratio; the items that change rung in between are looked at one by one."""
PASSES = 6
NO_SAVING = 1e-9
"""Currency a year."""
LEAST_PRICE_FACTOR = 1e-6
HIGHEST_PRICE_FACTOR = 1e9


@dataclass(frozen=True)
class Need:
    """A segment's promise on the shelves of one item class."""

    customer_class: int
    regions: tuple[int, ...]
    short_at_most: float
    """Pieces a year."""


Assignment = Mapping[str, Rungs]
"""Shelf name -> (n,) rung of every item."""


def realise_class(
    shelves: Mapping[str, StockedShelf],
    others: Mapping[str, StockPrices],
    needs: Sequence[Need],
    start: Sequence[float],
) -> Assignment | None:
    """Rungs for every item on every shelf of an item class, so that every need is kept; None if no rungs
    keep them.

    others: shelf -> prices of what else is scarce (their `short` is not used). start: price of each need in
    the mix.
    """
    search = _search(shelves, others, needs)
    prices = _raise(search, np.array(start, float))
    return None if prices is None else _polished(search, search.assign(_lower(search, prices)))


def polished_class(
    shelves: Mapping[str, StockedShelf],
    others: Mapping[str, StockPrices],
    needs: Sequence[Need],
    rungs: Assignment,
) -> Assignment:
    """The given rungs, which keep every need, with what they keep too much given back."""
    return _polished(_search(shelves, others, needs), dict(rungs))


def _search(
    shelves: Mapping[str, StockedShelf], others: Mapping[str, StockPrices], needs: Sequence[Need]
) -> "_Search":
    return _Search(
        shelves, others, needs, {name: _pieces_by_need(shelf, needs) for name, shelf in shelves.items()}
    )


def _pieces_by_need(shelf: StockedShelf, needs: Sequence[Need]) -> Floats:
    """(needs, n) pieces a year that each need asks of the shelf's items."""
    rows = [shelf.items.pieces[:, need.customer_class][:, list(need.regions)].sum(axis=1) for need in needs]
    return np.array(rows).reshape(len(needs), shelf.items.rows.size)


@dataclass(frozen=True)
class _Search:
    shelves: Mapping[str, StockedShelf]
    others: Mapping[str, StockPrices]
    needs: Sequence[Need]
    pieces: Mapping[str, Floats]
    """Shelf -> (needs, n)."""
    _last: dict[str, tuple[bytes, Rungs]] = field(default_factory=dict)
    """Shelf -> the prices on pieces short that it saw last, and the best rungs at them: a price that changes
    is seen by few shelves."""
    _counted: dict[str, tuple[Rungs, Floats]] = field(default_factory=dict)
    """Shelf -> the rungs that were asked last, and the pieces short (needs,) at them."""

    def assign(self, price: Floats) -> dict[str, Rungs]:
        """Every item at its best rung for a price (needs,) on each need."""
        short = self._price_short(price)
        return {name: self._best(name, short) for name in self.shelves}

    def _best(self, name: str, short: Floats) -> Rungs:
        """(n,) of a shelf, at prices (I · R) on pieces short."""
        served = self._served[name]
        key = short[served].tobytes()
        if name not in self._last or self._last[name][0] != key:
            shelf, other = self.shelves[name], self.others[name]
            seen = np.where(served, short, 0.0).reshape(shelf.items.pieces.shape[1:])
            prices = StockPrices(seen, other.money, other.stock_value, other.storage_m3)
            self._last[name] = (key, best_rungs(shelf, prices))
        return self._last[name][1]

    @cached_property
    def _served(self) -> Mapping[str, NDArray[np.bool_]]:
        """Shelf -> (I · R) who orders anything from it."""
        return {name: shelf.items.pieces.sum(axis=0).ravel() > 0 for name, shelf in self.shelves.items()}

    @cached_property
    def on(self) -> Mapping[str, Ints]:
        """Shelf -> the needs that ask anything of it; all others it can neither keep nor break."""
        return {name: np.flatnonzero(pieces.any(axis=1)) for name, pieces in self.pieces.items()}

    @cached_property
    def asked(self) -> Mapping[str, Floats]:
        """Shelf -> (needs on it, n) pieces a year."""
        return {name: self.pieces[name][needs] for name, needs in self.on.items()}

    @cached_property
    def near(self) -> Sequence[tuple[tuple[str, ...], Ints]]:
        """For every need those with which it shares a shelf, and before them all shelves that these ask."""
        shelves_of: list[list[str]] = [[] for _ in self.needs]
        for name, needs in self.on.items():
            for k in needs.tolist():
                shelves_of[k].append(name)
        found = []
        for own in shelves_of:
            needs = (
                np.unique(np.concatenate([self.on[name] for name in own])) if own else np.zeros(0, np.intp)
            )
            around = {name for k in needs.tolist() for name in shelves_of[k]}
            found.append((tuple(name for name in self.shelves if name in around), needs))
        return found

    @cached_property
    def classes(self) -> Ints:
        """(needs,) customer class."""
        return np.array([need.customer_class for need in self.needs], dtype=np.intp)

    @cached_property
    def allowed(self) -> Floats:
        """(needs,) pieces short a year."""
        return np.array([need.short_at_most for need in self.needs])

    def short(self, name: str, rows: Ints, rungs: Rungs) -> Floats:
        """(needs on the shelf, rows) pieces short a year of some items of a shelf at given rungs."""
        missing = 1.0 - self.shelves[name].rungs.fill_rate[rows, rungs]
        if missing.shape[1] > 1:
            missing = missing[:, self.classes[self.on[name]]]
        short: Floats = self.asked[name][:, rows] * missing.T
        return short

    def _all_short(self, name: str, rungs: Rungs) -> Floats:
        """(needs on the shelf,) pieces short of all items; known where these very rungs were asked last."""
        if name not in self._counted or self._counted[name][0] is not rungs:
            self._counted[name] = (rungs, self.short(name, np.arange(rungs.size), rungs).sum(axis=1))
        return self._counted[name][1]

    def excess(self, chosen: Assignment) -> Floats:
        """(needs,) pieces short beyond what the promise allows; at most 0 where it is kept. Of needs that
        also ask for other shelves than those in `chosen` it is too low.
        """
        total = np.zeros(len(self.needs))
        for name, rungs in chosen.items():
            total[self.on[name]] += self._all_short(name, rungs)
        beyond: Floats = total - self.allowed - 1e-9 * np.maximum(self.allowed, 1.0)
        return beyond

    def excess_near(self, price: Floats, k: int) -> Floats:
        """`excess` at these prices, right for the needs that share a shelf with need k."""
        short = self._price_short(price)
        return self.excess({name: self._best(name, short) for name in self.near[k][0]})

    def broken(self, price: Floats, k: int) -> bool:
        """Whether need k is missed at these prices."""
        return bool(self.excess_near(price, k)[k] > 0)

    def kept(self, price: Floats) -> bool:
        """Whether every promise holds at these prices."""
        return bool((self.excess(self.assign(price)) <= 0).all())

    def still_kept(self, price: Floats, k: int) -> bool:
        """Whether every promise holds at prices that differ in need k alone from such that keep them all."""
        return bool((self.excess_near(price, k)[self.near[k][1]] <= 0).all())

    def scale(self) -> float:
        """A price at which stock certainly moves: the dearest holding cost of a piece for a year."""
        dearest = max(
            (float(shelf.holding_cost.max(initial=0.0)) for shelf in self.shelves.values()), default=0.0
        )
        return dearest or 1.0

    def _price_short(self, price: Floats) -> Floats:
        """(I · R) price on a piece short: what all needs that speak of it ask together."""
        which, where = self._cells
        shape = next(iter(self.shelves.values())).items.pieces.shape[1:] if self.shelves else (0, 0)
        return np.bincount(where, price[which], shape[0] * shape[1]).astype(np.float64)

    @cached_property
    def _cells(self) -> tuple[Ints, Ints]:
        """Every cell (I · R) that a need speaks of: which need, which cell."""
        regions = next(iter(self.shelves.values())).items.pieces.shape[2] if self.shelves else 0
        pairs = [
            (number, need.customer_class * regions + region)
            for number, need in enumerate(self.needs)
            for region in need.regions
        ]
        which, where = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        return which, where


def _raise(search: _Search, price: Floats) -> Floats | None:
    """Raise the price of every broken promise as little as needed, one after the other, until all hold."""
    for _ in range(SWEEPS):
        broken = np.flatnonzero(search.excess(search.assign(price)) > 0)
        if not broken.size:
            return price
        for k in broken:
            price = _raise_one(search, price, int(k))
    for factor in 4.0 ** np.arange(1, 20):
        lifted: Floats = np.maximum(price, search.scale() * LEAST_PRICE_FACTOR) * factor
        if search.kept(lifted):
            return lifted
    return None


def _raise_one(search: _Search, price: Floats, k: int) -> Floats:
    """The least price of need k at which it holds, the others fixed; the highest tried if none does."""
    low = max(float(price[k]), search.scale() * LEAST_PRICE_FACTOR)
    high = low * 1.05
    while search.broken(_with(price, k, high), k):
        low, high = high, high * 4.0
        if high > search.scale() * HIGHEST_PRICE_FACTOR:
            return _with(price, k, high)
    return _with(price, k, _least(low, high, lambda at: not search.broken(_with(price, k, at), k)))


def _lower(search: _Search, price: Floats) -> Floats:
    """Lower every price as far as all promises still hold, the dearest first."""
    for k in (int(k) for k in np.argsort(-price) if price[k] > 0):
        price = _lower_one(search, price, k)
    return price


def _lower_one(search: _Search, price: Floats, k: int) -> Floats:
    def holds(at: float) -> bool:
        return search.still_kept(_with(price, k, at), k)

    if holds(0.0):
        return _with(price, k, 0.0)
    low, high = float(price[k]) / 4.0, float(price[k])
    while holds(low) and low > search.scale() * LEAST_PRICE_FACTOR:
        low, high = low / 4.0, low
    return _with(price, k, _least(low, high, holds))


def _least(low: float, high: float, holds: Callable[[float], bool]) -> float:
    """The least price in (low, high] that holds, to the ratio CLOSE_ENOUGH; `high` holds."""
    while high > low * CLOSE_ENOUGH:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _polished(search: _Search, chosen: dict[str, Rungs]) -> Assignment:
    """Let every item in turn take the rung that saves most while all promises hold, until none saves.

    The prices put every item on the envelope of its rungs; what is left between the promise and the last item
    that moved is used up here.
    """
    excess = search.excess(chosen)
    for _ in range(PASSES):
        before = excess
        for name, shelf in search.shelves.items():
            chosen[name], excess = _pass(search, name, shelf, chosen[name], excess)
        if np.array_equal(before, excess):
            break
    return chosen


def _pass(
    search: _Search, name: str, shelf: StockedShelf, rungs: Rungs, excess: Floats
) -> tuple[Rungs, Floats]:
    """One pass over the items of a shelf, the greatest saving first: their rungs and the excess then."""
    here = search.on[name]
    if np.delete(excess, here).max(initial=0.0) > 0:
        return rungs, excess  # what is broken elsewhere stays so, whatever is done here
    left, best = excess[here], np.empty(rungs.size, np.intp)
    gain, shorter = np.empty(rungs.size), np.empty((here.size, rungs.size))
    for lot in lots_of(rungs.size):
        best[lot], gain[lot], shorter[:, lot] = _best_alone(search, name, (lot, rungs[lot]), left)
    shelf.let_go()
    rungs = rungs.copy()
    for n in np.argsort(-gain):
        if gain[n] <= NO_SAVING:
            break
        if (left + shorter[:, n] <= 0).all():
            left = left + shorter[:, n]
            rungs[n] = best[n]
    excess = excess.copy()
    excess[here] = left
    return rungs, excess


def _best_alone(
    search: _Search, name: str, at: tuple[slice, Rungs], left: Floats
) -> tuple[Ints, Floats, Floats]:
    """Of the items of a lot, at these rungs: the rung that saves most of those that one item alone may take,
    (n,); what it saves, (n,); and what each need on the shelf is shorter by it, (needs on the shelf, n).
    """
    (lot, rungs), shelf, other, here = at, search.shelves[name], search.others[name], search.on[name]
    items = np.arange(rungs.size)
    nobody = np.zeros(shelf.items.pieces.shape[1:])
    prices = StockPrices(nobody, other.money, other.stock_value, other.storage_m3)
    cost = rung_costs(shelf, prices, lot)
    saving = cost[items, rungs][:, None] - cost
    missing = 1.0 - shelf.rungs.fill_rate[lot]
    seen = search.classes[here] if missing.shape[2] > 1 else np.zeros(here.size, np.intp)
    shorter = search.asked[name][:, lot, None] * np.moveaxis(missing[:, :, seen], 2, 0)
    shorter -= search.short(name, np.arange(lot.start, lot.start + rungs.size), rungs)[:, :, None]
    alone = (left[:, None, None] + shorter <= 0).all(axis=0)
    best = np.argmax(np.where(alone, saving, -np.inf), axis=1)
    return best, saving[items, best], shorter[:, items, best]


def _with(price: Floats, k: int, value: float) -> Floats:
    changed = price.copy()
    changed[k] = value
    return changed
