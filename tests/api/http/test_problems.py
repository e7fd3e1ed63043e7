"""What the service answers when something is wrong: a typed problem, its place, and nothing from inside."""

import json
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicepolicy_api.routes import solve as solve_route
from tests.api.http.conftest import JSON


def problem(answered, status, code):
    """The problem details of an answer, when they are as they have to be."""
    assert answered.status_code == status, answered.text
    assert answered.headers["Content-Type"] == "application/problem+json"
    told = answered.json()
    assert set(told) == {"type", "title", "status", "detail", "instance", "errors"}
    assert told["type"] == f"urn:servicepolicy:problem:{code}"
    assert told["status"] == status
    assert told["instance"] == f"urn:uuid:{uuid.UUID(answered.headers['X-Request-Id'])}"
    inside = ("Traceback", "site-packages", str(Path.cwd()), ".py")
    assert not any(words in answered.text for words in inside)
    return told


@pytest.mark.parametrize("route", ["/v1/solve", "/v1/scenarios:validate"])
@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"nonsense", b"\xff\xfe", b'{"a":' * 100_000, b'{"name": "x",}', b"\x00",
        b'{"days_per_year": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_is_not_json_is_told_with_its_place(client, route, body):
    told = problem(client.post(route, content=body, headers=JSON), 400, "body.not_json")
    assert told["errors"][0]["rule"] == "json.syntax"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
def test_a_number_that_is_none_is_told_with_its_pointer(client, spare_parts, number):
    rate = b'"carrying_rate_per_year": '
    body = spare_parts.replace(rate + b"0.22", rate + number.encode())
    told = problem(client.post("/v1/solve", content=body, headers=JSON), 422, "scenario.rejected")
    assert [one["pointer"] for one in told["errors"]] == ["/carrying_rate_per_year"]


def test_all_findings_come_at_once_each_with_its_mend(client, document):
    document["targets"][0]["fill_rate"] = "high"
    document["modes"][1]["lanes"][0]["bands"][0]["cost_per_kq"] = 1
    told = problem(client.post("/v1/solve", json=document), 422, "scenario.rejected")
    assert {one["pointer"]: one["mend"] for one in told["errors"]} == {
        "/targets/0/fill_rate": "Write a number.",
        "/modes/1/lanes/0/bands/0/cost_per_kq": 'Did you mean "cost_per_kg"?',
    }


def test_a_scenario_that_contradicts_itself_is_rejected(client, document):
    document["targets"][0]["customer_class"] = "AA"
    told = problem(client.post("/v1/solve", json=document), 422, "scenario.rejected")
    assert told["errors"][0]["rule"] == "name.unknown"


@pytest.mark.parametrize("body", ["[]", "null", "7", '"text"'])
def test_json_that_is_no_object_is_rejected(client, body):
    problem(client.post("/v1/solve", content=body, headers=JSON), 422, "scenario.rejected")


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/xml", "application/jsonx", ""])
def test_another_media_type_is_415(client, spare_parts, media_type):
    headers = {} if media_type is None else {"Content-Type": media_type}
    answered = client.post("/v1/solve", content=spare_parts, headers=headers)
    problem(answered, 415, "body.media_type")
    assert answered.headers["Accept"] == "application/json"


@pytest.mark.parametrize(
    "media_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/x+json"]
)
def test_json_by_another_name_is_read(client, media_type):
    answered = client.post("/v1/solve", content=b"{}", headers={"Content-Type": media_type})
    problem(answered, 422, "scenario.rejected")


def test_too_large_a_body_is_413_whether_its_length_is_told_or_not(client_with, spare_parts):
    client = client_with(max_body_bytes=1_000)
    problem(client.post("/v1/solve", content=spare_parts, headers=JSON), 413, "body.too_large")
    in_chunks = (spare_parts[start : start + 500] for start in range(0, len(spare_parts), 500))
    problem(client.post("/v1/solve", content=in_chunks, headers=JSON), 413, "body.too_large")


def test_too_many_items_segments_and_options_are_413_with_all_told(client_with, spare_parts):
    client = client_with(max_items=11, max_segments=8, max_options=20)
    told = problem(client.post("/v1/solve", content=spare_parts, headers=JSON), 413, "scenario.too_large")
    assert [one["pointer"] for one in told["errors"]] == ["/demand/items", "/segmentation", "/channels"]


