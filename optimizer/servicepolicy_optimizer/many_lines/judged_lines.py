"""All lines of a file as arrays, each with the step of the waterfall that takes it.

The statement that judges each line by itself is that of the other road. What needs other lines is found
here: equal lines, and lines of a trade in which something was cancelled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from servicepolicy_optimizer.compiled.line_groups import mark_lines, seen_before
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.many_lines.numbering import KeyNumbers, TextNumbers
from servicepolicy_optimizer.many_lines.stored_lines import LINES_A_BATCH, StoredLines, with_columns

BITS_A_LINE = 16
"""Of the table that tells which hashes were seen: one in thirty lines is looked at once more in vain."""

NO_ROOM = {"Out of Memory Error": duckdb.OutOfMemoryException, "IO Error": duckdb.IOException}
"""How the database's words begin where a stream of its rows breaks off for want of memory or disk."""

MATCHED = ["row", "ordered_at", "pieces", "back"]
"""What a cancellation is matched by, beside the trade."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of the lines."""

    statement: str
    """SQL of the lines in the order of the file: `order_number` as text, `step` of each by itself, `cancels`
    (0 or 1: a cancellation of a customer, of a product), and columns of numbers without NULL that are
    stored: row, spelling, item, customer, ordered_at, pieces and more.
    """
    rows: int
    items: int
    code_of: Any
    """(spellings,) number of the code under which a spelling counts."""
    duplicates: bool
    """Whether equal lines are asked for; lines of step 0, outside the history, equal nothing."""
    match: bool
    """Whether cancellations are matched."""


@dataclass(frozen=True)
class Found:
    """Lines with what has to be looked at beside them."""

    lines: StoredLines
    orders: TextNumbers
    alike: Any
    """Places (k,), rising, of lines that share a hash with another; none where equal lines are not asked for.
    They may be all of a file, so they stay where they are."""
    near: pa.Table | None
    """Lines with `spot` (place) of trades in which something was cancelled, and `trade`; None: none."""


def judged_lines(wanted: Wanted, desk: Workspace) -> Found:
    """Read the lines once, and look through what was stored for those that others concern."""
    lines = StoredLines(_file(desk) if desk.on_disk else None)
    orders, trades, repeated = TextNumbers(), KeyNumbers(), _Repeated(wanted)
    for batch in _read(wanted.statement, desk):
        columns = {name: batch.column(name) for name in batch.schema.names}
        order = orders.of(columns.pop("order_number"))
        step, cancels = columns.pop("step").to_numpy(), columns.pop("cancels").to_numpy()
        arrays = {"order_key": order} | {name: one.to_numpy() for name, one in columns.items()}
        repeated.look(arrays, step)
        if wanted.match and cancels.any():
            trades.of(_trade(arrays, wanted.items)[cancels > 0])
        lines.add(pa.record_batch({"order_key": pa.array(order)} | columns), step)
    lines.end()
    orders.settle()
    alike, near = _concerned(lines, wanted, trades, repeated.marks())
    return Found(lines, orders, alike, near)


def _file(desk: Workspace) -> Path:
    return desk.folder / f"{desk.fresh('lines')}.arrow"


def _read(statement: str, desk: Workspace) -> Iterator[pa.RecordBatch]:
    """The rows of a statement. What ends them too early is told as if the database had told it itself: Arrow
    makes of it an OSError without a number.
    """
    try:
        yield from desk.connection.sql(statement).to_arrow_reader(LINES_A_BATCH)
    except OSError as trouble:
        if trouble.errno is not None:
            raise
        said = str(trouble)
        raise NO_ROOM.get(said.partition(":")[0], duckdb.Error)(said) from trouble


def _trade(arrays: Any, items: int) -> Any:
    """A key for each customer and item; those of no customer or item are negative or another's: not asked."""
    return arrays["customer"].astype(np.int64) * (items + 1) + arrays["item"] + 1


class _Repeated:
    """Hashes that were seen more than once, and some few that were not."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted, self._found = wanted, [np.empty(0, np.int64)]
        words = 1
        while words * 64 < BITS_A_LINE * wanted.rows:
            words *= 2
        self._bits = np.zeros(words if wanted.duplicates else 1, np.uint64)

    def look(self, arrays: Any, step: Any) -> None:
        """Look at some lines more."""
        if not self._wanted.duplicates:
            return
        marks = _marks(arrays, self._wanted.code_of)
        if not step.all():
            marks = marks[step > 0]
        seen = np.empty(len(marks), np.bool_)
        seen_before(marks, self._bits, seen)
        self._found.append(marks[seen])

    def marks(self) -> KeyNumbers:
        """The hashes; no line can be looked at any more."""
        self._bits = np.empty(0, np.uint64)
        found = KeyNumbers()
        for one in self._found:
            found.of(one)
        return found


def _marks(arrays: Any, code_of: Any) -> Any:
    """(n,) hashes of lines: equal lines have equal ones."""
    marks = np.empty(len(arrays["pieces"]), np.int64)
    # Minus zero equals zero but has other bits.
    pieces = (arrays["pieces"] + 0.0).view(np.int64)
    moment = arrays["ordered_at"].view(np.int64)
    mark_lines(arrays["order_key"], code_of[arrays["spelling"]], pieces, moment, marks)
    return marks


def _concerned(
    lines: StoredLines, wanted: Wanted, trades: KeyNumbers, repeated: KeyNumbers
) -> tuple[Any, pa.Table | None]:
    """`alike` and `near` of Found."""
    spots, numbers, near = [np.empty(0, np.int64)], [np.empty(0, np.int32)], list[pa.RecordBatch]()
    if not trades.count and not repeated.count:
        return spots[0], None
    cancelled = _customers_of(trades, wanted.items)
    for first, batch in lines.batches(lines.columns):
        arrays = {name: batch.column(name).to_numpy() for name in lines.columns}
        step = lines.step[first : first + batch.num_rows]
        if repeated.count:
            number = repeated.find(_marks(arrays, wanted.code_of))
            found = np.flatnonzero((number >= 0) & (step > 0))
            spots.append(found + first)
            numbers.append(number[found])
        if trades.count:
            customer = arrays["customer"]
            some = np.flatnonzero((customer >= 0) & (customer < len(cancelled)))
            some = some[cancelled[customer[some]]]
            trade = trades.find(_trade(arrays, wanted.items)[some])
            some, trade = some[trade >= 0], trade[trade >= 0]
            more = {"spot": pa.array(some + first), "trade": pa.array(trade)}
            near.append(with_columns(batch.select(MATCHED).take(pa.array(some)), more))
    alike = _shared(np.concatenate(spots), np.concatenate(numbers))
    return alike, pa.Table.from_batches(near) if near else None


def _customers_of(trades: KeyNumbers, items: int) -> Any:
    """Whether a customer cancelled anything, up to the last who did."""
    customers = trades.keys // (items + 1)
    cancelled = np.zeros(int(customers.max(initial=-1)) + 1, np.bool_)
    cancelled[customers] = True
    return cancelled


def _shared(spots: Any, number: Any) -> Any:
    """The places (k,) of those of the lines at `spots` (n,) whose number of a hash (n,) another has too."""
    return spots[np.bincount(number)[number] > 1]
