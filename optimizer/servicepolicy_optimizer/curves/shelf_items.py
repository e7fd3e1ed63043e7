"""The items on one shelf under one supply option: what they face, what they order, what they cost before
any choice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property, partial
from typing import Any, TypeVar

import numpy as np

from servicepolicy_models.means import Location, SupplyOption
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.curves.demand_law import asked_law
from servicepolicy_optimizer.curves.ordering import order_quantities
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.inventory.content import demand_parts
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.replenishments import replenishments_per_day
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, order_cycle_pieces
from servicepolicy_optimizer.inventory.shelf_laws import LawfulDemand, ShelfFigures, lawful_demand
from servicepolicy_optimizer.reactions import cost_per_piece_short, sales_are_lost
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


@dataclass(frozen=True)
class ShelfItems:
    """n items of one class with demand on one shelf; I customer classes, R regions. Amounts are per year."""

    rows: Ints
    """(n,) rows of the items in the facts."""
    describe: Callable[[], LawfulDemand]
    """Makes `described`: a ladder that is known needs no demand."""
    known_as: tuple[Part, ...]
    """What the demand is made from."""
    say: Callable[[], Said]
    """Makes `said`; where that is known it needs no demand."""
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

    @cached_property
    def described(self) -> LawfulDemand:
        """Demand over the protection interval, with the law of each item and its reason."""
        return self.describe()

    @cached_property
    def said(self) -> Said:
        """What an answer says of the demand and of what is ordered."""
        return self.say()

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
        """Another process gets the demand itself, and not what makes it."""
        described, said = partial(_as_it_is, self.described), partial(_as_it_is, self.said)
        return {**self.__dict__, "describe": described, "say": said}

    def of(self, places: Ints) -> "ShelfItems":
        """Some of the items, by their places on the shelf."""
        arrays = {
            one.name: getattr(self, one.name)[places]
            for one in fields(self)
            if one.name not in ("describe", "known_as", "say", "lost")
        }
        own = (*self.known_as, places)
        describe = cache(lambda: self.described.of(places))

        def say() -> Said:
            return Said(**_said_of(describe(), arrays["order_quantity_pieces"]))

        return replace(self, describe=describe, known_as=own, say=say, **arrays)


def _said_of(described: LawfulDemand, order_quantity_pieces: Floats) -> dict[str, Any]:
    return {
        "law": described.law,
        "law_reason": described.reason,
        "order_cycle_pieces": order_cycle_pieces(described.demand, order_quantity_pieces),
    }


Value = TypeVar("Value")


def _as_it_is(value: Value) -> Value:
    return value


@dataclass(frozen=True)
class Buyers:
    """Who orders what from a shelf: the same whoever supplies it and wherever it stands. Amounts are per year
    where nothing else is said; n items, a atoms, I customer classes, R regions.
    """

    item_class: str
    customer_class: str | None
    regions: tuple[str, ...]
    rows: Ints
    """(n,) rows of the items in the facts."""
    served: Ints
    """(a,) atoms that order here."""
    rate: Floats
    """(n,) pieces a day."""
    pieces: Floats
    """(n, I, R)"""
    short_cost: Floats
    """(n, I) currency per piece short (lost sales)."""
    unit_volume_m3: Floats
    """(n,)"""


def buyers_of(
    scenario: Scenario, facts: Facts, item_class: str, customer_class: str | None, regions: tuple[str, ...]
) -> Buyers:
    """The items of a class that somebody of these orders."""
    items, classes, every_region = facts.items, facts.customer_classes, facts.regions
    served = np.array(
        [
            every_region.index(region) * len(classes) + i
            for region in regions
            for i, name in enumerate(classes)
            if customer_class in (None, name)
        ],
        dtype=np.intp,
    )
    of_class = items.item_class == facts.item_classes.index(item_class)
    rows = np.flatnonzero(of_class & (items.pieces_per_day[:, served].sum(axis=1) > 0))
    pieces_per_day = items.pieces_per_day[np.ix_(rows, served)]
    a_year = pieces_per_day * scenario.days_per_year
    return Buyers(
        item_class=item_class,
        customer_class=customer_class,
        regions=regions,
        rows=rows,
        served=served,
        rate=pieces_per_day.sum(axis=1),
        pieces=_by_class_and_region(a_year, served, len(classes), len(every_region)),
        short_cost=cost_per_piece_short(scenario, items.unit_price[rows]),
        unit_volume_m3=items.unit_volume_m3[rows],
    )


def shelf_items(
    scenario: Scenario,
    facts: Facts,
    buyers: Buyers,
    supply: SupplyOption,
    location: Location,
    recall: Recall = NOTHING_KEPT,
) -> ShelfItems:
    """Collect the items that are ordered from a shelf of the location, supplied so.

    Mean, covariance and order-size moments add over the shelf's atoms; lead time = supply + location.
    """
    items, rows, served, rate = facts.items, buyers.rows, buyers.served, buyers.rate
    year = scenario.days_per_year
    unit_cost, weight = items.unit_cost[rows], items.unit_weight_kg[rows]
    law = asked_law(scenario, buyers.item_class)
    lead_days = supply.lead_time_mean_days + location.extra_lead_time_days
    times = (lead_days, supply.lead_time_sd_days, supply.review_days)
    describe = cache(lambda: lawful_demand(_figures(facts, rows, served, times), law))
    known_as = (facts.sha256, buyers.item_class, buyers.customer_class, buyers.regions, law, *times)

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

    def say() -> Said:
        found: Mapping[str, Any] = recalled(
            recall,
            "said of a shelf",
            lambda: (*demand_parts(describe()), quantity),
            lambda: _said_of(describe(), quantity),
            lambda: (*known_as, quantity),
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
        rows=rows,
        describe=describe,
        known_as=known_as,
        say=say,
        lost=sales_are_lost(scenario),
        pieces=buyers.pieces,
        short_cost=buyers.short_cost,
        order_quantity_pieces=quantity,
        purchase_price=price,
        supply_cost=pieces * (price - unit_cost + inbound_per_piece)
        + replenishments * supply.fixed_cost_per_order,
        handling_cost=pieces * location.cost_per_piece,
        replenishments=replenishments,
        pipeline_pieces=rate * lead_days * float(supply.owns_pipeline),
        co2e_kg=pieces * weight * supply.co2e_kg_per_kg,
        unit_volume_m3=buyers.unit_volume_m3,
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


def _figures(facts: Facts, rows: Ints, served: Ints, times: tuple[float, float, float]) -> ShelfFigures:
    """What the demand of the shelf is described by. times: mean and deviation of the lead time, and review
    interval, in days.
    """
    items, atoms = facts.items, np.ix_(rows, served)
    pieces_per_day, lines_per_day = items.pieces_per_day[atoms], items.lines_per_day[atoms]
    second_moment = (lines_per_day * items.order_size_second_moment_pieces2[atoms]).sum(axis=1)
    rate, lines = pieces_per_day.sum(axis=1), lines_per_day.sum(axis=1)
    lines = np.where(lines > 0, lines, rate)
    variance = items.covariance_pieces2_per_day[np.ix_(rows, served, served)].sum(axis=(1, 2))
    return ShelfFigures(
        rate,
        np.maximum(variance, 0.0),
        lines,
        np.maximum(second_moment / lines, (rate / lines) ** 2),
        _sizes(facts, rows, served),
        *times,
    )


def _sizes(facts: Facts, rows: Ints, served: Ints) -> OrderSizes:
    """Order lines by size that meet the shelf, added up over its atoms."""
    sizes = facts.items.order_sizes
    place = np.full(len(facts.items.items), -1)
    place[rows] = np.arange(rows.size)
    here = (place[sizes.item] >= 0) & np.isin(sizes.atom, served)
    return OrderSizes.of_entries(
        rows.size, place[sizes.item[here]], sizes.pieces[here], sizes.lines_per_day[here]
    )


def _by_class_and_region(pieces: Floats, served: Ints, classes: int, regions: int) -> Floats:
    """(n, I, R) from the served atoms' (n, a)."""
    atoms = np.zeros((pieces.shape[0], regions * classes))
    atoms[:, served] = pieces
    shaped: Floats = atoms.reshape(-1, regions, classes).transpose(0, 2, 1)
    return shaped
