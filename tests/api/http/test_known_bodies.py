"""A body that comes again is answered as if it had been read again, in every way that can be seen."""

import json

import orjson
import pytest

from servicepolicy_api import known_bodies, question, review, run_request
from servicepolicy_api.known_bodies import MOST_BODY_BYTES
from tests.api.http import misbehaving
from tests.api.http.conftest import JSON
from tests.api.http.test_problems import problem

ASYNC, WAIT = {"Prefer": "respond-async"}, {"Prefer": "wait=30"}
NEW = {"If-None-Match": "*"}


@pytest.fixture
def reads(monkeypatch):
    """Every scenario that is read while the test lasts."""
    read = []
    plain, at_once = question.read_scenario, review.read_if_well_formed

    def noted(document):
        read.append(document)
        return plain(document)

    def noted_at_once(document):
        read.append(document)
        return at_once(document)

    monkeypatch.setattr(review, "read_if_well_formed", noted_at_once)
    for module in (question, review, run_request):
        monkeypatch.setattr(module, "read_scenario", noted)
    return read


def seen(answered):
    """An answer, without what tells one request from another."""
    return answered.status_code, answered.content, answered.headers["content-type"]


def test_a_body_that_is_validated_again_is_not_read_again(client_with, document, reads):
    client = client_with()
    body, other = json.dumps(document).encode(), json.dumps(document | {"title": "x"}).encode()
    first, again, changed = (
        client.post("/v1/scenarios:validate", content=one, headers=JSON) for one in (body, body, other)
    )
    assert seen(first) == seen(again) and reads == [body, other]
    assert again.json() == json.loads(review.review(body).model_dump_json())
    assert changed.status_code == 200


def test_what_is_wrong_with_a_body_is_told_each_time(client_with, document):
    client = client_with()
    document["targets"][0]["customer_class"] = "nobody"
    for route, body in (("/v1/solve", document), ("/v1/runs", {"scenario": document})):
        told = [problem(client.post(route, json=body), 422, "scenario.rejected") for _ in range(2)]
        assert told[0]["errors"] == told[1]["errors"] != []
    said = [client.post("/v1/scenarios:validate", json=document).json() for _ in range(2)]
    assert said[0] == said[1] and not said[0]["valid"]
    for _ in range(2):
        problem(client.post("/v1/scenarios:validate", content=b"{", headers=JSON), 400, "body.not_json")


def test_the_short_road_gives_the_policy_again_without_reading_or_writing(client_with, document, reads):
    client = client_with(entry=misbehaving.answers)
    body = json.dumps(document).encode()
    first = client.post("/v1/solve", content=body, headers=JSON)
    again = client.post("/v1/solve?deadline_seconds=0.5", content=body, headers=JSON)
    # What carries a run out reads the scenario as it is kept.
    assert seen(first) == seen(again) and reads.count(body) == 1
    assert first.headers["Location"] == again.headers["Location"]
    assert len(client.get("/v1/runs").json()["runs"]) == 1
    policy = client.get(f"{first.headers['Location']}/policy").json()
    bare = client.post("/v1/solve?items=false", content=body, headers=JSON).json()
    assert bare["proof"] == policy["proof"] == first.json()["proof"]
    # Written otherwise it is read, and the same question.
    otherwise = json.dumps(document, indent=1).encode()
    spaced = client.post("/v1/solve", content=otherwise, headers=JSON)
    assert spaced.headers["Location"] == first.headers["Location"]
    assert (reads.count(body), reads.count(otherwise)) == (1, 1)
    # Who names a request gets a run of its own: that is what the name leads to.
    named = client.post("/v1/solve", content=body, headers={**JSON, "Idempotency-Key": "mine"})
    told = client.get(named.headers["Location"]).json()
    assert told["cached_from"] == first.headers["Location"].rpartition("/")[2]
    assert named.json()["proof"] == first.json()["proof"]


