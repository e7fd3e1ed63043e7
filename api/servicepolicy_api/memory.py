"""The store as the doors use it: opened by the settings, with the engine that fits the database."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from servicepolicy_api.files import writable_folder
from servicepolicy_api.settings import Settings
from servicepolicy_models.errors import error
from servicepolicy_store import datasets, migrating
from servicepolicy_store.blobs import Blobs
from servicepolicy_store.database import Database, open_postgresql, open_sqlite
from servicepolicy_store.errors import NotThere, StoreInUse
from servicepolicy_store.identity import is_id
from servicepolicy_store.jobs import Jobs
from servicepolicy_store.jobs.embedded import EmbeddedJobs
from servicepolicy_store.jobs.procrastinated import ProcrastinateJobs, prepare

if TYPE_CHECKING:
    from servicepolicy_api.question import FindDataset


@dataclass(frozen=True)
class Memory:
    """What is remembered, and who is told of runs."""

    database: Database
    blobs: Blobs
    jobs: Jobs

    @property
    def is_embedded(self) -> bool:
        """Whether this process works on the runs itself."""
        return self.database.is_sqlite


def open_memory(settings: Settings) -> Memory:
    """Open the store; nothing is read or changed yet. Raises FileRejected, StoreUnavailable."""
    folder = writable_folder(settings.store_folder)
    blobs = Blobs(folder / "blobs")
    if settings.database_url is None:
        database = open_sqlite(folder)
        return Memory(database, blobs, EmbeddedJobs(database))
    database = open_postgresql(settings.database_url)
    return Memory(database, blobs, ProcrastinateJobs(database, settings.stalled_seconds))


def upgrade(memory: Memory) -> tuple[str | None, str | None]:
    """Bring the tables to the form of this version; return the revision before and after."""
    moved = migrating.upgrade(memory.database)
    if not memory.database.is_sqlite:
        prepare(memory.database)
    return moved


@contextmanager
def served(settings: Settings) -> Iterator[Memory]:
    """Open the store for serving: alone and checked if it is a file, and in the form of this version.

    Raises StoreInUse, StoreDamaged, StoreBehind.
    """
    memory = open_memory(settings)
    try:
        if not memory.is_embedded:
            migrating.require_current(memory.database)
            yield memory
            return
        with _alone(settings.store_folder):
            upgrade(memory)
            memory.database.quick_check()
            yield memory
    finally:
        memory.database.close()


def finds_datasets(memory: Memory) -> "FindDataset":
    """Return what finds the file of a data set."""

    def find(dataset_id: str) -> Path | None:
        with suppress(NotThere):
            if is_id(dataset_id):
                with memory.database.reading() as tx:
                    found = datasets.get(tx, dataset_id)
                return memory.blobs.path_ending(found.blob, found.format)
        return None

    return find


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a store's folder; the system lets go of it when this process ends, however it ends."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            mend = "Stop the other one, name another folder, or use PostgreSQL for many."
            what = "Another process serves this folder."
            raise StoreInUse([error("SERVICEPOLICY_STORE_FOLDER", what, "store.in_use", mend)]) from None
        yield
