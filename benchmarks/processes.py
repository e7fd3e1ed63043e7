"""The program as processes that can be killed and started again, on either database."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from benchmarks.free_port import free_port
from benchmarks.postgresql import Cluster, cluster

PROGRAM = Path(sys.executable).with_name("servicepolicy")
PATIENCE_SECONDS = 600.0
"""A bound for what hangs."""


@dataclass
class Program:
    """One process of ours."""

    words: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    groups: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Start it, in a group of its own: what it leaves behind is found by that."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, *self.words], stderr=log, env={**os.environ, **self.environment},
                start_new_session=True,
            )  # fmt: skip
        self.groups.append(self.process.pid)

    def kill(self) -> None:
        """End it without a warning; its children are left to themselves."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def end(self) -> None:
        """End it and all that it ever started."""
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self.kill()

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid if self.process is not None else 0

    def solves(self) -> list[int]:
        """The processes of runs: what the process that runs are forked from has forked."""
        return [one for child in children(self.pid) for one in children(child)]

    def memory_mb(self) -> float:
        """Its resident memory and that of its own children, of which one forks all runs; without the runs."""
        return sum(map(_resident_mb, (self.pid, *children(self.pid))))


def _resident_mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def processor_seconds(pid: int) -> float:
    """What a process has taken of the processors until now, without its children (Linux)."""
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def children(pid: int) -> list[int]:
    """The children of a process (Linux)."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@dataclass
class Installation:
    """A service under way: one server, and workers where the database is PostgreSQL."""

    address: str
    server: Program
    workers: list[Program]
    database: Cluster | None
    client: httpx2.Client
    """For whoever watches it."""

    @property
    def programs(self) -> list[Program]:
        """All processes of ours."""
        return [self.server, *self.workers]

    def processor_seconds(self) -> float:
        """What all processes of ours and of the database have taken until now; without those of runs."""
        own = [one.pid for one in self.programs]
        running = self.database.process if self.database is not None else None
        theirs = [running.pid, *children(running.pid)] if running is not None else []
        return sum(map(processor_seconds, [*own, *theirs]))

    def wait_until_ready(self) -> None:
        """Return when the service can read and write its store."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not self.is_ready():
            if time.monotonic() > end:
                raise TimeoutError(self.server.log.read_text()[-2000:])
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether the service can read and write its store."""
        with suppress(httpx2.HTTPError):
            return self.client.get("/readyz").status_code == 200
        return False


@contextmanager
def installation(
    database: str,
    workers: int = 2,
    store: Path | None = None,
    running: Cluster | None = None,
    **settings: str,
) -> Iterator[Installation]:
    """Start a service in a folder of its own; all of it is gone at the end.

    database: sqlite or postgresql. store: its folder, where it matters. running: a PostgreSQL that is there
    already. settings: those of the service, by their short names.
    """
    # Told to stop, take everything down too.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        own = {f"SERVICEPOLICY_{name.upper()}": value for name, value in settings.items()}
        environment = {**own, "SERVICEPOLICY_STORE_FOLDER": str(store or folder / "store")}
        port, number = free_port(), 0
        if database == "postgresql":
            running, number = running or stack.enter_context(cluster()), workers
            environment["DATABASE_URL"] = running.new_database()
            subprocess.run([PROGRAM, "db", "upgrade"], env={**os.environ, **environment}, check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        server = Program(["serve", "--port", str(port)], environment, folder / "server.log")
        made = Installation(
            address=address,
            server=server,
            workers=[Program(["work"], environment, folder / f"worker-{one}.log") for one in range(number)],
            database=running if database == "postgresql" else None,
            client=stack.enter_context(httpx2.Client(base_url=address, timeout=60.0)),
        )
        for one in made.programs:
            stack.callback(one.end)
            one.start()
        made.wait_until_ready()
        yield made
