"""Who is told when a run ends, and how the telling went. A delivery is written with the end of its run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, insert, select, update

from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere
from servicepolicy_store.identity import new_id
from servicepolicy_store.tables import delivery, webhook

WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"
LEASE_SECONDS = 60.0
"""Whoever takes a delivery has so long; then another may."""


@dataclass(frozen=True)
class Webhook:
    """Where the end of runs is told."""

    id: str
    url: str
    secret: bytes
    events: tuple[str, ...]
    """States in which a run ends: succeeded, failed, cancelled."""
    created_at: datetime


@dataclass(frozen=True)
class Delivery:
    """One telling of one run to one webhook."""

    id: str
    webhook: str
    run_id: str
    state: str
    attempt: int
    due_at: datetime
    last_status: int | None
    """HTTP status of the last answer; None: there was none."""


WEBHOOK = tuple(webhook.c[name] for name in ("id", "url", "secret", "events", "created_at"))
DELIVERY = tuple(delivery.c[name] for name in Delivery.__dataclass_fields__)


def add(tx: Transaction, url: str, secret: bytes, events: Sequence[str]) -> Webhook:
    """Have the end of runs told from now on."""
    made = Webhook(new_id(), url, secret, tuple(events), tx.at)
    row = {"id": made.id, "url": url, "secret": secret, "events": list(events), "created_at": tx.at}
    tx.execute(insert(webhook).values(**row, active=True))
    return made


def get(tx: Transaction, webhook_id: str) -> Webhook:
    """A webhook in use. Raises NotThere."""
    here = (webhook.c.id == webhook_id, webhook.c.active.is_(True))
    row = tx.execute(select(*WEBHOOK).where(*here)).one_or_none()
    if row is None:
        raise NotThere
    return _webhook(row)


def in_use(tx: Transaction) -> list[Webhook]:
    """All webhooks in use, the oldest first."""
    found = select(*WEBHOOK).where(webhook.c.active.is_(True)).order_by(webhook.c.id)
    return [_webhook(row) for row in tx.execute(found)]


def end(tx: Transaction, webhook_id: str) -> None:
    """Tell it nothing more; what waits for it fails. Raises NotThere."""
    get(tx, webhook_id)
    tx.execute(update(webhook).where(webhook.c.id == webhook_id).values(active=False))
    waits = (delivery.c.webhook == webhook_id, delivery.c.state == WAITING)
    tx.execute(update(delivery).where(*waits).values(state=FAILED))


def tell_end_of(tx: Transaction, run_id: str, state: str) -> None:
    """Write a delivery for every webhook that wants to hear of this end."""
    for one in in_use(tx):
        if state in one.events:
            row = {"id": new_id(), "webhook": one.id, "run_id": run_id, "due_at": tx.at}
            tx.execute(insert(delivery).values(**row, state=WAITING, attempt=0))


def any_due(tx: Transaction) -> bool:
    """Whether any delivery is due."""
    due = (delivery.c.state == WAITING, delivery.c.due_at <= tx.at)
    return tx.execute(select(delivery.c.id).where(*due).limit(1)).first() is not None


def take_due(tx: Transaction, most: int) -> list[Delivery]:
    """Deliveries that are due, taken for a while: nobody else sends them meanwhile."""
    due = and_(delivery.c.state == WAITING, delivery.c.due_at <= tx.at)
    taken = []
    for row in list(tx.execute(select(*DELIVERY).where(due).order_by(delivery.c.due_at).limit(most))):
        found = Delivery(*row)
        same = and_(delivery.c.id == found.id, due, delivery.c.attempt == found.attempt)
        lease = {"attempt": found.attempt + 1, "due_at": tx.at + timedelta(seconds=LEASE_SECONDS)}
        if tx.execute(update(delivery).where(same).values(lease)).rowcount:
            taken.append(Delivery(**{**found.__dict__, "attempt": found.attempt + 1}))
    return taken


def note(tx: Transaction, sent: Delivery, status: int | None, state: str, again_seconds: float) -> None:
    """Write down how an attempt went. again_seconds: when the next is due, if there is one."""
    ours = (delivery.c.id == sent.id, delivery.c.attempt == sent.attempt, delivery.c.state == WAITING)
    values = {"state": state, "last_status": status, "due_at": tx.at + timedelta(seconds=again_seconds)}
    tx.execute(update(delivery).where(*ours).values(values))


def deliveries(tx: Transaction, webhook_id: str, most: int = 100) -> list[Delivery]:
    """What was told to a webhook, the newest first. Raises NotThere."""
    if tx.execute(select(webhook.c.id).where(webhook.c.id == webhook_id)).first() is None:
        raise NotThere
    found = select(*DELIVERY).where(delivery.c.webhook == webhook_id)
    newest = found.order_by(delivery.c.id.desc()).limit(most)
    return [Delivery(*row) for row in tx.execute(newest)]


def _webhook(row: Sequence[object]) -> Webhook:
    known = dict(zip(("id", "url", "secret", "events", "created_at"), row, strict=True))
    return Webhook(**known | {"events": tuple(known["events"])})  # type: ignore[arg-type]
