"""Take away what the service stands on, and see what it says, how soon, and whether it heals: `make faults`.

python -m benchmarks.faults                      both databases; writes docs/performance.md
python -m benchmarks.faults --database sqlite    one of them, nothing written

The store lies on small disks, so this needs the right to mount (root on Linux). While one of them is full or
cannot be written to, or PostgreSQL is away, everything that would change something is asked for, and answers
have to be typed problems; what can be read stays readable. Then it is given back, nothing is started again,
and every acknowledged run has to end, once. Only a file system that the system itself made read-only, after
an error of the disk, has to be mounted again, and the service to be started again.
"""

import argparse
import hashlib
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.page import write
from benchmarks.processes import PATIENCE_SECONDS, Installation, installation
from benchmarks.storm import Report, judge

DISK_MB = 16
LEFT_BYTES = 12_288
"""What is left on a disk where a table fits half; the disks count in pages of 4,096 bytes."""
UNTYPED = "urn:servicepolicy:problem:unexpected"
NEW = {"If-None-Match": "*"}


class NoRightToMount(Exception):
    """Only root may mount the small disks that this needs."""


@dataclass
class Felt:
    """What came of one fault."""

    database: str
    fault: str
    problems: int = 0
    wrong: list[str] = field(default_factory=list)
    """Answers that were no typed 503, or things that could not be read."""
    slowest_seconds: float = 0.0
    heals_seconds: float = 0.0
    report: Report = field(default_factory=lambda: Report("none"))


@dataclass(frozen=True)
class Fault:
    """Something that gives way for a while."""

    name: str
    make: Callable[[], AbstractContextManager[None]]
    refused: tuple[str, ...]
    """What cannot be had meanwhile, by the names of `_refused`."""
    hold: Callable[[], None] = lambda: None
    """How long it lasts, beyond what is asked meanwhile."""
    is_away: bool = False
    """Whether nothing can be read either."""


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of its own at a place. Raises NoRightToMount."""
    place.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(place)]
    try:
        told = subprocess.run(words, capture_output=True)
    except FileNotFoundError:
        raise NoRightToMount from None
    if told.returncode:
        raise NoRightToMount
    try:
        yield place
    finally:
        # Lazily: whoever still holds a file there lets go of it in a moment.
        subprocess.run(["umount", "-l", str(place)], check=False)


@contextmanager
def full(disk: Path, left_bytes: int = 0) -> Iterator[None]:
    """Not a byte is left on a disk meanwhile, or so many."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65_536))
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0")
    os.truncate(filler, filler.stat().st_size - left_bytes)
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def real_disk(place: Path) -> Iterator[Path]:
    """A small ext4 file system in a file beside a place, mounted there. Raises NoRightToMount."""
    image = place.with_suffix(".ext4")
    with image.open("wb") as file:
        file.truncate(4 * DISK_MB * 1024**2)
    place.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["mkfs.ext4", "-q", str(image)], check=True, capture_output=True)
        _mount(image, place)
    except (FileNotFoundError, subprocess.CalledProcessError):
        raise NoRightToMount from None
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def _mount(image: Path, place: Path) -> None:
    subprocess.run(["mount", "-o", "loop", str(image), str(place)], check=True, capture_output=True)


@contextmanager
def given_up(disk: Path, service: Installation) -> Iterator[None]:
    """The system takes a file system for damaged: whatever is open on it, nothing is written any more.

    At the end the service is stopped, the file system mounted again, and the service started.
    """
    subprocess.run(["mount", "-o", "remount,abort", str(disk)], check=True)
    try:
        yield
    finally:
        for program in service.programs:
            program.end()
        subprocess.run(["umount", str(disk)], check=True)
        _mount(disk.with_suffix(".ext4"), disk)
        for program in service.programs:
            program.start()


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """A disk that cannot be written to meanwhile."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


@contextmanager
def away(service: Installation) -> Iterator[None]:
    """PostgreSQL is stopped meanwhile."""
    if service.database is None:
        raise ValueError("a store in a file has no database that could be away")
    service.database.stop()
    try:
        yield
    finally:
        service.database.start()


def faults_of(service: Installation, disk: Path) -> list[Fault]:
    """Those of a store on a disk with a disk for its large tables within it."""
    blobs, large = disk / "blobs", ("dataset", "readiness")
    made = [
        Fault("large tables: disk full", lambda: full(blobs), large),
        Fault("large tables: full while one is written", lambda: full(blobs, LEFT_BYTES), ("dataset",),
              lambda: _until_one_is_written(service)),
        Fault("large tables: read-only", lambda: read_only(blobs), large),
    ]  # fmt: skip
    if service.database is None:
        return [Fault("database: disk full", lambda: full(disk), ("run", "scenario")), *made]
    return [Fault("database: away", lambda: away(service), ("run", "scenario"), is_away=True), *made]


def _until_one_is_written(service: Installation) -> None:
    """Wait until a run is computed and its table does not fit."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not any(WAITS in one.log.read_text() for one in service.programs):
        if time.monotonic() > end:
            raise TimeoutError("no run was computed")
        time.sleep(0.1)


WAITS = "the store is away; a run waits for it"
"""What the log says of a run that is computed and cannot be written down."""


