"""What somebody wants becomes a run in the ledger, answered from an earlier run where possible."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import rfc8785

from servicepolicy_api.memory import Memory, finds_datasets
from servicepolicy_api.problems import Problem
from servicepolicy_api.question import DATASET, checked
from servicepolicy_api.settings import Settings
from servicepolicy_models.demand import OrderLines
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.fingerprint import canonical_json, versions
from servicepolicy_store import idempotency, runs, scenarios
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import Clash
from servicepolicy_store.idempotency import Done, Ticket
from servicepolicy_store.run_noun import Asked, Run
from servicepolicy_store.scenarios import Canonical, Version


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


def ask(memory: Memory, settings: Settings, wish: Wish, asker: Asker, most_waiting: int) -> Run:
    """Write a run down and have it worked on. Raises ScenarioRejected, TooLarge, KeyReused, Problem 429.

    The same request under the same Idempotency-Key gets the same run; the same question gets the earlier
    answer.
    """
    checked(wish.scenario, settings, finds_datasets(memory))
    try:
        return _ask(memory, settings, wish, asker, most_waiting)
    except Clash:
        # The twin of this request was quicker: now it is there to be found.
        return _ask(memory, settings, wish, asker, most_waiting)


def _ask(memory: Memory, settings: Settings, wish: Wish, asker: Asker, most_waiting: int) -> Run:
    kept = canonical(wish.scenario)
    asked_for = _asked(wish, kept, asker, settings)
    with memory.database.writing() as tx:
        if asker.ticket is not None:
            done = idempotency.earlier(tx, asker.ticket)
            if done is not None and done.run_id is not None:
                return runs.get(tx, done.run_id)
        run = _written(tx, memory, wish, kept, asked_for, (most_waiting, settings.waiting_runs_per_key))
        if asker.ticket is not None:
            idempotency.note(tx, asker.ticket, Done(run.id, None, {}, None))
        return run


def _written(
    tx: Transaction, memory: Memory, wish: Wish, kept: Canonical, asked: Asked, most: tuple[int, int]
) -> Run:
    """most: runs that may wait, and those of one key."""
    scenarios.keep(tx, kept)
    earlier = None if wish.replay_of else runs.answered(tx, asked.question_sha256)
    if earlier is not None:
        return runs.create_answered(tx, asked, earlier)
    later = {"Retry-After": "10"}
    if runs.waiting(tx) >= most[0]:
        raise Problem(429, "run.too_many", "Too many runs wait; come back later.", headers=later)
    if asked.api_key is not None and runs.waiting(tx, asked.api_key) >= most[1]:
        detail = "Too many runs of this key wait; come back later."
        raise Problem(429, "run.too_many_of_key", detail, headers=later)
    deadline = timedelta(seconds=wish.deadline_seconds) if wish.deadline_seconds is not None else None
    run = runs.create(tx, asked, None if deadline is None else tx.at + deadline)
    memory.jobs.hand_in(tx, run.id)
    return run


def _asked(wish: Wish, kept: Canonical, asker: Asker, settings: Settings) -> Asked:
    question: dict[str, Any] = {
        "kind": wish.kind, "scenario": kept.sha256, "settings": dict(wish.settings),
        "versions": engine_versions(), "files": _files_as_they_are(wish.scenario, settings),
    }  # fmt: skip
    return Asked(
        kind=wish.kind,
        scenario_sha256=kept.sha256,
        settings=wish.settings,
        versions=engine_versions(),
        question_sha256=hashlib.sha256(rfc8785.dumps(question)).hexdigest(),
        seed=wish.scenario.limits.seed,
        scenario_name=wish.base.name if wish.base else None,
        scenario_version=wish.base.version if wish.base else None,
        patch=wish.patch,
        replay_of=wish.replay_of,
        api_key=asker.api_key,
        request_id=asker.request_id,
    )


def _files_as_they_are(scenario: Scenario, settings: Settings) -> dict[str, list[int]]:
    """Files of the data folder may change under their name: size and time of change join the question.

    Data sets never change under their id.
    """
    demand, folder = scenario.demand, settings.data_folder
    if not isinstance(demand, OrderLines) or folder is None:
        return {}
    named = (demand.path, demand.item_table, demand.customer_table)
    found = {name: (folder / name).stat() for name in named if name and not name.startswith(DATASET)}
    # Nanoseconds since 1970 do not fit into a number of JSON: seconds and the rest do.
    return {name: [one.st_size, *divmod(one.st_mtime_ns, 10**9)] for name, one in found.items()}
