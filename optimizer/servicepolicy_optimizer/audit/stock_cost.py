"""What a shelf costs in a year, and what it holds: every definition of the stock side, a function each."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import SupplyOption
from servicepolicy_models.policy import StockValue
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.shelf import Deliver, Delivery, Shelf, pieces_per_day
from servicepolicy_optimizer.audit.shortage import cost_per_piece_short, pieces_short_per_year
from servicepolicy_optimizer.facts import Facts, Floats


@dataclass(frozen=True)
class StockAccount:
    """A shelf's year; I customer classes, R regions of the whole scenario."""

    shelf: Shelf
    delivery: Delivery
    pieces_per_year: Floats
    """(I, R) demanded of the shelf."""
    pieces_short_per_year: Floats
    """(I, R)"""
    least_fill_rate: Floats
    """(I, R) of the item that does worst, among those the class orders there; 1 where it orders none."""
    least_cycle_service_level: Floats
    """(I, R) likewise; NaN where nobody asks."""
    item_pieces_by_class: Floats
    """(n, I) demanded of each item by each customer class, a year."""
    inventory_cost: float
    supply_cost: float
    warehousing_cost: float
    lost_sales_cost: Floats
    """(I, R)"""
    stock_value: StockValue
    storage_m3: float
    replenishment_orders_per_year: float
    co2e_kg_per_year: float

    @property
    def item_pieces_per_year(self) -> Floats:
        """(n,) demanded of each item."""
        pieces: Floats = self.item_pieces_by_class.sum(axis=1)
        return pieces


def stock_account(scenario: Scenario, facts: Facts, shelf: Shelf, deliver: Deliver) -> StockAccount:
    """Judge a shelf: what its decisions deliver, hold and cost."""
    got = deliver(facts, shelf)
    items = facts.items
    unit_cost, weight_kg = items.unit_cost[shelf.items], items.unit_weight_kg[shelf.items]
    volume_m3 = items.unit_volume_m3[shelf.items]
    by_class = pieces_per_day(facts, shelf) * scenario.days_per_year
    pieces = by_class.sum(axis=(1, 2))
    price = purchase_price(shelf.supply, unit_cost, shelf.order_quantity_pieces)
    orders = got.replenishments_per_day * scenario.days_per_year
    held = stock_value(shelf, got, price, pieces / scenario.days_per_year)
    short = pieces_short_per_year(by_class, got.fill_rate)
    short_cost = cost_per_piece_short(scenario, facts, items.unit_price[shelf.items])
    storage_m3 = float(got.on_hand_pieces @ volume_m3)
    return StockAccount(
        shelf=shelf,
        delivery=got,
        pieces_per_year=_everywhere(facts, shelf, by_class.sum(axis=0), 0.0),
        pieces_short_per_year=_everywhere(facts, shelf, short.sum(axis=0), 0.0),
        least_fill_rate=_everywhere(facts, shelf, _least(got.fill_rate, by_class), 1.0),
        least_cycle_service_level=_everywhere(facts, shelf, _least(got.cycle_service_level, by_class), 1.0),
        item_pieces_by_class=by_class.sum(axis=2),
        inventory_cost=scenario.carrying_rate_per_year * held.total,
        supply_cost=supply_cost_per_year(shelf, pieces, orders, unit_cost, price, weight_kg),
        warehousing_cost=warehousing_cost_per_year(shelf, pieces, storage_m3),
        lost_sales_cost=_everywhere(facts, shelf, np.einsum("nir,ni->ir", short, short_cost), 0.0),
        stock_value=held,
        storage_m3=storage_m3,
        replenishment_orders_per_year=float(orders.sum()),
        co2e_kg_per_year=float(pieces @ weight_kg) * shelf.supply.co2e_kg_per_kg,
    )


def purchase_price(supply: SupplyOption, unit_cost: Floats, order_quantity_pieces: Floats) -> Floats:
    """unit cost x the supply option's factor x the factor of the highest quantity break reached.  (n,)

    >>> from servicepolicy_models.means import QuantityBreak
    >>> breaks = (QuantityBreak(from_pieces=100, unit_cost_factor=0.9),)
    >>> supply = SupplyOption(name="s", lead_time_mean_days=1, unit_cost_factor=1.1, quantity_breaks=breaks)
    >>> purchase_price(supply, np.array([10.0, 10.0]), np.array([99.0, 100.0])).round(9).tolist()
    [11.0, 9.9]
    """
    factor = np.ones_like(unit_cost)
    for step in sorted(supply.quantity_breaks, key=lambda step: step.from_pieces):
        factor = np.where(order_quantity_pieces >= step.from_pieces, step.unit_cost_factor, factor)
    price: Floats = unit_cost * supply.unit_cost_factor * factor
    return price


def stock_value(shelf: Shelf, got: Delivery, price: Floats, pieces_per_day: Floats) -> StockValue:
    """Average stock at purchase price: on hand = cycle + safety + reserve, and what is on its way and owned.

    safety + reserve = reorder point - mean demand over the protection interval + mean backorders; cycle = the
    rest of what is on hand; pipeline = pieces a day x lead time days, if the supply option owns it.
    """
    on_the_way = pieces_per_day * shelf.lead_time_days * float(shelf.supply.owns_pipeline)
    return StockValue(
        cycle=float((got.on_hand_pieces - got.safety_pieces) @ price),
        safety=float((got.safety_pieces - got.reserve_pieces) @ price),
        reserve=float(got.reserve_pieces @ price),
        pipeline=float(on_the_way @ price),
    )


def supply_cost_per_year(
    shelf: Shelf, pieces: Floats, orders: Floats, unit_cost: Floats, price: Floats, weight_kg: Floats
) -> float:
    """Purchase premium (or discount) + ordering + inbound freight of the supply option and of the location.

    pieces x (price - unit cost) + orders x cost per order + pieces x inbound cost per piece
    + kg x inbound cost per kg + value x inbound share of value, the value at purchase price.
    """
    supply, location = shelf.supply, shelf.location
    premium = pieces @ (price - unit_cost)
    ordering = orders.sum() * supply.fixed_cost_per_order
    by_piece = pieces.sum() * (supply.inbound_cost_per_piece + location.inbound_cost_per_piece)
    by_kg = (pieces @ weight_kg) * (supply.inbound_cost_per_kg + location.inbound_cost_per_kg)
    by_value = (pieces @ price) * supply.inbound_cost_share_of_value
    return float(premium + ordering + by_piece + by_kg + by_value)


def warehousing_cost_per_year(shelf: Shelf, pieces: Floats, storage_m3: float) -> float:
    """Storage of the average stock on hand + the location's cost of each piece that passes."""
    location = shelf.location
    return storage_m3 * location.storage_cost_per_m3_year + float(pieces.sum()) * location.cost_per_piece


def _least(share: Floats, demanded: Floats) -> Floats:
    """Lowest share over the items demanded; (n, I) and (n, I, regions) give (I, regions)."""
    least: Floats = np.where(demanded > 0, share[:, :, None], 1.0).min(axis=0)
    return least


def _everywhere(facts: Facts, shelf: Shelf, here: Floats, elsewhere: float) -> Floats:
    """(I, R) over all regions of the scenario, from (I, served regions)."""
    whole = np.full((len(facts.customer_classes), len(facts.regions)), elsewhere)
    whole[:, [facts.regions.index(region) for region in shelf.regions]] = here
    return whole
