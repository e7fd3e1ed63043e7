"""Requests that may be sent twice and happen once."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select

from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import KeyReused
from servicepolicy_store.tables import idempotency

NOBODY = "00000000-0000-0000-0000-000000000000"
"""Stands for the owner where no API keys are used."""


@dataclass(frozen=True)
class Ticket:
    """A request that names itself: whose it is, its key, and the hash of all that it says."""

    owner: str
    key: str
    request_sha256: str


@dataclass(frozen=True)
class Done:
    """What came of it: the run it made, or the answer it got."""

    run_id: str | None
    status: int | None
    headers: Mapping[str, str]
    body: bytes | None


def earlier(tx: Transaction, ticket: Ticket) -> Done | None:
    """What came of the same request before. Raises KeyReused when the key was used for another one."""
    columns = (
        idempotency.c.request_sha256, idempotency.c.run_id, idempotency.c.status,
        idempotency.c.headers, idempotency.c.body,
    )  # fmt: skip
    mine = (idempotency.c.owner == ticket.owner, idempotency.c.key == ticket.key)
    row = tx.execute(select(*columns).where(*mine)).one_or_none()
    if row is None:
        return None
    if row[0] != ticket.request_sha256:
        raise KeyReused
    return Done(*row[1:])


def note(tx: Transaction, ticket: Ticket, done: Done) -> None:
    """Write down what came of a request, in the transaction in which it happened."""
    row = {
        "owner": ticket.owner, "key": ticket.key, "request_sha256": ticket.request_sha256,
        "run_id": done.run_id, "status": done.status, "headers": dict(done.headers), "body": done.body,
        "created_at": tx.at,
    }  # fmt: skip
    tx.execute(insert(idempotency).values(row))
