"""Real processes killed in the middle of a run: what was acknowledged is answered, once."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest

PROGRAM = Path(sys.executable).with_name("servicepolicy")
PATIENCE_SECONDS = 180
STALLED_SECONDS = 6


@contextmanager
def process(words, until_line, environment):
    """Start the program, wait for a line of its log, and give the process and what the line says."""
    if not PROGRAM.exists():
        pytest.skip(f"the program is not installed beside {sys.executable}")
    own = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
    # A group of its own, so that its children die with it, as when a machine goes down.
    with subprocess.Popen(
        [PROGRAM, *words], stderr=subprocess.PIPE, text=True, env=own, start_new_session=True
    ) as running:
        try:
            said = []
            for line in running.stderr:
                said.append(line)
                if found := re.search(until_line, line):
                    break
            else:
                raise AssertionError("".join(said))
            threading.Thread(target=running.stderr.read, daemon=True).start()
            yield running, found[1]
        finally:
            with_its_children(running, signal.SIGKILL)


def with_its_children(running, number):
    """Send a signal to a process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, number)
    running.wait(timeout=30)


def serving(environment):
    return process(["serve", "--port", "0"], r"running on (http://127\.0\.0\.1:\d+)", environment)


def working(environment):
    return process(["work"], r"(working)", environment)


def until(address, run_id, states):
    """A run when it is in one of these states."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        now = httpx2.get(f"{address}/v1/runs/{run_id}", timeout=PATIENCE_SECONDS).json()
        if now["state"] in states:
            return now
        time.sleep(0.05)
    raise AssertionError(now)


def ask(address, document):
    answered = httpx2.post(
        f"{address}/v1/runs",
        json={"scenario": document},
        headers={"Prefer": "respond-async"},
        timeout=PATIENCE_SECONDS,
    )
    assert answered.status_code == 202, answered.text
    return answered.json()["id"]


def test_a_killed_server_goes_on_with_its_runs_at_the_next_start(tmp_path, document):
    environment = {"SERVICEPOLICY_STORE_FOLDER": str(tmp_path), "SERVICEPOLICY_CONCURRENT_SOLVES": "1"}
    with serving(environment) as (running, address):
        first = ask(address, document)
        document["limits"]["seed"] = 1
        second = ask(address, document)
        until(address, first, {"running"})
        with_its_children(running, signal.SIGKILL)
    with serving(environment) as (_, address):
        ended = until(address, first, {"succeeded", "failed"})
        assert (ended["state"], ended["outcome"], ended["attempt"]) == ("succeeded", "optimal", 2)
        assert until(address, second, {"succeeded", "failed"})["attempt"] == 1


def test_a_killed_worker_leaves_its_run_to_another(tmp_path, document, postgresql):
    environment = {
        "SERVICEPOLICY_STORE_FOLDER": str(tmp_path),
        "DATABASE_URL": postgresql.new_database(),
        "SERVICEPOLICY_STALLED_SECONDS": str(STALLED_SECONDS),
    }
    made = subprocess.run(
        [PROGRAM, "db", "upgrade"], env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    with serving(environment) as (_, address):
        run = ask(address, document)
        with working(environment) as (doomed, _):
            until(address, run, {"running"})
            with_its_children(doomed, signal.SIGKILL)
        assert httpx2.get(f"{address}/v1/runs/{run}", timeout=PATIENCE_SECONDS).json()["state"] == "running"
        with working(environment):
            ended = until(address, run, {"succeeded", "failed"})
            log = httpx2.get(f"{address}/v1/runs/{run}/log", timeout=PATIENCE_SECONDS).text
    assert (ended["state"], ended["outcome"]) == ("succeeded", "optimal")
    # On a machine that hardly gets round to anything a living worker may be taken for dead too.
    assert ended["attempt"] >= 2
    assert log.count(" succeeded ") == 1
