"""The folder in which a database spills: it is removed at the end, and swept by the next one where a process
was killed before its end.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp

from servicepolicy_models.errors import MachineFailed, error

PREFIX = "servicepolicy-lines-"
HELD = "held"
"""A file in the folder that its process keeps locked; the lock ends with the process, however that ends."""


@contextmanager
def spill_folder(parent: Path | None) -> Iterator[Path]:
    """A new folder below `parent` (None: the machine's temporary folder), gone at the end.

    What processes that no longer live have left there is swept first. Raises MachineFailed where no folder
    can be made.
    """
    above = parent or Path(gettempdir())
    try:
        sweep(above)
        folder = Path(mkdtemp(prefix=PREFIX, dir=above))
    except OSError as trouble:
        raise disk_failed(above, trouble) from trouble
    try:
        # Locked before it has its name, so that a sweep never finds it without its lock.
        fresh = folder / f"{HELD}.new"
        with fresh.open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            fresh.rename(folder / HELD)
            yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def sweep(above: Path) -> None:
    """Remove the spill folders in `above` whose process is gone; those of others are left alone."""
    for held in above.glob(f"{PREFIX}*/{HELD}"):
        with suppress(OSError), held.open("rb+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while its process lives
            rmtree(held.parent, ignore_errors=True)


def free_bytes(folder: Path) -> int:
    """What a user without privileges may still write to the disk of a folder. Raises MachineFailed where
    there is no such folder.
    """
    try:
        disk = os.statvfs(folder)
    except OSError as trouble:
        raise disk_failed(folder, trouble) from trouble
    return disk.f_bavail * disk.f_frsize


def disk_failed(folder: Path, trouble: OSError) -> MachineFailed:
    """The folder in which a database spills cannot be used."""
    what = f"what order lines are added up in cannot be kept there: {trouble.strerror or trouble}."
    mend = "Name a folder on a sound disk that can be written to (TMPDIR)."
    return MachineFailed([error(str(folder), what, "demand.no_folder", mend)])
