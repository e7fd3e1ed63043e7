"""Policies in force: a name leads to a run's policy, and remembers those before it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere, VersionMoved
from servicepolicy_store.tables import policy_name, policy_version


@dataclass(frozen=True)
class Published:
    """One version of a policy in force."""

    name: str
    version: int
    run_id: str
    note: str
    created_at: datetime


COLUMNS = tuple(policy_version.c[name] for name in ("name", "version", "run_id", "note", "created_at"))
# Put together once: every lookup of an order line asks one of them.
OF_NAME = select(*COLUMNS).where(policy_version.c.name == bindparam("of_name"))
NEWEST = OF_NAME.order_by(policy_version.c.version.desc()).limit(1)
NUMBERED = OF_NAME.where(policy_version.c.version == bindparam("number"))


def publish(tx: Transaction, name: str, run_id: str, note: str, expected: int | None) -> Published:
    """Put a run's policy in force. expected: the version in force now; None: none is. Raises VersionMoved."""
    if expected is None:
        dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
        change = dialect.insert(policy_name).values(name=name, head=1).on_conflict_do_nothing()
    else:
        same = (policy_name.c.name == name, policy_name.c.head == expected)
        change = update(policy_name).where(*same).values(head=policy_name.c.head + 1)
    if tx.execute(change.returning(policy_name.c.head)).first() is None:
        raise VersionMoved
    number = (expected or 0) + 1
    row = {"name": name, "version": number, "run_id": run_id, "note": note, "created_at": tx.at}
    tx.execute(insert(policy_version).values(row))
    return Published(name, number, run_id, note, tx.at)


def in_force(tx: Transaction, name: str, number: int | None = None) -> Published:
    """The policy of a name, the newest if no number is given. Raises NotThere."""
    if number is None:
        row = tx.execute(NEWEST, {"of_name": name}).one_or_none()
    else:
        row = tx.execute(NUMBERED, {"of_name": name, "number": number}).one_or_none()
    if row is None:
        raise NotThere
    return Published(*row)


def history(tx: Transaction, name: str) -> list[Published]:
    """Every version of a name, the newest first."""
    found = select(*COLUMNS).where(policy_version.c.name == name)
    return [Published(*row) for row in tx.execute(found.order_by(policy_version.c.version.desc()))]


def names(tx: Transaction) -> list[Published]:
    """The newest version of every name."""
    newest = (policy_version.c.name == policy_name.c.name) & (policy_version.c.version == policy_name.c.head)
    found = select(*COLUMNS).join(policy_name, newest).order_by(policy_name.c.name)
    return [Published(*row) for row in tx.execute(found)]
