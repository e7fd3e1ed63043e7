"""Memory that a program could use now: of the machine, and of the control group it runs in."""

from collections.abc import Iterator
from pathlib import Path

MACHINE, OWN_GROUP, GROUPS = Path("/proc/meminfo"), Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def available_bytes() -> int | None:
    """Bytes that can be used without swapping and without being killed; None where nothing tells.

    The least of what Linux estimates for the machine (MemAvailable) and of what each control group (version
    2) around this process leaves below its limit. Pages of files count as available in both: whoever reads
    many order lines, or lays ladders in files, fills a group with them up to its limit.
    """
    return min((*_of_machine(), *_of_groups()), default=None)


def _of_machine() -> Iterator[int]:
    for line in _read(MACHINE).splitlines():
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024


def _of_groups() -> Iterator[int]:
    own = next((line[3:] for line in _read(OWN_GROUP).splitlines() if line.startswith("0::")), "/")
    inner = GROUPS / own.lstrip("/")
    for group in (inner, *inner.parents):
        limit, used = _read(group / "memory.max").strip(), _read(group / "memory.current").strip()
        if limit.isdigit() and used.isdigit():
            yield min(max(int(limit) - int(used) + _pages_of_files(group), 0), int(limit))


def _pages_of_files(group: Path) -> int:
    """Bytes that are given up when memory is asked for; what lies in files of memory (tmpfs) is not."""
    known = dict(line.split() for line in _read(group / "memory.stat").splitlines())
    return sum(int(known.get(name, 0)) for name in ("active_file", "inactive_file"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""
