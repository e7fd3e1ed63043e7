"""Who may ask, whether the service is well, and what it counts."""

import asyncio
import time

import pytest

from servicepolicy_api.access import Keyring
from servicepolicy_api.memory import open_memory, served
from servicepolicy_api.settings import Settings
from servicepolicy_store import keys
from servicepolicy_store.errors import StoreInUse
from tests.api.http import misbehaving
from tests.api.http.test_problems import problem


@pytest.fixture
def locked(client_with, tmp_path):
    """A service with a key, and the key; it looks keys up for every request."""
    client = client_with(entry=misbehaving.answers, store_folder=tmp_path)
    client.app.state.keyring = Keyring(iter(range(1_000)).__next__)
    memory = open_memory(Settings(store_folder=tmp_path))
    with memory.database.writing() as tx:
        made, text = keys.create(tx, "erp")
    yield client, text, memory, made
    memory.database.close()


def test_once_there_is_a_key_nobody_asks_without(locked, document):
    client, text, memory, made = locked
    for wrong in ({}, {"Authorization": "Bearer no"}, {"Authorization": f"Basic {text}"}):
        answered = client.get("/v1/runs", headers=wrong)
        problem(answered, 401, "key.missing")
        assert answered.headers["WWW-Authenticate"] == "Bearer"
        problem(client.post("/v1/solve", json=document, headers=wrong), 401, "key.missing")
    right = {"Authorization": f"Bearer {text}", "Prefer": "wait=30"}
    assert client.post("/v1/runs", json={"scenario": document}, headers=right).status_code == 200
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    with memory.database.writing() as tx:
        keys.create(tx, "another")
        keys.revoke(tx, made.id)
    problem(client.get("/v1/runs", headers=right), 401, "key.missing")


def test_keys_are_looked_up_once_a_second(tmp_path):
    seconds = iter((0.0, 0.5, 1.0, 1.5))
    keyring = Keyring(lambda: next(seconds))
    with served(Settings(store_folder=tmp_path)) as memory:
        assert asyncio.run(keyring.locks(memory)) == ()
        with memory.database.writing() as tx:
            made, text = keys.create(tx, "erp")
        assert asyncio.run(keyring.locks(memory)) == ()
        assert keys.who(asyncio.run(keyring.locks(memory)), text) == made
        with memory.database.writing() as tx:
            keys.revoke(tx, made.id)
        assert keys.who(asyncio.run(keyring.locks(memory)), text) == made


def test_it_is_ready_while_its_store_is(client_with, tmp_path):
    client = client_with(store_folder=tmp_path)
    assert client.get("/readyz").json() == {"status": "ready"}
    (tmp_path / "blobs").rename(tmp_path / "gone")
    (tmp_path / "blobs").write_text("in the way")
    answered = client.get("/readyz")
    problem(answered, 503, "store.unavailable")
    assert answered.headers["Retry-After"]
    (tmp_path / "blobs").unlink()
    assert client.get("/readyz").status_code == 200


def test_it_counts_requests_by_route_and_runs_by_state(client_with, document):
    client = client_with(entry=misbehaving.answers)
    client.post("/v1/runs", json={"scenario": document}, headers={"Prefer": "wait=30"})
    client.get("/made/up/by/a/client")
    text = client.get("/metrics").text
    assert 'servicepolicy_runs{state="succeeded"} 1.0' in text
    assert 'servicepolicy_requests_total{method="POST",route="/v1/runs",status="200"} 1.0' in text
    assert "made/up" not in text


def test_a_store_in_a_file_has_one_server(client_with, tmp_path):
    client_with(store_folder=tmp_path)
    with pytest.raises(StoreInUse), served(Settings(store_folder=tmp_path)):
        pass


def test_one_key_does_not_fill_the_queue_for_all(client_with, document, tmp_path):
    client = client_with(entry=misbehaving.sleeps, store_folder=tmp_path, waiting_runs_per_key=1)
    memory = open_memory(Settings(store_folder=tmp_path))
    with memory.database.writing() as tx:
        (_, greedy), (_, other) = keys.create(tx, "greedy"), keys.create(tx, "other")
    memory.database.close()

    def ask(key):
        headers = {"Authorization": f"Bearer {key}", "Prefer": "respond-async"}
        return client.post("/v1/runs", json={"scenario": document}, headers=headers)

    assert ask(greedy).status_code == 202
    problem(ask(greedy), 429, "run.too_many_of_key")
    assert ask(other).status_code == 202


def test_one_key_asks_no_faster_than_it_may(client_with, document, tmp_path):
    client = client_with(entry=misbehaving.answers, store_folder=tmp_path, runs_per_minute_per_key=2)
    assert client.post("/v1/runs", json={"scenario": document}).status_code in (200, 202)
    memory = open_memory(Settings(store_folder=tmp_path))
    with memory.database.writing() as tx:
        (_, hasty), (_, other) = keys.create(tx, "hasty"), keys.create(tx, "other")
    memory.database.close()

    def ask(route, key, body):
        return client.post(f"/v1/{route}", json=body, headers={"Authorization": f"Bearer {key}"})

    def asked(key):
        return ask("runs", key, {"scenario": document})

    # A new key locks the door within a second.
    until = time.monotonic() + 30
    while client.get("/v1/runs").status_code != 401 and time.monotonic() < until:
        time.sleep(0.05)
    assert asked(hasty).status_code in (200, 202)
    assert ask("solve", hasty, document).status_code == 200
    refused = ask("prices", hasty, {"scenario": document})
    problem(refused, 429, "key.too_fast")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert client.get("/v1/runs", headers={"Authorization": f"Bearer {hasty}"}).status_code == 200
    assert asked(other).status_code in (200, 202)
