"""Small worlds in which on time in full is asked, slow promises lose demand, and classes are compared."""

from typing import Any

import numpy as np

from servicepolicy_models.scenario import Scenario
from tests.optimizer.small_inline import small_scenario

HOURS = [18, 24, 36, 48, 72, 96]


def otif_scenario(seed: int, **changes: Any) -> Scenario:
    """Two modes, up to two item classes of up to two items, customer classes A and B, each promise at times.

    Demand lost to slow promises: from none to half a day's demand a day. Orders between classes at times.
    """
    rng = np.random.default_rng(10_000 + seed)
    modes = [_mode(rng, name, cost, hours) for name, cost, hours in (("road", 4, 30), ("air", 7, 14))]
    targets: list[dict[str, Any]] = [
        {"fill_rate": float(rng.choice([0.5, 0.8])), "on_time_probability": 0.6, "response_hours": 96},
        {"customer_class": "A", "otif": float(rng.choice([0.6, 0.7, 0.8]))},
    ]
    if rng.random() < 0.6:
        targets.append({"customer_class": "B", "otif": float(rng.choice([0.5, 0.6, 0.7]))})
    rules = {}
    if rng.random() < 0.5:
        rules["better_customer_never_served_worse"] = True
    if rng.random() < 0.3:
        rules["better_item_never_served_worse"] = True
    lost = float(rng.choice([0, 0.005, 0.02, 0.1, 0.5]))
    reaction = {"shortage_factor": float(rng.choice([0, 0.05])), "demand_lost_share_per_day": lost}
    document: dict[str, Any] = {
        "modes": modes,
        "channels": [{"name": "web", "cost_per_line": 1.0}],
        "targets": targets,
        "rules": rules,
        "promise_ladder": {"fill_rates": [0.4, 0.8, 0.95], "response_hours": HOURS},
        "stockout_reactions": [reaction],
    }
    return small_scenario(seed, **(document | changes))


def _mode(rng: np.random.Generator, name: str, cost: float, hours: float) -> dict[str, Any]:
    time = {"mean_hours": hours, "sd_hours": hours * float(rng.choice([0.2, 0.5, 0.8]))}
    return {"name": name, "lanes": [{"bands": [{"cost_per_shipment": cost}], "time": time}]}
