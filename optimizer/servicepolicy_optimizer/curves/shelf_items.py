"""The items on one shelf under one supply option: what they face, what they order, what they cost before
any choice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from threading import Lock
from typing import Any

from servicepolicy_models.means import Location, SupplyOption
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.curves.demand_law import asked_law
from servicepolicy_optimizer.curves.ordering import order_quantities
from servicepolicy_optimizer.curves.shelf_orders import ShelfOrders
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.inventory.content import demand_parts
from servicepolicy_optimizer.inventory.replenishments import replenishments_per_day
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, order_cycle_pieces
from servicepolicy_optimizer.inventory.shelf_laws import LawfulDemand, lawful_demand
from servicepolicy_optimizer.reactions import sales_are_lost
from servicepolicy_optimizer.recall import NOTHING_KEPT, Part, Recall, recalled


@dataclass(frozen=True)
class Said:
    """What an answer says of the demand of n items and of what is ordered."""

    law: Ints
    """(n,) code of the demand's law."""
    law_reason: Ints
    """(n,) code of why that law."""
    order_cycle_pieces: Floats
    """(n,) mean stock on hand above the safety stock."""


@dataclass
class Describe:
    """Demand that is described when asked, and held until it is let go of."""

    make: Callable[[], LawfulDemand]
    let_go_of_source: Callable[[], None] = field(default=lambda: None)
    """Of what it is made from, likewise."""
    _made: list[LawfulDemand] = field(default_factory=list)
    _one_at_a_time: Lock = field(default_factory=Lock)

    def __call__(self) -> LawfulDemand:
        """Made at most once while it is held."""
        with self._one_at_a_time:
            if not self._made:
                self._made.append(self.make())
            return self._made[0]

    @property
    def is_held(self) -> bool:
        """Whether it takes memory now."""
        return bool(self._made)

    def let_go(self) -> None:
        """Take no memory until it is asked for again; of an item with known order sizes some 350 bytes."""
        with self._one_at_a_time:
            self._made.clear()
        self.let_go_of_source()

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets the demand itself, and not what makes it."""
        return Describe, (partial(_as_it_is, self()),)


@dataclass(frozen=True)
class ShelfItems:
    """n items of one class with demand on one shelf; I customer classes, R regions. Amounts are per year."""

    rows: Ints
    """(n,) rows of the items in the facts."""
    describe: Describe
    """Makes `described`: a ladder that is known needs no demand."""
    known_as: tuple[Part, ...]
    """What the demand is made from."""
    say: Callable[[Floats], Said]
    """Makes `said` of the order quantities; where that is known it needs no demand."""
    lost: bool
    """Whether what is short is lost, not delivered later."""
    pieces: Floats
    """(n, I, R) demanded pieces; 0 for those the shelf does not serve."""
    short_cost: Floats
    """(n, I) currency per piece short (lost sales)."""
    order_quantity_pieces: Floats
    """(n,)"""
    purchase_price: Floats
    """(n,) currency per piece."""
    supply_cost: Floats
    """(n,) purchase premium, ordering, inbound freight."""
    handling_cost: Floats
    """(n,) location's cost per piece handled."""
    replenishments: Floats
    """(n,) replenishment orders."""
    pipeline_pieces: Floats
    """(n,) on the way and owned, average."""
    co2e_kg: Floats
    """(n,) inbound."""
    unit_volume_m3: Floats
    """(n,)"""

    @property
    def described(self) -> LawfulDemand:
        """Demand over the protection interval, with the law of each item and its reason."""
        return self.describe()

    @cached_property
    def said(self) -> Said:
        """What an answer says of the demand and of what is ordered. Demand that is described for that alone
        is let go of.
        """
        was_held = self.describe.is_held
        found = self.say(self.order_quantity_pieces)
        if not was_held:
            self.describe.let_go()
        return found

    @property
    def demand(self) -> ShelfDemand:
        """Demand over the protection interval."""
        return self.described.demand

    @property
    def class_share(self) -> Floats:
        """(n, I) share of each customer class in the item's pieces on this shelf."""
        by_class = self.pieces.sum(axis=2)
        share: Floats = by_class / by_class.sum(axis=1, keepdims=True)
        return share

    def __getstate__(self) -> dict[str, Any]:
        """Another process says it of the demand that it gets."""
        return {**self.__dict__, "say": partial(_said, self.describe)}

    def of(self, places: Ints) -> "ShelfItems":
        """Some of the items, by their places on the shelf."""
        arrays = {
            one.name: getattr(self, one.name)[places]
            for one in fields(self)
            if one.name not in ("describe", "known_as", "say", "lost")
        }
        own = (*self.known_as, places)
        describe = Describe(lambda: self.described.of(places))
        say = partial(_said, describe)
        return replace(self, describe=describe, known_as=own, say=say, **arrays)


