"""Uploaded tables of order lines, items or customers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from servicepolicy_store.blobs import Kept, remember
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere
from servicepolicy_store.identity import new_id
from servicepolicy_store.tables import dataset


@dataclass(frozen=True)
class Uploaded:
    """What is known of a table when it has arrived."""

    title: str
    format: str
    rows: int | None
    columns: Sequence[str]
    findings: Sequence[dict[str, Any]]
    profile: str | None = None
    """JSON, where the scenario said how to read it."""


@dataclass(frozen=True)
class Dataset:
    """A kept table."""

    id: str
    title: str
    format: str
    blob: str
    rows: int | None
    columns: Sequence[str]
    findings: Sequence[dict[str, Any]]
    profile: str | None
    created_at: datetime


COLUMNS = tuple(
    dataset.c[name]
    for name in ("id", "title", "format", "blob", "rows", "columns", "findings", "profile", "created_at")
)


def keep(tx: Transaction, kept: Kept, uploaded: Uploaded) -> Dataset:
    """Write a table down whose file is kept already."""
    remember(tx, kept)
    row = {"id": new_id(), "blob": kept.sha256, "created_at": tx.at, **asdict(uploaded)}
    tx.execute(insert(dataset).values(row))
    return get(tx, str(row["id"]))


def get(tx: Transaction, dataset_id: str) -> Dataset:
    """Return a table. Raises NotThere."""
    row = tx.execute(select(*COLUMNS).where(dataset.c.id == dataset_id)).one_or_none()
    if row is None:
        raise NotThere
    return Dataset(*row)


def page(tx: Transaction, before: str | None, size: int) -> tuple[list[Dataset], bool]:
    """The newest tables, older than `before`; and whether there are more."""
    found = select(*COLUMNS)
    if before is not None:
        found = found.where(dataset.c.id < before)
    rows = tx.execute(found.order_by(dataset.c.id.desc()).limit(size + 1)).all()
    return [Dataset(*row) for row in rows[:size]], len(rows) > size
