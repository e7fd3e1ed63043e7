"""Shelves: the items of one class at one location under one supply option, and what their stock decisions
deliver.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import DemandLaw, Location, Shortage, StockPolicy, SupplyOption
from servicepolicy_models.policy import ItemClassPolicy, ItemPolicy, Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.asked import reaction_of
from servicepolicy_optimizer.audit.matrix import ANY, atoms_of
from servicepolicy_optimizer.audit.means_in_use import called, serving_location
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.inventory.cycle_stockout import cycle_service_level
from servicepolicy_optimizer.inventory.lost_sales_shelf import lost_sales_performance
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.rationing import rationed_performance
from servicepolicy_optimizer.inventory.replenishments import replenishments_per_day
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, mean_position, pooled_performance
from servicepolicy_optimizer.inventory.shelf_laws import AUTO, Law, LawfulDemand, ShelfFigures, lawful_demand


@dataclass(frozen=True)
class Shelf:
    """n items on one shelf with their decisions; I customer classes, best first."""

    item_class: str
    customer_class: str
    """Whose shelf it is, `*` when shared."""
    stock_policy: StockPolicy
    supply: SupplyOption
    location: Location
    regions: tuple[str, ...]
    """Regions served from here."""
    rows: Ints
    """(n,) positions in the policy's item table."""
    items: Ints
    """(n,) rows of the items in the facts."""
    reorder_point_pieces: Floats
    """(n,)"""
    order_quantity_pieces: Floats
    """(n,)"""
    lost: bool
    """Whether what is short is lost."""
    asked_law: int
    """Code of the demand law asked for its items."""
    critical_level_pieces: Floats
    """(n, I) stock on hand at or below which the class waits; 0 unless rationed."""
    asks_cycle_service: bool
    """Whether the scenario promises cycle service to anybody."""

    @property
    def lead_time_days(self) -> float:
        """Mean lead time: the supply option's and what the location adds."""
        return self.supply.lead_time_mean_days + self.location.extra_lead_time_days


@dataclass(frozen=True)
class Delivery:
    """What the stock decisions of a shelf deliver, item by item."""

    fill_rate: Floats
    """(n, I) unit fill rate of each customer class."""
    on_hand_pieces: Floats
    """(n,) average."""
    backorders_pieces: Floats
    """(n, I) average."""
    safety_pieces: Floats
    """(n,) reorder point - mean demand over the protection interval + mean backorders; never below 0."""
    reserve_pieces: Floats
    """(n,) the part of the safety stock that the worst class never gets: as much of it as its critical level.
    """
    replenishments_per_day: Floats
    """(n,) orders placed."""
    law: Ints
    """(n,) code of the demand's law."""
    law_reason: Ints
    """(n,) code of why that law."""
    cycle_service_level: Floats
    """(n, I) share of cycles in which stock on hand never falls to the critical level: type 1, not a fill
    rate. NaN where nobody asks.
    """

    @property
    def stocked(self) -> "Stocked":
        """What the shelf gives."""
        return Stocked(self.fill_rate, self.on_hand_pieces, self.backorders_pieces)


def shelves_of(scenario: Scenario, facts: Facts, policy: Policy) -> tuple[Shelf, ...]:
    """The shelves of the policy's item table, in the order of their first rows."""
    place: dict[tuple[str, str, str], list[int]] = {}
    for row, item in enumerate(policy.items):
        place.setdefault((item.item_class, item.location, item.shelf), []).append(row)
    option = {one.item_class: one for one in policy.item_classes}
    row_of = {item: row for row, item in enumerate(facts.items.items)}
    return tuple(
        _shelf(
            scenario,
            facts,
            option[item_class],
            customer_class,
            rows,
            [policy.items[row] for row in rows],
            row_of,
        )
        for (item_class, _, customer_class), rows in place.items()
    )


