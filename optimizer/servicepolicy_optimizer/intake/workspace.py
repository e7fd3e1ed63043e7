"""The database in which the order lines are read, cleaned and added up: DuckDB, within a stated memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

MEMORY_LIMIT = "2GB"
THREADS = 2


@dataclass(frozen=True)
class Workspace:
    """An open DuckDB connection and the folder where it may spill; born and closed by `workspace()`."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def fresh(self, stem: str) -> str:
        """A table name not used before: `line_1`, `sale_2` ... so that two readings never meet."""
        return f"{stem}_{next(self._numbers)}"


@contextmanager
def workspace(
    folder: Path | None = None, memory_limit: str = MEMORY_LIMIT, threads: int = THREADS
) -> Iterator[Workspace]:
    """Open a database that keeps to `memory_limit` (DuckDB's notation) and spills into `folder`.

    Without a folder, a temporary one is made and removed. Extensions are never loaded from outside: only the
    formats that are built into DuckDB are read.
    """
    with TemporaryDirectory(dir=folder, prefix="servicepolicy-") as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        connection = duckdb.connect(":memory:", config=settings)
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET TimeZone = 'UTC'")
        try:
            yield Workspace(connection, Path(spill))
        finally:
            connection.close()


def quoted(identifier: str) -> str:
    """An SQL identifier, whatever characters it holds.

    >>> print(quoted("Order ID"))
    "Order ID"
    """
    return '"' + identifier.replace('"', '""') + '"'
