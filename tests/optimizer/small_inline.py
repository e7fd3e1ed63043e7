"""Random small worlds as whole scenarios: a few items, two customer classes, inline demand."""

from typing import Any

import numpy as np

from servicepolicy_models.scenario import Scenario

POLICIES = ("pooled", "separate", "rationed")


def small_scenario(seed: int, **changes: Any) -> Scenario:
    """One or two item classes with up to two items each, one or two suppliers, one to three stock
    policies.
    """
    rng = np.random.default_rng(seed)
    item_classes = ["X", "Y"][: rng.integers(1, 3)]
    items = [_item(rng, f"{name}{n}", name) for name in item_classes for n in range(rng.integers(1, 3))]
    policies = [str(p) for p in rng.permutation(POLICIES)[: rng.integers(1, 4)]]
    document: dict[str, Any] = {
        "name": f"small world {seed}",
        "currency": "EUR",
        "demand": {"kind": "inline", "items": items},
        "segmentation": {
            "customers": {"classes": ["A", "B"], "measure": "given", "cut_offs": []},
            "items": {"classes": item_classes, "measure": "given", "cut_offs": []},
        },
        "targets": [
            {"customer_class": "A", "fill_rate": float(rng.choice([0.8, 0.9, 0.95]))},
            {"customer_class": "B", "fill_rate": float(rng.choice([0.4, 0.7, 0.85]))},
        ],
        "channels": [{"name": "web", "cost_per_line": 1.0}, {"name": "phone", "cost_per_line": 3.0}],
        "processes": [{"name": "wave", "cost_per_line": 0.5}],
        "modes": [
            {"name": "road", "lanes": [{"bands": [{"cost_per_shipment": 4}], "time": {"mean_hours": 30}}]}
        ],
        "supply": [_supply(rng, f"supplier {n}") for n in range(rng.integers(1, 3))],
        "locations": [{"name": "Leeds", "storage_cost_per_m3_year": 20.0}],
        "deployments": [{"name": "central", "serves": {"*": "Leeds"}}],
        "stock_policies": policies,
        "carrying_rate_per_year": 0.25,
        "stockout_reactions": [{"shortage_factor": float(rng.choice([0.0, 0.05]))}],
        "limits": {"rungs": 6, "price_levels": 6, "relative_gap": 1e-9},
    }
    return Scenario.model_validate(document | changes)


def _item(rng: np.random.Generator, name: str, item_class: str) -> dict[str, Any]:
    return {
        "item": name,
        "item_class": item_class,
        "unit_cost": float(rng.uniform(2, 60)),
        "unit_price": float(rng.uniform(60, 100)),
        "unit_volume_m3": 0.01,
        "unit_weight_kg": 1.0,
        "demand": [_pool(rng, customer_class) for customer_class in ("A", "B")],
    }


def _pool(rng: np.random.Generator, customer_class: str) -> dict[str, Any]:
    lines, size = float(rng.uniform(0.02, 1.0)), float(rng.choice([1.0, 1.0, 4.0]))
    return {
        "customer_class": customer_class,
        "pieces_per_day": lines * size,
        "lines_per_day": lines,
        "order_size_second_moment_pieces2": size * size * 1.5 if size > 1 else 1.0,
    }


def _supply(rng: np.random.Generator, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "fixed_cost_per_order": float(rng.uniform(2, 30)),
        "lead_time_mean_days": float(rng.uniform(3, 40)),
        "lead_time_sd_days": 2.0,
        "unit_cost_factor": float(rng.uniform(0.9, 1.05)),
    }
