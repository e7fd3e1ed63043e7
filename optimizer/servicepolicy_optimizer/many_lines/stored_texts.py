"""Very many texts with their numbers: in memory, or in a file of the spill folder, in Arrow's format."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from servicepolicy_optimizer.intake.workspace import Workspace

SCHEMA = pa.schema([("number", pa.int32()), ("text", pa.large_string())])
TEXTS_AT_ONCE = 1 << 17


class StoredTexts:
    """Texts numbered from 0 on. A database reads (number, text) as a stream, as often as it likes."""

    def __init__(self, texts: pa.Array) -> None:
        """Texts of the type large_string, in memory."""
        self._texts, self._file = texts, ""

    def move(self, file: Path) -> None:
        """From here on they are in a file, and nothing of them is in memory."""
        with ipc.new_stream(str(file), SCHEMA) as written:
            for batch in _batches(self._texts):
                written.write_batch(batch)
        self._texts, self._file = None, str(file)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The texts as Arrow's C data interface wants them."""
        if self._file:
            found = ipc.open_stream(pa.OSFile(self._file))
        else:
            found = pa.RecordBatchReader.from_batches(SCHEMA, _batches(self._texts))
        return found.__arrow_c_stream__(requested_schema)


def stored_texts(texts: pa.Array, desk: Workspace) -> str:
    """A table (number, text) of the database: on the disk where lines are, too."""
    stored, name = StoredTexts(texts), desk.fresh("text")
    if file := desk.lines_file():
        stored.move(file)
    desk.connection.register(name, stored)
    return name


def _batches(texts: pa.Array) -> Iterator[pa.RecordBatch]:
    for first in range(0, len(texts), TEXTS_AT_ONCE):
        some = texts.slice(first, TEXTS_AT_ONCE)
        yield pa.record_batch([np.arange(first, first + len(some), dtype=np.int32), some], schema=SCHEMA)
