"""Columns by price: every item at its best rung for the prices, added up over the shelf."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import Location
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats, Ints


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
    rungs: Ladder
    service: Floats
    """(n, M, I) what a rung lets be promised (see `service_measure`)."""
    carrying_rate_per_year: float
    storage_cost_per_m3_year: float

    @property
    def holding_cost(self) -> Floats:
        """(n,) currency per piece on hand and year: carrying and storage."""
        cost: Floats = (
            self.carrying_rate_per_year * self.items.purchase_price
            + self.storage_cost_per_m3_year * self.items.unit_volume_m3
        )
        return cost


def stocked_shelf(
    scenario: Scenario, location: Location, items: ShelfItems, rungs: Ladder, service: Floats
) -> StockedShelf:
    """Put a shelf together."""
    return StockedShelf(
        items, rungs, service, scenario.carrying_rate_per_year, location.storage_cost_per_m3_year
    )


def best_rungs(shelf: StockedShelf, prices: StockPrices) -> Ints:
    """(n,) the rung that minimises holding x on hand + sum_i (lambda_i + pi_i) x short_i.
    (formulation.md, section 4)

    Of equal rungs the lowest wins.
    """
    best: Ints = np.argmin(rung_costs(shelf, prices), axis=1)
    return best


def lagrangian(shelf: StockedShelf, prices: StockPrices) -> float:
    """Least cost over all rungs of all items, with what is used charged at the prices: currency per year.

    Constant parts (supply, handling, pipeline) included, so that no choice on the ladder costs less.
    """
    items = shelf.items
    if not items.rows.size:
        return 0.0
    pipeline_value = float((items.pipeline_pieces * items.purchase_price).sum())
    constant = (prices.objective + prices.money) * (
        float(items.supply_cost.sum() + items.handling_cost.sum())
        + shelf.carrying_rate_per_year * pipeline_value
    ) + prices.stock_value * pipeline_value
    return constant + float(rung_costs(shelf, prices).min(axis=1).sum())


def column(shelf: StockedShelf, chosen: Ints, price_per_piece_short: Floats) -> ColumnSet:
    """One column (K = 1): the aggregate of all items, item n at rung chosen[n].

    price_per_piece_short: (I,) the prices that made it, for the reader.
    """
    items, n = shelf.items, np.arange(shelf.items.rows.size)
    on_hand = shelf.rungs.on_hand_pieces[n, chosen]
    short = items.pieces * (1.0 - shelf.rungs.fill_rate[n, chosen])[:, :, None]
    pipeline_value = (items.pipeline_pieces * items.purchase_price).sum()
    stock_value = (on_hand * items.purchase_price).sum() + pipeline_value
    storage = (on_hand * items.unit_volume_m3).sum()
    return ColumnSet(
        price_per_piece_short=np.atleast_2d(price_per_piece_short),
        inventory_cost=np.array([shelf.carrying_rate_per_year * stock_value]),
        supply_cost=np.array([items.supply_cost.sum()]),
        warehousing_cost=np.array([items.handling_cost.sum() + shelf.storage_cost_per_m3_year * storage]),
        lost_sales_cost=np.array([(short.sum(axis=2) * items.short_cost).sum()]),
        stock_value=np.array([stock_value]),
        storage_m3=np.array([storage]),
        co2e_kg=np.array([items.co2e_kg.sum()]),
        pieces_short=short.sum(axis=0)[None],
        fill_rate=_worst_service(shelf, chosen)[None],
    )


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


def rung_costs(shelf: StockedShelf, prices: StockPrices) -> Floats:
    """(n, M) what each rung costs a year at the prices, without what no rung changes."""
    items, fill = shelf.items, shelf.rungs.fill_rate
    per_piece = (
        (prices.objective + prices.money) * shelf.holding_cost
        + prices.stock_value * items.purchase_price
        + prices.storage_m3 * items.unit_volume_m3
    )
    per_share_short = (items.pieces * prices.short).sum(axis=2) + prices.objective * items.pieces.sum(
        axis=2
    ) * items.short_cost
    score = per_piece[:, None] * shelf.rungs.on_hand_pieces
    if fill.shape[2] == 1:
        score += per_share_short.sum(axis=1)[:, None] * (1.0 - fill[:, :, 0])
        return score
    for i in range(fill.shape[2]):
        score += per_share_short[:, i, None] * (1.0 - fill[:, :, i])
    return score


def _worst_service(shelf: StockedShelf, chosen: Ints) -> Floats:
    """(I,) the least promise over the items that the class orders; 1 where it orders none."""
    n = np.arange(shelf.items.rows.size)
    service = shelf.service[n, chosen]
    ordered = shelf.items.pieces.sum(axis=2) > 0
    worst: Floats = np.where(ordered, service, 1.0).min(axis=0, initial=1.0)
    return worst
