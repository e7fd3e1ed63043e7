"""Sweeps over HTTP: each point a run of its own, rows while they come, cancelled whole, giving way to all."""

import csv
import io
import time

import pyarrow.parquet as pq
import pytest
from sqlalchemy import update

from servicepolicy_api.running.carrying import Carrier
from servicepolicy_store.tables import run as run_table
from tests.api.http import misbehaving
from tests.api.http.test_problems import problem

ASYNC, WAIT = {"Prefer": "respond-async"}, {"Prefer": "wait=30"}
PATIENCE_SECONDS = 120


def rates(*of):
    return {"patches": [{"carrying_rate_per_year": one} for one in of]}


def until(client, run, condition):
    """The run, when it is as it has to become."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        now = client.get(f"/v1/runs/{run['id']}").json()
        if condition(now):
            return now
        time.sleep(0.05)
    raise AssertionError(now)


def rows(client, run):
    return client.get(f"/v1/runs/{run['id']}/results/rows").json()


def parts(client, run):
    return client.get(f"/v1/runs?limit=500&parent={run['id']}").json()["runs"][::-1]


def states(client, run):
    return [one["state"] for one in parts(client, run)]


@pytest.fixture
def sweep(document):
    """Asks a service for a sweep."""

    def ask(client, settings, headers=WAIT, **body):
        asked = {"scenario": document, "settings": settings, **body}
        answered = client.post("/v1/sweeps", json=asked, headers=headers)
        assert answered.status_code in (200, 202), answered.text
        return answered.json()

    return ask


@pytest.fixture
def quick(client_with):
    return client_with(entry=misbehaving.answers)


def test_a_sweep_really_solved_has_a_row_for_every_patch(client, sweep):
    run = sweep(client, rates(0.5, -1), ASYNC)
    run = until(client, run, lambda now: now["finished_at"])
    assert (run["state"], run["outcome"], run["parts"]) == ("succeeded", "done", 1)
    good, bad = rows(client, run)
    assert (good["number"], good["outcome"], good["patch"]) == (0, "optimal", {"carrying_rate_per_year": 0.5})
    assert good["cost"]["inventory"] > 0 and good["fill_rate"] > 0.5 and good["stock_value"] > 0
    assert (bad["number"], bad["outcome"], bad["code"]) == (1, "rejected", "scenario.rejected")
    assert bad["findings"][0]["where"] == "/carrying_rate_per_year"
    where = f"/v1/runs/{run['id']}/results/rows"
    told = list(csv.DictReader(io.StringIO(client.get(where, headers={"Accept": "text/csv"}).text)))
    parquet = {"Accept": "application/vnd.apache.parquet"}
    table = pq.read_table(io.BytesIO(client.get(where, headers=parquet).content))
    assert table.column_names == list(told[0]) and table.num_rows == 2
    assert float(told[0]["inventory_cost"]) == pytest.approx(good["cost"]["inventory"])
    policy = client.get(f"/v1/runs/{good['run']}/policy").json()
    assert policy["proof"]["objective"] == good["objective"]


def test_a_grid_is_every_combination(quick, sweep):
    grid = [
        [{"carrying_rate_per_year": 0.1}, {"carrying_rate_per_year": 0.2}],
        [{}, {"title": "x"}, {"title": "y"}],
    ]
    run = sweep(quick, {"grid": grid})
    found = [row["patch"] for row in rows(quick, run)]
    assert len(found) == 6
    assert found[:2] == [{"carrying_rate_per_year": 0.1}, {"carrying_rate_per_year": 0.1, "title": "x"}]
    assert run["result"]["rows"] == rows(quick, run)
    assert len(quick.get("/v1/runs").json()["runs"]) == 7
    assert [one["id"] for one in quick.get("/v1/runs?points=false").json()["runs"]] == [run["id"]]


def test_every_point_is_a_run_with_its_parent_and_is_answered_once(quick, sweep, document):
    alone = quick.post(
        "/v1/runs", json={"scenario": document | rates(0.2)["patches"][0]}, headers=WAIT
    ).json()
    run = sweep(quick, rates(0.1, 0.2, 0.3))
    inner = parts(quick, run)
    assert [(one["kind"], one["part"], one["parent"]) for one in inner] == [
        ("solve", number, run["id"]) for number in range(3)
    ]
    assert [one["cached_from"] for one in inner] == [None, alone["id"], None]
    assert [row["run"] for row in rows(quick, run)] == [one["id"] for one in inner]
    again = sweep(quick, rates(0.1, 0.2, 0.3))
    assert (again["cached_from"], again["parts"]) == (run["id"], None)
    assert rows(quick, again) == rows(quick, run)
    other = sweep(quick, rates(0.3, 0.4))
    assert [one["cached"] for one in parts(quick, other)] == [True, False]
    replayed = quick.post(f"/v1/runs/{run['id']}:replay", headers=WAIT).json()
    assert [one["cached"] for one in parts(quick, replayed)] == [False] * 3
    assert replayed["replay"] == {"of": run["id"], "same": True, "differs": []}


def test_rows_are_there_meanwhile_and_cancelled_it_keeps_them(client_with, sweep):
    client = client_with(entry=misbehaving.sleeps_when_dear, concurrent_solves=2)
    run = sweep(client, rates(0.1, 0.9, 0.2, 0.8, 0.7), ASYNC)
    now = until(client, run, lambda now: now["progress"].get("word") == "2 of 5")
    assert (now["state"], now["progress"]["done"]) == ("running", 0.4)
    # The place of the last that ended is taken by the next.
    until(client, run, lambda now: states(client, now).count("running") == 2)
    assert [row["number"] for row in rows(client, run)] == [0, 2]
    assert client.get(f"/v1/runs/{run['id']}/results").json()["results"] == [{"name": "rows", "rows": None}]
    client.post(f"/v1/runs/{run['id']}:cancel")
    ended = until(client, run, lambda now: now["finished_at"])
    assert (ended["state"], ended["outcome"]) == ("cancelled", "partial")
    assert [row["outcome"] for row in rows(client, run)] == [
        "optimal", "nothing", "optimal", "nothing", "cancelled",
    ]  # fmt: skip
    assert {one["state"] for one in parts(client, run)} == {"succeeded", "cancelled"}
    log = client.get(f"/v1/runs/{run['id']}/log").text
    assert log.count(" cancelled ") == 1 and log.count(" progress ") >= 2


def test_points_take_all_places_and_give_way_to_others(client_with, sweep, document):
    client = client_with(entry=misbehaving.sleeps, concurrent_solves=2, waiting_solves=0)
    run = sweep(client, rates(*(0.1 + number / 100 for number in range(8))), ASYNC)
    until(client, run, lambda now: states(client, now).count("running") == 2)
    # The short road is not turned away by what gives way to it, and comes first when a place is free.
    other = client.post("/v1/runs", json={"scenario": document}, headers=ASYNC).json()
    client.post(f"/v1/runs/{parts(client, run)[0]['id']}:cancel")
    until(client, other, lambda now: now["state"] == "running")
    assert states(client, run)[2:] == ["queued"] * 6
    assert client.post("/v1/solve?deadline_seconds=0.3", json=document | {"title": "x"}).status_code == 200


def test_a_server_that_stops_goes_on_with_a_sweep_and_doubles_nothing(client_with, sweep, tmp_path):
    settings = {"store_folder": tmp_path, "drain_seconds": 0.0}
    client = client_with(entry=misbehaving.sleeps_when_dear, **settings)
    run = sweep(client, rates(0.1, 0.9, 0.8, 0.2), ASYNC)
    until(client, run, lambda now: now["progress"].get("done"))
    before = [one["id"] for one in parts(client, run)]
    client.__exit__(None, None, None)
    client = client_with(entry=misbehaving.answers, **settings)
    ended = until(client, run, lambda now: now["finished_at"])
    assert (ended["state"], ended["outcome"]) == ("succeeded", "done")
    assert [one["id"] for one in parts(client, run)] == before
    assert [one["attempt"] for one in parts(client, run)] == [1] * 4


def test_a_sweep_that_is_due_ends_with_what_it_has(client_with, sweep, monkeypatch):
    client = client_with(entry=misbehaving.sleeps_when_dear, concurrent_solves=1)
    run = sweep(client, rates(0.1, 0.9, 0.8), ASYNC, deadline_seconds=300)
    until(client, run, lambda now: states(client, now) == ["succeeded", "running", "queued"])
    # Now it is due.
    with client.app.state.memory.database.writing() as tx:
        tx.execute(update(run_table).values(deadline_at=tx.at))
    monkeypatch.setattr(Carrier, "_is_over", lambda self, course: True)
    ended = until(client, run, lambda now: now["finished_at"])
    assert (ended["state"], ended["outcome"]) == ("succeeded", "partial")
    assert [row["outcome"] for row in rows(client, run)] == ["optimal", "nothing", "nothing"]


def test_more_points_than_may_wait_are_told_to_come_back(client_with, sweep, document):
    client = client_with(entry=misbehaving.sleeps, waiting_runs=3, max_sweep_bytes=100_000)
    asked = {"scenario": document, "settings": rates(0.1, 0.2, 0.3, 0.4)}
    problem(client.post("/v1/sweeps", json=asked), 429, "run.too_many")
    assert client.get("/v1/runs").json()["runs"] == []
    many = {"patches": [{"title": "x" * 60_000 + str(number)} for number in range(2)]}
    asked = {"scenario": document, "settings": many}
    problem(client.post("/v1/sweeps", json=asked), 413, "scenario.too_large")


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({}, "/settings"),
        ({"patches": [{}], "grid": [[{}]]}, "/settings"),
        ({"patches": []}, "/settings/patches"),
        ({"grid": [[{}] * 30, [{}] * 30]}, "/settings"),
        ({"patches": [{}] * 501}, "/settings/patches"),
    ],
)
def test_what_is_wrong_with_a_sweep_is_told_with_its_place(quick, document, settings, pointer):
    answered = quick.post("/v1/sweeps", json={"scenario": document, "settings": settings})
    assert problem(answered, 422, "request.body")["errors"][0]["pointer"] == pointer
