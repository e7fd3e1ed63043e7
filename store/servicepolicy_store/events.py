"""What happened to a run, in order: what a listener that comes back reads on from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from servicepolicy_store.database import Transaction
from servicepolicy_store.tables import run, run_event
from servicepolicy_store.webhooks import tell_end_of

WRITE = insert(run_event)
ENDS = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Event:
    """One thing that happened."""

    number: int
    at: datetime
    kind: str
    data: Mapping[str, Any]


def add_event(tx: Transaction, run_id: str, kind: str, data: Mapping[str, Any]) -> int:
    """Write an event down under the next number of its run; the update of the run's row keeps the order.

    With the event that ends a run its deliveries to webhooks are written; a run that is part of another one
    is not told by itself.
    """
    counted = update(run).where(run.c.id == run_id).values(last_event=run.c.last_event + 1)
    number, whole = tx.execute(counted.returning(run.c.last_event, run.c.parent)).one()
    row = {"run_id": run_id, "number": number, "at": tx.at, "kind": str(kind), "data": dict(data)}
    tx.execute(WRITE, row)
    if str(kind) in ENDS and whole is None:
        tell_end_of(tx, run_id, str(kind))
    return int(number)


def add_first_events(tx: Transaction, run_id: str, events: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the events of a run that is being made: kind -> data, numbered from 1. Nobody is told."""
    rows = [
        {"run_id": run_id, "number": number, "at": tx.at, "kind": kind, "data": dict(data)}
        for number, (kind, data) in enumerate(events.items(), start=1)
    ]
    tx.execute(WRITE, rows)


def events_after(tx: Transaction, run_id: str, number: int, most: int = 200) -> list[Event]:
    """The events of a run after a number, in order."""
    columns = (run_event.c.number, run_event.c.at, run_event.c.kind, run_event.c.data)
    later = select(*columns).where(run_event.c.run_id == run_id, run_event.c.number > number)
    return [Event(*row) for row in tx.execute(later.order_by(run_event.c.number).limit(most))]
