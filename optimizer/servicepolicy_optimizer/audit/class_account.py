"""An item class's stock over all its shelves, and each segment's part of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.cost import Cost
from servicepolicy_models.policy import StockValue
from servicepolicy_optimizer.audit.matrix import Segment, regions_of
from servicepolicy_optimizer.audit.stock_cost import StockAccount
from servicepolicy_optimizer.facts import Facts, Floats


@dataclass(frozen=True)
class ClassAccount:
    """Yearly amounts of one item class; I customer classes, R regions."""

    shelves: tuple[StockAccount, ...]
    items: int
    """Different items on the shelves."""
    cost: Cost
    """Inventory, supply, storage and handling, lost sales; without fixed costs."""
    stock_value: StockValue
    pieces_per_year: Floats
    """(I, R)"""
    pieces_short_per_year: Floats
    """(I, R)"""
    lost_sales_cost: Floats
    """(I, R)"""
    least_fill_rate: Floats
    """(I, R) of the worst item on the worst shelf; 1 where nothing is ordered."""
    least_cycle_service_level: Floats
    """(I, R) likewise; NaN where nobody asks."""

    @property
    def storage_m3(self) -> float:
        """Average volume on hand."""
        return sum(shelf.storage_m3 for shelf in self.shelves)

    @property
    def replenishment_orders_per_year(self) -> float:
        """Over all items."""
        return sum(shelf.replenishment_orders_per_year for shelf in self.shelves)

    @property
    def co2e_kg_per_year(self) -> float:
        """Inbound."""
        return sum(shelf.co2e_kg_per_year for shelf in self.shelves)


@dataclass(frozen=True)
class SegmentStock:
    """What a segment gets from the stock of its item class, and its part of the stock's cost."""

    fill_rate: float
    """By pieces: 1 - pieces short / pieces; 1 where nothing is ordered."""
    least_fill_rate: float
    least_cycle_service_level: float
    pieces_short_per_year: float
    cost: Cost


def class_account(facts: Facts, shelves: Sequence[StockAccount]) -> ClassAccount:
    """Add up the shelves of an item class."""
    shape = (len(facts.customer_classes), len(facts.regions))
    return ClassAccount(
        shelves=tuple(shelves),
        items=len({int(item) for one in shelves for item in one.shelf.items}),
        cost=Cost(
            inventory=sum(one.inventory_cost for one in shelves),
            supply=sum(one.supply_cost for one in shelves),
            warehousing=sum(one.warehousing_cost for one in shelves),
            lost_sales=float(sum(one.lost_sales_cost.sum() for one in shelves)),
        ),
        stock_value=added(one.stock_value for one in shelves),
        pieces_per_year=sum((one.pieces_per_year for one in shelves), np.zeros(shape)),
        pieces_short_per_year=sum((one.pieces_short_per_year for one in shelves), np.zeros(shape)),
        lost_sales_cost=sum((one.lost_sales_cost for one in shelves), np.zeros(shape)),
        least_fill_rate=_least([one.least_fill_rate for one in shelves], shape),
        least_cycle_service_level=_least([one.least_cycle_service_level for one in shelves], shape),
    )


def segment_stock(facts: Facts, account: ClassAccount, segment: Segment, siblings: int) -> SegmentStock:
    """The segment's cells of its class's stock.

    Cost: inventory, supply and warehousing are shared by pieces among the class's segments (equally among all
    `siblings` where nobody orders a piece); lost sales are the segment's own.
    """
    cells = np.ix_(
        [facts.customer_classes.index(segment[0])],
        [facts.regions.index(region) for region in regions_of(facts, segment)],
    )
    pieces = float(account.pieces_per_year[cells].sum())
    short = float(account.pieces_short_per_year[cells].sum())
    all_pieces = float(account.pieces_per_year.sum())
    share = pieces / all_pieces if all_pieces > 0 else 1.0 / siblings
    return SegmentStock(
        fill_rate=1.0 - short / pieces if pieces > 0 else 1.0,
        least_fill_rate=float(account.least_fill_rate[cells].min()),
        least_cycle_service_level=float(account.least_cycle_service_level[cells].min()),
        pieces_short_per_year=short,
        cost=Cost(
            inventory=account.cost.inventory * share,
            supply=account.cost.supply * share,
            warehousing=account.cost.warehousing * share,
            lost_sales=float(account.lost_sales_cost[cells].sum()),
        ),
    )


def added(values: Iterable[StockValue]) -> StockValue:
    """Stock values, kind by kind."""
    values = tuple(values)
    return StockValue(**{kind: sum(getattr(one, kind) for one in values) for kind in StockValue.model_fields})


def _least(shares: Sequence[Floats], shape: tuple[int, int]) -> Floats:
    least: Floats = np.minimum.reduce([np.ones(shape), *shares])
    return least
