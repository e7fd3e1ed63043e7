"""What the service answers when all is well."""

import json

import pytest

from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held
from tests.api.http.conftest import JSON


def test_it_says_that_it_is_there(client):
    told = client.get("/healthz")
    assert told.status_code == 200
    assert told.json()["status"] == "ok"
    assert told.json()["version"]


def test_an_example_is_a_body_that_runs(client):
    assert client.get("/v1/examples").json() == ["spare-parts"]
    for name in client.get("/v1/examples").json():
        example = client.get(f"/v1/examples/{name}")
        answered = client.post("/v1/solve", content=example.content, headers=JSON)
        assert answered.status_code == 200, answered.text
        policy = Policy.model_validate_json(answered.content, strict=True)
        assert (policy.scenario, policy.proof.held) == (name, Held.OPTIMAL)
        assert len(policy.items) > 0


def test_the_items_may_be_left_out(client, spare_parts):
    answered = client.post("/v1/solve?items=false", content=spare_parts, headers=JSON)
    policy = Policy.model_validate_json(answered.content)
    assert policy.items == ()
    assert len(policy.segments) == 9


def test_infeasible_is_an_answer(client, document):
    document["modes"] = document["modes"][1:]  # nobody delivers within 24 h
    answered = client.post("/v1/solve", json=document)
    assert answered.status_code == 200, answered.text
    policy = Policy.model_validate_json(answered.content)
    assert policy.proof.held is Held.INFEASIBLE
    assert policy.conflicts


def test_too_long_a_time_limit_is_shortened_and_said(client_with, document):
    document["limits"]["time_limit_seconds"] = 3600
    answered = client_with(solve_seconds=200).post("/v1/solve", json=document)
    (finding,) = [one for one in answered.json()["findings"] if one["where"] == "/limits/time_limit_seconds"]
    assert "40 s" in finding["what"]


def test_validation_solves_nothing_and_says_everything(client, document):
    told = client.post("/v1/scenarios:validate", json=document).json()
    assert (told["valid"], told["findings"], told["size"]["items"]) == (True, [], 12)
    document["targets"][0]["fill_rate"] = 1.5
    document["chanels"] = document.pop("channels")
    told = client.post("/v1/scenarios:validate", json=document).json()
    assert not told["valid"]
    assert {one["where"] for one in told["findings"]} == {"/targets/0/fill_rate", "/chanels", "/channels"}


def test_every_answer_has_a_name_and_is_not_kept(client):
    one, other = client.get("/healthz"), client.get("/healthz")
    assert one.headers["X-Request-Id"] != other.headers["X-Request-Id"]
    assert one.headers["Cache-Control"] == "no-store"


def test_the_documentation_fetches_nothing_from_outside(client):
    page = client.get("/docs").text
    assert "http" not in page.replace("http-equiv", "")
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css"):
        (path,) = {word for word in page.split('"') if word.endswith(asset)}
        assert client.get(path).status_code == 200


def test_the_openapi_document_is_whole(client):
    text = client.get("/openapi.json").text
    document = json.loads(text)
    schemas = document["components"]["schemas"]
    referred = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert referred <= set(schemas)
    assert {"Scenario", "Policy", "ProblemDetails", "Review", "RunRequest", "RunView"} <= referred
    solve = document["paths"]["/v1/solve"]["post"]
    assert set(solve["responses"]) >= {"200", "400", "413", "415", "422", "429", "500"}


@pytest.mark.parametrize("path", ["/healthz", "/v1/examples", "/v1/examples/spare-parts", "/docs"])
def test_what_can_be_read_can_be_read(client, path):
    assert client.get(path).status_code == 200
