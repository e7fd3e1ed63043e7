"""Lines of a file in numbers, each with the step of the waterfall that takes it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from servicepolicy_optimizer.many_lines.line_store import Batch, LineStore

Answer = TypeVar("Answer")

Worked = Callable[[Batch, int, int], Any]
"""From stored columns, the place of the first line and how many there are, to a column (n,)."""


@dataclass(frozen=True)
class Column:
    """A column of the lines, worked out from stored ones where it is not stored as it is."""

    reads: tuple[str, ...]
    worked: Worked


def as_stored(name: str) -> Column:
    """A column that is stored as it is."""
    return Column((name,), lambda batch, first, size: batch[name])


def as_they_are(columns: dict[str, Any]) -> dict[str, Any]:
    """Columns that nothing is done with."""
    return columns


class StoredLines:
    """Lines with their steps, and what is left of them. Both are judged after the lines were written, and
    stand beside them, in memory.

    A database reads them as a stream of Arrow, as often as it likes.
    """

    def __init__(self, store: LineStore, columns: Mapping[str, Column], streamed: Sequence[str]) -> None:
        """Lines of the columns that can be asked for, and those of them that a database reads."""
        self.step = np.zeros(store.rows, np.int8)
        """(lines,) step of the waterfall."""
        self.left_of: tuple[Any, Any] = (np.empty(0, np.int64), np.empty(0))
        """Places of the lines that a cancellation touched, rising, and the pieces left of them."""
        self.columns = columns
        self.threads = store.threads
        """Whatever is done with the lines."""
        self._store, self._streamed = store, tuple(streamed)

    def each(self, names: Sequence[str], work: Callable[[int, dict[str, Any]], Answer]) -> Iterator[Answer]:
        """work(place of the first line, these columns) of batch after batch, in the order of the lines; the
        work is done side by side.
        """
        reads = tuple(dict.fromkeys(one for name in names for one in self.columns[name].reads))

        def worked(first: int, size: int, stored: Batch) -> Answer:
            return work(first, {name: self.columns[name].worked(stored, first, size) for name in names})

        return self._store.each(reads, worked)

    def at(self, spots: Any, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """These columns, and `spot`, of the lines at some places (k,), rising."""

        def of_some(first: int, batch: dict[str, Any]) -> dict[str, Any]:
            low, high = np.searchsorted(spots, (first, first + len(batch[names[0]])))
            some = spots[low:high]
            return {name: column[some - first] for name, column in batch.items()} | {"spot": some}

        return self.each(names, of_some)

    def arrays(self, names: Sequence[str], work: Callable[[dict[str, Any]], Answer]) -> Iterator[Answer]:
        """work(these columns) of batch after batch, as in `each`: with `step`, and where pieces are asked
        for, what is `left` of them.
        """

        def judged(first: int, found: dict[str, Any]) -> Answer:
            found["step"] = self.step[first : first + len(found[names[0]])]
            if "pieces" in found:
                found["left"] = self._left(found["pieces"], first)
            return work(found)

        return self.each(names, judged)

    def _left(self, pieces: Any, first: int) -> Any:
        """What cancellations leave of the lines from `first` on."""
        touched, left_of = self.left_of
        low, high = np.searchsorted(touched, (first, first + len(pieces)))
        left = np.abs(pieces)
        left[touched[low:high] - first] = left_of[low:high]
        return left

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The lines with `step` and `left_pieces`, as Arrow's C data interface wants them."""
        schema = pa.schema(
            [*map(self._kind, self._streamed), ("step", pa.int8()), ("left_pieces", pa.float64())]
        )
        reader = pa.RecordBatchReader.from_batches(schema, self._with_steps(schema))
        return reader.__arrow_c_stream__(requested_schema)

    def _kind(self, name: str) -> pa.Field:
        kinds = {"row": pa.int64(), "ordered_at": pa.timestamp("us"), "order_key": pa.int32()}
        whole = {name: pa.int32() for name in ("spelling", "item", "customer", "place", "wording")}
        return pa.field(name, (kinds | whole).get(name, pa.float64()))

    def _with_steps(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        def with_step(first: int, batch: dict[str, Any]) -> pa.RecordBatch:
            step = self.step[first : first + len(batch["pieces"])]
            columns = [*batch.values(), step, self._left(batch["pieces"], first)]
            return pa.record_batch(
                [pa.array(one).cast(field.type) for one, field in zip(columns, schema, strict=True)],
                schema=schema,
            )

        return self.each(self._streamed, with_step)