def test_a_body_that_says_it_has_200_mb_is_413_and_is_not_read(client, spare_parts):
    headers = {**JSON, "Content-Length": str(200_000_000)}
    for route in ("/v1/solve", "/v1/runs", "/v1/scenarios:validate"):
        problem(client.post(route, content=spare_parts, headers=headers), 413, "body.too_large")


@pytest.mark.parametrize("route", ["/v1/solve", "/v1/runs"])
def test_ten_thousand_segments_are_told_with_what_may_be(client, document, route):
    many = {"classes": [f"c{number}" for number in range(100)]}
    sides = document["segmentation"] = {"customers": many, "items": many}
    body, at = ({"scenario": document}, "/scenario") if route == "/v1/runs" else (document, "")
    told = problem(client.post(route, json=body), 422, "scenario.rejected")
    found = {one["pointer"]: one["rule"] for one in told["errors"]}
    assert found == {f"{at}/segmentation/{side}/classes": "scenario.wrong_length" for side in sides}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/solve"), ("DELETE", "/healthz"), ("PUT", "/v1/examples")]
)
def test_another_method_is_405_and_says_which(client, method, path):
    answered = client.request(method, path)
    problem(answered, 405, "http.method_not_allowed")
    assert answered.headers["Allow"]


def test_another_method_is_told_every_method_of_the_path(client):
    assert client.request("OPTIONS", "/v1/scenarios/x").headers["Allow"] == "GET, PATCH, PUT"


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/solve/", "/v1/nothing", "/v1/examples/a/b", "/../x"])
def test_what_is_not_there_is_404(client, path):
    problem(client.get(path, follow_redirects=True), 404, "http.not_found")


@pytest.mark.parametrize(
    "name", ["nothing", "online-retail", "synthetic-wholesaler", "..", "%2e%2e%2fpolicy", "a%00b"]
)
def test_an_example_that_does_not_run_by_itself_is_404(client, name):
    assert client.get(f"/v1/examples/{name}").status_code == 404


def test_a_wrong_parameter_is_told(client, spare_parts):
    answered = client.post("/v1/solve?items=maybe", content=spare_parts, headers=JSON)
    told = problem(answered, 422, "request.parameters")
    assert told["errors"][0]["where"] == "query parameter items"
    assert told["errors"][0]["pointer"] is None


def test_what_nobody_foresaw_tells_nothing_from_inside(client_with, monkeypatch, spare_parts, caplog):
    def broken(body):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(solve_route, "read_json_scenario", broken)
    told = problem(client_with().post("/v1/solve", content=spare_parts, headers=JSON), 500, "unexpected")
    assert "secret" not in json.dumps(told)
    # Whoever mends it finds it by the request's name.
    assert told["instance"].removeprefix("urn:uuid:") in caplog.text
    assert "secret" in caplog.text


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=40) | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
    route=st.sampled_from(["/v1/solve", "/v1/scenarios:validate"]),
)  # fmt: skip
def test_no_body_whatsoever_is_our_fault(client, body, route):
    answered = client.post(route, content=body, headers=JSON)
    assert answered.status_code in {200, 400, 422}


@pytest.mark.parametrize("path", ["/v1/runs", "/v1/solve", "/v1/datasets"])
def test_a_client_that_leaves_while_it_sends_is_no_error_of_ours(client, path, caplog):
    """Nobody hears the answer, but log and metrics do."""
    sent, coming = [], iter([{"type": "http.request", "body": b"{", "more_body": True}])
    kind = b"text/csv" if path == "/v1/datasets" else b"application/json"
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": b"", "root_path": "", "scheme": "http", "headers": [(b"content-type", kind)],
    }  # fmt: skip

    async def receive():
        return next(coming, {"type": "http.disconnect"})

    async def send(message):
        sent.append(message)

    async def ask():
        await client.app(scope, receive, send)

    client.portal.call(ask)
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["type"].endswith(":client.left")
    assert not [one for one in caplog.records if one.levelname == "ERROR"]
