"""API keys: 256 random bits, of which only the SHA-256 is kept."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere
from servicepolicy_store.identity import new_id
from servicepolicy_store.tables import api_key

PREFIX = "sp_"
RANDOM_BYTES = 32


@dataclass(frozen=True)
class ApiKey:
    """Who may ask."""

    id: str
    name: str
    created_at: datetime
    revoked_at: datetime | None


COLUMNS = (api_key.c.id, api_key.c.name, api_key.c.created_at, api_key.c.revoked_at)


def create(tx: Transaction, name: str) -> tuple[ApiKey, str]:
    """Make a key; its text is handed out here and never again."""
    text, key_id = PREFIX + secrets.token_urlsafe(RANDOM_BYTES), new_id()
    tx.execute(insert(api_key).values(id=key_id, name=name, sha256=_sha256(text), created_at=tx.at))
    return ApiKey(key_id, name, tx.at, None), text


def revoke(tx: Transaction, key_id: str) -> None:
    """Have a key open nothing any more. Raises NotThere."""
    alive = (api_key.c.id == key_id, api_key.c.revoked_at.is_(None))
    if not tx.execute(update(api_key).where(*alive).values(revoked_at=tx.at)).rowcount:
        raise NotThere


def every(tx: Transaction) -> list[ApiKey]:
    """All keys, revoked ones too, the oldest first."""
    return [ApiKey(*row) for row in tx.execute(select(*COLUMNS).order_by(api_key.c.id))]


def any_valid(tx: Transaction) -> bool:
    """Whether there is a key, and so a lock."""
    return bool(valid(tx))


@dataclass(frozen=True)
class Lock:
    """A key as the door knows it: by the hash of its text."""

    key: ApiKey
    sha256: str


def valid(tx: Transaction) -> tuple[Lock, ...]:
    """The keys that open; none: the door has no lock."""
    rows = tx.execute(select(*COLUMNS, api_key.c.sha256).where(api_key.c.revoked_at.is_(None)))
    return tuple(Lock(ApiKey(*key), kept) for *key, kept in rows)


def who(locks: Iterable[Lock], text: str) -> ApiKey | None:
    """Whose key a text is; None if nobody's. Every kept hash is compared, each in constant time."""
    given, found = _sha256(text), None
    for lock in locks:
        if hmac.compare_digest(given, lock.sha256):
            found = lock.key
    return found


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