def _shelf(
    scenario: Scenario,
    facts: Facts,
    option: ItemClassPolicy,
    customer_class: str,
    rows: list[int],
    decisions: list[ItemPolicy],
    row_of: dict[str, int],
) -> Shelf:
    location = decisions[0].location
    deployment = called(option.deployment, scenario.deployments)
    return Shelf(
        item_class=option.item_class,
        customer_class=customer_class,
        stock_policy=option.stock_policy,
        supply=called(option.supply, scenario.supply),
        location=called(location, scenario.locations),
        regions=tuple(region for region in facts.regions if serving_location(deployment, region) == location),
        rows=np.array(rows, np.intp),
        items=np.array([row_of[one.item] for one in decisions], np.intp),
        reorder_point_pieces=_floats(one.reorder_point_pieces for one in decisions),
        order_quantity_pieces=_floats(one.order_quantity_pieces for one in decisions),
        lost=_sales_are_lost(scenario),
        asked_law=_asked_law(scenario, option.item_class),
        critical_level_pieces=np.array(
            [
                [one.critical_level_pieces.get(name, 0.0) for name in facts.customer_classes]
                for one in decisions
            ]
        ),
        asks_cycle_service=any(one.cycle_service_level is not None for one in scenario.targets),
    )


def pieces_per_day(facts: Facts, shelf: Shelf) -> Floats:
    """Mean demand that meets the shelf, by customer class and served region.  (n, I, regions)

    Zero for the customer classes that have a shelf of their own elsewhere.
    """
    width = len(facts.customer_classes)
    atoms = atoms_of(facts, ANY, shelf.regions)
    demand = facts.items.pieces_per_day[np.ix_(shelf.items, atoms)]
    by_class: Floats = demand.reshape(len(shelf.items), len(shelf.regions), width).transpose(0, 2, 1).copy()
    if shelf.customer_class != ANY:
        others = np.arange(width) != facts.customer_classes.index(shelf.customer_class)
        by_class[:, others] = 0.0
    return by_class


def lines_per_day(facts: Facts, shelf: Shelf) -> Floats:
    """Order lines a day that meet the shelf; where the facts name none, every piece is a line.  (n,)"""
    atoms = np.ix_(shelf.items, atoms_of(facts, shelf.customer_class, shelf.regions))
    lines: Floats = facts.items.lines_per_day[atoms].sum(axis=1)
    return np.where(lines > 0, lines, facts.items.pieces_per_day[atoms].sum(axis=1))


def demand_on(facts: Facts, shelf: Shelf) -> LawfulDemand:
    """Demand over the protection interval of each item on the shelf.

    The shelf meets the sum of its atoms (customer class x region): means add, variances and covariances add,
    order sizes mix by lines:  E[x] = pieces / lines,  E[x²] = sum lines_a E[x_a²] / lines.  The lead time is
    the supply option's and what the location adds; its deviation is the supply option's.
    """
    own = atoms_of(facts, shelf.customer_class, shelf.regions)
    atoms = np.ix_(shelf.items, own)
    items = facts.items
    pieces = items.pieces_per_day[atoms].sum(axis=1)
    variance = items.covariance_pieces2_per_day[np.ix_(shelf.items, own, own)].sum(axis=(1, 2))
    lines = np.maximum(lines_per_day(facts, shelf), 1e-300)
    squares = (items.lines_per_day[atoms] * items.order_size_second_moment_pieces2[atoms]).sum(axis=1)
    figures = ShelfFigures(
        pieces_per_day=pieces,
        variance_pieces2_per_day=np.maximum(variance, 0.0),
        lines_per_day=lines,
        order_size_second_moment_pieces2=np.maximum(squares / lines, (pieces / lines) ** 2),
        sizes=_sizes_on(facts, shelf, own),
        lead_time_mean_days=shelf.lead_time_days,
        lead_time_sd_days=shelf.supply.lead_time_sd_days,
        review_days=shelf.supply.review_days,
    )
    return lawful_demand(figures, shelf.asked_law)


def _sizes_on(facts: Facts, shelf: Shelf, own: Ints) -> OrderSizes:
    """The size of every order line that meets the shelf, item by item."""
    seen = facts.items.order_sizes
    on_shelf = np.full(len(facts.items.items), -1)
    on_shelf[shelf.items] = np.arange(len(shelf.items))
    place = on_shelf[seen.item]
    wanted = (place >= 0) & np.isin(seen.atom, own)
    return OrderSizes.of_entries(
        len(shelf.items), place[wanted], seen.pieces[wanted], seen.lines_per_day[wanted]
    )


