"""What somebody wants becomes a run in the ledger, answered from an earlier run where possible."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import orjson
import structlog

from servicepolicy_api import sweeping
from servicepolicy_api.beside import COMPARISON
from servicepolicy_api.kinds import KINDS
from servicepolicy_api.memory import Memory, finds_datasets
from servicepolicy_api.problems import Problem
from servicepolicy_api.question import DATASET, checked
from servicepolicy_api.settings import Settings
from servicepolicy_api.sweeping import Points
from servicepolicy_models.demand import OrderLines
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.canonical import canonical as canonical_document
from servicepolicy_optimizer.fingerprint import canonical_json, versions
from servicepolicy_store import idempotency, parts, runs, scenarios
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import Clash
from servicepolicy_store.idempotency import Done, Ticket
from servicepolicy_store.results import write_document
from servicepolicy_store.run_noun import Asked, Run
from servicepolicy_store.scenarios import Canonical, Version

log = structlog.stdlib.get_logger("servicepolicy.runs")


@dataclass(frozen=True)
class Wish:
    """What somebody wants to know."""

    kind: str
    scenario: Scenario
    settings: Mapping[str, Any] = field(default_factory=dict)
    base: Version | None = None
    """The named scenario that it is about, or that was patched."""
    patch: str | None = None
    deadline_seconds: float | None = None
    replay_of: str | None = None
    part: int | None = None
    """Its number within the run that it is part of."""


@dataclass(frozen=True)
class Asker:
    """Who asks, in which request, and under which name the request may come again."""

    api_key: str | None = None
    request_id: str | None = None
    ticket: Ticket | None = None


engine_versions = cache(versions)
"""They do not change while this process runs."""


def canonical(scenario: Scenario) -> Canonical:
    """A scenario as it is kept."""
    document = canonical_json(scenario)
    return Canonical(hashlib.sha256(document).hexdigest(), scenario.schema_version, document.decode())


class ScenarioNotAtHand(Exception):
    """The scenario must be read again: the question has no answer yet."""


@dataclass(frozen=True)
class Prepared:
    """A wish that was checked, in the form in which it is kept."""

    asked: Asked
    scenario: Canonical | None
    """None: it is at hand no longer, and only needed where the question has no answer yet."""
    deadline_seconds: float | None
    parts: "tuple[Prepared, ...]" = ()
    """Those of a sweep's points."""
    points: Points | None = None


def ask(memory: Memory, settings: Settings, wish: Wish, asker: Asker, most_waiting: int) -> Run:
    """Write a run down and have it worked on. Raises ScenarioRejected, TooLarge, KeyReused, Problem 429.

    The same request under the same Idempotency-Key gets the same run; the same question gets the earlier
    answer.
    """
    return ask_prepared(memory, settings, prepared(memory, settings, wish), asker, most_waiting)


def prepared(memory: Memory, settings: Settings, wish: Wish) -> Prepared:
    """Check what somebody wants, and put it into the form in which it is kept.

    Raises ScenarioRejected, TooLarge.
    """
    find = finds_datasets(memory)
    if wish.kind != COMPARISON:
        # What is compared was checked when it was solved; its tables may have gone since.
        checked(wish.scenario, settings, find)
    points = None
    if KINDS[wish.kind].is_made_of_runs:
        points = sweeping.points_of(wish.scenario, wish.settings, settings, find)
    inner = tuple(_prepared(one, settings) for one in _wishes(wish, points))
    return replace(_prepared(wish, settings), parts=inner, points=points)


def ask_prepared(memory: Memory, settings: Settings, one: Prepared, asker: Asker, most_waiting: int) -> Run:
    """Write down a run that asks what was prepared. Raises KeyReused, Problem 429, ScenarioNotAtHand."""
    own = _of_asker(one, asker)
    try:
        run = _ask(memory, settings, own, asker, most_waiting)
    except Clash:
        # The twin of this request was quicker: now it is there to be found.
        run = _ask(memory, settings, own, asker, most_waiting)
    log.info("run asked", run=run.id, request=asker.request_id, kind=run.kind, cached_from=run.cached_from)
    return run


