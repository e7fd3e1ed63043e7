"""What the service stands on gives way: a typed problem, no loss, and it heals without a new start."""

import resource
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi.testclient import TestClient

from servicepolicy_api.app import create_app
from servicepolicy_api.memory import Memory, open_memory, upgrade
from servicepolicy_api.settings import Settings
from servicepolicy_store.blobs import Blobs
from servicepolicy_store.database import Database
from servicepolicy_store.jobs.embedded import EmbeddedJobs
from tests.api.http import misbehaving
from tests.api.http.test_killed import PATIENCE_SECONDS, serving
from tests.api.http.test_problems import problem
from tests.api.running.test_runs_end import wait_until

ASYNC, WAIT = {"Prefer": "respond-async"}, {"Prefer": "wait=30"}
NEW = {"If-None-Match": "*"}
CSV = {"Content-Type": "text/csv"}


def test_a_full_disk_is_told_and_what_was_written_stays(tmp_path, document):
    environment = {"SERVICEPOLICY_STORE_FOLDER": str(tmp_path)}
    with (
        serving(environment) as (running, address),
        httpx2.Client(base_url=address, timeout=PATIENCE_SECONDS) as client,
    ):
        assert client.put("/v1/scenarios/before", json=document, headers=NEW).status_code == 201
        _, most = resource.prlimit(running.pid, resource.RLIMIT_FSIZE)
        # No file may grow beyond this: the same as a full disk, for this process alone.
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (1_000, most))
        keyed = {"Idempotency-Key": "k", **ASYNC}
        body = {"scenario": document | {"title": "x" * 10_000}}
        for refused in (
            client.post("/v1/runs", json=body, headers=keyed),
            client.put("/v1/scenarios/after", json=body["scenario"], headers=NEW),
            client.post("/v1/datasets", content=b"a,b\n" * 1_000, headers=CSV),
        ):
            problem(refused, 503, "store.unavailable")
            assert refused.headers["Retry-After"]
        assert client.get("/v1/scenarios/before").status_code == 200
        assert client.get("/healthz").status_code == 200
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (most, most))
        run = client.post("/v1/runs", json=body, headers=keyed)
        assert run.status_code == 202, run.text
        assert client.get("/readyz").status_code == 200
        assert [one["id"] for one in client.get("/v1/runs").json()["runs"]] == [run.json()["id"]]
        assert client.get("/v1/datasets").json()["datasets"] == []


def test_a_folder_that_cannot_be_written_to_is_told(client_with, tmp_path):
    client = client_with(entry=misbehaving.answers, store_folder=tmp_path)
    blobs = tmp_path / "blobs"
    blobs.write_bytes(b"")  # in the place of a folder: not even root may write into it
    problem(client.get("/readyz"), 503, "store.unavailable")
    problem(client.post("/v1/datasets", content=b"a,b\n1,2\n", headers=CSV), 503, "store.unavailable")
    blobs.unlink()
    assert client.post("/v1/datasets", content=b"a,b\n1,2\n", headers=CSV).status_code == 201
    assert client.get("/readyz").status_code == 200


def test_what_was_found_waits_for_a_folder_that_cannot_be_written_to(
    client_with, tmp_path, document, monkeypatch
):
    client = client_with(entry=misbehaving.answers_with_a_table, store_folder=tmp_path)
    blobs = tmp_path / "blobs"
    blobs.write_bytes(b"")
    keep, tries = Blobs.keep, []

    def noted(own, content):
        tries.append(len(content))
        return keep(own, content)

    monkeypatch.setattr(Blobs, "keep", noted)
    run = client.post("/v1/runs", json={"scenario": document}, headers=ASYNC).json()
    # A second try: the first one has failed.
    wait_until(lambda: len(tries) > 1)
    now = client.get(f"/v1/runs/{run['id']}").json()
    assert (now["state"], now["attempt"]) == ("running", 1)
    blobs.unlink()
    client.get(f"/v1/runs/{run['id']}/events")
    ended = client.get(f"/v1/runs/{run['id']}").json()
    assert (ended["state"], ended["attempt"]) == ("succeeded", 1)
    assert client.get(f"/v1/runs/{run['id']}/log").text.count(" succeeded ") == 1


def test_a_clock_that_is_set_back_and_forth_loses_nothing(tmp_path, document):
    settings = Settings(store_folder=tmp_path)
    opened, moved = open_memory(settings), timedelta(0)
    database = Database(opened.database.engine, lambda: datetime.now(UTC) + moved)
    memory = Memory(database, opened.blobs, EmbeddedJobs(database))
    upgrade(memory)
    with TestClient(create_app(settings, memory, misbehaving.answers)) as client:
        asked = []
        for number, days in enumerate((0, -1, 400, 0)):
            moved = timedelta(days=days)
            document["limits"]["seed"] = number
            body = {"scenario": document, "deadline_seconds": 300}
            asked.append(client.post("/v1/runs", json=body, headers=ASYNC).json()["id"])
        for run in asked:
            client.get(f"/v1/runs/{run}/events")
            assert client.get(f"/v1/runs/{run}").json()["state"] == "succeeded"
            assert client.get(f"/v1/runs/{run}/log").text.count(" succeeded ") == 1
        assert {one["id"] for one in client.get("/v1/runs").json()["runs"]} == set(asked)
    memory.database.close()


def test_a_database_that_is_away_is_told_and_comes_back_without_a_new_start(many, document, postgresql):
    with TestClient(create_app(many), raise_server_exceptions=False) as client:
        keyed = {"Idempotency-Key": "k", **ASYNC}
        before = client.post("/v1/runs", json={"scenario": document}, headers=keyed).json()
        postgresql.stop()
        try:
            for away in (
                client.post("/v1/runs", json={"scenario": document}, headers=keyed),
                client.get(f"/v1/runs/{before['id']}"),
                client.get("/readyz"),
                client.get("/metrics"),
            ):
                problem(away, 503, "store.unavailable")
            assert client.get("/healthz").status_code == 200
        finally:
            postgresql.start()
        assert client.post("/v1/runs", json={"scenario": document}, headers=keyed).json() == before
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/runs?scenario=%00"),
        ("GET", "/v1/runs/%00"),
        ("GET", "/v1/runs?cursor=AA"),
        ("GET", "/v1/datasets/%00"),
    ],
)
def test_what_postgresql_cannot_hold_is_told(many, method, path):
    with TestClient(create_app(many), raise_server_exceptions=False) as client:
        problem(client.request(method, path), 422, "store.unfit")


def test_a_text_that_postgresql_cannot_hold_is_told(many, document):
    body = {"scenario": document, "kind": "sweep", "settings": {"patches": [{"title": "\0"}]}}
    with TestClient(create_app(many), raise_server_exceptions=False) as client:
        problem(client.post("/v1/runs", json=body), 422, "store.unfit")
        assert client.get("/v1/runs").json()["runs"] == []
