"""What a run can be asked about: a named scenario, or the scenario of an earlier run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from servicepolicy_api.asking import Wish
from servicepolicy_api.memory import Memory
from servicepolicy_api.question import read_json_scenario
from servicepolicy_models.merge_patch import merged
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_store import scenarios
from servicepolicy_store.run_noun import Run
from servicepolicy_store.scenarios import Version


@dataclass(frozen=True)
class Subject:
    """A scenario, and where it comes from."""

    scenario: Scenario
    base: Version | None = None
    """The named version that it is, or that was patched."""
    patch: str | None = None
    """JSON merge patch on that version."""

    def wish(self, kind: str, settings: Mapping[str, Any], deadline_seconds: float | None = None) -> Wish:
        """That a run of some kind be made about it."""
        return Wish(kind, self.scenario, settings, self.base, self.patch, deadline_seconds)

    def patched(self, patch: Mapping[str, Any]) -> "Subject":
        """The same with a JSON merge patch. Raises ScenarioRejected."""
        if not patch:
            return self
        document = merged(self.scenario.model_dump(mode="json"), patch)
        # The name says what a patch is on; on a scenario that is patched already it would say something else.
        base = self.base if self.patch is None else None
        return Subject(read_scenario(orjson.dumps(document)), base, orjson.dumps(patch).decode())


def subject_of_run(memory: Memory, run: Run) -> Subject:
    """What a run was about. Raises NotThere."""
    with memory.database.reading() as tx:
        document = scenarios.document(tx, run.scenario_sha256)
        base = None
        if run.scenario_name is not None:
            base = scenarios.version(tx, run.scenario_name, run.scenario_version)
    return Subject(read_json_scenario(document.encode()), base, run.patch)


def subject_of_name(memory: Memory, name: str, version: int | None = None) -> Subject:
    """A named scenario, the newest version if none is said. Raises NotThere."""
    with memory.database.reading() as tx:
        base = scenarios.version(tx, name, version)
        document = scenarios.document(tx, base.sha256)
    return Subject(read_json_scenario(document.encode()), base)
