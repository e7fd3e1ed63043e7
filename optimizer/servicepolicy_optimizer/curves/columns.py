"""Columns by price: every item at its best rung for the prices, added up over the shelf."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.means import Location
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.curves.envelope import Envelope
from servicepolicy_optimizer.curves.envelope_in_lots import has_envelope, step_worth_of
from servicepolicy_optimizer.curves.envelope_of_many import (
    added_up_of_many,
    best_of_many,
    worth_of_many,
)
from servicepolicy_optimizer.curves.in_a_file import Pages, files_of, laid_beside, let_go, let_go_of
from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.lots import are_many, lots_of
from servicepolicy_optimizer.curves.shelf_content import shelf_content
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.curves.stock import Bench, Stock
from servicepolicy_optimizer.curves.sum_of_few import sum_of_few
from servicepolicy_optimizer.facts import Floats, Ints, Rungs
from servicepolicy_optimizer.inventory.side_by_side import THREADS, side_by_side
from servicepolicy_optimizer.recall import content_key

EVERY = slice(None)
"""All items, where a lot may be asked for."""


@dataclass(frozen=True)
class StockPrices:
    """What one more unit of everything that a column uses costs, beside the column's own cost."""

    short: Floats
    """(I, R) currency per piece short."""
    money: float = 0.0
    """Price of the total cost budget: every unit of logistics cost counts 1 + money."""
    stock_value: float = 0.0
    """Currency per currency of average stock."""
    storage_m3: float = 0.0
    """Currency per m3 of average stock at this location."""
    objective: float = 1.0
    """Weight of the column's own cost; 0 where only what is scarce counts."""


@dataclass(frozen=True)
class StockedShelf:
    """A shelf with everything needed to price it: items, ladder, and the location's rates."""

    items: ShelfItems
    stock: Stock
    carrying_rate_per_year: float
    storage_cost_per_m3_year: float

    @property
    def rungs(self) -> Ladder:
        """The ladder of every item."""
        return self.stock.rungs

    @property
    def service(self) -> Floats:
        """(n, M, I) what a rung lets be promised (see `service_measure`)."""
        return self.stock.service

    @cached_property
    def _of_items(self) -> tuple[Floats, Floats, Floats]:
        """What follows of the items alone, where their own figures lie: `holding_cost`, `pieces_of_class` and
        `worth_of_all`.
        """
        items = self.items
        held = self.carrying_rate_per_year * items.purchase_price
        held = held + self.storage_cost_per_m3_year * items.unit_volume_m3
        pieces = items.pieces.sum(axis=2)
        worth = (pieces * items.short_cost).sum(axis=1)
        holding_cost, pieces_of_class, worth_of_all = laid_beside(items.supply_cost, [held, pieces, worth])
        return holding_cost, pieces_of_class, worth_of_all

    @property
    def holding_cost(self) -> Floats:
        """(n,) currency per piece on hand and year: carrying and storage."""
        return self._of_items[0]

    @property
    def pieces_of_class(self) -> Floats:
        """(n, I) pieces a year, over all regions."""
        return self._of_items[1]

    @property
    def worth_of_all(self) -> Floats:
        """(n,) what it costs a year to be short of everything."""
        return self._of_items[2]

    def held(self, lot: slice = EVERY) -> Floats:
        """(3, n) what a piece on hand takes: currency a year, currency, m³."""
        items = self.items
        return np.stack([self.holding_cost[lot], items.purchase_price[lot], items.unit_volume_m3[lot]])

    @cached_property
    def pipeline_value(self) -> float:
        """Currency on the way and owned."""
        return float((self.items.pipeline_pieces * self.items.purchase_price).sum())

    @cached_property
    def constant_cost(self) -> float:
        """Currency a year that no rung changes, without the pipeline's."""
        return float(self.items.supply_cost.sum() + self.items.handling_cost.sum())

    @cached_property
    def co2e_kg(self) -> float:
        """A year, inbound."""
        return float(self.items.co2e_kg.sum())

    @cached_property
    def has_envelope(self) -> bool:
        """Whether one price decides the rung of every item, and a higher price a higher rung."""
        return has_envelope(self.rungs)

    @cached_property
    def envelope(self) -> Envelope | None:
        """Of every item's ladder; None where classes are served apart, or rungs do not rise."""
        if not self.has_envelope:
            return None
        known = self.rungs.step_worth
        return Envelope(step_worth_of(self.rungs, are_many(len(self.items.rows))) if known is None else known)

    @cached_property
    def content(self) -> str:
        """Key of what decides which rungs are best here, at any prices."""
        rates = self.carrying_rate_per_year, self.storage_cost_per_m3_year
        return content_key("shelf", *shelf_content(self.items, self.rungs, self.service, rates))

    def lent(self, bench: Bench) -> "StockedShelf":
        """The shelf with its ladder at hand, until the bench is cleared."""
        stock = self.stock.lent(bench)
        return self if stock is self.stock else replace(self, stock=stock)

    def content_of(self, lent: "StockedShelf") -> str:
        """`content`, told by the shelf as it was lent: no ladder is made for it."""
        known: str = vars(self).setdefault("content", lent.content)
        return known

    def let_go(self) -> None:
        """Leave what lies in files there until the shelf is asked again, and of very many items what can be
        made again.
        """
        if are_many(self.items.rows.size):
            self.items.describe.let_go()
        let_go_of(self._files)
        known = self.__dict__.get("envelope")
        if known is not None and self.rungs.step_worth is None:
            let_go([known.step_worth])

    @cached_property
    def _files(self) -> tuple[Pages, ...]:
        """In which ladder and items lie, and what follows of the items."""
        arrays = *vars(self.rungs).values(), self.service, *vars(self.items).values(), *self._of_items
        return files_of(arrays)


