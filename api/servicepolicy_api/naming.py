"""A scenario gets a name and a version: the road that the routes and the page share."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from servicepolicy_api.asking import canonical
from servicepolicy_api.memory import Memory, finds_datasets
from servicepolicy_api.problems import Problem
from servicepolicy_api.question import checked
from servicepolicy_api.settings import Settings
from servicepolicy_models.errors import error
from servicepolicy_models.merge_patch import merge_patch
from servicepolicy_models.scenario import Scenario
from servicepolicy_store import scenarios
from servicepolicy_store.scenarios import Canonical, Parent, Version

NAME_PATTERN = r"^[^/:\x00-\x1f]+$"
LONGEST_NAME = 120


def in_kept_form(scenario: Scenario, memory: Memory, settings: Settings) -> Canonical:
    """A scenario that this installation may solve, as it is kept. Raises ScenarioRejected, TooLarge."""
    checked(scenario, settings, finds_datasets(memory))
    return canonical(scenario)


def fit_name(text: str) -> str:
    """A name as it may be kept. Raises Problem 422."""
    name = text.strip()
    if 0 < len(name) <= LONGEST_NAME and re.match(NAME_PATTERN, name):
        return name
    what = f"A name has 1 to {LONGEST_NAME} characters, and neither / nor : in it."
    finding = error("name", what, "request.parameters", "Choose another name.")
    raise Problem(422, "request.parameters", what, [finding])


def name_scenario(
    memory: Memory,
    settings: Settings,
    name: str,
    scenario: Scenario,
    note: str = "",
    made_of: Version | None = None,
) -> Version:
    """Keep a scenario under a name. made_of: the version it came from: of the same name, it must still be
    the newest, and this becomes the next; of another, or None, the name must be new.

    Raises ScenarioRejected, TooLarge, VersionMoved, Problem 422.
    """
    kept, fit = in_kept_form(scenario, memory, settings), fit_name(name)
    with memory.database.writing() as tx:
        parent = None
        if made_of is not None:
            before: Mapping[str, Any] = orjson.loads(scenarios.document(tx, made_of.sha256))
            patch = orjson.dumps(merge_patch(before, orjson.loads(kept.document))).decode()
            parent = Parent(made_of.name, made_of.version, patch)
        expected = made_of.version if made_of is not None and made_of.name == fit else None
        return scenarios.add_version(tx, fit, kept, expected, note, parent)
