"""Named scenarios and policies in force: versions that are meant, never overwritten by chance."""

import pytest

from tests.api.http import misbehaving
from tests.api.http.test_problems import problem

NEW = {"If-None-Match": "*"}
WAIT = {"Prefer": "wait=30"}
PATCH = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture
def quick(client_with):
    """A service whose runs end at once."""
    return client_with(entry=misbehaving.answers)


def test_a_scenario_is_kept_changed_and_found_in_every_version(quick, document):
    made = quick.put("/v1/scenarios/Grundfall ä", json=document, headers=NEW)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    changed = quick.patch(
        "/v1/scenarios/Grundfall ä?note=dearer",
        json={"carrying_rate_per_year": 0.3},
        headers={"If-Match": '"1"', **PATCH},
    )
    assert (changed.status_code, changed.headers["ETag"]) == (201, '"2"')
    found = quick.get("/v1/scenarios/Grundfall ä")
    assert found.headers["ETag"] == '"2"'
    now = found.json()
    assert now["scenario"]["carrying_rate_per_year"] == 0.3
    assert (now["parent_name"], now["parent_version"]) == ("Grundfall ä", 1)
    assert (now["patch"], now["note"]) == ({"carrying_rate_per_year": 0.3}, "dearer")
    first = quick.get("/v1/scenarios/Grundfall ä?version=1").json()
    assert first["scenario"]["carrying_rate_per_year"] == document["carrying_rate_per_year"]
    branch = quick.patch(
        "/v1/scenarios/Grundfall ä?to=branch", json={"title": "b"}, headers={"If-Match": '"1"', **PATCH}
    ).json()
    assert (branch["name"], branch["version"], branch["parent_version"]) == ("branch", 1, 1)
    listed = quick.get("/v1/scenarios").json()["scenarios"]
    assert [(one["name"], one["version"]) for one in listed] == [("Grundfall ä", 2), ("branch", 1)]
    versions = quick.get("/v1/scenarios/Grundfall ä/versions").json()["scenarios"]
    assert [one["version"] for one in versions] == [2, 1]
    page = quick.get("/v1/scenarios?limit=1").json()
    assert quick.get(f"/v1/scenarios?cursor={page['next']}").json()["scenarios"][0]["name"] == "branch"


def test_a_run_on_a_named_scenario_says_which(quick, document):
    quick.put("/v1/scenarios/base", json=document, headers=NEW)
    patch = {"carrying_rate_per_year": 0.25}
    run = quick.post("/v1/runs", json={"base": {"name": "base"}, "patch": patch}, headers=WAIT).json()
    assert (run["scenario"]["name"], run["scenario"]["version"], run["scenario"]["patch"]) == (
        "base",
        1,
        patch,
    )
    assert quick.get("/v1/runs?scenario=base").json()["runs"][0]["id"] == run["id"]
    same = quick.post("/v1/runs", json={"scenario": document, "patch": patch}).json()
    assert same["cached_from"] == run["id"]
    problem(quick.post("/v1/runs", json={"base": {"name": "other"}}), 404, "store.not_there")
    problem(quick.post("/v1/runs", json={"base": {"name": "base", "version": 9}}), 404, "store.not_there")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 428, "version.not_said"),
        ({"If-None-Match": "*"}, 412, "store.version_moved"),
        ({"If-Match": '"2"'}, 412, "store.version_moved"),
        ({"If-Match": "W/x"}, 412, "store.version_moved"),
        ({"If-Match": '"99999999999999"'}, 412, "store.version_moved"),
    ],
)
def test_a_change_must_say_what_it_changes(quick, document, headers, status, code):
    quick.put("/v1/scenarios/base", json=document, headers=NEW)
    problem(quick.put("/v1/scenarios/base", json=document, headers=headers), status, code)
    assert quick.get("/v1/scenarios/base").json()["version"] == 1


def test_what_is_wrong_in_a_scenario_is_told_and_nothing_is_kept(quick, document):
    document["currency"] = "euro"
    told = problem(quick.put("/v1/scenarios/base", json=document, headers=NEW), 422, "scenario.rejected")
    assert told["errors"][0]["pointer"] == "/currency"
    problem(quick.get("/v1/scenarios/base"), 404, "store.not_there")


