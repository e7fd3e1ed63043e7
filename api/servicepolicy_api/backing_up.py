"""The store copied, and looked over."""

import os
import shutil
from pathlib import Path

from servicepolicy_api.files import writable_folder
from servicepolicy_api.memory import Memory
from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_store import migrating
from servicepolicy_store.blobs import remembered
from servicepolicy_store.database import FILE_NAME
from servicepolicy_store.errors import StoreDamaged


class NoFileToCopy(ServicePolicyError):
    """This store is not in a file."""

    code = "backup.no_file"


def back_up(memory: Memory, folder: Path) -> int:
    """Copy a store in a file; return how many tables were copied. Raises NoFileToCopy, FileRejected.

    The database is copied first: every table that it speaks of is on the disk already, and none ever changes.
    """
    if not memory.database.is_sqlite:
        mend = "Use pg_dump for the database, and copy the folder `blobs`."
        raise NoFileToCopy([error("DATABASE_URL", "PostgreSQL has its own tools.", "backup.no_file", mend)])
    writable_folder(folder / "blobs")
    memory.database.back_up_to(folder / FILE_NAME)
    with memory.database.reading() as tx:
        names = remembered(tx)
    for name in names:
        target = folder / "blobs" / name[:2] / name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            part = target.with_suffix(".part")
            shutil.copyfile(memory.blobs.path(name), part)
            os.replace(part, target)
    return len(names)


def require_whole(memory: Memory) -> None:
    """Raises StoreBehind, StoreDamaged or StoreUnavailable when not all is well."""
    memory.database.quick_check()
    migrating.require_current(memory.database)
    with memory.database.reading() as tx:
        missing = [name for name in remembered(tx) if not memory.blobs.path(name).is_file()]
    if missing:
        what, mend = "The file is missing.", "Copy it from a backup."
        raise StoreDamaged([error(f"blobs/{name}", what, "store.damaged", mend) for name in missing])
    memory.blobs.require_writable()
