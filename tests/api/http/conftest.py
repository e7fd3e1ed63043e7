"""The HTTP service within the tests' own process."""

import pytest
from fastapi.testclient import TestClient

from servicepolicy_api.app import create_app
from servicepolicy_api.settings import Settings

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client_with():
    """A client of a service with these settings."""
    opened = []

    def client(**settings):
        given = TestClient(create_app(Settings(**settings)), raise_server_exceptions=False)
        opened.append(given)
        return given.__enter__()

    yield client
    for given in opened:
        given.__exit__(None, None, None)


@pytest.fixture(scope="module")
def client():
    """A client of a service with default settings."""
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as given:
        yield given
