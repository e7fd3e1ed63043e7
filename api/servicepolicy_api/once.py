"""A change that happens once, however often its request comes under the same Idempotency-Key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from fastapi import Request, Response
from pydantic import BaseModel

from servicepolicy_api.memory import Memory
from servicepolicy_api.tickets import ticket_of
from servicepolicy_store import idempotency
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import Clash
from servicepolicy_store.idempotency import Done


@dataclass(frozen=True)
class Answered:
    """What a change answers."""

    status: int
    body: BaseModel
    headers: Mapping[str, str] = field(default_factory=dict)


Change = Callable[[Transaction], Answered]


def once(memory: Memory, request: Request, body: bytes, change: Change) -> Response:
    """Make a change and note its answer in one transaction; or give the answer that was noted."""
    try:
        return _once(memory, request, body, change)
    except Clash:
        return _once(memory, request, body, change)


def _once(memory: Memory, request: Request, body: bytes, change: Change) -> Response:
    ticket = ticket_of(request, body)
    with memory.database.writing() as tx:
        done = None if ticket is None else idempotency.earlier(tx, ticket)
        if done is None:
            made = change(tx)
            # A header holds ASCII only; names may not be.
            headers = {name: quote(value, safe='/:?=&"') for name, value in made.headers.items()}
            done = Done(None, made.status, headers, made.body.model_dump_json().encode())
            if ticket is not None:
                idempotency.note(tx, ticket, done)
    return Response(done.body, done.status or 200, dict(done.headers), media_type="application/json")
