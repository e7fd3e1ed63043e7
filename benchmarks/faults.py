"""Take away what the service stands on, and see what it says, how soon, and whether it heals: `make faults`.

python -m benchmarks.faults                      both databases; writes docs/performance.md
python -m benchmarks.faults --database sqlite    one of them, nothing written

The store lies on two small disks in memory, so this needs the right to mount (root on Linux). While one of
them is full or cannot be written to, or PostgreSQL is away, everything that would change something is asked
for, and answers have to be typed problems; what can be read stays readable. Then it is given back, nothing
is started again, and every acknowledged run has to end, once.
"""

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.page import write
from benchmarks.processes import Installation, installation
from benchmarks.storm import Report, judge

DISK_MB = 16
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
def full(disk: Path) -> Iterator[None]:
    """Not a byte is left on a disk meanwhile."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65_536))
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0")
    try:
        yield
    finally:
        filler.unlink()


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


def faults_of(service: Installation, disk: Path) -> dict[str, Callable[[], Any]]:
    """Name -> what makes it so."""
    made: dict[str, Callable[[], Any]] = {
        "large tables: disk full": lambda: full(disk / "blobs"),
        "large tables: read-only": lambda: read_only(disk / "blobs"),
    }
    if service.database is None:
        return {"database: disk full": lambda: full(disk), **made}
    return {"database: away": lambda: away(service), **made}


def felt(service: Installation, database: str, name: str, fault: Any, scenario: dict[str, Any]) -> Felt:
    """Make it so while a run is under way, ask, give it back, and judge."""
    made = Felt(database, name, report=Report(database))
    client = service.client
    before = _asked(client, scenario, name, 0)
    made.report.acknowledged[f"{name} 0"] = before.json()["id"]
    is_database = name.startswith("database")
    with fault:
        for answered, seconds in _refused(client, scenario, name, is_database):
            made.slowest_seconds = max(made.slowest_seconds, seconds)
            kind = answered.json().get("type", "") if answered.status_code == 503 else UNTYPED
            if kind == UNTYPED:
                made.wrong.append(
                    f"{answered.request.method} {answered.request.url.path} {answered.status_code}"
                )
            made.problems += 1
        for path in (
            "/healthz",
            *([] if "away" in name else ["/v1/scenarios", f"/v1/runs/{before.json()['id']}"]),
        ):
            if client.get(path).status_code != 200:
                made.wrong.append(f"GET {path}")
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
    client: httpx2.Client, scenario: dict[str, Any], name: str, is_database: bool
) -> Iterator[tuple[httpx2.Response, float]]:
    """Ask for what cannot be now, and measure how long each answer takes."""
    table = {"content": b"a,b\n" + b"1,2\n" * 20_000, "headers": {"Content-Type": "text/csv"}}
    asked: list[tuple[str, str, dict[str, Any]]] = [("POST", "/v1/datasets", table), ("GET", "/readyz", {})]
    if is_database:
        body = {"scenario": {**scenario, "title": name, "notes": ["x" * 200_000]}}
        asked = [
            ("POST", "/v1/runs", {"json": body, "headers": {"Prefer": "respond-async"}}),
            ("PUT", f"/v1/scenarios/{name.replace(':', '')}", {"json": body["scenario"], "headers": NEW}),
        ]
    for method, path, sent in asked:
        began = time.monotonic()
        yield client.request(method, path, **sent), time.monotonic() - began


def all_felt(database: str) -> list[Felt]:
    """Every fault of a database, one after the other, on one service that is never started again."""
    with (
        tempfile.TemporaryDirectory() as folder,
        small_disk(Path(folder) / "disk") as disk,
        small_disk(disk / "blobs"),
        installation(database, workers=1, store=disk) as service,
    ):
        scenario = service.client.get("/v1/examples/spare-parts").json()
        made = [
            felt(service, database, name, fault(), scenario)
            for name, fault in faults_of(service, disk).items()
        ]
        judge(
            service,
            together := Report(database, {k: v for one in made for k, v in one.report.acknowledged.items()}),
        )
        for one in made:
            own = set(one.report.acknowledged.values())
            one.report.lost = [run for run in together.lost if run in own]
            one.report.doubled = [run for run in together.doubled if run in own]
        return made


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
