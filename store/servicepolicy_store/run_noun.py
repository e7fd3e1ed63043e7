"""A run as it travels out of the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

MOST_PROCESS_DEATHS = 3
"""A run whose own process dies so often while its worker lives is poison: nobody tries again."""
MOST_WORKER_DEATHS = 10
"""So often may a server or worker die that has a run in hand. It says little: it dies with all its runs, and
of many causes."""
ALONE_AFTER = 2
"""After so many deaths of either kind a run is worked on alone: it takes no other with it, is not killed for
the memory that another one takes, and a further death speaks against nobody else."""


REPEATABLE = ("optimal", "infeasible", "done")
"""Outcomes that no further second of solving would change."""


class State(StrEnum):
    """Where a run is. It ends in exactly one of the last three."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing can change any more."""
        return self in (State.SUCCEEDED, State.FAILED, State.CANCELLED)


@dataclass(frozen=True)
class Asked:
    """What a run is asked: written once."""

    kind: str
    scenario_sha256: str
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    question_sha256: str
    seed: int
    scenario_name: str | None = None
    scenario_version: int | None = None
    patch: str | None = None
    replay_of: str | None = None
    parent: str | None = None
    parts: int | None = None
    """Of how many runs it is made; None: it is worked on itself."""
    part: int | None = None
    """Its number within its parent."""
    api_key: str | None = None
    request_id: str | None = None


@dataclass(frozen=True)
class Run:
    """One question asked, and how far it is."""

    id: str
    kind: str
    scenario_sha256: str
    scenario_name: str | None
    scenario_version: int | None
    patch: str | None
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    question_sha256: str
    seed: int
    state: State
    attempt: int
    process_deaths: int
    """How often its own process died while its worker lived."""
    worker_deaths: int
    """How often a server or worker died, or fell silent, that had it in hand."""
    worker: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    deadline_at: datetime | None
    cancel_asked_at: datetime | None
    progress: Mapping[str, Any]
    last_event: int
    outcome: str | None
    objective: float | None
    bound: float | None
    problem: Mapping[str, Any] | None
    cached_from: str | None
    replay_of: str | None
    parent: str | None
    parts: int | None
    part: int | None
    api_key: str | None
    request_id: str | None

    @property
    def is_suspect(self) -> bool:
        """Whether it may kill its workers, or die of what others take; a silent worker counts as dead."""
        silent = self.state is State.RUNNING
        return max(self.process_deaths, self.worker_deaths + silent) >= ALONE_AFTER


RUN_FIELDS = tuple(one.name for one in fields(Run))


def run_of(row: Mapping[str, Any]) -> Run:
    """Read a run from its row."""
    read = {name: row[name] for name in RUN_FIELDS}
    return Run(**read | {"state": State(row["state"])})


@dataclass(frozen=True)
class Ending:
    """How a run ends. `outcome` says what a succeeded or cancelled run holds."""

    state: State
    outcome: str | None = None
    objective: float | None = None
    bound: float | None = None
    problem: Mapping[str, Any] | None = None
    documents: Mapping[str, str] = field(default_factory=dict)
    """Name -> JSON of a small result."""
    tables: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Name -> content hash and rows of a Parquet file that is kept already."""
    same_as: str | None = None
    """Id of the run whose answer this is, where it has none of its own."""
