"""Ask a servicepolicy service from Python: `from servicepolicy_client import Client`."""

from servicepolicy_client.answers import Dataset, Found, PolicyInForce, Run, ScenarioVersion, Shelf
from servicepolicy_client.asking import Client
from servicepolicy_client.problems import (
    Conflict,
    Finding,
    NotFound,
    Problem,
    Rejected,
    Stale,
    TooMany,
    Unauthorized,
    Unavailable,
)

__all__ = [
    "Client",
    "Conflict",
    "Dataset",
    "Finding",
    "Found",
    "NotFound",
    "PolicyInForce",
    "Problem",
    "Rejected",
    "Run",
    "ScenarioVersion",
    "Shelf",
    "Stale",
    "TooMany",
    "Unauthorized",
    "Unavailable",
]
