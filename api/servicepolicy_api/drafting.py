"""The next version of a named scenario, written step by step: each step is kept, the right one saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from servicepolicy_api.memory import Memory
from servicepolicy_api.naming import name_scenario
from servicepolicy_api.run_request import scenario_at
from servicepolicy_api.settings import Settings
from servicepolicy_models.merge_patch import merge_patch, merged
from servicepolicy_store import drafts, scenarios
from servicepolicy_store.scenarios import Version

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Writing:
    """A draft as it is being written: the version that it changes, and what it says now."""

    base: Version
    before: Document
    """The document of that version."""
    document: Document
    newest: int
    """The newest version of the name: somebody may have saved one since the draft was begun."""
    kept_at: datetime | None = None
    """When it was last kept, as it was read; None: there was none."""

    @property
    def patch(self) -> dict[str, Any]:
        """What is changed, as a JSON merge patch."""
        made: dict[str, Any] = merge_patch(_said(self.before), _said(self.document))
        return made


def _said(value: Any) -> Any:
    """A document without nulls in its objects: a field that says nothing is a field that is not there."""
    if not isinstance(value, Mapping):
        return value
    return {name: _said(inner) for name, inner in value.items() if inner is not None}


def opened(memory: Memory, owner: str, name: str) -> Writing:
    """The owner's draft of a name, or an unchanged copy of its newest version. Raises NotThere."""
    with memory.database.reading() as tx:
        newest = scenarios.version(tx, name)
        kept = drafts.read(tx, owner, name)
        base = newest if kept is None else scenarios.version(tx, name, kept.base_version)
        before: Document = orjson.loads(scenarios.document(tx, base.sha256))
    document = before if kept is None else merged(before, orjson.loads(kept.patch))
    return Writing(base, before, document, newest.version, kept.changed_at if kept else None)


def keep(memory: Memory, owner: str, writing: Writing) -> None:
    """Write the draft down; one that changes nothing is forgotten."""
    with memory.database.writing() as tx:
        if writing.patch:
            patch = orjson.dumps(writing.patch).decode()
            drafts.write(tx, owner, writing.base.name, writing.base.version, patch)
        else:
            drafts.throw_away(tx, owner, writing.base.name)


def discard(memory: Memory, owner: str, name: str) -> None:
    """Forget the draft."""
    with memory.database.writing() as tx:
        drafts.throw_away(tx, owner, name)


def save(memory: Memory, settings: Settings, owner: str, writing: Writing, note: str) -> Version:
    """Make the next version of the name of the draft, if nobody else did.

    Raises ScenarioRejected, TooLarge, VersionMoved.
    """
    scenario = scenario_at("", dict(writing.document))
    made = name_scenario(memory, settings, writing.base.name, scenario, note, writing.base)
    discard(memory, owner, writing.base.name)
    return made


def rebased(memory: Memory, writing: Writing) -> Writing:
    """The same changes on the newest version."""
    with memory.database.reading() as tx:
        newest = scenarios.version(tx, writing.base.name)
        before: Document = orjson.loads(scenarios.document(tx, newest.sha256))
    return replace(
        writing, base=newest, before=before, document=merged(before, writing.patch), newest=newest.version
    )