def stocked_shelf(scenario: Scenario, location: Location, items: ShelfItems, stock: Stock) -> StockedShelf:
    """Put a shelf together."""
    return StockedShelf(items, stock, scenario.carrying_rate_per_year, location.storage_cost_per_m3_year)


def best_rungs(shelf: StockedShelf, prices: StockPrices) -> Rungs:
    """(n,) the rung that minimises holding x on hand + sum_i (lambda_i + pi_i) x short_i.
    (formulation.md, section 4)

    Of equal rungs the lowest wins.
    """
    return best_rungs_at(shelf, [prices])[:, 0]


def best_rungs_at(shelf: StockedShelf, prices: Sequence[StockPrices]) -> Rungs:
    """(n, K) `best_rungs` at K prices, looked up on the envelope where there is one."""
    choose, n = chooser(shelf, prices), shelf.items.rows.size
    chosen = np.empty((n, len(prices)), number_type(shelf))

    def of_lot(lot: slice) -> None:
        chosen[lot] = choose(lot)

    for _ in side_by_side(of_lot, lots_of(n), threads_for(n)):
        pass
    shelf.let_go()
    return chosen


def chooser(shelf: StockedShelf, prices: Sequence[StockPrices]) -> Callable[[slice], Rungs]:
    """Of a lot of the items the best rungs (lot, K)."""
    known, charges = shelf.envelope, _charges(prices)
    many = are_many(shelf.items.rows.size)

    def choose(lot: slice) -> Rungs:
        worth = None if known is None else _worth_of_fill(shelf, charges, lot)
        if known is None or worth is None:
            return np.stack([np.argmin(rung_costs(shelf, one, lot), axis=1) for one in prices], axis=1)
        if not many:
            return Envelope(known.step_worth[lot]).best(worth)
        best = np.empty(worth.shape, number_type(shelf))
        best_of_many(known.step_worth[lot], worth, best)
        return best

    return choose


def threads_for(items: int) -> int:
    """Of shelves with few items a thread takes longer to begin than to do its part."""
    return THREADS if are_many(items) else 1


def number_type(shelf: StockedShelf) -> np.dtype[Any]:
    """The smallest that holds the number of a rung: of every column that of every item is kept."""
    return np.min_scalar_type(shelf.rungs.rungs)


def _charges(prices: Sequence[StockPrices]) -> tuple[Floats, Floats, Floats]:
    """Of K prices: (K, I, R) of a piece short, (K,) weights of the own cost, (K, 3) of what a piece on hand
    takes.
    """
    charged = np.array([(one.objective + one.money, one.stock_value, one.storage_m3) for one in prices])
    return np.stack([one.short for one in prices]), np.array([one.objective for one in prices]), charged


