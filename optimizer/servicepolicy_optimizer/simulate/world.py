"""A policy as shelves to be played: which shelf serves whom, by which rules, and how its orders travel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.means import StockPolicy, SupplyOption
from servicepolicy_models.policy import ItemPolicy, Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.options import location_of
from servicepolicy_optimizer.reactions import sales_are_lost
from servicepolicy_optimizer.simulate.lines import ShelfRules
from servicepolicy_optimizer.simulate.stages import Legs, legs_of
from servicepolicy_optimizer.wildcards import ANY

NO_SHELF = -1


@dataclass(frozen=True)
class World:
    """N shelves (one item each), S segments. Shelves are in the order of item code, location and shelf: what
    is drawn does not depend on the order of the input.
    """

    facts: Facts
    rows: Ints
    """(N,) position of the shelf in the policy's item table."""
    item: Ints
    """(N,) row of its item in the facts."""
    rules: ShelfRules
    """Its start is not set yet: 0."""
    lead_time_mean_days: Floats
    """(N,) supply and location together."""
    lead_time_sd_days: Floats
    """(N,)"""
    price: Floats
    """(N,) currency per piece, at the order quantity of the policy."""
    shelf_of: Ints
    """(items, atoms) shelf that serves the atom's demand of an item, or NO_SHELF."""
    segments: tuple[Segment, ...]
    """As the policy lists them."""
    segment_of: Ints
    """(item classes, atoms) segment of the atom's demand of an item class."""
    promised_hours: Floats
    """(S,)"""
    legs: Legs
    lost: bool
    """Whether what is short is lost, not delivered later."""

    @property
    def item_class(self) -> Ints:
        """(N,) item class of each shelf."""
        return self.facts.items.item_class[self.item]

    @property
    def longest_supply_days(self) -> float:
        """The longest lead and review time, with four deviations of the lead time."""
        reach = self.lead_time_mean_days + 4.0 * self.lead_time_sd_days + self.rules.review_days
        return float(reach.max())

    @property
    def longest_lead_days(self) -> float:
        """The longest mean lead time and review interval together."""
        return float((self.lead_time_mean_days + self.rules.review_days).max())


def world(scenario: Scenario, facts: Facts, policy: Policy) -> World:
    """Lay out a policy that can be read against its scenario and facts (`check.py`)."""
    items = policy.items
    rows = sorted(range(len(items)), key=lambda at: (items[at].item, items[at].location, items[at].shelf))
    shelves = [items[at] for at in rows]
    number = {code: n for n, code in enumerate(facts.items.items)}
    item = np.array([number[one.item] for one in shelves], np.intp)
    supply = {one.name: one for one in scenario.supply}
    extra = {one.name: one.extra_lead_time_days for one in scenario.locations}
    segment_of = _segment_of(facts, policy)
    segments = tuple((one.customer_class, one.item_class, one.region) for one in policy.segments)
    return World(
        facts=facts,
        rows=np.array(rows, np.intp),
        item=item,
        rules=_rules(facts, policy, shelves),
        lead_time_mean_days=np.array(
            [supply[one.supply].lead_time_mean_days + extra[one.location] for one in shelves]
        ),
        lead_time_sd_days=np.array([supply[one.supply].lead_time_sd_days for one in shelves]),
        price=np.array(
            [
                cost * _price_factor(supply[one.supply], one.order_quantity_pieces)
                for cost, one in zip(facts.items.unit_cost[item], shelves, strict=True)
            ]
        ),
        shelf_of=_shelf_of(scenario, facts, policy, shelves),
        segments=segments,
        segment_of=segment_of,
        promised_hours=np.array([one.promised_response_hours for one in policy.segments]),
        legs=legs_of(scenario, facts, policy),
        lost=sales_are_lost(scenario),
    )


def _rules(facts: Facts, policy: Policy, shelves: Sequence[ItemPolicy]) -> ShelfRules:
    rationed = {one.item_class: one.stock_policy is StockPolicy.RATIONED for one in policy.item_classes}
    nothing = np.zeros(len(shelves))
    return ShelfRules(
        reorder_point_pieces=np.array([one.reorder_point_pieces for one in shelves]),
        order_quantity_pieces=np.array([one.order_quantity_pieces for one in shelves]),
        start_pieces=nothing,
        review_days=np.array([one.review_days for one in shelves]),
        first_review_days=nothing,
        critical_level_pieces=np.array(
            [[one.critical_level_pieces.get(name, 0.0) for name in facts.customer_classes] for one in shelves]
        ),
        ranked=np.array([rationed[one.item_class] for one in shelves]),
    )


def _price_factor(supply: SupplyOption, order_quantity_pieces: float) -> float:
    """Purchase price over unit cost: the last quantity break that the order quantity reaches."""
    reached = [
        step.unit_cost_factor for step in supply.quantity_breaks if order_quantity_pieces >= step.from_pieces
    ]
    return supply.unit_cost_factor * (reached[-1] if reached else 1.0)


def _shelf_of(scenario: Scenario, facts: Facts, policy: Policy, shelves: Sequence[ItemPolicy]) -> Ints:
    """(items, atoms): by the deployment of the item class, the region's location; there the class's own shelf
    or the one for all.
    """
    deployment = {one.name: one for one in scenario.deployments}
    deployed = {one.item_class: deployment[one.deployment] for one in policy.item_classes}
    at: Mapping[tuple[str, str, str], int] = {
        (one.item, one.location, one.shelf): number for number, one in enumerate(shelves)
    }
    found = np.full(facts.items.pieces_per_day.shape, NO_SHELF, np.intp)
    width = len(facts.customer_classes)
    for n, code in enumerate(facts.items.items):
        served = deployed[facts.item_classes[facts.items.item_class[n]]]
        for r, region in enumerate(facts.regions):
            location = location_of(served, region)
            for i, name in enumerate(facts.customer_classes):
                shared = at.get((code, location, ANY), NO_SHELF)
                found[n, r * width + i] = at.get((code, location, name), shared)
    return found


def _segment_of(facts: Facts, policy: Policy) -> Ints:
    at = {(one.customer_class, one.item_class, one.region): s for s, one in enumerate(policy.segments)}
    return np.array(
        [
            [
                at.get((customer, item_class, region), at.get((customer, item_class, ANY), 0))
                for region in facts.regions
                for customer in facts.customer_classes
            ]
            for item_class in facts.item_classes
        ],
        np.intp,
    )
