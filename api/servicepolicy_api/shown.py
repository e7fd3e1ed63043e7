"""Request bodies that the OpenAPI document shows.

Each runs as it stands: with the scenarios that are shipped, or, where order lines are needed, with a named
scenario `wholesaler` whose order lines were uploaded.
"""

import json
from collections.abc import Mapping
from typing import Any

from servicepolicy_api.examples import runnable_examples
from servicepolicy_api.kinds import KINDS
from servicepolicy_api.run_request import request_noun

SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "sweep": {"grid": [[{"carrying_rate_per_year": 0.2}, {"carrying_rate_per_year": 0.3}], [{}]]},
    "repairs": {"repairs_at_most": 2},
    "prices": {"only": []},
    "frontier": {"against": "fill_rate", "points": 5},
    "robust": {
        "futures": [{"name": "as today", "weight": 3}, {"name": "demand up", "times": {"demand": 1.2}}]
    },
    "screening": {
        "samples": 2,
        "inputs": {"demand": {"low": 0.9, "high": 1.1}, "lead_time": {"low": 0.8, "high": 1.2}},
    },
}
"""Kind -> settings that run with every shipped scenario."""
PATCH: Mapping[str, Mapping[str, Any]] = {"repairs": {"budgets": {"inventory_value": 1}}}
"""Kind -> what has to be changed first: only what cannot be needs repairs."""
OF_ORDER_LINES: Mapping[str, Mapping[str, Any]] = {
    "classes": {"grid": [0.1], "most_solves": 4},
    "qualification": {
        "classes": [
            {"customer_class": "A", "enter": {"revenue_per_year": 20_000, "loyalty_periods": 2}},
            {"customer_class": "B", "enter": {"revenue_per_year": 5_000}},
        ]
    },
    "backtest": {"promises": [0.95], "lead_time_days": 7, "order_cycle_days": 14, "first_judged_day": 200},
    "profile": {},
}
RUNS = ("01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058")
"""Stand for two runs that have a policy."""
BASE: Mapping[str, Any] = {"base": {"name": "wholesaler"}}


def shown() -> dict[str, dict[str, Any]]:
    """Name of a noun -> name of an example -> body."""
    shipped = {name: json.loads(text) for name, text in runnable_examples().items()}
    found: dict[str, dict[str, Any]] = {
        "Scenario": shipped,
        "RunRequest": {name: {"scenario": document} for name, document in shipped.items()},
    }
    for kind, settings in SETTINGS.items():
        patch = {"patch": PATCH[kind]} if kind in PATCH else {}
        found[noun_name(kind)] = {
            name: {"scenario": document, **patch, "settings": settings} for name, document in shipped.items()
        }
    for kind, settings in OF_ORDER_LINES.items():
        if KINDS[kind].route is not None:
            found[noun_name(kind)] = {"order lines": {**BASE, "settings": settings}}
        else:
            found["RunRequest"][kind] = {"kind": kind, **BASE, "settings": settings}
    found[noun_name("comparison")] = {"two runs": {"settings": {"runs": list(RUNS)}}}
    return found


def noun_name(kind: str) -> str:
    """The name of the body of a kind's own route."""
    return request_noun(kind).__name__
