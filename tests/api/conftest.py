"""What the tests of the doors share."""

import json
from pathlib import Path
from typing import Any

import pytest

from servicepolicy_models.policy import Policy
from tests.api import policies


@pytest.fixture
def spare_parts(checkout: Path) -> bytes:
    """The smallest complete question, as it is shipped."""
    return (checkout / "scenarios" / "spare-parts" / "scenario.json").read_bytes()


@pytest.fixture
def document(spare_parts: bytes) -> dict[str, Any]:
    """The smallest complete question, to be changed."""
    parsed: dict[str, Any] = json.loads(spare_parts)
    return parsed


@pytest.fixture
def policy() -> Policy:
    """A policy made by hand."""
    return policies.policy()