def felt(service: Installation, database: str, fault: Fault, scenario: dict[str, Any]) -> Felt:
    """Make it so while a run is under way, ask, give it back, and judge."""
    name, made = fault.name, Felt(database, fault.name, report=Report(database))
    client = service.client
    before = _asked(client, scenario, name, 0)
    made.report.acknowledged[f"{name} 0"] = before.json()["id"]
    with fault.make():
        for answered, seconds in _refused(client, scenario, fault):
            made.slowest_seconds = max(made.slowest_seconds, seconds)
            kind = answered.json().get("type", "") if answered.status_code == 503 else UNTYPED
            if kind == UNTYPED:
                made.wrong.append(
                    f"{answered.request.method} {answered.request.url.path} {answered.status_code}"
                )
            made.problems += 1
        readable = () if fault.is_away else ("/v1/scenarios", f"/v1/runs/{before.json()['id']}")
        for path in ("/healthz", *readable):
            if client.get(path).status_code != 200:
                made.wrong.append(f"GET {path}")
        fault.hold()
    began = time.monotonic()
    service.wait_until_ready()
    after = _asked(client, scenario, name, 1)
    made.heals_seconds = time.monotonic() - began
    made.report.acknowledged[f"{name} 1"] = after.json()["id"]
    return made


def _asked(client: httpx2.Client, scenario: dict[str, Any], name: str, number: int) -> httpx2.Response:
    headers = {"Prefer": "respond-async", "Idempotency-Key": f"{name} {number}"}
    body = {"scenario": {**scenario, "title": f"{name} {number}"}}
    answered = client.post("/v1/runs", json=body, headers=headers)
    answered.raise_for_status()
    return answered


def _refused(
    client: httpx2.Client, scenario: dict[str, Any], fault: Fault
) -> Iterator[tuple[httpx2.Response, float]]:
    """Ask for what cannot be now, and measure how long each answer takes."""
    table = {"content": b"a,b\n" + b"1,2\n" * 20_000, "headers": {"Content-Type": "text/csv"}}
    body = {"scenario": {**scenario, "title": fault.name, "notes": ["x" * 200_000]}}
    name = re.sub("[^a-z ]", "", fault.name)
    asked: dict[str, tuple[str, str, dict[str, Any]]] = {
        "dataset": ("POST", "/v1/datasets", table),
        "readiness": ("GET", "/readyz", {}),
        "run": ("POST", "/v1/runs", {"json": body, "headers": {"Prefer": "respond-async"}}),
        "scenario": ("PUT", f"/v1/scenarios/{name}", {"json": body["scenario"], "headers": NEW}),
    }
    for method, path, sent in map(asked.__getitem__, fault.refused):
        began = time.monotonic()
        yield client.request(method, path, **sent), time.monotonic() - began


def all_felt(database: str) -> list[Felt]:
    """Every fault of a database: most one after the other, on one service that is never started again."""
    with (
        tempfile.TemporaryDirectory() as folder,
        small_disk(Path(folder) / "disk") as disk,
        small_disk(disk / "blobs"),
        installation(database, workers=1, store=disk) as service,
    ):
        made = _judged(service, database, faults_of(service, disk), disk / "blobs")
    if database == "postgresql":
        return made
    with (
        tempfile.TemporaryDirectory() as folder,
        real_disk(Path(folder) / "disk") as disk,
        installation(database, store=disk) as service,
    ):
        everything = ("run", "scenario", "dataset", "readiness")
        broken = Fault("whole store: file system read-only", lambda: given_up(disk, service), everything)
        return [*made, *_judged(service, database, [broken], disk / "blobs")]


def _judged(service: Installation, database: str, faults: list[Fault], blobs: Path) -> list[Felt]:
    """Feel them, wait for all that was acknowledged, and look at every file that was kept."""
    scenario = service.client.get("/v1/examples/spare-parts").json()
    made = [felt(service, database, one, scenario) for one in faults]
    judge(
        service,
        together := Report(database, {k: v for one in made for k, v in one.report.acknowledged.items()}),
    )
    for one in made:
        own = set(one.report.acknowledged.values())
        one.report.lost = [run for run in together.lost if run in own]
        one.report.doubled = [run for run in together.doubled if run in own]
    made[-1].wrong += [f"{path.name} is damaged" for path in _damaged(blobs)]
    return made


def _damaged(blobs: Path) -> Iterator[Path]:
    """Files whose content is not the one of their name."""
    for path in blobs.glob("??/*"):
        if not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            yield path


def table(made: list[Felt]) -> str:
    """What was felt, in Markdown."""
    heads = ("database", "fault", "refused", "of these untyped", "slowest answer, s", "heals after, s",
             "acknowledged", "lost", "doubled")  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"| --- | --- {'| ---: ' * 7}|"]
    for one in made:
        told = (one.database, one.fault, one.problems, len(one.wrong), f"{one.slowest_seconds:.1f}",
                f"{one.heals_seconds:.1f}", len(one.report.acknowledged), len(one.report.lost),
                len(one.report.doubled))  # fmt: skip
        lines.append(f"| {' | '.join(map(str, told))} |")
    return "\n".join(lines)


def main() -> None:
    """Go through the faults of the databases that are asked for."""
    parser = argparse.ArgumentParser(description="Take away what the service stands on.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="one; nothing is written")
    asked = parser.parse_args()
    names = [asked.database] if asked.database else ["sqlite", "postgresql"]
    made = [one for name in names for one in all_felt(name)]
    print(table(made), flush=True)
    for one in made:
        for word in one.wrong:
            print(f"{one.database}, {one.fault}: {word}", flush=True)
    if not asked.database:
        write("faults", table(made))
    if any(one.wrong or one.report.lost or one.report.doubled for one in made):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
