"""A first look at an uploaded file: whether it is a table, its columns and rows."""

import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicepolicy_api.problems import Problem

if TYPE_CHECKING:
    from servicepolicy_optimizer.intake.files import OpenFile

ENDING_OF = {
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/json": "json",
    "application/x-ndjson": "ndjson",
}
"""Media type -> ending of the file's name, by which readers know the format."""


CHUNK_BYTES = 1_000_000


def unpacked_bytes(path: Path, most: int) -> int:
    """What a packed file really unpacks to; counted no further than beyond `most`.

    The sizes that the file itself tells may be lies, so everything is unpacked once, and thrown away.
    """
    count = 0
    try:
        with zipfile.ZipFile(path) as packed:
            for part in packed.infolist():
                part.file_size = sys.maxsize  # read on to the true end, whatever is told
                with packed.open(part) as file:
                    while chunk := file.read(CHUNK_BYTES):
                        count += len(chunk)
                        if count > most:
                            return count
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError):
        # Damaged, locked, or packed in a way nobody here knows: whoever reads the table says so.
        pass
    return count


@dataclass(frozen=True)
class FirstLook:
    """What can be said without knowing which column holds what."""

    rows: int
    columns: tuple[str, ...]
    findings: tuple[dict[str, Any], ...]


def first_look(path: Path, memory_limit: str) -> FirstLook:
    """Open a file as a table. Raises Problem 422 with what is wrong with it."""
    with opened_table(path, memory_limit) as opened:
        (rows,) = opened.relation.aggregate("count(*) AS rows").fetchall()[0]
        findings = tuple(one.model_dump(mode="json") for one in opened.findings)
        return FirstLook(rows, tuple(opened.relation.columns), findings)


@contextmanager
def opened_table(path: Path, memory_limit: str) -> Iterator["OpenFile"]:
    """A file as a table, while it is looked at. Raises Problem 422 with what is wrong with it, whenever that
    is found.
    """
    # DuckDB takes a while to load, and only uploads need it.
    from servicepolicy_optimizer.intake.files import Unreadable, blaming, open_file
    from servicepolicy_optimizer.intake.workspace import workspace

    with workspace(memory_limit=memory_limit) as desk:
        try:
            with blaming(path, desk):
                yield open_file(path, None, desk)
        except Unreadable as refused:
            named = [
                one.model_copy(update={"where": one.where.replace(path.name, "the file")})
                for one in refused.findings
            ]
            raise Problem(422, "dataset.unreadable", "The file cannot be read as a table.", named) from None
