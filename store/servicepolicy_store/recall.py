"""Values that can be computed again, in a folder: bounded, and never trusted to be whole."""

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import random
from tempfile import NamedTemporaryFile

LARGEST_SHARE = 0.25
"""Of all the room: what is larger than this is not kept, for it would drive out everything else."""

LOOK_SHARE = 1 / 64
"""Of all the room: after so many bytes, in the mean, somebody looks what there is. To look takes longer than
to put a small value, and a solve puts hundreds."""

DIGEST_BYTES = 32
PART = ".part-"
"""Begins the name of a file on its way in."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecallFolder:
    """Every value is a file of its key's name: the SHA-256 of the value, and the value.

    All processes of a store share it, and none waits for another. A file that is torn, damaged or of an older
    form is as if it were not there. Nothing speaks of these files, so whoever likes may remove them.
    """

    folder: Path
    most_bytes: int
    """0: nothing is kept, and nothing that was kept is recalled."""

    def get(self, key: str) -> bytes | None:
        """The value of a key; None where it is not known, or not whole."""
        path = self._path(key)
        if not self.most_bytes:
            return None
        try:
            content = path.read_bytes()
        except OSError:
            return None
        value = content[DIGEST_BYTES:]
        if sha256(value).digest() != content[:DIGEST_BYTES]:
            log.warning("%s is damaged; it is computed again", path.name)
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)  # those that were not asked for longest go first
        return value

    def put(self, key: str, value: bytes) -> None:
        """Keep a value, as far as there is room; what cannot be written is not kept."""
        if len(value) > LARGEST_SHARE * self.most_bytes:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # Renamed when complete, so that no reader sees half of it; not synced, for a torn file shows.
            with NamedTemporaryFile(dir=self.folder, prefix=PART, delete=False) as file:
                try:
                    file.write(sha256(value).digest())
                    file.write(value)
                    file.flush()
                    os.replace(file.name, self._path(key))
                finally:
                    Path(file.name).unlink(missing_ok=True)
            # By chance, as no process knows what others put: a large value always looks, a small one seldom.
            if random() * LOOK_SHARE * self.most_bytes < DIGEST_BYTES + len(value):
                self._make_room()
        except OSError:
            log.warning("%s cannot be written to; values are computed again", self.folder)

    def _path(self, key: str) -> Path:
        return self.folder / key

    def _make_room(self) -> None:
        """Remove what was not asked for longest until the rest fits."""
        files = []
        for entry in os.scandir(self.folder):
            with suppress(FileNotFoundError):
                told = entry.stat()
                files.append((told.st_mtime_ns, told.st_size, entry.path))
        over = sum(size for _, size, _ in files) - self.most_bytes
        for _, size, path in sorted(files):
            if over <= 0:
                return
            Path(path).unlink(missing_ok=True)
            over -= size
