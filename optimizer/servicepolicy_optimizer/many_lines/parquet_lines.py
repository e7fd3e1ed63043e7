"""A sound Parquet file of order lines as numbers, in one reading: Parquet keeps a column of texts as its few
texts and, line by line, which of them it is.

Of a file in which anything is odd nothing comes: the statements that read every other file say what it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from servicepolicy_optimizer.compiled.line_groups import count_up, look_up
from servicepolicy_optimizer.intake.checks import FIRST_YEAR, LARGEST_NUMBER, LAST_YEAR, SMALLEST_QUANTITY
from servicepolicy_optimizer.intake.fields import Field, Kind
from servicepolicy_optimizer.intake.workspace import NO_DISK, Workspace
from servicepolicy_optimizer.many_lines.counted_arrays import EPOCH, MICROSECONDS_A_DAY
from servicepolicy_optimizer.many_lines.line_store import LINES_A_BATCH, LineStore, narrow
from servicepolicy_optimizer.many_lines.numbering import TextNumbers, with_counts
from servicepolicy_optimizer.many_lines.sql_tables import arrow_table
from servicepolicy_optimizer.many_lines.stored_texts import StoredTexts

ROWS_AT_ONCE = 1 << 20
"""Row groups of more are read in parts."""

MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}
NANOSECONDS = 1_000
"""In a microsecond."""

NO_OTHERS = np.empty(0, np.int32)
"""What nothing is looked up in."""


class Odd(Exception):
    """The file holds something that statements have to look at."""


@dataclass(frozen=True)
class ParquetLines:
    """All lines of a file in numbers."""

    store: LineStore
    """`order_key`, `ordered_at` (microseconds), `pieces`, for each field of a text a number of its text, and
    further amounts. A number is -1 where a line has no text, and that of a customer -2 less the order's."""
    order_lines: Any
    """(orders,) lines."""
    first_day: date
    last_day: date
    """Of all lines."""
    backward: int
    """Lines older than the line above."""
    listed: Mapping[str, str]
    """Tables (number, text) in the workspace: the texts of a field by its name, the order numbers as
    `order_number`, and as `nameless_order` those with a line that names no customer. Texts may have blanks
    around them, but for orders."""


def read_parquet_lines(
    path: Path, fields: Sequence[Field], today: date | None, desk: Workspace
) -> ParquetLines | None:
    """Read and check the file; None where it is odd, or cannot be read."""
    given, store = [field for field in fields if field.column is not None], LineStore(desk.lines_file())
    try:
        reader = _Reader(given, today, store, desk)
        for batch in store.threads.ahead(_batches(path, given)):
            reader.read(batch)
        return reader.end()
    except (Odd, pa.ArrowException, OSError, UnicodeDecodeError) as trouble:
        if isinstance(trouble, OSError) and trouble.errno in NO_DISK:
            raise
        store.discard()
        return None


def _batches(path: Path, given: Sequence[Field]) -> Iterator[pa.RecordBatch]:
    """The columns of some lines in a row, under the names of the fields."""
    names = [str(field.column) for field in given]
    texts = [str(field.column) for field in given if field.kind is Kind.TEXT]
    with parquet.ParquetFile(path) as file:
        _require_plain(file, names)
    with parquet.ParquetFile(path, metadata=file.metadata, read_dictionary=texts) as file:
        for group in range(file.num_row_groups):
            if file.metadata.row_group(group).num_rows > ROWS_AT_ONCE:
                parts = file.iter_batches(LINES_A_BATCH, row_groups=[group], columns=names, use_threads=False)
            else:
                parts = file.read_row_group(group, columns=names, use_threads=False).to_batches()
            for part in parts:
                yield pa.record_batch({field.name: part.column(field.column) for field in given})


def _require_plain(file: parquet.ParquetFile, names: Sequence[str]) -> None:
    """Each column is there once, and no list or record."""
    leaves = [file.schema.column(number).path for number in range(len(file.schema))]
    columns = file.schema_arrow.names
    for name in names:
        if columns.count(name) != 1 or name not in leaves or "." in name:
            raise Odd


