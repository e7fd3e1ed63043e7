"""Arrays become tables of the database, and exact sums its decimals."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from servicepolicy_optimizer.compiled.line_groups import LOW_BITS
from servicepolicy_optimizer.intake.workspace import Workspace

DECIMAL = pa.decimal128(38, 9)


@contextmanager
def arrow_table(table: Any, desk: Workspace) -> Iterator[str]:
    """The name under which the database reads what Arrow reads, as long as the block lasts."""
    name = desk.fresh("array")
    desk.connection.register(name, table)
    try:
        yield name
    finally:
        desk.connection.unregister(name)


def as_table(columns: Mapping[str, Any], stem: str, desk: Workspace) -> str:
    """A table of the database with these columns."""
    return _created(pa.table(dict(columns)), stem, desk)


def as_table_in_parts(parts: Iterable[Mapping[str, Any]], stem: str, desk: Workspace) -> str:
    """A table of the database with these columns, made of some rows at a time: one part at least."""
    return _created(in_parts(pa.record_batch(dict(part)) for part in parts), stem, desk)


def in_parts(batches: Iterable[pa.RecordBatch]) -> pa.RecordBatchReader:
    """What reads batches one after the other; there is one at least."""
    rest = iter(batches)
    first = next(rest)
    return pa.RecordBatchReader.from_batches(first.schema, chain([first], rest))


def _created(table: pa.Table | pa.RecordBatchReader, stem: str, desk: Workspace) -> str:
    name = desk.fresh(stem)
    with arrow_table(table, desk) as read:
        desk.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {read}")
    return name


def decimals(high: Any, low: Any, absent: Any = None) -> pa.Array:
    """(n,) exact sums, high * 2^60 + low units of nine places, as decimals; NULL where absent."""
    words = np.empty((len(high), 2), np.int64)
    words[:, 0] = (high << LOW_BITS) | low
    words[:, 1] = high >> (64 - LOW_BITS)
    given = None if absent is None else pa.array(~absent).buffers()[1]
    return pa.Array.from_buffers(DECIMAL, len(high), [given, pa.py_buffer(words)])
