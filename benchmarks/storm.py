"""Kill what serves in the middle of its work, and count what was lost: `make storm`.

python -m benchmarks.storm                                   both databases; writes docs/performance.md
python -m benchmarks.storm --database sqlite --faults 4      one of them, nothing written

Customers ask for runs and sweeps, each under an Idempotency-Key, and ask again until they are answered.
Meanwhile, one after the other, the server, a worker or the process of a solve is killed with SIGKILL, or
PostgreSQL is stopped and started again. At the end every acknowledged run, and every point of every
acknowledged sweep, has to have ended, once.
"""

import argparse
import os
import random
import signal
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2

from benchmarks.page import write
from benchmarks.postgresql import Cluster
from benchmarks.processes import PATIENCE_SECONDS, Installation, installation

FINAL = ("succeeded", "failed", "cancelled")
AWAY_SECONDS = 2.0
"""How long PostgreSQL is stopped."""
STALLED_SECONDS = 10.0
EVERY_SWEEP, POINTS = 4, 4
"""Every fourth question is a sweep of four points."""


@dataclass
class Report:
    """What came of a storm."""

    database: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Idempotency-Key -> run."""
    points: int = 0
    """Runs of which acknowledged sweeps are made."""
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    poison: int = 0
    """Failed of three deaths of their own process."""
    worn: int = 0
    """Failed of the deaths of those that worked on them."""
    attempts: int = 0
    recovery_seconds: dict[str, list[float]] = field(default_factory=dict)
    """Fault -> seconds until the service answered and all that was under way had ended or begun again."""


@dataclass(frozen=True)
class Customers:
    """Who asks while it storms."""

    address: str
    scenario: dict[str, Any]
    report: Report
    over: threading.Event

    def ask(self, seeds: range) -> None:
        """Ask one question after the other until the storm is over."""
        with httpx2.Client(base_url=self.address, timeout=30) as client:
            for seed in seeds:
                if self.over.is_set():
                    return
                limits = {**self.scenario.get("limits", {}), "seed": seed}
                asked: dict[str, Any] = {"scenario": {**self.scenario, "limits": limits}}
                if seed % EVERY_SWEEP == 0:
                    patches = [{"carrying_rate_per_year": 0.1 + one / 20} for one in range(POINTS)]
                    asked |= {"kind": "sweep", "settings": {"patches": patches}}
                run = self._acknowledged(client, f"storm {seed}", asked)
                if run is not None:
                    self._wait_for(client, run)

    def _acknowledged(self, client: httpx2.Client, key: str, body: dict[str, Any]) -> str | None:
        """Ask a question until it is acknowledged."""
        headers, end = {"Idempotency-Key": key, "Prefer": "wait=5"}, time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with suppress(httpx2.HTTPError):
                answered = client.post("/v1/runs", json=body, headers=headers)
                if answered.status_code in (200, 202):
                    run = str(answered.json()["id"])
                    self.report.acknowledged[key] = run
                    return run
            time.sleep(0.2)
        return None

    def _wait_for(self, client: httpx2.Client, run: str) -> None:
        """Nobody asks the next question before the last one is answered, except at the end of the storm."""
        while not self.over.is_set():
            with suppress(httpx2.HTTPError):
                if client.get(f"/v1/runs/{run}").json().get("state") in FINAL:
                    return
            self.over.wait(0.2)


@dataclass(frozen=True)
class Weather:
    """How hard it storms."""

    most_runs: int = 200
    faults: int = 12
    seed: int = 1
    customers: int = 3
    workers: int = 2
    kinds: tuple[str, ...] = ()
    """Which faults, in turn; empty: all that the database has."""
    stalled_seconds: float = STALLED_SECONDS
    changes: Mapping[str, Any] = field(default_factory=dict)
    """To the scenario that is asked about."""


def storm(database: str, weather: Weather, running: Cluster | None = None) -> Report:
    """Let it storm, and judge what is left. running: a PostgreSQL that is there already."""
    chance, report, over = random.Random(weather.seed), Report(database), threading.Event()
    stalled = str(weather.stalled_seconds)
    with installation(database, workers=weather.workers, running=running, stalled_seconds=stalled) as service:
        scenario = service.client.get("/v1/examples/spare-parts").json() | dict(weather.changes)
        customers = Customers(service.address, scenario, report, over)
        asking = [
            threading.Thread(target=customers.ask, args=(range(one, weather.most_runs, weather.customers),))
            for one in range(weather.customers)
        ]
        for one in asking:
            one.start()
        try:
            kinds = weather.kinds or tuple(FAULTS[database])
            for number in range(weather.faults):
                # In turn, so that few faults are all of them too.
                _strike(service, chance, report, kinds[number % len(kinds)])
        finally:
            over.set()
            for one in asking:
                one.join()
        judge(service, report)
    return report


def _kill_server(service: Installation, chance: random.Random) -> None:
    service.server.kill()
    service.server.start()


def _kill_worker(service: Installation, chance: random.Random) -> None:
    one = chance.choice(service.workers)
    one.kill()
    one.start()


def _kill_solve(service: Installation, chance: random.Random) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        solves = [pid for program in service.programs for pid in program.solves()]
        if solves:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(solves), signal.SIGKILL)
                return
        time.sleep(0.01)


def _stop_database(service: Installation, chance: random.Random) -> None:
    if service.database is not None:
        service.database.stop()
        time.sleep(AWAY_SECONDS)
        service.database.start()


EMBEDDED: dict[str, Callable[[Installation, random.Random], None]] = {
    "server": _kill_server, "solve": _kill_solve,
}  # fmt: skip
FAULTS = {"sqlite": EMBEDDED, "postgresql": {**EMBEDDED, "worker": _kill_worker, "database": _stop_database}}


def _strike(service: Installation, chance: random.Random, report: Report, kind: str) -> None:
    """Wait until a run is under way, do some harm, and measure how long it is felt."""
    under_way = _under_way(service)
    time.sleep(chance.uniform(0.0, 1.0))
    under_way |= _running(service)
    began = time.monotonic()
    FAULTS[report.database][kind](service, chance)
    service.wait_until_ready()
    while under_way and time.monotonic() - began < PATIENCE_SECONDS:
        felt = under_way.items()
        under_way = {run: attempt for run, attempt in felt if not _goes_on(service, run, attempt)}
        time.sleep(0.05)
    report.recovery_seconds.setdefault(kind, []).append(time.monotonic() - began)


def _under_way(service: Installation) -> dict[str, int]:
    """Run -> attempt, as soon as there is one."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := _running(service):
            return found
        time.sleep(0.02)
    return {}


