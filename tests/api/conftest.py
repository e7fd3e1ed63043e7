"""What the tests of the doors share."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from servicepolicy_api.app import create_app
from servicepolicy_api.routes import solve
from servicepolicy_api.running.carrying import Carrier
from servicepolicy_api.running.child import work
from servicepolicy_api.running.process import forks, warm_up
from servicepolicy_api.settings import Settings
from servicepolicy_models.policy import Policy
from tests.api import policies


@pytest.fixture
def spare_parts(checkout: Path) -> bytes:
    """The smallest complete question, as it is shipped."""
    return (checkout / "scenarios" / "spare-parts" / "scenario.json").read_bytes()


@pytest.fixture
def document(spare_parts: bytes) -> dict[str, Any]:
    """The smallest complete question, to be changed."""
    parsed: dict[str, Any] = json.loads(spare_parts)
    return parsed


@pytest.fixture
def policy() -> Policy:
    """A policy made by hand."""
    return policies.policy()


@pytest.fixture(scope="session")
def warm():
    """The process that runs are forked from, when it has loaded what they need."""
    warm_up(forks())


@pytest.fixture
def client_with(tmp_path_factory, warm):
    """A client of a service with these settings, and a store of its own."""
    yield from clients(tmp_path_factory)


@pytest.fixture(scope="module")
def client_of_module(tmp_path_factory, warm):
    """The same for all tests of a module."""
    yield from clients(tmp_path_factory)


def clients(tmp_path_factory):
    """Gives what makes clients, and closes them."""
    opened = []

    def client(entry=work, **settings):
        own = {"store_folder": tmp_path_factory.mktemp("store"), "drain_seconds": 0.5}
        given = TestClient(create_app(Settings(**own | settings), entry=entry), raise_server_exceptions=False)
        opened.append(given)
        return given.__enter__()

    yield client
    for given in opened:
        given.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def a_run_may_take_its_time_to_stop(monkeypatch):
    """On a busy machine the short road waits for a run that is being stopped, as nothing here is timed."""
    monkeypatch.setattr(solve, "GRACE_SECONDS", 60.0)


@pytest.fixture
def due_once_it_holds(monkeypatch):
    """The time of a run is up at the latest when it holds something; so a run whose deadline is far away ends
    with what it holds, however busy the machine.
    """
    is_over = Carrier._is_over
    monkeypatch.setattr(Carrier, "_is_over", lambda self, one: one.held is not None or is_over(self, one))


@pytest.fixture(scope="module")
def client(tmp_path_factory, warm):
    """A client of a service with default settings."""
    settings = Settings(store_folder=tmp_path_factory.mktemp("store"))
    with TestClient(create_app(settings), raise_server_exceptions=False) as given:
        yield given