def _sales_are_lost(scenario: Scenario) -> bool:
    """What is short is lost where the last word on a customer class says so; classes agree in that."""
    reactions = [reaction_of(scenario, name) for name in scenario.segmentation.customers.classes]
    return Shortage.LOST in [one.shortage for one in reactions if one is not None]


def _asked_law(scenario: Scenario, item_class: str) -> int:
    """Code of the law that the scenario asks for, the last word counts; `AUTO` leaves it to the data."""
    said = AUTO
    for choice in scenario.demand_laws:
        if choice.item_class in (ANY, item_class):
            said = AUTO if choice.law is DemandLaw.AUTO else int(Law[choice.law.value.upper()])
    return said


Deliver = Callable[[Facts, Shelf], Delivery]
"""The demand and a shelf -> what its decisions deliver."""


def delivery(facts: Facts, shelf: Shelf) -> Delivery:
    """Fill rates, stock on hand and safety stock that the decisions give, by the room `inventory`'s proved
    formulas.

    Safety stock: r - mean demand over the protection interval + what is on hand beyond the net position: mean
    backorders, or what was lost.
    """
    described = demand_on(facts, shelf)
    demand = described.demand
    reorder = shelf.reorder_point_pieces
    got = performance(facts, shelf, demand)
    protected = demand.exposed if demand.periodic else demand.lead
    safety = np.maximum(reorder - protected.mean_pieces + _added_back(shelf, demand, got), 0.0)
    return Delivery(
        fill_rate=got.fill_rate,
        on_hand_pieces=got.on_hand_pieces,
        backorders_pieces=got.backorders_pieces,
        safety_pieces=safety,
        reserve_pieces=np.minimum(safety, shelf.critical_level_pieces.max(axis=1)),
        replenishments_per_day=replenishments_per_day(described, shelf.order_quantity_pieces),
        law=described.law.astype(np.intp),
        law_reason=described.reason.astype(np.intp),
        cycle_service_level=_cycle_service(shelf, demand),
    )


@dataclass(frozen=True)
class Stocked:
    """What a shelf gives; n items, I customer classes."""

    fill_rate: Floats
    """(n, I)"""
    on_hand_pieces: Floats
    """(n,)"""
    backorders_pieces: Floats
    """(n, I)"""


def performance(facts: Facts, shelf: Shelf, demand: ShelfDemand) -> Stocked:
    """Fill rate, stock on hand and backorders of the shelf's decisions under this demand."""
    reorder, quantity = shelf.reorder_point_pieces[:, None], shelf.order_quantity_pieces
    by_class = pieces_per_day(facts, shelf).sum(axis=2)
    share = by_class / np.maximum(by_class.sum(axis=1, keepdims=True), 1e-300)
    if shelf.stock_policy is StockPolicy.RATIONED:
        levels = shelf.critical_level_pieces[:, None, :]
        rationed = rationed_performance(demand, share, levels, reorder, quantity)
        return Stocked(
            rationed.unit_fill_rate[:, 0, :], rationed.on_hand_pieces[:, 0], rationed.backorders_pieces[:, 0]
        )
    judge = lost_sales_performance if shelf.lost else pooled_performance
    got = judge(demand, reorder, quantity)
    everyone = np.repeat(got.unit_fill_rate, len(facts.customer_classes), axis=1)
    return Stocked(everyone, got.on_hand_pieces[:, 0], got.backorders_pieces * share)


def _added_back(shelf: Shelf, demand: ShelfDemand, got: Stocked) -> Floats:
    """(n,) mean backorders; with lost sales what is on hand beyond the net position."""
    if not shelf.lost:
        return np.asarray(got.backorders_pieces.sum(axis=1))
    level = demand.level_for_law(shelf.reorder_point_pieces, shelf.order_quantity_pieces)
    position = mean_position(demand.lead, level, shelf.order_quantity_pieces)
    return np.asarray(got.on_hand_pieces - position + demand.lead.mean_pieces)


def _cycle_service(shelf: Shelf, demand: ShelfDemand) -> Floats:
    """(n, I) by the room `inventory`'s formula, which knows the undershoot of lines of several pieces."""
    if not shelf.asks_cycle_service:
        return np.full(shelf.critical_level_pieces.shape, np.nan)
    level = shelf.reorder_point_pieces[:, None] - shelf.critical_level_pieces
    return cycle_service_level(demand, level, shelf.order_quantity_pieces)


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), float)