def answered_before(memory: Memory, one: Prepared) -> Run | None:
    """The earlier run that answered the same question; nothing is written."""
    with memory.database.glancing() as tx:
        return runs.answered(tx, one.asked.question_sha256)


def cancelled(memory: Memory, run_id: str, ticket: Ticket | None) -> Run:
    """Ask a run to stop, and keep the ticket of the request. Raises NotThere, KeyReused."""
    try:
        return _cancelled(memory, run_id, ticket)
    except Clash:
        return _cancelled(memory, run_id, ticket)


def _cancelled(memory: Memory, run_id: str, ticket: Ticket | None) -> Run:
    def change(tx: Transaction) -> Run:
        if ticket is not None and idempotency.earlier(tx, ticket) is None:
            idempotency.note(tx, ticket, Done(run_id, None, {}, None))
        return runs.ask_to_cancel(tx, run_id)

    return memory.database.written(change)


def _of_asker(one: Prepared, asker: Asker) -> Prepared:
    asked = replace(one.asked, api_key=asker.api_key, request_id=asker.request_id)
    return replace(one, asked=asked, parts=tuple(_of_asker(part, asker) for part in one.parts))


def _ask(memory: Memory, settings: Settings, one: Prepared, asker: Asker, most_waiting: int) -> Run:
    most = (most_waiting, settings.waiting_runs_per_key)

    def change(tx: Transaction) -> Run:
        if asker.ticket is not None:
            done = idempotency.earlier(tx, asker.ticket)
            if done is not None and done.run_id is not None:
                return runs.get(tx, done.run_id)
        if one.points is None:
            run = _written(tx, memory, one, most)
        else:
            run = _written_in_parts(tx, memory, one, one.points, most)
        if asker.ticket is not None:
            idempotency.note(tx, asker.ticket, Done(run.id, None, {}, None))
        return run

    return memory.database.written(change)


def _written(tx: Transaction, memory: Memory, one: Prepared, most: tuple[int, int]) -> Run:
    """most: runs that may wait, and those of one key."""
    earlier = _kept(tx, one)
    if earlier is not None:
        return runs.create_answered(tx, one.asked, earlier)
    _require_room(tx, one.asked, most, 1)
    return _handed_in(tx, memory, one)


def _written_in_parts(
    tx: Transaction, memory: Memory, whole: Prepared, points: Points, most: tuple[int, int]
) -> Run:
    """A run and the runs that it is made of: all of them are written, or none."""
    earlier = _kept(tx, whole)
    if earlier is not None:
        return runs.create_answered(tx, whole.asked, earlier)
    known = [(one, _kept(tx, one)) for one in whole.parts]
    _require_room(tx, whole.asked, most, sum(earlier is None for _, earlier in known), with_parts=True)
    made = runs.create(tx, replace(whole.asked, parts=len(whole.parts)), _due(tx, whole))
    if points.rejected:
        write_document(tx, made.id, sweeping.REJECTED, orjson.dumps(points.rejected).decode())
    again = _parts_again(tx, whole.asked.replay_of)
    for one, earlier in known:
        replayed = again.get(one.asked.part, one.asked.replay_of)
        part = replace(one, asked=replace(one.asked, parent=made.id, replay_of=replayed))
        if earlier is not None:
            runs.create_answered(tx, part.asked, earlier)
        else:
            _handed_in(tx, memory, part)
    if not whole.parts:
        parts.look(tx, made.id)
    return runs.get(tx, made.id)


def _kept(tx: Transaction, one: Prepared) -> Run | None:
    """The earlier run that answered a question; where there is none the scenario is kept from now on."""
    earlier = None if one.asked.replay_of else runs.answered(tx, one.asked.question_sha256)
    if earlier is None:
        if one.scenario is None:
            raise ScenarioNotAtHand
        scenarios.keep(tx, one.scenario)
    return earlier


