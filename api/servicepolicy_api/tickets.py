"""The header Idempotency-Key: a request that may be sent twice and happens once."""

import hashlib

from fastapi import Request

from servicepolicy_api.asking import Asker
from servicepolicy_api.problems import Problem, request_id
from servicepolicy_store.idempotency import NOBODY, Ticket

LONGEST_KEY = 255


def asker_of(request: Request, body: bytes) -> Asker:
    """Who asks, and the ticket of the request if it brings a key. Raises Problem 400."""
    api_key: str | None = getattr(request.state, "api_key", None)
    return Asker(api_key, request_id(request), ticket_of(request, body))


def ticket_of(request: Request, body: bytes) -> Ticket | None:
    """The name of a request, and the hash of everything that it says."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Problem(400, "idempotency.bad_key", f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    said = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body)
    owner: str | None = getattr(request.state, "api_key", None)
    return Ticket(owner or NOBODY, key, said.hexdigest())
