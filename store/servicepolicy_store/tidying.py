"""What nobody needs any more: answers kept for requests that come no more, files that nothing speaks of."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, exists, select

from servicepolicy_store.blobs import Blobs
from servicepolicy_store.database import Transaction
from servicepolicy_store.tables import blob, dataset, idempotency, result


def forget_requests(tx: Transaction, before: datetime) -> int:
    """Forget the Idempotency-Keys used before a time; the runs that they made stay."""
    return int(tx.execute(delete(idempotency).where(idempotency.c.created_at < before)).rowcount)


def forget_files(tx: Transaction, before: datetime) -> None:
    """Forget the files, kept before a time, that no result and no data set speaks of."""
    in_use = [exists(select(one.c.blob).where(one.c.blob == blob.c.sha256)) for one in (result, dataset)]
    tx.execute(delete(blob).where(blob.c.created_at < before, *(~one for one in in_use)))


def remove_files(blobs: Blobs, remembered: set[str], before: datetime) -> Iterator[int]:
    """Remove the files, written before a time, that are not remembered; the bytes of each.

    A file is written before it is remembered, so what is younger than `before` need not be there yet.
    """
    for name in list(blobs.names()):
        if name not in remembered:
            size = blobs.remove(name, before.timestamp())
            if size is not None:
                yield size
    blobs.remove_leftovers(before.timestamp())
