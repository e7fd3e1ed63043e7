"""Large files by their content: written beside, synced, renamed, and only then spoken of in the database."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from servicepolicy_models.errors import error
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import StoreUnavailable
from servicepolicy_store.tables import blob

SHA256_DIGITS = 64
PART, ASIDE = ".part-", ".gone-"
"""Begin the names of files on their way in, and on their way out."""


@dataclass(frozen=True)
class Kept:
    """A file that is on the disk for good."""

    sha256: str
    bytes: int


class Blobs:
    """A folder of files named by their SHA-256. All processes of one store share it."""

    def __init__(self, folder: Path) -> None:
        """Use a folder; it is made when the first file is kept."""
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where a file lies."""
        return self._folder / sha256[:2] / sha256

    def path_ending(self, sha256: str, ending: str) -> Path:
        """The same file under a name with an ending, for readers that go by it."""
        link = self.path(f"{sha256}.{ending}")
        with suppress(FileExistsError):
            link.symlink_to(sha256)
        return link

    def names(self) -> Iterator[str]:
        """The content hashes of all files that are there, spoken of or not."""
        for path in self._folder.glob("??/*"):
            if len(path.name) == SHA256_DIGITS:
                yield path.name

    def remove(self, sha256: str, before_seconds: float) -> int | None:
        """Remove a file if it was written before a time, in seconds since 1970; return its bytes.

        It is put aside first: whoever keeps the same content at this moment puts it in its place again.
        """
        place = self.path(sha256)
        aside = place.with_name(f"{ASIDE}{sha256}")
        try:
            if place.stat().st_mtime >= before_seconds:
                return None
            place.rename(aside)
            told = aside.stat()
            if told.st_mtime >= before_seconds:
                aside.rename(place)
                return None
            aside.unlink()
        except FileNotFoundError:
            return None
        return told.st_size

    def remove_leftovers(self, before_seconds: float) -> None:
        """Remove what a killed process left unfinished, and names with an ending that lead nowhere."""
        for path in [*self._folder.glob(f"{PART}*"), *self._folder.glob(f"??/{ASIDE}*")]:
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before_seconds:
                    path.unlink()
        for path in self._folder.glob("??/*.*"):
            if path.is_symlink() and not path.exists():
                path.unlink(missing_ok=True)

    def require_writable(self) -> None:
        """Raises StoreUnavailable when nothing can be kept just now."""
        with self.incoming() as coming:
            coming.write(b"\0")

    @contextmanager
    def incoming(self) -> Iterator["Incoming"]:
        """Hand out a file to write to; what is not kept is gone. Raises StoreUnavailable (disk full, ...)."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, prefix=PART, delete=False) as file:
                try:
                    yield Incoming(file, self)
                finally:
                    Path(file.name).unlink(missing_ok=True)
        except OSError as failed:
            what, mend = "The store's folder cannot be written to.", "Free some space, or ask again later."
            raise StoreUnavailable([error("store", what, "store.unwritable", mend)]) from failed

    def keep(self, content: bytes) -> Kept:
        """Keep content that is at hand."""
        with self.incoming() as coming:
            coming.write(content)
            return coming.keep()


class Incoming:
    """A file on its way in."""

    def __init__(self, file: IO[bytes] | Any, blobs: Blobs) -> None:
        """Begin with nothing."""
        self._file, self._blobs = file, blobs
        self._hash, self.bytes = hashlib.sha256(), 0

    @property
    def path(self) -> Path:
        """Where it is written meanwhile."""
        return Path(self._file.name)

    def write(self, content: bytes) -> None:
        """Add to it."""
        self._file.write(content)
        self._hash.update(content)
        self.bytes += len(content)

    def flush(self) -> None:
        """Let readers of `path` see all of it."""
        self._file.flush()

    def keep(self) -> Kept:
        """Put it in its place for good: content and name are on the disk before this returns."""
        self._file.flush()
        os.fsync(self._file.fileno())
        place = self._blobs.path(self._hash.hexdigest())
        place.parent.mkdir(exist_ok=True)
        os.replace(self._file.name, place)
        for folder in (place.parent, place.parent.parent):
            _sync(folder)
        return Kept(place.name, self.bytes)


def remember(tx: Transaction, kept: Kept) -> None:
    """Write the row of a kept file, once; kept again it is as young as a new one."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    row = {"sha256": kept.sha256, "bytes": kept.bytes, "created_at": tx.at}
    fresh = dialect.insert(blob).values(row)
    tx.execute(fresh.on_conflict_do_update(index_elements=["sha256"], set_={"created_at": tx.at}))


def remembered(tx: Transaction) -> list[str]:
    """The content hashes of all kept files."""
    return list(tx.execute(select(blob.c.sha256)).scalars())


def _sync(folder: Path) -> None:
    # Some file systems cannot sync a folder; they order the rename themselves.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
