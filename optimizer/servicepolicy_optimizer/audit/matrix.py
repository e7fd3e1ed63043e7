"""The customer-item matrix as the demand facts give it: what each cell orders in a year, region by region."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Facts, Floats, Ints

ANY = "*"

Segment = tuple[str, str, str]
"""(customer class, item class, region); region is `*` when one promise covers all regions."""


@dataclass(frozen=True)
class Activity:
    """What one customer class orders of one item class in one region, per year."""

    region: str
    orders_per_year: float
    """An order with lines in several segments is shared among them by lines."""
    order_visits_per_year: float
    """Distinct orders with a line here: what has to be shipped."""
    lines_per_year: float
    pieces_per_year: float
    weight_kg_per_year: float
    revenue_per_year: float
    customers: float
    visit_weight_kg: Floats
    """(B,) mean weight of a visit in equal-probability bins."""
    order_value_quantiles: Floats
    """(101,) percentiles 0..100 of the order value."""

    @property
    def orders_something(self) -> bool:
        """Whether there is any demand."""
        return self.lines_per_year > 0 or self.pieces_per_year > 0


def regions_of(facts: Facts, segment: Segment) -> tuple[str, ...]:
    """The regions a segment covers: its own, or all of them."""
    return facts.regions if segment[2] == ANY else (segment[2],)


def activities(facts: Facts, segment: Segment) -> tuple[Activity, ...]:
    """What the segment orders, one entry for each of its regions, ordering or not."""
    i = facts.customer_classes.index(segment[0])
    j = facts.item_classes.index(segment[1])
    return tuple(_activity(facts, i, j, region) for region in regions_of(facts, segment))


def cost_of_goods_per_year(facts: Facts, segment: Segment, days_per_year: float) -> float:
    """sum of pieces x unit cost over the items of the segment.  [currency a year]"""
    of_class = facts.items.item_class == facts.item_classes.index(segment[1])
    atoms = atoms_of(facts, segment[0], regions_of(facts, segment))
    pieces_per_year = facts.items.pieces_per_day[np.ix_(of_class, atoms)].sum(axis=1) * days_per_year
    return float(pieces_per_year @ facts.items.unit_cost[of_class])


def atoms_of(facts: Facts, customer_class: str, regions: tuple[str, ...]) -> Ints:
    """Columns of the atoms of demand: one customer class (`*`: all) in some regions, region by region.

    Atom = region x number of customer classes + customer class.
    """
    width = len(facts.customer_classes)
    classes = range(width) if customer_class == ANY else [facts.customer_classes.index(customer_class)]
    atoms = [facts.regions.index(region) * width + i for region in regions for i in classes]
    return np.array(atoms, np.intp)


def _activity(facts: Facts, i: int, j: int, region: str) -> Activity:
    cell = (i, j, facts.regions.index(region))
    yearly = facts.segments
    return Activity(
        region=region,
        orders_per_year=float(yearly.orders_per_year[cell]),
        order_visits_per_year=float(yearly.order_visits_per_year[cell]),
        lines_per_year=float(yearly.lines_per_year[cell]),
        pieces_per_year=float(yearly.pieces_per_year[cell]),
        weight_kg_per_year=float(yearly.weight_kg_per_year[cell]),
        revenue_per_year=float(yearly.revenue_per_year[cell]),
        customers=float(yearly.customers[cell]),
        visit_weight_kg=yearly.visit_weight_kg[cell],
        order_value_quantiles=yearly.order_value_quantiles[cell],
    )
