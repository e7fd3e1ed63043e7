"""A PostgreSQL of our own for tests and storms: in a folder of its own, as a user without rights."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from benchmarks.free_port import free_port

START_SECONDS = 300
"""A bound for what hangs; a busy machine takes its time to start and to stop."""
UNPRIVILEGED = "postgres"
"""Comes with the Debian package; PostgreSQL does not run as root."""


class NotInstalled(Exception):
    """PostgreSQL is not installed (Debian: apt-get install postgresql)."""


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest version; None where it is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = [path for path in debian if (path / "initdb").exists()]
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).resolve().parent if on_path else None


@dataclass
class Cluster:
    """A running server that can be stopped and started again."""

    programs: Path
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        words: list[str | Path] = [
            self.programs / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-k", self.folder,
            "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200",
        ]  # fmt: skip
        with open(self.folder / "log", "ab") as log:
            running: subprocess.Popen[bytes] = subprocess.Popen(
                words, stdout=log, stderr=log, cwd=self.folder, **_who()
            )
        self.process = running
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                told = (self.folder / "log").read_text()[-2000:]
                assert running.poll() is None and time.monotonic() < deadline, told
                time.sleep(0.1)

    def stop(self) -> None:
        """Stop at once, connections or not."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=START_SECONDS)
            self.process = None

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://{UNPRIVILEGED}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Set up and start a server. Raises NotInstalled."""
    found = programs()
    if found is None:
        raise NotInstalled
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    made = Cluster(found, folder, free_port())
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
        words: list[str | Path] = [
            found / "initdb",
            "-D",
            folder / "data",
            "-U",
            UNPRIVILEGED,
            "-A",
            "trust",
            "--no-sync",
        ]
        told = subprocess.run(words, capture_output=True, text=True, cwd=folder, **_who())
        assert told.returncode == 0, told.stderr
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _who() -> dict[str, Any]:
    root = os.geteuid() == 0
    return {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []} if root else {}