def _handed_in(tx: Transaction, memory: Memory, one: Prepared) -> Run:
    run = runs.create(tx, one.asked, _due(tx, one))
    memory.jobs.hand_in(tx, run.id, gives_way=run.part is not None, is_new=True)
    return run


def _due(tx: Transaction, one: Prepared) -> datetime | None:
    return None if one.deadline_seconds is None else tx.at + timedelta(seconds=one.deadline_seconds)


def _parts_again(tx: Transaction, replay_of: str | None) -> dict[int | None, str]:
    """Number -> the part that is replayed."""
    if replay_of is None:
        return {}
    earlier = runs.get(tx, replay_of)
    return {one.part: one.id for one in runs.parts_of(tx, earlier.cached_from or earlier.id)}


def _require_room(
    tx: Transaction, asked: Asked, most: tuple[int, int], more: int, with_parts: bool = False
) -> None:
    """Raises Problem 429 when so many more runs may not wait. Parts give way, so only parts count them."""
    later = {"Retry-After": "10"}
    if runs.waiting(tx, with_parts=with_parts) + more > most[0]:
        raise Problem(429, "run.too_many", "Too many runs wait; come back later.", headers=later)
    if asked.api_key is not None and runs.waiting(tx, asked.api_key, with_parts) + more > most[1]:
        detail = "Too many runs of this key wait; come back later."
        raise Problem(429, "run.too_many_of_key", detail, headers=later)


def _wishes(whole: Wish, points: Points | None) -> list[Wish]:
    """What the points of a sweep are, each asked by itself."""
    return [
        Wish(
            kind="solve",
            scenario=one.scenario,
            # The name of a scenario says what a patch is on; on a patched one it would say something else.
            base=whole.base if whole.patch is None else None,
            patch=orjson.dumps(one.patch).decode(),
            deadline_seconds=whole.deadline_seconds,
            replay_of=whole.replay_of,
            part=one.number,
        )
        for one in (points.good if points else ())
    ]


def _prepared(wish: Wish, settings: Settings) -> Prepared:
    kept = canonical(wish.scenario)
    return Prepared(_asked(wish, kept, settings), kept, wish.deadline_seconds)


def _asked(wish: Wish, kept: Canonical, settings: Settings) -> Asked:
    question: dict[str, Any] = {
        "kind": wish.kind, "scenario": kept.sha256, "settings": dict(wish.settings),
        "versions": engine_versions(), "files": _files_as_they_are(wish.scenario, settings),
    }  # fmt: skip
    return Asked(
        kind=wish.kind,
        scenario_sha256=kept.sha256,
        settings=wish.settings,
        versions=engine_versions(),
        question_sha256=hashlib.sha256(canonical_document(question)).hexdigest(),
        seed=wish.scenario.limits.seed,
        scenario_name=wish.base.name if wish.base else None,
        scenario_version=wish.base.version if wish.base else None,
        patch=wish.patch,
        replay_of=wish.replay_of,
        part=wish.part,
    )


def _files_as_they_are(scenario: Scenario, settings: Settings) -> dict[str, list[int]]:
    """Files of the data folder may change under their name: size and time of change join the question.

    Data sets never change under their id.
    """
    demand, folder = scenario.demand, settings.data_folder
    if not isinstance(demand, OrderLines) or folder is None:
        return {}
    named = (demand.path, demand.item_table, demand.customer_table)
    files = {name: folder / name for name in named if name and not name.startswith(DATASET)}
    found = {name: path.stat() for name, path in files.items() if path.exists()}
    # Nanoseconds since 1970 do not fit into a number of JSON: seconds and the rest do.
    return {name: [one.st_size, *divmod(one.st_mtime_ns, 10**9)] for name, one in found.items()}
