"""The database in which the order lines are read, cleaned and added up: DuckDB, within a stated memory."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import EDQUOT, EIO, ENOSPC
from itertools import count
from pathlib import Path

import duckdb

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.intake.spill import disk_failed, free_bytes, spill_folder

MEMORY_LIMIT = "2GB"
THREADS = 2

ARRAYS_FROM_LINES = 1_000_000
"""Fewer are added up by statements before what is compiled is loaded."""

LEFT_FREE_SHARE = 0.05
"""Share of the free disk that is left to others, however much the database spills."""

NO_DISK = (ENOSPC, EDQUOT)
"""What the system says where no more can be written."""

Tell = Callable[[str, float, str], None]
"""Hears the stage, how much of it is done (0 to 1), and a word about it."""


def nobody(stage: str, done: float, word: str) -> None:
    """A listener that does not listen."""


@dataclass(frozen=True)
class Workspace:
    """An open DuckDB connection and the folder where it may spill; born and closed by `workspace()`."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    heard: Tell = nobody
    is_here: bool = True
    """Whether lines may be taken out of the database, into this process; a cluster's stay there."""
    arrays_from_lines: int = ARRAYS_FROM_LINES
    """So many lines are added up as arrays, by compiled loops; fewer by statements alone."""
    on_disk: bool = False
    """Whether what has as many rows as lines belongs on the disk."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def fresh(self, stem: str) -> str:
        """A table name not used before: `line_1`, `sale_2` ... so that two readings never meet."""
        return f"{stem}_{next(self._numbers)}"

    def lines_file(self) -> Path | None:
        """A new file for what has as many rows as lines; None where they belong into memory."""
        return self.folder / self.fresh("lines") if self.on_disk else None

    def is_short(self, trouble: Exception) -> bool:
        """Whether memory or the disk of the folder failed, and not a file that was read."""
        if isinstance(trouble, duckdb.OutOfMemoryException):
            return True
        if isinstance(trouble, duckdb.IOException):
            signs = [str(self.folder), *map(os.strerror, NO_DISK)]
            return any(sign in str(trouble) for sign in signs)
        return isinstance(trouble, OSError) and trouble.errno in NO_DISK

    def tell(self, done: float, word: str) -> None:
        """Say how much of reading and adding up the demand is done (0 to 1), and what comes next."""
        self.heard("demand", done, word)


@contextmanager
def workspace(
    folder: Path | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = THREADS,
    *,
    on_disk: bool = False,
    heard: Tell = nobody,
) -> Iterator[Workspace]:
    """Open a database that keeps to `memory_limit` (DuckDB's notation) and spills below `folder`.

    Without a folder, the machine's temporary one is taken. `on_disk`: tables are kept compressed in a file of
    the spill folder, for more lines than fit into memory; smaller ones are quicker without. Extensions are
    never loaded from outside: only the formats that are built into DuckDB are read. Raises TooLarge when
    memory or disk run out, MachineFailed when the disk fails or there is no such folder; nothing is left on
    the disk, whatever happens.
    """
    with spill_folder(folder) as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(spill / "spilt"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        connection = duckdb.connect(str(spill / "lines.duckdb") if on_disk else ":memory:", config=settings)
        connection.execute("SET enable_progress_bar = false")
        # Given before the connection is made, it is not kept to.
        most_bytes = int(free_bytes(spill) * (1 - LEFT_FREE_SHARE))
        connection.execute(f"SET max_temp_directory_size = '{most_bytes}B'")
        connection.execute("SET TimeZone = 'UTC'")
        # Nobody opens the file again: what is in its log need not be written into it.
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        try:
            yield Workspace(connection, spill, heard, on_disk=on_disk)
        except (duckdb.OutOfMemoryException, duckdb.IOException, MemoryError) as trouble:
            raise _no_room(str(trouble), spill, memory_limit) from trouble
        except OSError as trouble:
            if trouble.errno == EIO:
                raise disk_failed(spill.parent, trouble) from trouble
            if trouble.errno not in NO_DISK:
                raise
            raise _no_room(str(trouble), spill, memory_limit) from trouble
        finally:
            connection.close()


def _no_room(trouble: str, spill: Path, memory_limit: str) -> TooLarge:
    """Memory or disk ran out, in words for whoever asked."""
    said = "".join(trouble.splitlines()[:1]).replace(f"{spill}/", "").rstrip(".") or "nothing was left"
    what = f"the order lines did not fit into {memory_limit} of memory and the free disk: {said}."
    mend = (
        "Give more memory (SERVICEPOLICY_MEMORY_LIMIT), free the disk of the temporary folder or name "
        "another one (TMPDIR), or shorten the history; nothing was left behind."
    )
    return TooLarge([error("order lines", what, "demand.no_room", mend)])


def quoted(identifier: str) -> str:
    """An SQL identifier, whatever characters it holds.

    >>> print(quoted("Order ID"))
    "Order ID"
    """
    return '"' + identifier.replace('"', '""') + '"'
