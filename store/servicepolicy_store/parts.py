"""A run made of runs: nobody works on it. It begins with the first of its parts, and ends with the last.

Whoever ends a part takes the row of the whole first and that of the part second: so nobody waits in a circle,
and of two parts that end at the same moment the later one sees that it is the last.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import and_, func, select, update

from servicepolicy_store.database import Transaction
from servicepolicy_store.events import add_event
from servicepolicy_store.run_noun import REPEATABLE, State
from servicepolicy_store.tables import run
from servicepolicy_store.webhooks import tell_end_of

OPEN = (State.QUEUED, State.RUNNING)


def hold(tx: Transaction, wholes: Iterable[str | None]) -> None:
    """Take the rows of wholes before any of their parts, always in one order. SQLite needs none of it."""
    for one in sorted({name for name in wholes if name is not None}):
        tx.execute(select(run.c.id).where(run.c.id == one).with_for_update())


def begun(tx: Transaction, whole: str | None) -> None:
    """A part is about to begin: with the first one the whole begins."""
    if whole is None:
        return
    waits = and_(run.c.id == whole, run.c.state == State.QUEUED)
    if tx.execute(update(run).where(waits).values(state=State.RUNNING, started_at=tx.at)).rowcount:
        add_event(tx, whole, "running", {})


def add_end(tx: Transaction, run_id: str, whole: str | None, state: str, data: Mapping[str, Any]) -> None:
    """Write down that a run has ended; if it is a part, also how far its whole is now."""
    add_event(tx, run_id, state, data)
    if whole is not None:
        look(tx, whole)


def tell_end(tx: Transaction, run_id: str, whole: str | None, state: str) -> None:
    """Tell of the end of a run whose event is written: its webhooks, or the run that it is part of."""
    if whole is None:
        tell_end_of(tx, run_id, state)
    else:
        look(tx, whole)


def look(tx: Transaction, whole: str) -> None:
    """Write down how far a whole is, and end it when all of its parts have ended."""
    hold(tx, [whole])
    counted = select(run.c.state, run.c.outcome, func.count()).where(run.c.parent == whole)
    rows = tx.execute(counted.group_by(run.c.state, run.c.outcome)).all()
    known = select(run.c.parts, run.c.cancel_asked_at).where(run.c.id == whole)
    parts, cancel_asked_at = tx.execute(known).one()
    ended = [(state, outcome, number) for state, outcome, number in rows if State(state).is_final]
    there = sum(number for *_, number in ended)
    progress = {"phase": "parts", "done": round(there / max(parts, 1), 4), "word": f"{there} of {parts}"}
    still_open = and_(run.c.id == whole, run.c.state.in_(OPEN))
    if there < parts:
        if tx.execute(update(run).where(still_open).values(progress=progress)).rowcount:
            add_event(tx, whole, "progress", progress)
        return
    was_stopped = cancel_asked_at is not None and any(one == State.CANCELLED for one, *_ in ended)
    state = State.CANCELLED if was_stopped else State.SUCCEEDED
    outcome = _outcome([(one, held) for one, held, _ in ended])
    values = {"state": state, "outcome": outcome, "progress": progress, "finished_at": tx.at}
    if tx.execute(update(run).where(still_open).values(values)).rowcount:
        add_event(tx, whole, state, {"outcome": outcome})


def _outcome(ended: list[tuple[str, str | None]]) -> str:
    """done: every part has an answer that no second would change; feasible: every part has one, some with a
    gap; partial: some have none; nothing: none has any.
    """
    held = [outcome if state == State.SUCCEEDED else None for state, outcome in ended]
    if all(one in REPEATABLE for one in held):
        return "done"
    if all(one in (*REPEATABLE, "feasible") for one in held):
        return "feasible"
    return "partial" if any(outcome not in (None, "nothing") for _, outcome in ended) else "nothing"


def cancel(tx: Transaction, whole: str) -> None:
    """Cancel the parts that wait, ask those that run to stop; what has ended stays as it is."""
    hold(tx, [whole])
    unasked = and_(run.c.id == whole, run.c.state.in_(OPEN), run.c.cancel_asked_at.is_(None))
    if not tx.execute(update(run).where(unasked).values(cancel_asked_at=tx.at)).rowcount:
        return
    add_event(tx, whole, "cancelling", {})
    ended = {"state": State.CANCELLED, "cancel_asked_at": tx.at, "finished_at": tx.at}
    waiting = and_(run.c.parent == whole, run.c.state == State.QUEUED)
    for name in list(tx.execute(update(run).where(waiting).values(ended).returning(run.c.id)).scalars()):
        add_event(tx, name, State.CANCELLED, {})
    running = and_(run.c.parent == whole, run.c.state == State.RUNNING, run.c.cancel_asked_at.is_(None))
    asked = update(run).where(running).values(cancel_asked_at=tx.at).returning(run.c.id)
    for name in list(tx.execute(asked).scalars()):
        add_event(tx, name, "cancelling", {})
    look(tx, whole)
