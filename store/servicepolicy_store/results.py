"""What runs found: small results as the JSON they were written as, large tables as files by content."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from servicepolicy_store.blobs import Kept, remember
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere
from servicepolicy_store.run_noun import Ending, Run
from servicepolicy_store.tables import result


@dataclass(frozen=True)
class Found:
    """One result: a document, or the content hash of a Parquet file."""

    name: str
    document: str | None
    blob: str | None
    rows: int | None


def write_results(tx: Transaction, run_id: str, ending: Ending) -> None:
    """Write the results of a run; the files of its tables are on the disk already."""
    for name, document in ending.documents.items():
        tx.execute(insert(result).values(run_id=run_id, name=name, document=document))
    for name, (sha256, rows) in ending.tables.items():
        tx.execute(insert(result).values(run_id=run_id, name=name, blob=sha256, rows=rows))


def write_document(tx: Transaction, run_id: str, name: str, document: str) -> None:
    """Write a result that a run has from the beginning."""
    tx.execute(insert(result).values(run_id=run_id, name=name, document=document))


def remember_tables(tx: Transaction, kept: list[Kept]) -> None:
    """Write the rows of files before the results that speak of them."""
    for one in kept:
        remember(tx, one)


def result_names(tx: Transaction, run: Run) -> list[tuple[str, int | None]]:
    """What a run found: name, and rows where it is a table."""
    found = select(result.c.name, result.c.rows).where(result.c.run_id == (run.cached_from or run.id))
    return [(name, rows) for name, rows in tx.execute(found.order_by(result.c.name))]


def read_documents(tx: Transaction, run_ids: list[str], name: str) -> dict[str, str]:
    """Run -> its document of that name, of those that have one and answered it themselves."""
    here = (result.c.run_id.in_(run_ids), result.c.name == name, result.c.document.is_not(None))
    return {run_id: document for run_id, document in tx.execute(
        select(result.c.run_id, result.c.document).where(*here)
    )}  # fmt: skip


def read_result(tx: Transaction, run: Run, name: str) -> Found:
    """Return a result of a run, or of the run it was answered from. Raises NotThere."""
    columns = (result.c.name, result.c.document, result.c.blob, result.c.rows)
    source = run.cached_from or run.id
    row = tx.execute(select(*columns).where(result.c.run_id == source, result.c.name == name)).one_or_none()
    if row is None:
        raise NotThere
    return Found(*row)
