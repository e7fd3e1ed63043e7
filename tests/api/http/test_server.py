"""The service as a process of its own, asked over a real socket."""

import signal
import threading
import time
from contextlib import closing
from http.client import HTTPConnection

import httpx2
import pytest

from tests.api.http.conftest import JSON
from tests.api.http.test_killed import PATIENCE_SECONDS, serving


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where a service of the module's own listens."""
    with serving({"SERVICEPOLICY_STORE_FOLDER": str(tmp_path_factory.mktemp("server"))}) as (_, found):
        yield found


def test_the_smallest_question_is_answered_over_a_socket(address, spare_parts):
    answered = httpx2.post(f"{address}/v1/solve", content=spare_parts, headers=JSON, timeout=PATIENCE_SECONDS)
    assert answered.status_code == 200
    assert answered.json()["proof"]["held"] == "optimal"
    assert "server" not in answered.headers


def test_problems_look_the_same_over_a_socket(address):
    answered = httpx2.post(
        f"{address}/v1/solve", content=b'{"name": 1e999}', headers=JSON, timeout=PATIENCE_SECONDS
    )
    assert answered.status_code == 422
    assert answered.headers["content-type"] == "application/problem+json"
    assert httpx2.get(f"{address}/nothing", timeout=PATIENCE_SECONDS).status_code == 404


def test_an_idle_connection_stays_open_longer_than_a_client_keeps_it(address):
    with closing(HTTPConnection(address.removeprefix("http://"), timeout=PATIENCE_SECONDS)) as connection:
        for idle_seconds in (6, 0):
            connection.request("GET", "/healthz")
            opened = connection.sock
            assert connection.getresponse().read() and opened is connection.sock
            time.sleep(idle_seconds)


def test_it_stays_well_while_it_solves(address, spare_parts):
    with httpx2.Client(base_url=address, timeout=PATIENCE_SECONDS) as client:
        body = {"content": spare_parts, "headers": JSON}
        solving = threading.Thread(target=client.post, args=("/v1/solve",), kwargs=body)
        solving.start()
        assert client.get("/healthz").status_code == 200
        solving.join()


def test_the_term_signal_ends_it(tmp_path):
    with serving({"SERVICEPOLICY_STORE_FOLDER": str(tmp_path)}) as (process, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_SECONDS) in (0, -signal.SIGTERM)
