"""Every body that the OpenAPI document shows is taken as it stands, and what it asks is answered."""

import json
import time

import pytest

from servicepolicy_api.shown import RUNS
from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.backtest import Backtest
from tests.api.cli.test_explanations import SMALL
from tests.api.http import misbehaving

ASYNC, WAIT = {"Prefer": "respond-async"}, {"Prefer": "wait=30"}
QUICK = {"limits": {"rungs": 4, "price_levels": 4, "refinements": 1}, "stock_policies": ["pooled"]}


def examples(client):
    """(path, media type, name of the example, body) of everything that is shown."""
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                for name, one in content.get("examples", {}).items():
                    if method == "post":
                        yield path, media_type, name, one["value"]


def keep_wholesaler(client, folder):
    """The order lines uploaded, and the scenario about them kept: as the document takes for granted."""
    document = json.loads(write_wholesaler(folder, 7, 30, 20, 1_500).read_bytes())
    for field, file in (("path", "order_lines.csv"), ("item_table", "items.csv")):
        content = (folder / file).read_bytes()
        made = client.post("/v1/datasets", content=content, headers={"Content-Type": "text/csv"})
        document["demand"][field] = made.json()["path"]
    kept = client.put("/v1/scenarios/wholesaler", json=document | QUICK, headers={"If-None-Match": "*"})
    assert kept.status_code == 201, kept.text


@pytest.fixture(scope="module")
def real(client, tmp_path_factory):
    """A service that really answers, and two runs that have a policy."""
    keep_wholesaler(client, tmp_path_factory.mktemp("wholesaler"))
    return [solved(client, name) for name in ("small", "later")]


def solved(client, name):
    answered = client.post("/v1/runs", json={"scenario": SMALL | {"name": name}}, headers=WAIT)
    return ended(client, answered.json())["id"]


def ended(client, run):
    while run["state"] in ("queued", "running"):
        time.sleep(0.05)
        run = client.get(f"/v1/runs/{run['id']}").json()
    return run


def filled(body, runs):
    """A body with runs that are there in the place of those that stand for them."""
    text = json.dumps(body)
    for shown, own in zip(RUNS, runs, strict=True):
        text = text.replace(shown, own)
    return json.loads(text)


def test_every_body_is_taken_as_it_stands(client_with, tmp_path):
    client = client_with(entry=misbehaving.answers)
    keep_wholesaler(client, tmp_path)
    runs = [solved(client, name) for name in ("small", "later")]
    taken = []
    for path, media_type, name, body in examples(client):
        headers = {"Content-Type": media_type, **ASYNC}
        answered = client.post(path, content=json.dumps(filled(body, runs)), headers=headers)
        assert answered.status_code in (200, 202), (path, name, answered.text)
        taken.append(path)
    asked = {path for path in client.get("/openapi.json").json()["paths"] if path.startswith("/v1/")}
    by_route = {"sweeps", "repairs", "prices", "frontiers", "comparisons", "robust", "screenings",
                "class-searches", "qualifications"}  # fmt: skip
    assert {f"/v1/{route}" for route in by_route} <= set(taken) <= asked


@pytest.mark.parametrize(
    "path",
    ["sweeps", "repairs", "prices", "frontiers", "comparisons", "robust", "screenings", "class-searches",
     "qualifications"],
)  # fmt: skip
def test_what_it_asks_is_answered(client, real, path):
    """On a scenario of three items in the place of those that are shipped."""
    _, _, _, body = next(one for one in examples(client) if one[0] == f"/v1/{path}")
    small = body | {"scenario": SMALL} if "scenario" in body else filled(body, real)
    run = ended(client, client.post(f"/v1/{path}", json=small, headers=ASYNC).json())
    assert run["state"] == "succeeded", run["problem"]
    assert run["outcome"] in ("done", "optimal", "feasible")


def test_a_backtest_is_run_and_its_tables_are_read(client, real):
    shown = {name: body for path, _, name, body in examples(client) if path == "/v1/runs"}
    run = ended(client, client.post("/v1/runs", json=shown["backtest"], headers=ASYNC).json())
    assert (run["state"], run["outcome"]) == ("succeeded", "done"), run["problem"]
    where = f"/v1/runs/{run['id']}/results"
    found = Backtest.model_validate_json(client.get(f"{where}/backtest").content)
    assert [one.promised_fill_rate for one in found.promises] == [0.95]
    named = {one["name"]: one["rows"] for one in client.get(where).json()["results"]}
    assert {"together", "segments", "periods", "reorder_points"} <= set(named)
    rows = client.get(f"{where}/reorder_points", headers={"Accept": "application/json"}).json()["rows"]
    assert len(rows) == named["reorder_points"] > 0


def test_a_profile_is_run(client, real):
    shown = {name: body for path, _, name, body in examples(client) if path == "/v1/runs"}
    run = ended(client, client.post("/v1/runs", json=shown["profile"], headers=ASYNC).json())
    assert (run["state"], run["outcome"]) == ("succeeded", "done"), run["problem"]
    profile = client.get(f"/v1/runs/{run['id']}/results/profile").json()
    assert profile["customers"]
