"""What a reader asks on a screen becomes a run, by the road of the routes."""

from collections.abc import Mapping
from typing import Any

import orjson

from servicepolicy_api.asking import ask
from servicepolicy_api.page.here import Here
from servicepolicy_api.subjects import Subject
from servicepolicy_models.noun import Noun
from servicepolicy_store import runs, scenarios
from servicepolicy_store.run_noun import Run


def asked(
    here: Here, subject: Subject, kind: str, settings: Noun | None = None, deadline: float | None = None
) -> Run:
    """Write a run down and have it worked on. Reads and writes: call it beside the loop."""
    wish = subject.wish(kind, settings.model_dump(mode="json") if settings else {}, deadline)
    return ask(here.memory, here.settings, wish, here.asker, here.settings.waiting_runs)


def newest(here: Here, kind: str, scenario_sha256: str) -> Run | None:
    """The newest run of a kind about the very same scenario; None: there is none."""
    with here.memory.database.reading() as tx:
        found, _ = runs.page(tx, runs.Filter(kind=kind, scenario_sha256=scenario_sha256), None, 1)
    return found[0] if found else None


def scenario_of(here: Here, run: Run) -> Mapping[str, Any]:
    """The document of the scenario that a run is about."""
    with here.memory.database.reading() as tx:
        read: Mapping[str, Any] = orjson.loads(scenarios.document(tx, run.scenario_sha256))
    return read


def named_scenarios(here: Here) -> list[str]:
    """The names of all scenarios."""
    with here.memory.database.reading() as tx:
        found, _ = scenarios.heads(tx, None, MOST_NAMES)
    return [one.name for one in found]


MOST_NAMES = 500
