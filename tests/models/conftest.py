"""Scenarios to start from: valid documents that a test may break."""

import json
from pathlib import Path
from typing import Any

import pytest


def document(checkout: Path, name: str) -> dict[str, Any]:
    """The scenario of that folder, as parsed JSON."""
    loaded: dict[str, Any] = json.loads((checkout / "scenarios" / name / "scenario.json").read_bytes())
    return loaded


@pytest.fixture
def inline(checkout: Path) -> dict[str, Any]:
    """A valid scenario with inline demand."""
    return document(checkout, "spare-parts")


@pytest.fixture
def lines(checkout: Path) -> dict[str, Any]:
    """A valid scenario that reads order lines."""
    return document(checkout, "synthetic-wholesaler")