def _worth_of_fill(shelf: StockedShelf, charges: tuple[Floats, Floats, Floats], lot: slice) -> Floats | None:
    """(lot, K) pieces on hand that all of an item's fill rate is worth; None where holding a piece earns."""
    pieces, (short, objective, charged) = shelf.items.pieces[lot], charges
    worth_of_all, held = shelf.worth_of_all[lot], shelf.held(lot)
    if are_many(shelf.items.rows.size):
        return worth_of_many(pieces, short, worth_of_all, objective, held, charged)
    worth: Floats = np.einsum("nir,kir->nk", pieces, short)
    worth += worth_of_all[:, None] * objective
    per_piece = np.einsum("an,ka->nk", held, charged)
    if (per_piece < 0).any():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        worth /= per_piece
    return worth


def column(shelf: StockedShelf, chosen: Rungs, price_per_piece_short: Floats) -> ColumnSet:
    """One column (K = 1): the aggregate of all items, item n at rung chosen[n].

    price_per_piece_short: (I,) the prices that made it, for the reader.
    """
    return columns_of(shelf, chosen[:, None], np.atleast_2d(price_per_piece_short))


def columns_of(shelf: StockedShelf, chosen: Rungs, price_per_piece_short: Floats) -> ColumnSet:
    """K columns: of the k-th, item n is at rung chosen[n, k]. price_per_piece_short: (K, I)."""
    items = shelf.items
    width, (_, classes, regions) = chosen.shape[1], items.pieces.shape
    stocked, short = np.zeros((width, 2)), np.zeros((width, classes, regions + 1))
    worst = np.ones((width, classes))
    fill = shelf.rungs.fill_rate
    many = are_many(len(chosen)) and fill.shape[2] == 1 and np.may_share_memory(shelf.service, fill)

    def of_lot(lot: slice) -> tuple[Floats, Floats, Floats]:
        amounts = np.column_stack([items.purchase_price[lot], items.unit_volume_m3[lot]])
        in_all = items.pieces[lot].sum(axis=2)
        worth = in_all * items.short_cost[lot]
        demanded, ordered = np.concatenate([items.pieces[lot], worth[:, :, None]], axis=2), in_all > 0
        if many:
            stock = shelf.rungs.on_hand_pieces[lot]
            return added_up_of_many(stock, fill[lot, :, 0], chosen[lot], amounts, demanded, ordered)
        at = chosen[lot] + (np.arange(len(chosen[lot])) * shelf.rungs.rungs)[:, None]
        on_hand = shelf.rungs.on_hand_pieces[lot].ravel().take(at)
        missing = [1.0 - one for one in _taken(fill[lot], at, classes)]
        served = _taken(shelf.service[lot], at, classes)
        return (
            np.einsum("nk,na->ka", on_hand, amounts),
            np.stack([np.einsum("nk,nr->kr", one, demanded[:, i]) for i, one in enumerate(missing)], 1),
            np.stack([_least(one, ordered[:, i]) for i, one in enumerate(served)], 1),
        )

    for on_shelf, missed, least in side_by_side(of_lot, lots_of(len(chosen))):
        stocked += on_shelf
        short += missed
        np.minimum(worst, least, out=worst)
    shelf.let_go()
    pipeline_value = (items.pipeline_pieces * items.purchase_price).sum()
    stock_value, everywhere = stocked[:, 0] + pipeline_value, np.ones(width)
    return ColumnSet(
        price_per_piece_short=price_per_piece_short,
        inventory_cost=shelf.carrying_rate_per_year * stock_value,
        supply_cost=items.supply_cost.sum() * everywhere,
        warehousing_cost=items.handling_cost.sum() + shelf.storage_cost_per_m3_year * stocked[:, 1],
        lost_sales_cost=short[:, :, -1].sum(axis=1),
        stock_value=stock_value,
        storage_m3=stocked[:, 1],
        co2e_kg=items.co2e_kg.sum() * everywhere,
        pieces_short=short[:, :, :-1],
        fill_rate=worst,
    )


