"""The nouns: what travels between rooms. Frozen and closed; no verbs, no input or output."""

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
