"""What was read from order lines is found again: it depends on tables and classes, on no cost or promise."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Generic, TypeVar

import rfc8785

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.fingerprint import versions

READ_FROM = ("demand", "items", "segmentation", "days_per_year")
"""Fields of a scenario that its demand depends on, beside the files themselves."""
NAMES_OF_FILES = ("path", "item_table", "customer_table")
MOST_BYTES = 500_000_000
"""What one folder holds; what was not asked for longest is thrown away."""

DIGEST_BYTES = 32

T = TypeVar("T")


@dataclass(frozen=True)
class Form(Generic[T]):
    """How something is kept in a file."""

    ending: str
    dump: Callable[[T], bytes]
    load: Callable[[bytes], T]
    """Raises ValueError, KeyError or TypeError for what another version of this program wrote."""


def found_or_read(place: Path | None, form: Form[T], read: Callable[[], T]) -> T:
    """What is kept at a place; else it is read, and kept there.

    place: without its ending; None keeps nothing. What cannot be kept, or is damaged, is read as if nothing
    had been kept.
    """
    if place is None:
        return read()
    path = place.with_name(place.name + form.ending)
    try:
        return form.load(_whole(path))
    except (OSError, ValueError, KeyError, TypeError):
        found = read()
        _keep(path, form.dump(found))
        return found


def name_of(scenario: Scenario, tables: Sequence[Path | None]) -> str:
    """The same for the same tables, read in the same way by the same program."""
    said: dict[str, Any] = scenario.model_dump(mode="json", include=set(READ_FROM))
    for name in NAMES_OF_FILES:
        said["demand"].pop(name, None)
    told: dict[str, Any] = {"said": said, "tables": [_identity(path) for path in tables]}
    return sha256(rfc8785.dumps(told | {"versions": versions()})).hexdigest()


def _identity(path: Path | None) -> list[str]:
    """A file as it is now. Numbers as texts: they are larger than those of JSON."""
    if path is None:
        return []
    told = path.stat()
    return [str(path.resolve()), path.name, str(told.st_size), str(told.st_mtime_ns)]


def _whole(path: Path) -> bytes:
    """What was kept; it is now the last that was asked for. Raises ValueError when it is not whole."""
    kept = path.read_bytes()
    os.utime(path)
    digest, content = kept[:DIGEST_BYTES], kept[DIGEST_BYTES:]
    if sha256(content).digest() != digest:
        raise ValueError(f"{path.name} is damaged")
    return content


def _keep(place: Path, content: bytes) -> None:
    """Write beside and rename, behind its hash: nobody sees half of it."""
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as file:
            try:
                file.write(sha256(content).digest() + content)
                file.flush()
                os.replace(file.name, place)
            finally:
                Path(file.name).unlink(missing_ok=True)
        _throw_away(place.parent)


def _throw_away(folder: Path) -> None:
    told = sorted(((one.stat(), one) for one in folder.iterdir()), key=lambda pair: -pair[0].st_mtime_ns)
    for (_, path), total in zip(told, accumulate(one.st_size for one, _ in told), strict=True):
        if total > MOST_BYTES:
            path.unlink(missing_ok=True)