@pytest.mark.parametrize("name", ["a:b", "x" * 121, "a%0ab"])
def test_a_name_that_is_none_is_told(quick, document, name):
    answered = quick.put(f"/v1/scenarios/{name}", json=document, headers=NEW)
    assert answered.status_code in (404, 422)


def test_the_same_change_twice_under_one_key_happens_once(quick, document):
    keyed = {**NEW, "Idempotency-Key": "k"}
    one, other = (quick.put("/v1/scenarios/base", json=document, headers=keyed) for _ in range(2))
    assert (one.status_code, one.content, one.headers["ETag"]) == (201, other.content, other.headers["ETag"])


@pytest.fixture(scope="module")
def solved(client):
    """The smallest question, really solved, and in force under a name."""
    scenario = client.get("/v1/examples/spare-parts").json()
    run = client.post("/v1/runs", json={"scenario": scenario}, headers=WAIT).json()
    while run["state"] in ("queued", "running"):
        client.get(f"/v1/runs/{run['id']}/events")
        run = client.get(f"/v1/runs/{run['id']}").json()
    made = client.put("/v1/policies/parts", json={"run": run["id"], "note": "go"}, headers=NEW)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    return run


def test_a_line_is_looked_up_in_the_policy_in_force(client, solved):
    policy = client.get(f"/v1/runs/{solved['id']}/policy").json()
    for item in policy["items"][:3]:
        for customer_class in ("A", "C"):
            asked = {"item": item["item"], "customer_class": customer_class}
            found = client.get("/v1/policies/parts/lookup", params=asked).json()
            (segment,) = [
                one for one in policy["segments"]
                if (one["customer_class"], one["item_class"]) == (customer_class, item["item_class"])
            ]  # fmt: skip
            for field in (
                "promised_fill_rate",
                "promised_response_hours",
                "channel",
                "process",
                "mode",
                "region",
            ):
                assert found[field] == segment[field]
            rows = [one for one in policy["items"] if one["item"] == item["item"]]
            mine = [one for one in rows if one["shelf"] in ("*", customer_class)]
            assert [one["reserved_pieces"] for one in found["shelves"]] == [
                one["critical_level_pieces"].get(customer_class, 0.0) for one in mine
            ]
            assert (found["version"], found["run"]) == (1, solved["id"])


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"item": "no such"}, 404, "lookup.item"),
        ({"item": "pump", "customer": "who"}, 404, "lookup.customer"),
        ({"item": "pump", "customer_class": "Z"}, 404, "lookup.segment"),
        ({"item": "pump"}, 422, "request.parameters"),
        ({}, 422, "request.parameters"),
    ],
)
def test_a_line_that_the_policy_does_not_know_is_told(client, solved, asked, status, code):
    problem(client.get("/v1/policies/parts/lookup", params=asked), status, code)


def test_policies_in_force_have_versions(client, solved):
    body = {"run": solved["id"], "note": "again"}
    problem(client.put("/v1/policies/parts", json=body), 428, "version.not_said")
    problem(client.put("/v1/policies/parts", json=body, headers=NEW), 412, "store.version_moved")
    assert client.put("/v1/policies/parts", json=body, headers={"If-Match": '"1"'}).status_code == 201
    assert client.get("/v1/policies/parts").json()["version"] == 2
    assert client.get("/v1/policies/parts?version=1").json()["note"] == "go"
    assert [one["version"] for one in client.get("/v1/policies/parts/history").json()["policies"]] == [2, 1]
    assert [one["name"] for one in client.get("/v1/policies").json()["policies"]] == ["parts"]
    problem(client.get("/v1/policies/none/lookup?item=x&customer=y"), 404, "store.not_there")
    problem(client.put("/v1/policies/x", json={"run": "none"}, headers=NEW), 404, "store.not_there")
    problem(client.put("/v1/policies/x", json={"odd": 1}, headers=NEW), 422, "request.body")


def test_a_run_without_a_policy_comes_not_into_force(client_with, document):
    client = client_with(entry=misbehaving.sleeps, solve_seconds=0.3)
    run = client.post("/v1/runs", json={"scenario": document}, headers=WAIT).json()
    problem(client.put("/v1/policies/x", json={"run": run["id"]}, headers=NEW), 409, "policy.empty")
