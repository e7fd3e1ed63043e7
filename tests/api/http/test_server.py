"""The service as a process of its own, asked over a real socket."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import httpx2
import pytest

from tests.api.http.conftest import JSON

PROGRAM = Path(sys.executable).with_name("servicepolicy")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A running service: its address and its process."""
    if not PROGRAM.exists():
        pytest.skip(f"the program is not installed beside {sys.executable}")
    words = [PROGRAM, "serve", "--port", "0"]
    folder = tmp_path_factory.mktemp("server")
    environment = {**os.environ, "SERVICEPOLICY_STORE_FOLDER": str(folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder) as process:
        address = None
        for line in process.stderr:
            if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
                address = found[1]
                break
        assert address, "the service did not start"
        # What the service goes on to say must be read, or it stops when the pipe is full.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield address, process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in (0, -signal.SIGTERM)


def test_the_smallest_question_is_answered_over_a_socket(server, spare_parts):
    address, _ = server
    answered = httpx2.post(f"{address}/v1/solve", content=spare_parts, headers=JSON, timeout=120)
    assert answered.status_code == 200
    assert answered.json()["proof"]["held"] == "optimal"
    assert "server" not in answered.headers


def test_problems_look_the_same_over_a_socket(server):
    address, _ = server
    answered = httpx2.post(f"{address}/v1/solve", content=b'{"name": 1e999}', headers=JSON, timeout=30)
    assert answered.status_code == 422
    assert answered.headers["content-type"] == "application/problem+json"
    assert httpx2.get(f"{address}/nothing", timeout=30).status_code == 404


def test_an_idle_connection_stays_open_longer_than_a_client_keeps_it(server):
    address, _ = server
    with closing(HTTPConnection(address.removeprefix("http://"), timeout=30)) as connection:
        for idle_seconds in (6, 0):
            connection.request("GET", "/healthz")
            opened = connection.sock
            assert connection.getresponse().read() and opened is connection.sock
            time.sleep(idle_seconds)


def test_it_stays_well_while_it_solves(server, spare_parts):
    address, _ = server
    with httpx2.Client(base_url=address, timeout=120) as client:
        body = {"content": spare_parts, "headers": JSON}
        solving = threading.Thread(target=client.post, args=("/v1/solve",), kwargs=body)
        solving.start()
        assert client.get("/healthz").status_code == 200
        solving.join()


def test_the_term_signal_ends_it(server):
    _, process = server
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) in (0, -signal.SIGTERM)
