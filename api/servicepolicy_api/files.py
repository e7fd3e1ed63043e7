"""Files by name: read whole, written whole, and told about plainly when that fails."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from servicepolicy_models.complaints import nearest
from servicepolicy_models.errors import ServicePolicyError, error


class FileRejected(ServicePolicyError):
    """A file cannot be read or written."""

    code: ClassVar[str] = "file.rejected"


def read_whole(path: Path) -> bytes:
    """Return what is in a file. Raises FileRejected when there is none, or it is a folder."""
    try:
        return path.read_bytes()
    except OSError as failed:
        raise FileRejected([error(str(path), *_why_not_read(path, failed))]) from None


def writable_folder(path: Path) -> Path:
    """Make a folder if need be and return it. Raises FileRejected when nothing can be written there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with whole_file(path / ".write-test") as probe:
            probe.write_bytes(b"")
        (path / ".write-test").unlink()
    except OSError as failed:
        what = f"Nothing can be written to this folder: {failed.strerror or failed}."
        mend = "Name a folder you may write to."
        raise FileRejected([error(str(path), what, "file.unwritable", mend)]) from None
    return path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Hand out a temporary name to write to; the file gets its own name when all is written, or never."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _why_not_read(path: Path, failed: OSError) -> tuple[str, str, str]:
    if path.is_dir():
        inside = path / "scenario.json"
        mend = f"Name a file, such as {inside}." if inside.is_file() else "Name a file."
        return "This is a folder.", "file.is_a_folder", mend
    if isinstance(failed, FileNotFoundError):
        folder = path.parent
        if not folder.is_dir():
            return "There is no such file, nor its folder.", "file.missing", "Check the path."
        guess = nearest(path.name, [one.name for one in folder.iterdir()])
        mend = f"Did you mean {folder / guess}?" if guess else "Check the path."
        return "There is no such file.", "file.missing", mend
    what = f"The file cannot be read: {failed.strerror or failed}."
    return what, "file.unreadable", "Check who may read it."
