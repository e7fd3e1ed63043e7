"""The ledger of runs. Every change of state is one guarded update: whoever comes second changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, insert, not_, or_, select, update

from servicepolicy_store import parts
from servicepolicy_store.columns import DatabaseSeconds
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere
from servicepolicy_store.events import add_event, add_first_events
from servicepolicy_store.identity import new_id
from servicepolicy_store.results import write_results
from servicepolicy_store.run_noun import (
    ALONE_AFTER,
    MOST_PROCESS_DEATHS,
    MOST_WORKER_DEATHS,
    REPEATABLE,
    RUN_FIELDS,
    Asked,
    Ending,
    Run,
    State,
    run_of,
)
from servicepolicy_store.tables import result, run

RUN_COLUMNS = tuple(run.c[name] for name in RUN_FIELDS)
DIED_TOO_OFTEN = or_(
    run.c.process_deaths >= MOST_PROCESS_DEATHS, run.c.worker_deaths >= MOST_WORKER_DEATHS
)  # fmt: skip

# What every request asks is put together once: to put it together costs more than to have it answered.
WRITE = insert(run)
BY_ID = select(*RUN_COLUMNS).where(run.c.id == bindparam("run_id"))
ANSWERED = (
    select(*RUN_COLUMNS)
    .where(run.c.question_sha256 == bindparam("question"), run.c.state == State.SUCCEEDED)
    .where(run.c.cached_from.is_(None), run.c.replay_of.is_(None), run.c.outcome.in_(REPEATABLE))
    .order_by(run.c.id.desc())
    .limit(1)
)


def create(tx: Transaction, asked: Asked, deadline_at: datetime | None = None) -> Run:
    """Write a run down; from now on it is never lost. deadline_at: when an answer is due."""
    return _created(tx, asked, {"state": State.QUEUED, "deadline_at": deadline_at}, {"queued": {}})


def create_answered(tx: Transaction, asked: Asked, earlier: Run) -> Run:
    """Write a run down that was answered before: it shares the results of the earlier one."""
    values = {
        "state": State.SUCCEEDED, "finished_at": tx.at, "cached_from": earlier.cached_from or earlier.id,
        "outcome": earlier.outcome, "objective": earlier.objective, "bound": earlier.bound,
    }  # fmt: skip
    told = {"outcome": earlier.outcome, "cached": True}
    made = _created(tx, asked, values, {"queued": {}, "succeeded": told})
    parts.tell_end(tx, made.id, made.parent, "succeeded")
    return made


def _created(
    tx: Transaction, asked: Asked, values: Mapping[str, Any], events: Mapping[str, Mapping[str, Any]]
) -> Run:
    """Write a new row and its first events; the run is what the row would read as."""
    given = {one.name: getattr(asked, one.name) for one in fields(asked)} | dict(values)
    fresh = {
        "id": new_id(), "attempt": 0, "process_deaths": 0, "worker_deaths": 0, "created_at": tx.at,
        "last_event": len(events), "progress": {},
    }  # fmt: skip
    row = given | fresh
    tx.execute(WRITE, row)
    add_first_events(tx, str(row["id"]), events)
    return run_of(dict.fromkeys(RUN_FIELDS) | row)


def get(tx: Transaction, run_id: str) -> Run:
    """Return a run. Raises NotThere."""
    row = tx.execute(BY_ID, {"run_id": run_id}).one_or_none()
    if row is None:
        raise NotThere
    return run_of(row._mapping)


def answered(tx: Transaction, question_sha256: str) -> Run | None:
    """The newest run that answered the same question, solved and not copied; None if there is none."""
    row = tx.execute(ANSWERED, {"question": question_sha256}).one_or_none()
    return None if row is None else run_of(row._mapping)


def held_before(tx: Transaction, question_sha256: str) -> Run | None:
    """The newest run that holds a policy of its own for the same question, proven best or not."""
    same = and_(run.c.question_sha256 == question_sha256, run.c.cached_from.is_(None))
    found = select(*RUN_COLUMNS).where(same, run.c.finished_at.is_not(None), run.c.outcome.in_(HELD))
    row = tx.execute(found.order_by(run.c.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else run_of(row)


def held_by_name(tx: Transaction, scenario_name: str) -> Run | None:
    """The newest run that holds a policy for any version of a named scenario."""
    found = select(*RUN_COLUMNS).where(run.c.scenario_name == scenario_name, run.c.kind == "solve")
    ended = found.where(run.c.finished_at.is_not(None), run.c.outcome.in_(HELD))
    row = tx.execute(ended.order_by(run.c.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else run_of(row)


HELD = ("optimal", "feasible")
"""Outcomes that hold a policy."""


@dataclass(frozen=True)
class Filter:
    """Which runs are listed."""

    state: str | None = None
    kind: str | None = None
    outcome: str | None = None
    scenario_name: str | None = None
    scenario_sha256: str | None = None
    parent: str | None = None
    with_parts: bool = True
    """Whether runs that are part of another one are among them."""

    def said(self) -> dict[str, str]:
        """Column -> the value it must have."""
        names = [one.name for one in fields(self) if one.name != "with_parts"]
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def page(tx: Transaction, which: Filter, before: str | None, size: int) -> tuple[list[Run], bool]:
    """The newest runs, older than `before`; and whether there are more."""
    said, most = which.said(), size + 1
    found = _page(tuple(said), which.with_parts, before is not None)
    rows = tx.execute(found, {**said, "before": before, "most": most}).mappings().all()
    return [run_of(row) for row in rows[:size]], len(rows) > size


@cache
def _page(names: tuple[str, ...], with_parts: bool, from_within: bool) -> Select[Any]:
    found: Select[Any] = select(*RUN_COLUMNS).where(*(run.c[name] == bindparam(name) for name in names))
    if not with_parts:
        found = found.where(run.c.part.is_(None))
    if from_within:
        found = found.where(run.c.id < bindparam("before"))
    return found.order_by(run.c.id.desc()).limit(bindparam("most"))


def parts_of(tx: Transaction, whole: str) -> list[Run]:
    """The runs that a run is made of, by number."""
    found = select(*RUN_COLUMNS).where(run.c.parent == whole, run.c.part.is_not(None))
    return [run_of(row) for row in tx.execute(found.order_by(run.c.part)).mappings()]


def counts(tx: Transaction) -> dict[str, int]:
    """State -> how many runs."""
    found = {state.value: 0 for state in State}
    rows = tx.execute(select(run.c.state, func.count()).group_by(run.c.state))
    return found | {state: number for state, number in rows}


def waiting(tx: Transaction, api_key: str | None = None, with_parts: bool = False) -> int:
    """How many runs are not finished; of one key, where one is named.

    A run that is made of runs takes nobody's place; its parts, which give way to all others, count if asked.
    """
    unfinished = _unfinished(api_key is not None, with_parts)
    return int(tx.execute(unfinished, {} if api_key is None else {"of_key": api_key}).scalar_one())


@cache
def _unfinished(of_key: bool, with_parts: bool) -> Select[Any]:
    # In the words of the index, which holds no others: to count ten thousand that wait is then no work.
    found = select(func.count()).select_from(run).where(run.c.finished_at.is_(None), run.c.parts.is_(None))
    if not with_parts:
        found = found.where(run.c.part.is_(None))
    return found.where(run.c.api_key == bindparam("of_key")) if of_key else found


def begin(tx: Transaction, run_id: str, worker: str, silent_seconds: float) -> Run | None:
    """Take a run to work on it; None when there is nothing to do.

    A run that is being worked on is taken over when its worker gave no sign of life for so long: that counts
    as a death of its worker. A run that died too often fails here.
    """
    this = and_(run.c.id == run_id, run.c.parts.is_(None))
    parts.begun(tx, _whole(tx, run_id))
    if (begun := _taken(tx, this, worker)) is not None:
        return begun
    _requeue_lost(tx, and_(this, _is_silent(silent_seconds)))
    _fail_poison(tx, and_(this, run.c.state == State.QUEUED))
    return _taken(tx, this, worker)


def _taken(tx: Transaction, this: ColumnElement[bool], worker: str) -> Run | None:
    """Take a run that waits; None: it does not, or has died too often."""
    free = and_(this, run.c.state == State.QUEUED, not_(DIED_TOO_OFTEN))
    taken = {
        "state": State.RUNNING, "attempt": run.c.attempt + 1, "worker": worker, "beat": DatabaseSeconds(),
        "started_at": func.coalesce(run.c.started_at, tx.at), "progress": {},
    }  # fmt: skip
    name = tx.execute(update(run).where(free).values(taken).returning(run.c.id)).scalar_one_or_none()
    if name is None:
        return None
    begun = get(tx, name)
    add_event(tx, name, "running", {"attempt": begun.attempt})
    return begun


def beat(tx: Transaction, mine: Run, progress: dict[str, Any] | None) -> Run | None:
    """Give a sign of life, with progress where there is news; None when the run is no longer ours."""
    values: dict[str, Any] = {"beat": DatabaseSeconds()}
    if progress is not None:
        values["progress"] = progress
    changed = tx.execute(update(run).where(_ours(mine)).values(values))
    if not changed.rowcount:
        return None
    if progress is not None:
        add_event(tx, mine.id, "progress", progress)
    return get(tx, mine.id)


def finish(tx: Transaction, mine: Run, ending: Ending, last_news: dict[str, Any] | None = None) -> bool:
    """Write the one outcome of a run with its results and the news not written yet; False when it was no
    longer ours to write.
    """
    parts.hold(tx, [mine.parent])
    values = _values(tx, ending)
    if last_news is not None:
        values["progress"] = last_news
    if not tx.execute(update(run).where(_ours(mine)).values(values)).rowcount:
        return False
    if last_news is not None:
        add_event(tx, mine.id, "progress", last_news)
    write_results(tx, mine.id, ending)
    told = {"outcome": ending.outcome, "objective": ending.objective}
    parts.add_end(tx, mine.id, mine.parent, ending.state, told)
    return True


def end_unbegun(tx: Transaction, waiting: Run, ending: Ending) -> bool:
    """End a run that nobody began: its answer is due, or was found meanwhile. False: somebody was quicker."""
    parts.hold(tx, [waiting.parent])
    values = _values(tx, ending)
    waits = and_(run.c.id == waiting.id, run.c.state == State.QUEUED)
    if not tx.execute(update(run).where(waits).values(values)).rowcount:
        return False
    write_results(tx, waiting.id, ending)
    told = {"outcome": ending.outcome, "objective": ending.objective}
    parts.add_end(tx, waiting.id, waiting.parent, ending.state, told)
    return True


def _values(tx: Transaction, ending: Ending) -> dict[str, Any]:
    return {
        "state": ending.state, "outcome": ending.outcome, "objective": ending.objective,
        "bound": ending.bound, "problem": ending.problem, "finished_at": tx.at,
        "cached_from": ending.same_as,
    }  # fmt: skip


def twin_at_work(tx: Transaction, waiting: Run, silent_seconds: float) -> bool:
    """Whether somebody works on the same question just now, and gave a sign of life within so long."""
    same = and_(run.c.question_sha256 == waiting.question_sha256, run.c.id != waiting.id)
    alive = and_(same, run.c.state == State.RUNNING, run.c.beat >= DatabaseSeconds() - silent_seconds)
    ours = and_(alive, run.c.cancel_asked_at.is_(None), run.c.replay_of.is_(None))
    return tx.execute(select(run.c.id).where(ours).limit(1)).first() is not None


def give_back(tx: Transaction, mine: Run, died: str | None) -> bool:
    """Put a run back into the queue. died: of what its process died; None: its worker stops in good order."""
    values: dict[str, Any] = {"state": State.QUEUED, "attempt": mine.attempt - 1}
    told: dict[str, Any] = {"attempt": mine.attempt}
    if died is not None:
        values = {"state": State.QUEUED, "process_deaths": run.c.process_deaths + 1}
        told["reason"] = f"its process died: {died}"
    if not tx.execute(update(run).where(_ours(mine)).values(values)).rowcount:
        return False
    add_event(tx, mine.id, "queued", told)
    return True


def ask_to_cancel(tx: Transaction, run_id: str) -> Run:
    """Cancel a run that waits; ask whoever works on it to stop. A finished run stays as it is."""
    this, known = run.c.id == run_id, get(tx, run_id)
    if known.parts is not None:
        parts.cancel(tx, run_id)
        return get(tx, run_id)
    parts.hold(tx, [known.parent])
    ended = {"state": State.CANCELLED, "cancel_asked_at": tx.at, "finished_at": tx.at}
    if tx.execute(update(run).where(this, run.c.state == State.QUEUED).values(ended)).rowcount:
        parts.add_end(tx, run_id, known.parent, State.CANCELLED, {})
    else:
        running = and_(this, run.c.state == State.RUNNING, run.c.cancel_asked_at.is_(None))
        if tx.execute(update(run).where(running).values(cancel_asked_at=tx.at)).rowcount:
            add_event(tx, run_id, "cancelling", {})
    return get(tx, run_id)


def queued(tx: Transaction, most: int) -> list[str]:
    """The runs that wait to be worked on, the oldest first; those that are part of another one last."""
    waits = and_(run.c.state == State.QUEUED, run.c.parts.is_(None))
    found = select(run.c.id).where(waits).order_by(run.c.part.is_not(None), run.c.id).limit(most)
    return list(tx.execute(found).scalars())


def abandon(tx: Transaction, still_worked_on: set[str], silent_seconds: float | None) -> list[str]:
    """Requeue the running runs that nobody works on; return the names of those that wait again.

    Each has lost a worker; one that has lost too many fails. still_worked_on: what this process has in hand.
    silent_seconds: how long others may be silent; None: there are no others.
    """
    lost = [run.c.parts.is_(None), run.c.id.not_in(still_worked_on), _is_silent(silent_seconds)]
    again = _requeue_lost(tx, and_(*lost))
    if not again:
        return []
    failed = _fail_poison(tx, and_(run.c.id.in_(again), run.c.state == State.QUEUED))
    return [name for name in again if name not in failed]


def _is_silent(seconds: float | None) -> ColumnElement[bool]:
    """A run under way whose worker gave no sign of life for so long; None: whether it gave any or not."""
    under_way = run.c.state == State.RUNNING
    return under_way if seconds is None else and_(under_way, run.c.beat < DatabaseSeconds() - seconds)


def _requeue_lost(tx: Transaction, lost: ColumnElement[bool]) -> list[str]:
    """Have runs wait again whose workers are gone, and count that; return their names."""
    found = tx.execute(select(run.c.id, run.c.parent).where(lost).order_by(run.c.id)).all()
    parts.hold(tx, [whole for _, whole in found])
    waits = {"state": State.QUEUED, "worker_deaths": run.c.worker_deaths + 1}
    again = [name for name, _ in found if tx.execute(
        update(run).where(run.c.id == name, lost).values(waits)
    ).rowcount]  # fmt: skip
    for name in again:
        add_event(tx, name, "queued", {"reason": "its worker is gone"})
    return again


def _whole(tx: Transaction, run_id: str) -> str | None:
    found: str | None = tx.execute(select(run.c.parent).where(run.c.id == run_id)).scalar_one_or_none()
    return found


def _ours(mine: Run) -> ColumnElement[bool]:
    """A run still worked on by the attempt that began it: the guard of every change."""
    return and_(run.c.id == mine.id, run.c.state == State.RUNNING, run.c.attempt == mine.attempt)


def _fail_poison(tx: Transaction, which: ColumnElement[bool]) -> list[str]:
    """Fail those that died too often; return their names."""
    columns = (run.c.id, run.c.parent, run.c.process_deaths, run.c.worker_deaths)
    found = tx.execute(select(*columns).where(which, DIED_TOO_OFTEN).order_by(run.c.id)).all()
    parts.hold(tx, [whole for _, whole, *_ in found])
    failed = []
    for name, whole, *deaths in found:
        problem = _poison(*deaths)
        ended = {"state": State.FAILED, "finished_at": tx.at, "problem": problem}
        if tx.execute(update(run).where(run.c.id == name, which).values(ended)).rowcount:
            parts.add_end(tx, name, whole, State.FAILED, {"code": problem["code"]})
            failed.append(name)
    return failed


def _poison(process_deaths: int, worker_deaths: int) -> dict[str, Any]:
    """Why a run fails that died too often: what died, and how often."""
    if process_deaths >= MOST_PROCESS_DEATHS:
        code = "run.poison"
        detail = f"The process of this run died {process_deaths} times; it is not tried again."
    else:
        code = "run.worker_deaths"
        detail = (
            f"{worker_deaths} times the server or worker died that worked on this run, from the "
            f"{ALONE_AFTER + 1}. time on with no other run beside it; it is not tried again."
        )
    told = {"process_deaths": process_deaths, "worker_deaths": worker_deaths}
    return {"code": code, "status": 500, "detail": detail, **told}


def has_result(tx: Transaction, one: Run, name: str) -> bool:
    """Whether a run, or the one it was answered from, holds a result of that name."""
    source = one.cached_from or one.id
    found = select(result.c.name).where(result.c.run_id == source, result.c.name == name)
    return tx.execute(found).first() is not None
