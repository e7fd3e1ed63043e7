"""Small worlds for the tests of service paths: a scenario and its demand facts, made by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import WEIGHT_BINS, Facts, ItemFacts, SegmentFacts


def scenario(**changes: Any) -> Scenario:
    """Two customer classes, two item classes, one region, one of each means; `changes` replace fields."""
    document: dict[str, Any] = {
        "name": "small",
        "currency": "EUR",
        "days_per_year": 250.0,
        "demand": {
            "kind": "inline",
            "items": [
                {
                    "item": "X",
                    "item_class": "A",
                    "unit_cost": 1.0,
                    "demand": [{"customer_class": "A", "pieces_per_day": 1.0, "lines_per_day": 1.0}],
                }
            ],
        },
        "segmentation": {
            "customers": {"classes": ["A", "B"], "cut_offs": [0.5]},
            "items": {"classes": ["A", "B"], "cut_offs": [0.5]},
            "regions": [{"name": "all", "values": ["*"]}],
        },
        "channels": [{"name": "EDI", "cost_per_order": 2.0}],
        "processes": [{"name": "wave", "cost_per_line": 1.0, "time": {"mean_hours": 4.0}}],
        "modes": [
            {"name": "Road", "lanes": [{"bands": [{"cost_per_shipment": 5.0}], "time": {"mean_hours": 20.0}}]}
        ],
        "supply": [{"name": "maker", "lead_time_mean_days": 10.0}],
        "locations": [{"name": "Leeds"}],
        "deployments": [{"name": "central", "serves": {"*": "Leeds"}}],
        "carrying_rate_per_year": 0.2,
    }
    return Scenario.model_validate(document | changes)


def regions(*names: str, by_region: bool = False) -> dict[str, Any]:
    """The segmentation of `scenario` with these regions."""
    return {
        "customers": {"classes": ["A", "B"], "cut_offs": [0.5]},
        "items": {"classes": ["A", "B"], "cut_offs": [0.5]},
        "regions": [{"name": name, "values": [name]} for name in names],
        "promise_by_region": by_region,
    }


def facts(
    regions: Sequence[str] = ("all",),
    customer_classes: Sequence[str] = ("A", "B"),
    item_classes: Sequence[str] = ("A", "B"),
    **arrays: Any,
) -> Facts:
    """Facts of those classes and regions; each named array of `SegmentFacts` is broadcast to (I, J, R).

    Else: 100 orders and visits, 200 lines, 600 pieces, 10 customers, 4 kg a visit, 1,000 revenue.
    One item for each item class, of unit cost 1; its pieces are those of the segments.
    """
    shape = len(customer_classes), len(item_classes), len(regions)
    given: dict[str, Any] = {
        "orders_per_year": 100.0,
        "lines_per_year": 200.0,
        "pieces_per_year": 600.0,
        "customers": 10.0,
        "revenue_per_year": 1000.0,
    } | arrays
    given.setdefault("order_visits_per_year", given["orders_per_year"])
    visit_kg = np.broadcast_to(np.asarray(given.pop("visit_weight_kg", 4.0)), (*shape, WEIGHT_BINS)).copy()
    visits = np.broadcast_to(given["order_visits_per_year"], shape)
    given.setdefault("weight_kg_per_year", visits * visit_kg.mean(axis=-1))
    values = np.broadcast_to(
        given.pop("order_value_quantiles", np.linspace(0.0, 200.0, 101)), (*shape, 101)
    ).copy()
    whole = {
        name: np.broadcast_to(np.asarray(value, dtype=float), shape).copy() for name, value in given.items()
    }
    segments = SegmentFacts(**whole, visit_weight_kg=visit_kg, order_value_quantiles=values)
    return Facts(
        customer_classes=tuple(customer_classes),
        item_classes=tuple(item_classes),
        regions=tuple(regions),
        items=_one_item_a_class(segments.pieces_per_year / 250.0),
        segments=segments,
        findings=(),
        sha256="0" * 64,
    )


def _one_item_a_class(pieces_per_day: np.ndarray) -> ItemFacts:
    count = pieces_per_day.shape[1]
    by_atom = pieces_per_day.transpose(1, 2, 0).reshape(count, -1)
    atoms = by_atom.shape[1]
    return ItemFacts(
        items=tuple(f"item {j}" for j in range(count)),
        item_class=np.arange(count),
        unit_cost=np.ones(count),
        unit_price=np.ones(count),
        unit_weight_kg=np.ones(count),
        unit_volume_m3=np.ones(count),
        pieces_per_day=by_atom,
        lines_per_day=by_atom,
        order_size_second_moment_pieces2=np.ones((count, atoms)),
        covariance_pieces2_per_day=np.zeros((count, atoms, atoms)),
    )