def _taken(table: Floats, at: Ints, classes: int) -> list[Floats]:
    """What a table (n, M, I) or (n, M, 1) has at flat places of (n, M), class by class."""
    if table.shape[2] == 1 or table.strides[2] == 0:
        return [table[:, :, 0].ravel().take(at)] * classes
    return [table[:, :, i].ravel().take(at) for i in range(classes)]


def _least(service: Floats, ordered: NDArray[np.bool_]) -> Floats:
    """(K,) the least promise over the items that the class orders; 1 where it orders none."""
    least: Floats = (service if ordered.all() else service[ordered]).min(axis=0, initial=1.0)
    return least


def pieces_short(shelf: StockedShelf, chosen: Rungs) -> Floats:
    """(I, R) a year, item n at rung chosen[n]."""
    missing = 1.0 - shelf.rungs.fill_rate[np.arange(chosen.size), chosen]
    short: Floats = np.einsum(
        "ni,nir->ir", np.broadcast_to(missing, shelf.items.pieces.shape[:2]), shelf.items.pieces
    )
    let_go([shelf.rungs.fill_rate])
    return short


def rung_columns(shelf: StockedShelf, n: int, rungs: Ints) -> ColumnSet:
    """The rungs (K,) of item n of the shelf as columns, for a shelf that holds this item alone."""
    items = shelf.items
    on_hand = shelf.rungs.on_hand_pieces[n, rungs]
    classes = items.pieces.shape[1]
    fill = np.broadcast_to(shelf.rungs.fill_rate[n, rungs], (rungs.size, classes))
    short = items.pieces[n][None] * (1.0 - fill)[:, :, None]
    price, everywhere = items.purchase_price[n], np.ones(rungs.size)
    stock_value = (on_hand + items.pipeline_pieces[n]) * price
    storage = on_hand * items.unit_volume_m3[n]
    ordered = items.pieces[n].sum(axis=1) > 0
    return ColumnSet(
        price_per_piece_short=np.zeros((rungs.size, classes)),
        inventory_cost=shelf.carrying_rate_per_year * stock_value,
        supply_cost=items.supply_cost[n] * everywhere,
        warehousing_cost=items.handling_cost[n] + shelf.storage_cost_per_m3_year * storage,
        lost_sales_cost=short.sum(axis=2) @ items.short_cost[n],
        stock_value=stock_value,
        storage_m3=storage,
        co2e_kg=items.co2e_kg[n] * everywhere,
        pieces_short=short,
        fill_rate=np.where(ordered, shelf.service[n, rungs], 1.0),
    )


def rung_costs(shelf: StockedShelf, prices: StockPrices, lot: slice = EVERY) -> Floats:
    """(n, M) what each rung costs a year at the prices, without what no rung changes."""
    fill = shelf.rungs.fill_rate[lot]
    per_piece, seen = seen_costs(shelf, prices, lot)
    score = per_piece[:, None] * shelf.rungs.on_hand_pieces[lot]
    for i in range(fill.shape[2]):
        missed = 1.0 - fill[:, :, i]
        missed *= seen[:, i, None]
        score += missed
    return score


def seen_costs(shelf: StockedShelf, prices: StockPrices, lot: slice = EVERY) -> tuple[Floats, Floats]:
    """(n,) what a piece on hand costs, and (n, I) or (n, 1) what it costs those who see the same fill rate to
    be short of everything.
    """
    per_piece, per_share_short = _rates(shelf, prices, lot)
    together = shelf.rungs.fill_rate.shape[2] == 1
    return per_piece, sum_of_few(per_share_short)[:, None] if together else per_share_short


def _rates(shelf: StockedShelf, prices: StockPrices, lot: slice = EVERY) -> tuple[Floats, Floats]:
    """(n,) what a piece on hand costs, and (n, I) what it costs a class to be short of everything."""
    items, pieces = shelf.items, shelf.items.pieces[lot]
    per_piece = (
        (prices.objective + prices.money) * shelf.holding_cost[lot]
        + prices.stock_value * items.purchase_price[lot]
        + prices.storage_m3 * items.unit_volume_m3[lot]
    )
    per_share_short = sum_of_few(pieces * prices.short)
    per_share_short += prices.objective * shelf.pieces_of_class[lot] * items.short_cost[lot]
    return per_piece, per_share_short