def _as_it_is(demand: LawfulDemand) -> LawfulDemand:
    return demand


def _said(describe: Callable[[], LawfulDemand], order_quantity_pieces: Floats) -> Said:
    described = describe()
    cycle = order_cycle_pieces(described.demand, order_quantity_pieces)
    return Said(described.law, described.reason, cycle)


def shelf_items(
    scenario: Scenario,
    orders: ShelfOrders,
    supply: SupplyOption,
    location: Location,
    recall: Recall = NOTHING_KEPT,
) -> ShelfItems:
    """The items that are ordered from a shelf, as a supply brings them; lead time = supply + location."""
    shelf, rate, year = orders.shelf, orders.pieces_per_day, scenario.days_per_year
    unit_cost, weight = orders.unit_cost, orders.unit_weight_kg
    law = asked_law(scenario, orders.item_class)
    lead_days = supply.lead_time_mean_days + location.extra_lead_time_days
    times = (lead_days, supply.lead_time_sd_days, supply.review_days)
    source = orders.source
    describe = Describe(lambda: lawful_demand(source.figures(times), law), source.let_go)
    demanded = (orders.facts.sha256, orders.item_class, shelf.customer_class, shelf.regions)
    known_as = (*demanded, law, *times)

    def ordering() -> dict[str, Floats]:
        quantity, price = order_quantities(supply, scenario.carrying_rate_per_year, year, unit_cost, rate)
        per_day = _replenishments_per_day(recall, describe, known_as, quantity)
        return {"quantity": quantity, "price": price, "replenishments": per_day * year}

    ordered = recalled(
        recall,
        "ordering",
        lambda: (*known_as, supply.model_dump_json(), scenario.carrying_rate_per_year, year),
        ordering,
    )
    quantity, price, replenishments = (ordered[name] for name in ("quantity", "price", "replenishments"))

    def say(order_quantity_pieces: Floats) -> Said:
        found: Mapping[str, Any] = recalled(
            recall,
            "said of a shelf",
            lambda: (*demand_parts(describe()), order_quantity_pieces),
            lambda: vars(_said(describe, order_quantity_pieces)),
            lambda: (*known_as, order_quantity_pieces),
        )
        return Said(**found)

    pieces = rate * year
    inbound_per_piece = (
        supply.inbound_cost_per_piece
        + location.inbound_cost_per_piece
        + (supply.inbound_cost_per_kg + location.inbound_cost_per_kg) * weight
        + supply.inbound_cost_share_of_value * price
    )
    return ShelfItems(
        rows=orders.rows,
        describe=describe,
        known_as=known_as,
        say=say,
        lost=sales_are_lost(scenario),
        pieces=orders.pieces,
        short_cost=orders.short_cost,
        order_quantity_pieces=quantity,
        purchase_price=price,
        supply_cost=pieces * (price - unit_cost + inbound_per_piece)
        + replenishments * supply.fixed_cost_per_order,
        handling_cost=pieces * location.cost_per_piece,
        replenishments=replenishments,
        pipeline_pieces=rate * lead_days * float(supply.owns_pipeline),
        co2e_kg=pieces * weight * supply.co2e_kg_per_kg,
        unit_volume_m3=orders.unit_volume_m3,
    )


def _replenishments_per_day(
    recall: Recall,
    describe: Callable[[], LawfulDemand],
    known_as: tuple[Part, ...],
    order_quantity_pieces: Floats,
) -> Floats:
    found = recalled(
        recall,
        "replenishments",
        lambda: (*demand_parts(describe()), order_quantity_pieces),
        lambda: {"per_day": replenishments_per_day(describe(), order_quantity_pieces)},
        lambda: (*known_as, order_quantity_pieces),
    )
    return found["per_day"]
