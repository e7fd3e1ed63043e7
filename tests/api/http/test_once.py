"""Every POST honours Idempotency-Key: the same request happens once, another one under its key is refused."""

import json

import pytest

from servicepolicy_api.kinds.order import Answer
from servicepolicy_api.running.child import Ended
from servicepolicy_models.repairs import Repair, Repairs
from tests.api.http import misbehaving
from tests.api.http.test_problems import problem

CSV = "text/csv"
ONE_TWO = ("{one}", "{two}")
ASYNC, WAIT = {"Prefer": "respond-async"}, {"Prefer": "wait=30"}


def posts(document):
    """Route -> what is sent, and something else that could be sent under the same key."""
    asked = {"scenario": document}
    other = {"scenario": document | {"title": "another"}}
    futures = {"futures": [{"name": "a"}, {"name": "b"}]}
    inputs = {
        "samples": 2,
        "inputs": {"freight": {"low": 0.5, "high": 1.5}, "demand": {"low": 0.5, "high": 1.5}},
    }
    rule = {"classes": [{"customer_class": "A", "enter": {"revenue_per_year": 1000}}]}
    settings = {
        "runs": {}, "repairs": {}, "prices": {}, "frontiers": {}, "class-searches": {}, "robust": futures,
        "screenings": inputs, "qualifications": rule, "sweeps": {"patches": [{}]},
    }  # fmt: skip
    runs = {
        f"/v1/{route}": (asked | {"settings": one}, other | {"settings": one})
        for route, one in settings.items()
    }
    hook = {"url": "https://erp.example/hook"}
    return runs | {
        "/v1/solve": (document, other["scenario"]),
        "/v1/comparisons": tuple({"settings": {"runs": [*pair]}} for pair in (ONE_TWO, ONE_TWO[::-1])),
        "/v1/runs/{run_id}:cancel": (None, None),
        "/v1/runs/{run_id}:replay": (None, None),
        "/v1/runs/{run_id}:apply-repair": ({"repair": 1, "to": "mended"}, {"repair": 1, "to": "twice"}),
        "/v1/scenarios:validate": (document, other["scenario"]),
        "/v1/datasets": (b"a,b\n1,2\n", b"a,b\n3,4\n"),
        "/v1/webhooks": (hook, hook | {"events": ["failed"]}),
    }  # fmt: skip


def answers_all(told, order):
    """A policy, and a repair that changes a title."""
    change = Repair(
        number=1, changes=(), amounts="least", weight=1, cost_per_year=1, cost_difference_per_year=None,
        level="mixed_columns", held="feasible", proven=True, sentence="Another title.",
        patch={"title": "mended"},
    )  # fmt: skip
    repairs = Repairs(
        scenario="x", currency="EUR", repairs=(change,), smallest=(1,), cheapest=(1,), complete=True,
        impossible=(), reference=None, level="mixed_columns", sentences=(),
    )  # fmt: skip
    found = misbehaving.answer(order)
    documents = {**found.documents, "repairs": repairs.model_dump_json()}
    told.send(Ended(Answer("optimal", 84_000.0, 80_000.0, documents)))


@pytest.fixture(scope="module")
def service(client_of_module):
    return client_of_module(entry=answers_all)


@pytest.fixture(scope="module")
def solved(service, checkout):
    """Two runs that have ended, by which a path or a body may be filled."""
    document = json.loads((checkout / "scenarios" / "spare-parts" / "scenario.json").read_text())
    return [
        service.post("/v1/runs", json={"scenario": document | {"title": one}}, headers=WAIT).json()["id"]
        for one in ("one", "two")
    ]


def post(service, solved, route, body, run, key):
    path, headers = route.replace("{run_id}", run), {"Idempotency-Key": key, **WAIT}
    if isinstance(body, bytes):
        return service.post(path, content=body, headers={**headers, "Content-Type": CSV})
    text = json.dumps(body).replace("{one}", solved[0]).replace("{two}", solved[1])
    content = {} if body is None else {"content": text}
    return service.post(path, headers={**headers, "Content-Type": "application/json"}, **content)


def test_every_post_is_tried_here(service):
    paths = service.get("/openapi.json").json()["paths"]
    assert set(posts({})) == {path for path, methods in paths.items() if "post" in methods}


def test_every_change_says_that_it_may_be_sent_twice(service):
    silent = [
        f"{method} {path}"
        for path, methods in service.get("/openapi.json").json()["paths"].items()
        for method, operation in methods.items()
        if method in ("post", "put", "patch")
        and not ("409" in operation["responses"] and "400" in operation["responses"]
                 and "Idempotency-Key" in {one["name"] for one in operation["parameters"]})
    ]  # fmt: skip
    assert silent == []


@pytest.mark.parametrize("route", sorted(posts({})))
def test_the_same_request_happens_once_and_another_is_refused(service, solved, document, route):
    body, other = posts(document)[route]
    run = solved[0]
    first = post(service, solved, route, body, run, f"once {route}")
    again = post(service, solved, route, body, run, f"once {route}")
    assert first.status_code in (200, 201), first.text
    assert again.status_code == first.status_code
    named = [one.json().get("id", one.json()) for one in (first, again)]
    assert named[0] == named[1]
    refused = post(service, solved, route, other, solved[1] if body is None else run, f"once {route}")
    problem(refused, 409, "idempotency.key_reused")
    problem(post(service, solved, route, body, run, ""), 400, "idempotency.bad_key")
