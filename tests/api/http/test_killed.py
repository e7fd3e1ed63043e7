"""Real processes killed in the middle of a run: what was acknowledged is answered, once."""

import asyncio
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
from fastapi.testclient import TestClient

from servicepolicy_api.app import create_app
from servicepolicy_api.memory import served
from servicepolicy_api.running.carrying import Carrier
from servicepolicy_api.running.process import forks
from tests.api.http import misbehaving
from tests.lasting import lasting

PROGRAM = Path(sys.executable).with_name("servicepolicy")
PATIENCE_SECONDS = 600
"""A bound for what hangs; a busy machine takes its time to start a process."""


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


def until(client, run_id, states):
    """A run when it is in one of these states."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        now = client.get(f"/v1/runs/{run_id}").json()
        if now["state"] in states:
            return now
        time.sleep(0.05)
    raise AssertionError(now)


def ask(client, document):
    body, headers = {"scenario": document}, {"Prefer": "respond-async"}
    answered = client.post("/v1/runs", json=body, headers=headers)
    assert answered.status_code == 202, answered.text
    return answered.json()["id"]


@pytest.fixture
def long_question(document):
    return lasting(document)


ENDED = {"succeeded", "failed"}


def test_a_killed_server_goes_on_with_its_runs_at_the_next_start(tmp_path, long_question, client_with):
    environment = {"SERVICEPOLICY_STORE_FOLDER": str(tmp_path), "SERVICEPOLICY_CONCURRENT_SOLVES": "1"}
    with (
        serving(environment) as (running, address),
        httpx2.Client(base_url=address, timeout=PATIENCE_SECONDS) as client,
    ):
        first = ask(client, long_question)
        long_question["limits"]["seed"] = 1
        second = ask(client, long_question)
        until(client, first, {"running"})
        with_its_children(running, signal.SIGKILL)
    client = client_with(entry=misbehaving.answers, store_folder=tmp_path)
    ended = until(client, first, ENDED)
    assert (ended["state"], ended["outcome"], ended["attempt"]) == ("succeeded", "optimal", 2)
    assert (ended["process_deaths"], ended["worker_deaths"]) == (0, 1)
    assert until(client, second, ENDED)["attempt"] == 1


@contextmanager
def another_worker(settings):
    """A second worker, which lives."""
    with served(settings) as memory:
        carrier = Carrier(memory, settings, forks(), misbehaving.answers)

        async def work():
            tasks.append(asyncio.current_task())
            with suppress(asyncio.CancelledError):
                await memory.jobs.work(carrier.carry_out, 1)

        tasks, loop = [], asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_until_complete, args=(work(),))
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(tasks[0].cancel)
            thread.join()
            loop.close()


def test_a_killed_worker_leaves_its_run_to_another(long_question, many):
    environment = {
        "SERVICEPOLICY_STORE_FOLDER": str(many.store_folder),
        "DATABASE_URL": many.database_url,
        "SERVICEPOLICY_STALLED_SECONDS": str(many.stalled_seconds),
    }
    with TestClient(create_app(many)) as client:
        run = ask(client, long_question)
        with working(environment) as (doomed, _):
            until(client, run, {"running"})
            # The child dies with its parent: nobody is left who could end the run.
            with_its_children(doomed, signal.SIGKILL)
        assert client.get(f"/v1/runs/{run}").json()["state"] == "running"
        with another_worker(many):
            ended = until(client, run, ENDED)
        log = client.get(f"/v1/runs/{run}/log").text
    assert (ended["state"], ended["outcome"]) == ("succeeded", "optimal")
    # On a machine that hardly gets round to anything a living worker may be taken for dead too.
    assert ended["attempt"] == ended["worker_deaths"] + 1 >= 2
    assert ended["process_deaths"] == 0
    assert log.count(" succeeded ") == 1
