"""Lines as batches of columns: in memory, or where they are too many, in a file of the spill folder."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import ipc

LINES_A_BATCH = 262_144
"""Some arrays of so many numbers fit into a processor's cache, or nearly."""


def with_columns(batch: pa.RecordBatch, more: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """Lines with some columns more."""
    names = [*batch.schema.names, *more]
    return pa.RecordBatch.from_arrays([*batch.columns, *more.values()], names=names)


class StoredLines:
    """Lines that were written once. Their steps and what is left of them are judged later, so they stand
    beside them, in memory.

    A database reads them as a stream of Arrow, as often as it likes.
    """

    def __init__(self, file: Path | None) -> None:
        """No lines yet; with a file, they are kept in it."""
        self.step = np.empty(0, np.int8)
        """(lines,) step of the waterfall; complete after `end`."""
        self.left_of: tuple[Any, Any] = (np.empty(0, np.int64), np.empty(0))
        """Places of the lines that a cancellation touched, rising, and the pieces left of them."""
        self._file, self._held = file, list[pa.RecordBatch]()
        self._steps, self._schema = list[Any](), pa.schema([])
        self._writer: ipc.RecordBatchFileWriter | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are stored."""
        return tuple(self._schema.names)

    def add(self, batch: pa.RecordBatch, step: Any) -> None:
        """Write some lines more, and the step that takes each by itself."""
        self._schema = batch.schema
        self._steps.append(step.copy())  # a view would keep all columns that came with it
        if self._file is None:
            self._held.append(batch)
            return
        if self._writer is None:
            self._writer = ipc.new_file(str(self._file), batch.schema)
        self._writer.write_batch(batch)

    def end(self) -> None:
        """All lines are written."""
        self.step = np.concatenate(self._steps) if self._steps else self.step
        self._steps = []
        if self._writer is not None:
            self._writer.close()

    def batches(self, names: Sequence[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Place of the first line, and these columns of some lines in a row."""
        first = 0
        if self._file is None:
            for batch in self._held:
                yield first, batch.select(list(names))
                first += batch.num_rows
            return
        places = [self._schema.get_field_index(name) for name in names]
        options = ipc.IpcReadOptions(included_fields=sorted(places), use_threads=False)
        with pa.OSFile(str(self._file)) as opened, ipc.open_file(opened, options=options) as stored:
            for number in range(stored.num_record_batches):
                batch = stored.get_batch(number).select(list(names))
                yield first, batch
                first += batch.num_rows

    def at(self, spots: Any) -> Iterator[pa.RecordBatch]:
        """All columns, and `spot`, of the lines at some places (k,), rising."""
        for first, batch in self.batches(self.columns):
            low, high = np.searchsorted(spots, (first, first + batch.num_rows))
            some = spots[low:high]
            yield with_columns(batch.take(pa.array(some - first)), {"spot": pa.array(some)})

    def arrays(self, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """These columns of some lines in a row, with `first`, the place of the first, `step`, and where
        pieces are asked for, what is `left` of them.
        """
        for first, batch in self.batches(names):
            found: dict[str, Any] = {name: batch.column(name).to_numpy() for name in names}
            end = first + batch.num_rows
            found["first"], found["step"] = first, self.step[first:end]
            if "pieces" in found:
                found["left"] = self._left(found["pieces"], first)
            yield found

    def _left(self, pieces: Any, first: int) -> Any:
        """What cancellations leave of the lines from `first` on."""
        touched, left_of = self.left_of
        low, high = np.searchsorted(touched, (first, first + len(pieces)))
        left = np.abs(pieces)
        left[touched[low:high] - first] = left_of[low:high]
        return left

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """All lines with `step` and `left_pieces`, as Arrow's C data interface wants them."""
        kinds = [*self._schema, pa.field("step", pa.int8()), pa.field("left_pieces", pa.float64())]
        schema = pa.schema(kinds)
        reader = pa.RecordBatchReader.from_batches(schema, self._with_steps(schema))
        return reader.__arrow_c_stream__(requested_schema)

    def _with_steps(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        for first, batch in self.batches(self.columns):
            step = self.step[first : first + batch.num_rows]
            more = [pa.array(step), pa.array(self._left(batch.column("pieces").to_numpy(), first))]
            yield pa.record_batch([*batch.columns, *more], schema=schema)
