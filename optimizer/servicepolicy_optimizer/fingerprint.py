"""What identifies a question and the program that answered it."""

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.canonical import canonical

DISTRIBUTIONS = ("servicepolicy", "pyomo", "highspy", "numpy", "scipy", "pandas", "duckdb")
"""What takes part in an answer, beside Python itself."""


def canonical_json(scenario: Scenario) -> bytes:
    """Return the scenario with all its defaults as canonical JSON (RFC 8785).

    Field order, blanks, `1` or `1.0`, and whether a default is written out make no difference.
    """
    return canonical(scenario.model_dump(mode="json"))


def scenario_sha256(scenario: Scenario) -> str:
    """Return the SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(scenario)).hexdigest()


def versions() -> dict[str, str]:
    """Return the version of everything that takes part in an answer, by name."""
    return {"python": platform.python_version(), **_installed()}


@cache
def _installed() -> Mapping[str, str]:
    # Read once: each is a file to be parsed.
    return {name: metadata.version(name) for name in DISTRIBUTIONS}