def test_a_body_without_an_answer_is_read_again_and_asks_the_same(client_with, document, reads):
    client = client_with(entry=misbehaving.sleeps)
    body = json.dumps({"scenario": document}).encode()
    runs = [client.post("/v1/runs", content=body, headers={**JSON, **ASYNC}).json() for _ in range(2)]
    assert runs[0]["scenario"] == runs[1]["scenario"] and runs[0]["id"] != runs[1]["id"]
    assert all(one["cached_from"] is None for one in runs)
    assert reads.count(orjson.dumps(document)) == 2
    for one in runs:
        client.post(f"/v1/runs/{one['id']}:cancel")


@pytest.mark.usefixtures("due_once_it_holds")
def test_an_answer_that_more_time_could_change_is_sought_again(client_with, document):
    client = client_with(entry=misbehaving.holds)
    body = json.dumps(document).encode()
    runs = [
        client.post("/v1/solve?deadline_seconds=300", content=body, headers=JSON).headers["Location"]
        for _ in range(2)
    ]
    assert runs[0] != runs[1]


def test_every_run_is_written_down_and_asks_what_its_body_says(client_with, document, reads):
    client = client_with(entry=misbehaving.answers)
    body = {"scenario": document, "deadline_seconds": 25}
    first, again = (client.post("/v1/runs", json=body, headers=WAIT).json() for _ in range(2))
    assert first["id"] != again["id"] and again["cached_from"] == first["id"]
    assert reads.count(orjson.dumps(document)) == 1
    assert again["result"] == first["result"]
    same = ("scenario", "settings", "versions", "seed", "kind")
    assert [first[name] for name in same] == [again[name] for name in same]
    # The same bytes mean something else on another route.
    problem(client.post("/v1/solve", json=body), 422, "scenario.rejected")
    replayed = client.post(f"/v1/runs/{first['id']}:replay", headers=WAIT).json()
    assert replayed["replay"]["of"] == first["id"] and replayed["cached_from"] is None


def test_a_name_means_its_newest_version_each_time(client_with, document):
    client = client_with(entry=misbehaving.answers)
    client.put("/v1/scenarios/base", json=document, headers=NEW)
    for body in ({"base": {"name": "base"}}, {"base": {"name": "base"}, "patch": {"title": "p"}}):
        before = client.post("/v1/runs", json=body, headers=WAIT).json()
        version = client.get("/v1/scenarios/base").json()["version"]
        changed = document | {"limits": {"seed": 100 + version}}
        moved = client.put("/v1/scenarios/base", json=changed, headers={"If-Match": f'"{version}"'})
        assert moved.status_code == 201, moved.text
        after = client.post("/v1/runs", json=body, headers=WAIT).json()
        assert (after["scenario"]["version"], after["seed"]) == (version + 1, 100 + version)
        assert before["scenario"]["version"] == version


def test_a_file_is_looked_for_each_time(client_with, checkout, tmp_path):
    client = client_with(entry=misbehaving.answers, data_folder=tmp_path)
    read = json.loads((checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json").read_bytes())
    read["demand"] |= {"path": "lines.csv", "item_table": None}
    (tmp_path / "lines.csv").write_text("a\n1\n")
    first = client.post("/v1/solve", json=read)
    (tmp_path / "lines.csv").write_text("a\n1\n2\n")
    second = client.post("/v1/solve", json=read)
    assert first.headers["Location"] != second.headers["Location"]
    (tmp_path / "lines.csv").unlink()
    problem(client.post("/v1/solve", json=read), 422, "scenario.rejected")


def test_what_is_too_large_is_read_each_time(client_with, document, reads, monkeypatch):
    monkeypatch.setattr(known_bodies, "MOST_BODY_BYTES", 1_000)
    client = client_with()
    for _ in range(2):
        client.post("/v1/scenarios:validate", json=document)
    assert len(reads) == 2 and MOST_BODY_BYTES > 1_000
