"""Drafts: the next version of a named scenario while somebody writes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from servicepolicy_store.database import Transaction
from servicepolicy_store.tables import draft


@dataclass(frozen=True)
class Draft:
    """The changes to a version; what they make may be wrong."""

    name: str
    base_version: int
    patch: str
    """JSON merge patch: small, however large the demand is that nobody changes."""
    changed_at: datetime


COLUMNS = (draft.c.name, draft.c.base_version, draft.c.patch, draft.c.changed_at)


def write(tx: Transaction, owner: str, name: str, base_version: int, patch: str) -> None:
    """Write a draft down in place of the owner's earlier one."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    told = {"base_version": base_version, "patch": patch, "changed_at": tx.at}
    made = dialect.insert(draft).values(owner=owner, name=name, **told)
    tx.execute(made.on_conflict_do_update(index_elements=[draft.c.owner, draft.c.name], set_=told))


def read(tx: Transaction, owner: str, name: str) -> Draft | None:
    """The owner's draft of a name; None: there is none."""
    row = tx.execute(select(*COLUMNS).where(draft.c.owner == owner, draft.c.name == name)).one_or_none()
    return None if row is None else Draft(*row)


def every(tx: Transaction, owner: str) -> list[Draft]:
    """The owner's drafts, the newest first."""
    found = select(*COLUMNS).where(draft.c.owner == owner).order_by(draft.c.changed_at.desc())
    return [Draft(*row) for row in tx.execute(found)]


def throw_away(tx: Transaction, owner: str, name: str) -> None:
    """Forget a draft; one that is not there is forgotten already."""
    tx.execute(delete(draft).where(draft.c.owner == owner, draft.c.name == name))