def _running(service: Installation) -> dict[str, int]:
    with suppress(httpx2.HTTPError):
        listed = service.client.get("/v1/runs?state=running").json()
        # A sweep is worked on by nobody: it is its points that are hit.
        return {run["id"]: run["attempt"] for run in listed.get("runs", ()) if run.get("parts") is None}
    return {}


def _goes_on(service: Installation, run: str, attempt: int) -> bool:
    with suppress(httpx2.HTTPError):
        now = service.client.get(f"/v1/runs/{run}").json()
        return now.get("state") in FINAL or now.get("attempt", 0) > attempt
    return False


def judge(service: Installation, report: Report) -> None:
    """Wait for the end of every acknowledged run, and count how often each ended."""
    client, judged = service.client, list(report.acknowledged.values())
    for run in judged:
        ended = _ended(client, run)
        if ended is None:
            report.lost.append(run)
            continue
        judged += _points(client, ended, report)
        report.attempts += ended["attempt"]
        code = (ended["problem"] or {}).get("code")
        report.poison += code == "run.poison"
        report.worn += code == "run.worker_deaths"
        told = client.get(f"/v1/runs/{run}/log").text.splitlines()
        if sum(line.split()[1] in FINAL for line in told) != 1:
            report.doubled.append(run)
    there = {run["id"] for run in _listed(client) if run.get("parent") is None}
    report.doubled += sorted(there - set(report.acknowledged.values()))


def _points(client: httpx2.Client, run: dict[str, Any], report: Report) -> list[str]:
    """The runs that a run is made of; one that is not there is lost."""
    if run.get("parts") is None:
        return []
    points = [one["id"] for one in _listed(client, parent=run["id"])]
    report.points += len(points)
    report.lost += [f"{run['id']}, a point"] * (run["parts"] - len(points))
    report.doubled += [f"{run['id']}, a point"] * (len(points) - run["parts"])
    return points


def _listed(client: httpx2.Client, **which: str) -> Iterator[dict[str, Any]]:
    asked = {"limit": "500", **which}
    while True:
        page = client.get("/v1/runs", params=asked).json()
        yield from page["runs"]
        if page["next"] is None:
            return
        asked["cursor"] = page["next"]


def _ended(client: httpx2.Client, run: str) -> dict[str, Any] | None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        answered = client.get(f"/v1/runs/{run}")
        if answered.status_code == 404:
            return None
        now: dict[str, Any] = answered.json()
        if now["state"] in FINAL:
            return now
        time.sleep(0.1)
    return None


def table(reports: list[Report]) -> str:
    """The reports in Markdown."""
    heads = ("database", "faults", "acknowledged", "points of sweeps", "lost", "doubled", "begun",
             "failed: its process died three times", "failed: its workers died",
             "seconds to recover, median (longest)")  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"| --- {'| ---: ' * 8}| --- |"]
    for one in reports:
        felt = "; ".join(
            f"{kind} {statistics.median(seconds):.1f} ({max(seconds):.1f})"
            for kind, seconds in one.recovery_seconds.items()
        )
        faults = sum(map(len, one.recovery_seconds.values()))
        told = (one.database, faults, len(one.acknowledged), one.points, len(one.lost),
                len(one.doubled), one.attempts, one.poison, one.worn, felt)  # fmt: skip
        lines.append(f"| {' | '.join(map(str, told))} |")
    return "\n".join(lines)


def main() -> None:
    """Storm over the databases that are asked for."""
    parser = argparse.ArgumentParser(description="Kill what serves, and count what was lost.")
    parser.add_argument("--database", choices=sorted(FAULTS), help="one database; nothing is written")
    parser.add_argument("--runs", type=int, default=Weather.most_runs, help="at most so many runs")
    parser.add_argument("--faults", type=int, default=Weather.faults)
    parser.add_argument("--seed", type=int, default=Weather.seed)
    asked = parser.parse_args()
    names = [asked.database] if asked.database else [*FAULTS]
    weather = Weather(asked.runs, asked.faults, asked.seed)
    reports = [storm(name, weather) for name in names]
    print(table(reports), flush=True)
    if not asked.database:
        write("storm", table(reports))
    if any(one.lost or one.doubled for one in reports):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
