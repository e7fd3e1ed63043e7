"""A run as it is told over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from pydantic import Field

from servicepolicy_api import sweeping
from servicepolicy_api.kinds import KINDS
from servicepolicy_api.memory import Memory
from servicepolicy_models.noun import Noun
from servicepolicy_store import runs
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere
from servicepolicy_store.results import read_result
from servicepolicy_store.run_noun import Run, State


class ScenarioOfRun(Noun):
    """Which scenario a run is about."""

    sha256: str
    name: str | None = None
    version: int | None = None
    patch: dict[str, Any] | None = None
    """JSON merge patch on the named version."""


class Replay(Noun):
    """Whether a run that was asked again says the same."""

    of: str
    same: bool | None
    """None: one of the two has no policy."""
    differs: tuple[str, ...] = ()
    """Parts of the answer that differ."""


class RunView(Noun):
    """A run: what was asked, how far it is, and how it ended."""

    id: str
    kind: str
    state: State
    outcome: str | None = None
    """Of a succeeded run: optimal, feasible, infeasible, nothing; done, where there is nothing to prove;
    partial, where a part of a sweep or an explanation was not answered."""
    scenario: ScenarioOfRun
    settings: dict[str, Any]
    versions: dict[str, str]
    seed: int
    attempt: int
    process_deaths: int = 0
    """How often its own process died (a signal, no memory left): at the third time it fails."""
    worker_deaths: int = 0
    """How often the server or worker died, or fell silent, that worked on it: at the tenth time it fails."""
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    deadline_at: datetime | None = None
    progress: dict[str, Any] = Field(default_factory=dict)
    """phase, done, word, seconds; and incumbent and bound once something is held."""
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    """(objective - bound) / |objective|."""
    cached: bool = False
    """The same question was answered before: this is that answer."""
    cached_from: str | None = None
    replay: Replay | None = None
    parent: str | None = None
    """The run that this one is part of."""
    parts: int | None = None
    """Of how many runs it is made: `GET /v1/runs?parent=` lists them."""
    part: int | None = None
    """Its number within its parent."""
    problem: dict[str, Any] | None = None
    """Why it failed."""
    result: dict[str, Any] | None = None
    """The answer without its item rows, where it was waited for."""


class RunList(Noun):
    """A page of runs, the newest first."""

    runs: tuple[RunView, ...]
    next: str | None = None
    """Cursor of the next page."""


def view(run: Run, replay: Replay | None = None, result: dict[str, Any] | None = None) -> RunView:
    """Tell a run."""
    return RunView(
        id=run.id,
        kind=run.kind,
        state=run.state,
        outcome=run.outcome,
        scenario=ScenarioOfRun(
            sha256=run.scenario_sha256,
            name=run.scenario_name,
            version=run.scenario_version,
            patch=None if run.patch is None else orjson.loads(run.patch),
        ),
        settings=dict(run.settings),
        versions=dict(run.versions),
        seed=run.seed,
        attempt=run.attempt,
        process_deaths=run.process_deaths,
        worker_deaths=run.worker_deaths,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        deadline_at=run.deadline_at,
        progress=dict(run.progress),
        objective=run.objective,
        bound=run.bound,
        gap=_gap(run.objective, run.bound),
        cached=run.cached_from is not None,
        cached_from=run.cached_from,
        replay=replay,
        parent=run.parent,
        parts=run.parts,
        part=run.part,
        problem=None if run.problem is None else dict(run.problem),
        result=result,
    )


def row_says_all(run: Run, with_result: bool = False) -> bool:
    """Whether nothing has to be looked up to tell a run: no earlier answer, and no result."""
    return run.replay_of is None and not (with_result and run.state.is_final)


def whole_view(memory: Memory, run: Run, with_result: bool = False) -> RunView:
    """Tell a run with what has to be looked up: whether a replay says the same, and the answer."""
    with memory.database.reading() as tx:
        replay = None if run.replay_of is None else _replay(tx, run)
        result = _document(tx, run) if with_result and run.state.is_final else None
    return view(run, replay, result)


def _document(tx: Transaction, run: Run) -> dict[str, Any] | None:
    if run.kind == sweeping.KIND:
        return {sweeping.ROWS: sweeping.rows_of(tx, run)}
    try:
        read = orjson.loads(read_result(tx, run, KINDS[run.kind].answer).document or "null")
    except NotThere:
        return None
    return read if isinstance(read, dict) else {KINDS[run.kind].answer: read}


def _replay(tx: Transaction, run: Run) -> Replay:
    earlier = runs.get(tx, str(run.replay_of))
    one, other = (_comparable(tx, each) for each in (run, earlier))
    if one is None or other is None:
        return Replay(of=earlier.id, same=None)
    differs = tuple(sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)))
    return Replay(of=earlier.id, same=not differs, differs=differs)


def _comparable(tx: Transaction, run: Run) -> Mapping[str, Any] | None:
    """The answer without what differs from one solve to the next: seconds, and names of runs."""
    document = _document(tx, run)
    if document is None:
        return None
    if isinstance(document.get("proof"), dict):
        document["proof"].pop("seconds", None)
    for row in document.get(sweeping.ROWS, ()) if run.kind == sweeping.KIND else ():
        row.pop("run", None)
    try:
        document["items"] = read_result(tx, run, "items").blob
    except NotThere:
        document["items"] = None
    return document


def _gap(objective: float | None, bound: float | None) -> float | None:
    if objective is None or bound is None or objective == 0:
        return None
    return max((objective - bound) / abs(objective), 0.0)
