"""How large a file of order lines is, and whether the machine has room for what is done with it."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.intake.files import kind_of, literal
from servicepolicy_optimizer.intake.spill import free_bytes
from servicepolicy_optimizer.intake.workspace import LEFT_FREE_SHARE

LINES_IN_MEMORY = 5_000_000
"""So many lines and what is made of them fit into the usual memory; more are kept on the disk."""

PACKED_SHARE = 0.15
"""Bytes of a packed text file over its bytes unpacked, at the least."""

SHORTEST_LINE_BYTES = 40
"""Of a text file: an order number, an item, a date, a quantity and a price take as much."""

DISK_BYTES_PER_LINE = 120
"""Twice what a line of Parquet takes as numbers, which are not packed: a text is copied besides, and order
numbers can be long."""


@dataclass(frozen=True)
class Extent:
    """What is known of a file before it is read."""

    lines: int
    """In a Parquet file as it says itself, else the most there can be."""
    file_name: str
    counted: bool = False
    """Whether the file itself says how many lines it has."""

    @property
    def on_disk(self) -> bool:
        """Whether tables of so many lines belong on the disk."""
        return self.lines > LINES_IN_MEMORY

    @property
    def disk_bytes(self) -> int:
        """What reading and cleaning may take of the disk."""
        return self.lines * DISK_BYTES_PER_LINE if self.on_disk else 0


def extent(path: Path) -> Extent:
    """Measure a file without reading it; one that cannot be read has no lines, and its reader says why."""
    try:
        if kind_of(path) == "parquet":
            found = duckdb.execute(
                f"SELECT sum(num_rows) FROM parquet_file_metadata('{_text(path)}')"
            ).fetchall()
            return Extent(int(found[0][0]), path.name, counted=True)
        size = path.stat().st_size
    except (duckdb.Error, OSError):
        return Extent(0, path.name)
    unpacked = size / PACKED_SHARE if path.suffix.lower() in (".gz", ".zst") else size
    return Extent(int(unpacked / SHORTEST_LINE_BYTES), path.name)


def _text(path: Path) -> str:
    return literal(path).replace("'", "''")


def require_room(size: Extent, spill: Path) -> None:
    """Raise TooLarge, before any work, where the disk of `spill` cannot hold what such a file may take."""
    free = int(free_bytes(spill) * (1 - LEFT_FREE_SHARE))
    if size.disk_bytes <= free:
        return
    what = (
        f"{size.lines:,} lines may take {size.disk_bytes / 1e9:,.1f} GB of disk while they are added up; "
        f"{free / 1e9:,.1f} GB are free for it."
    )
    mend = (
        f"Free {(size.disk_bytes - free) / 1e9:,.1f} GB, name a temporary folder on a larger disk (TMPDIR), "
        "or hand in a shorter history; a cluster adds up what no machine holds (the extra `spark`)."
    )
    raise TooLarge([error(size.file_name, what, "demand.no_room", mend)])
