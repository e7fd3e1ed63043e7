"""Scenarios: kept once by content, and named in versions that never change."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere, VersionMoved
from servicepolicy_store.tables import scenario, scenario_name, scenario_version


@dataclass(frozen=True)
class Canonical:
    """A checked scenario in its canonical form, with the hash of it."""

    sha256: str
    schema_version: str
    document: str


@dataclass(frozen=True)
class Parent:
    """What a version was made of, and how."""

    name: str
    version: int
    patch: str
    """JSON merge patch."""


@dataclass(frozen=True)
class Version:
    """One version of a named scenario."""

    name: str
    version: int
    sha256: str
    parent_name: str | None
    parent_version: int | None
    patch: str | None
    note: str
    created_at: datetime


VERSION_COLUMNS = tuple(
    scenario_version.c[name]
    for name in ("name", "version", "sha256", "parent_name", "parent_version", "patch", "note", "created_at")
)


KEEP = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(scenario).on_conflict_do_nothing()
    for dialect in (postgresql, sqlite)
}
"""Name of the database -> the statement that writes a scenario unless it is there."""


def keep(tx: Transaction, given: Canonical) -> None:
    """Write a scenario down, unless the same one is there."""
    row = {
        "sha256": given.sha256, "schema_version": given.schema_version,
        "document": given.document, "created_at": tx.at,
    }  # fmt: skip
    tx.execute(KEEP[tx.connection.dialect.name], row)


def document(tx: Transaction, sha256: str) -> str:
    """Return a scenario's canonical document. Raises NotThere."""
    found: str | None = tx.execute(
        select(scenario.c.document).where(scenario.c.sha256 == sha256)
    ).scalar_one_or_none()
    if found is None:
        raise NotThere
    return found


def add_version(
    tx: Transaction, name: str, given: Canonical, expected: int | None, note: str, parent: Parent | None
) -> Version:
    """Give a name its next version. expected: the head it must have; None: the name must be new.

    Raises VersionMoved.
    """
    keep(tx, given)
    if expected is None:
        dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
        fresh = {"name": name, "head": 1, "created_at": tx.at, "changed_at": tx.at}
        change = dialect.insert(scenario_name).values(fresh).on_conflict_do_nothing()
    else:
        same = (scenario_name.c.name == name, scenario_name.c.head == expected)
        change = update(scenario_name).where(*same).values(head=scenario_name.c.head + 1, changed_at=tx.at)
    if tx.execute(change.returning(scenario_name.c.head)).first() is None:
        raise VersionMoved([_moved(tx, name)])
    row = {
        "name": name, "version": (expected or 0) + 1, "sha256": given.sha256, "note": note,
        "created_at": tx.at, "parent_name": parent.name if parent else None,
        "parent_version": parent.version if parent else None, "patch": parent.patch if parent else None,
    }  # fmt: skip
    tx.execute(insert(scenario_version).values(row))
    return version(tx, name, int(str(row["version"])))


def version(tx: Transaction, name: str, number: int | None = None) -> Version:
    """Return a version of a name, the newest if no number is given. Raises NotThere."""
    found = select(*VERSION_COLUMNS).where(scenario_version.c.name == name)
    if number is not None:
        found = found.where(scenario_version.c.version == number)
    row = tx.execute(found.order_by(scenario_version.c.version.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotThere
    return Version(*row)


def versions(tx: Transaction, name: str) -> list[Version]:
    """Every version of a name, the newest first."""
    found = select(*VERSION_COLUMNS).where(scenario_version.c.name == name)
    return [Version(*row) for row in tx.execute(found.order_by(scenario_version.c.version.desc()))]


def made_of(tx: Transaction, name: str) -> list[Version]:
    """The versions of other names that were made of one of this name, the newest first."""
    found = select(*VERSION_COLUMNS).where(scenario_version.c.parent_name == name)
    others = found.where(scenario_version.c.name != name)
    return [Version(*row) for row in tx.execute(others.order_by(scenario_version.c.created_at.desc()))]


def heads(tx: Transaction, after: str | None, size: int) -> tuple[list[Version], bool]:
    """The newest version of each name, by name; and whether there are more."""
    newest = (scenario_version.c.name == scenario_name.c.name) & (
        scenario_version.c.version == scenario_name.c.head
    )
    found = select(*VERSION_COLUMNS).join(scenario_name, newest)
    if after is not None:
        found = found.where(scenario_name.c.name > after)
    rows = tx.execute(found.order_by(scenario_name.c.name).limit(size + 1)).all()
    return [Version(*row) for row in rows[:size]], len(rows) > size


def _moved(tx: Transaction, name: str) -> Finding:
    head = tx.execute(select(scenario_name.c.head).where(scenario_name.c.name == name)).scalar_one_or_none()
    what = "There is no scenario of that name." if head is None else f"Its newest version is {head}."
    return error("name", what, "store.version_moved", "Read it again, and change that.")
