"""Lines that a statement numbers, for files that are not read as numbers."""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from servicepolicy_optimizer.compiled.line_groups import count_up
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.many_lines.line_store import LINES_A_BATCH, LineStore
from servicepolicy_optimizer.many_lines.numbering import TextNumbers, with_counts

NO_ROOM = {"Out of Memory Error": duckdb.OutOfMemoryException, "IO Error": duckdb.IOException}
"""How the database's words begin where a stream of its rows breaks off for want of memory or disk."""


def statement_lines(statement: str, desk: Workspace) -> tuple[LineStore, TextNumbers, Any]:
    """The rows of a statement, with `order_key` in place of the text `order_number`; the order numbers, and
    how many lines each has (orders,).

    Rows come in any order: where threads look them up side by side, those that are ready first.
    """
    store = LineStore(desk.lines_file())
    orders, counts = TextNumbers(), np.zeros(0, np.int32)
    for batch in _read(statement, desk):
        columns = {name: batch.column(name) for name in batch.schema.names}
        order = orders.of(columns.pop("order_number"))
        counts = with_counts(counts, orders.count)
        count_up(order, counts)
        arrays = {name: one.to_numpy(zero_copy_only=False) for name, one in columns.items()}
        arrays["ordered_at"] = arrays["ordered_at"].view(np.int64)
        store.add({"order_key": order} | arrays)
    orders.settle()
    return store, orders, counts[: orders.count]


def _read(statement: str, desk: Workspace) -> Iterator[pa.RecordBatch]:
    """The rows of a statement, in any order. What ends them too early is told as if the database had told it
    itself: Arrow makes of it an OSError without a number.
    """
    try:
        yield from desk.connection.sql(statement).to_arrow_reader(LINES_A_BATCH)
    except OSError as trouble:
        if trouble.errno is not None:
            raise
        said = str(trouble)
        raise NO_ROOM.get(said.partition(":")[0], duckdb.Error)(said) from trouble