class _Reader:
    def __init__(self, given: Sequence[Field], today: date | None, store: LineStore, desk: Workspace) -> None:
        self._given = {field.name: field for field in given}
        self._store = store
        self._texts = {field.name: TextNumbers() for field in given if field.kind is Kind.TEXT}
        self._order_lines = np.zeros(0, np.int32)
        self._low, self._high = _moment(date(FIRST_YEAR, 1, 1)), _moment(date(LAST_YEAR + 1, 1, 1))
        if today is not None:
            self._high = min(self._high, _moment(today + timedelta(days=1)))
        self._first, self._last, self._backward, self._before = self._high, self._low, 0, self._low
        self._nameless, self._desk = list[Any](), desk

    def read(self, lines: pa.RecordBatch) -> None:
        """Check and write some lines more."""
        if not lines.num_rows:
            return

        def column(name: str) -> Any:
            field, cells = self._given[name], lines.column(name)
            if field.required and cells.null_count:
                raise Odd
            return self._orders(cells) if name == "order_number" else _READ[field.kind](self, name, cells)

        # Each column has texts of its own, so that all can be read side by side.
        found = dict(zip(self._given, self._store.threads.each(column, self._given), strict=True))
        found = {"order_key": found.pop("order_number")} | found
        found["customer"] = _or_order(found.get("customer"), found["order_key"])
        self._nameless.append(np.unique(-2 - found["customer"][found["customer"] < 0]))
        found["item"] = narrow(found["item"], self._texts["item"].count)
        for first in range(0, lines.num_rows, LINES_A_BATCH):
            self._store.add({name: one[first : first + LINES_A_BATCH] for name, one in found.items()})

    def _orders(self, column: Any) -> Any:
        found = self._numbers("order_number", column)
        self._order_lines = with_counts(self._order_lines, self._texts["order_number"].count)
        count_up(found, self._order_lines)
        return found

    def _numbers(self, name: str, column: Any) -> Any:
        if pa.types.is_integer(column.type):
            column = column.dictionary_encode()
            column = pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(pa.string()))
        if not pa.types.is_dictionary(column.type):
            raise Odd
        if not (
            pa.types.is_string(column.type.value_type) or pa.types.is_large_string(column.type.value_type)
        ):
            raise Odd
        if column.dictionary.null_count:
            raise Odd
        known = self._texts[name].of(column.dictionary)
        found = np.empty(len(column), np.int32)
        places = column.indices.fill_null(-1) if column.null_count else column.indices
        chosen, least = places.to_numpy().astype(np.int32, copy=False), -1 if column.null_count else 0
        # A broken file may name texts that it does not have, and a loop does not see where an array ends.
        if chosen.min() < least or chosen.max() >= len(known):
            raise Odd
        look_up(chosen, known, NO_OTHERS, found)
        return found

    def _text(self, name: str, column: Any) -> Any:
        found = self._numbers(name, column)
        return found if name == "customer" else narrow(found, self._texts[name].count)

    def _number(self, name: str, column: Any) -> Any:
        whole = pa.types.is_integer(column.type)
        if not (whole or pa.types.is_float32(column.type) or pa.types.is_float64(column.type)):
            raise Odd
        amounts = column.to_numpy(zero_copy_only=False).astype(np.float64)
        least, most = np.fmin.reduce(amounts), np.fmax.reduce(amounts)
        if np.count_nonzero(np.isnan(amounts)) != column.null_count or max(-least, most) > LARGEST_NUMBER:
            raise Odd
        if name in NEVER_NEGATIVE and least < 0:
            raise Odd
        if name != "pieces":
            return amounts
        if whole:
            return amounts.astype(np.int32)
        if np.any((np.abs(amounts) < SMALLEST_QUANTITY) & (amounts != 0)):
            raise Odd
        return amounts

    def _time(self, name: str, column: Any) -> Any:
        moments = _microseconds(column)
        least, most = int(moments.min()), int(moments.max())
        if least < self._low or most >= self._high:
            raise Odd
        self._backward += int(np.count_nonzero(moments[1:] < moments[:-1])) + int(moments[0] < self._before)
        self._before = int(moments[-1])
        self._first, self._last = min(self._first, least), max(self._last, most)
        return moments

    def end(self) -> ParquetLines:
        """All lines are read."""
        if not self._store.rows:
            raise Odd
        for one in self._texts.values():
            one.settle()
        texts = {name: one.texts() for name, one in self._texts.items()}
        stored = {name: StoredTexts(one) for name, one in texts.items()}
        for name, known in self._texts.items():
            texts[name].validate(full=True)
            if not known.are_plain():
                self._require_filled(name, stored[name])
        listed = {name: self._registered(one) for name, one in stored.items()}
        nameless = np.unique(np.concatenate(self._nameless))
        its_texts = texts["order_number"].take(pa.array(nameless))
        listed["nameless_order"] = self._registered(pa.table({"number": nameless, "text": its_texts}))
        counts = self._order_lines[: len(texts["order_number"])]
        # Few look at the numbers of orders again, and there are as many as orders.
        if file := self._desk.lines_file():
            stored["order_number"].move(file)
        days = _day(self._first), _day(self._last)
        fewest_bits = np.min_scalar_type(counts.max())
        return ParquetLines(self._store, counts.astype(fewest_bits), *days, self._backward, listed)

    def _require_filled(self, name: str, texts: StoredTexts) -> None:
        """None of the texts of a field is empty, and orders have no blanks around them."""
        odd = "text <> trim(text) OR text = ''" if name == "order_number" else "trim(text) = ''"
        with arrow_table(texts, self._desk) as listed:
            if self._desk.connection.execute(f"SELECT 1 FROM {listed} WHERE {odd} LIMIT 1").fetchall():
                raise Odd

    def _registered(self, texts: StoredTexts | pa.Table) -> str:
        name = self._desk.fresh("text")
        self._desk.connection.register(name, texts)
        return name


NEVER_NEGATIVE = ("unit_cost", "line_weight_kg")

_READ = {Kind.TEXT: _Reader._text, Kind.NUMBER: _Reader._number, Kind.TIME: _Reader._time}


def _moment(day: date) -> int:
    return (day.toordinal() - EPOCH) * MICROSECONDS_A_DAY


def _day(moment: int) -> date:
    return date.fromordinal(moment // MICROSECONDS_A_DAY + EPOCH)


def _microseconds(column: Any) -> Any:
    """(n,) moments since 1970."""
    kind = column.type
    if pa.types.is_date32(kind):
        return column.cast(pa.int32()).to_numpy().astype(np.int64) * MICROSECONDS_A_DAY
    if not pa.types.is_timestamp(kind) or kind.tz is not None:
        raise Odd
    since = column.cast(pa.int64()).to_numpy()
    if kind.unit == "ns":
        if np.any(since % NANOSECONDS):
            raise Odd
        return since // NANOSECONDS
    most = np.iinfo(np.int64).max // MICROSECONDS[kind.unit]
    if since.min() < -most or since.max() > most:
        raise Odd
    return since * MICROSECONDS[kind.unit]


def _or_order(customer: Any, order: Any) -> Any:
    """Customers, and for lines without one what stands for their order."""
    if customer is None:
        return -2 - order
    return np.where(customer < 0, -2 - order, customer) if (customer < 0).any() else customer
