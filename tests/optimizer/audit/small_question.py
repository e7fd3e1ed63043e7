"""A question small enough for hand arithmetic: one bolt, two customer classes, two regions, one of each.

Demand is Poisson with unit orders, 14 pieces a year; with a lead time of 45 days, r = 2 and Q = 4 the shelf
is the one of Hopp & Spearman: fill rate 0.903, 2.823 pieces on hand.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from servicepolicy_models import Cost, Policy, Proof, Scenario
from servicepolicy_models.policy import ItemClassPolicy, ItemPolicy, SegmentPolicy, StockValue
from servicepolicy_models.proof import Held, Stopped
from servicepolicy_optimizer.audit.judged_again import accounts_of, policy_again
from servicepolicy_optimizer.facts import WEIGHT_BINS, Facts, ItemFacts, SegmentFacts
from servicepolicy_optimizer.inventory.shelf_laws import WORDS, Law, Reason

YEAR = 365.0
CLASSES, REGIONS = ("A", "B"), ("North", "South")
PIECES = {("A", "North"): 6.0, ("A", "South"): 2.0, ("B", "North"): 4.0, ("B", "South"): 2.0}
ORDERS = {("A", "North"): 3.0, ("A", "South"): 1.0, ("B", "North"): 2.0, ("B", "South"): 1.0}
VISITS = {("A", "North"): 4.0, ("A", "South"): 2.0, ("B", "North"): 3.0, ("B", "South"): 2.0}
UNIT_COST, UNIT_PRICE, UNIT_KG, UNIT_M3 = 10.0, 25.0, 2.0, 0.01

DOCUMENT: dict[str, Any] = {
    "name": "one bolt",
    "currency": "EUR",
    "days_per_year": YEAR,
    "demand": {
        "kind": "inline",
        "items": [
            {
                "item": "bolt",
                "item_class": "X",
                "unit_cost": UNIT_COST,
                "demand": [{"customer_class": "A", "pieces_per_day": 1, "lines_per_day": 1}],
            }
        ],
    },
    "segmentation": {
        "customers": {"classes": ["A", "B"], "measure": "given", "cut_offs": []},
        "items": {"classes": ["X"], "measure": "given", "cut_offs": []},
        "regions": [{"name": "North", "values": ["N"]}, {"name": "South", "values": ["S"]}],
    },
    "targets": [{"fill_rate": 0.8, "response_hours": 72}],
    "channels": [{"name": "web"}],
    "processes": [{"name": "wave"}],
    "modes": [{"name": "road", "lanes": [{"bands": [{}], "time": {"mean_hours": 30}}]}],
    "supply": [{"name": "maker", "lead_time_mean_days": 45}],
    "locations": [{"name": "Leeds"}],
    "deployments": [{"name": "central", "serves": {"*": "Leeds"}}],
    "carrying_rate_per_year": 0.0,
}


def scenario(**changes: Any) -> Scenario:
    """The question with some of its fields changed."""
    return Scenario.model_validate(DOCUMENT | changes)


def facts() -> Facts:
    """What is ordered of the bolt in a year."""
    pieces = _cells(PIECES)
    per_day = pieces[:, 0, :].T.ravel() / YEAR
    items = ItemFacts(
        items=("bolt",),
        item_class=np.array([0]),
        unit_cost=np.array([UNIT_COST]),
        unit_price=np.array([UNIT_PRICE]),
        unit_weight_kg=np.array([UNIT_KG]),
        unit_volume_m3=np.array([UNIT_M3]),
        pieces_per_day=per_day[None, :],
        lines_per_day=per_day[None, :],
        order_size_second_moment_pieces2=np.ones((1, 4)),
        covariance_pieces2_per_day=np.diag(per_day)[None, :, :],
    )
    visits = _cells(VISITS)
    segments = SegmentFacts(
        orders_per_year=_cells(ORDERS),
        order_visits_per_year=visits,
        lines_per_year=pieces,
        pieces_per_year=pieces,
        weight_kg_per_year=pieces * UNIT_KG,
        revenue_per_year=pieces * UNIT_PRICE,
        customers=np.ones_like(pieces),
        visit_weight_kg=np.repeat((pieces * UNIT_KG / visits)[..., None], WEIGHT_BINS, axis=-1),
        order_value_quantiles=np.broadcast_to(np.linspace(0.0, 200.0, 101), (*pieces.shape, 101)),
    )
    return Facts(CLASSES, ("X",), REGIONS, items, segments, findings=(), sha256="")


def decided(
    supply: str = "maker",
    deployment: str = "central",
    stock_policy: str = "pooled",
    shelves: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    path: Mapping[str, str] | None = None,
    regions: tuple[str, ...] = ("*",),
) -> Policy:
    """A policy that only decides: r = 2 and Q = 4 in Leeds, web, wave, road, each order, unless told.

    shelves: (location, shelf) -> reorder_point_pieces and the like. All figures are zero.
    """
    option = {"supply": supply, "deployment": deployment, "stock_policy": stock_policy}
    means = {"channel": "web", "process": "wave", "mode": "road", "frequency": "each order", **(path or {})}
    return Policy(
        scenario="one bolt",
        currency="EUR",
        days_per_year=YEAR,
        fill_rate_basis="segment",
        proof=Proof(held=Held.OPTIMAL, stopped=Stopped.CONVERGED),
        cost=Cost(),
        stock_value=StockValue(),
        co2e_kg_per_year=0.0,
        fill_rate=0.0,
        segments=tuple(
            SegmentPolicy.model_validate(_NO_FIGURES | option | means | _address(name, region))
            for name in CLASSES
            for region in regions
        ),
        item_classes=(ItemClassPolicy.model_validate({"item_class": "X", **_NOTHING_HELD, **option}),),
        items=tuple(
            ItemPolicy.model_validate(
                {"item": "bolt", "item_class": "X", "location": location, "shelf": shelf, "supply": supply}
                | {"reorder_point_pieces": 2.0, "order_quantity_pieces": 4.0, "review_days": 0.0}
                | _NOT_COMPUTED
                | dict(own)
            )
            for (location, shelf), own in (shelves or {("Leeds", "*"): {}}).items()
        ),
    )


def completed(question: Scenario, demand: Facts, policy: Policy) -> Policy:
    """The policy with every figure as the audit computes it: what a right answer looks like."""
    found = accounts_of(question, demand, policy)
    again = policy_again(question, demand, policy, found)
    rows = list(policy.items)
    for account in (shelf for one in found.classes.values() for shelf in one.shelves):
        got = account.delivery
        for n, at in enumerate(account.shelf.rows):
            orders = account.item_pieces_by_class[n] > 0
            rows[at] = rows[at].model_copy(
                update={
                    "review_days": account.shelf.supply.review_days,
                    "safety_stock_pieces": float(got.safety_pieces[n]),
                    "on_hand_pieces": float(got.on_hand_pieces[n]),
                    "unit_fill_rate": {
                        name: float(got.fill_rate[n, i])
                        for i, name in enumerate(demand.customer_classes)
                        if orders[i]
                    },
                    "distribution": Law(int(got.law[n])).name.lower(),
                    "distribution_reason": WORDS[Reason(int(got.law_reason[n]))],
                    "demand_pieces_per_year": float(account.item_pieces_per_year[n]),
                }
            )
    return again.model_copy(update={"items": tuple(rows)})


def _cells(by_class_and_region: Mapping[tuple[str, str], float]) -> Any:
    return np.array([[[by_class_and_region[name, region] for region in REGIONS]] for name in CLASSES])


def _address(customer_class: str, region: str) -> dict[str, Any]:
    return {"customer_class": customer_class, "item_class": "X", "region": region}


_NOTHING_HELD = {
    "items": 0,
    "stock_value": StockValue(),
    "storage_m3": 0.0,
    "replenishment_orders_per_year": 0.0,
    "cost": Cost(),
}
_NOT_COMPUTED = {
    "safety_stock_pieces": 0.0,
    "on_hand_pieces": 0.0,
    "unit_fill_rate": {},
    "distribution": "",
    "demand_pieces_per_year": 0.0,
}
_NO_FIGURES = {
    "target_fill_rate": 0.0,
    "target_response_hours": None,
    "promised_fill_rate": 0.0,
    "planned_fill_rate": 0.0,
    "least_item_fill_rate": 0.0,
    "promised_response_hours": 0.0,
    "on_time_probability": 0.0,
    "mean_response_hours": 0.0,
    "otif": 0.0,
    "orders_per_year": 0.0,
    "lines_per_year": 0.0,
    "pieces_per_year": 0.0,
    "revenue_per_year": 0.0,
    "pieces_short_per_year": 0.0,
    "cost": Cost(),
}
