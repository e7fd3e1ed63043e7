"""The nouns: what travels between rooms. Frozen and closed; no verbs, no input or output."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicepolicy_models.cost import COST_PARTS, Cost
    from servicepolicy_models.findings import Finding, Severity
    from servicepolicy_models.means import StockPolicy
    from servicepolicy_models.policy import Policy
    from servicepolicy_models.proof import Held, Proof, Stopped
    from servicepolicy_models.scenario import SCHEMA_VERSION, FillRateBasis, Scenario

__all__ = [
    "COST_PARTS",
    "SCHEMA_VERSION",
    "Cost",
    "FillRateBasis",
    "Finding",
    "Held",
    "Policy",
    "Proof",
    "Scenario",
    "Severity",
    "StockPolicy",
    "Stopped",
]

_PLACE_OF = {
    "COST_PARTS": "cost", "Cost": "cost", "Finding": "findings", "Severity": "findings",
    "StockPolicy": "means", "Policy": "policy", "Held": "proof", "Proof": "proof", "Stopped": "proof",
    "SCHEMA_VERSION": "scenario", "FillRateBasis": "scenario", "Scenario": "scenario",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    # A noun is loaded when it is asked for: to look at a question one need not load every answer.
    if name in _PLACE_OF:
        return getattr(import_module(f"{__name__}.{_PLACE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
