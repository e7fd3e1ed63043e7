"""Runs over HTTP: asked once, answered in every form, found again."""

import csv
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pyarrow.parquet as pq
import pytest

from servicepolicy_models.policy import Policy
from tests.api.http import misbehaving
from tests.api.http.test_problems import problem

ASYNC, WAIT = {"Prefer": "respond-async"}, {"Prefer": "wait=30"}
CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"


def ended(client, run):
    """A run when it has ended, asked as a client would."""
    while run["state"] in ("queued", "running"):
        events = client.get(f"/v1/runs/{run['id']}/events").text
        assert events
        run = client.get(f"/v1/runs/{run['id']}").json()
    return run


@pytest.fixture(scope="module")
def solved(client):
    """The smallest question, really solved."""
    scenario = client.get("/v1/examples/spare-parts").json()
    answered = client.post("/v1/runs", json={"scenario": scenario}, headers=ASYNC)
    assert answered.status_code == 202, answered.text
    assert answered.headers["Location"] == f"/v1/runs/{answered.json()['id']}"
    run = ended(client, answered.json())
    assert (run["state"], run["outcome"]) == ("succeeded", "optimal"), run
    return run


@pytest.fixture
def quick(client_with):
    """A service whose runs end at once."""
    return client_with(entry=misbehaving.answers)


def test_a_run_says_what_was_asked_and_how_it_went(client, solved):
    assert solved["kind"] == "solve"
    assert len(solved["scenario"]["sha256"]) == 64
    assert {"servicepolicy", "highspy", "python"} <= set(solved["versions"])
    assert solved["created_at"] <= solved["started_at"] <= solved["finished_at"]
    assert solved["bound"] <= solved["objective"]
    assert solved["progress"]["incumbent"] == solved["objective"]
    assert solved["progress"]["bound"] == solved["bound"]


def test_the_policy_comes_as_json_and_its_tables_as_csv_and_parquet(client, solved):
    where = f"/v1/runs/{solved['id']}"
    policy = Policy.model_validate_json(client.get(f"{where}/policy").content, strict=True)
    assert len(policy.items) == 12 and policy.proof.objective == solved["objective"]
    bare = client.get(f"{where}/policy?items=false").json()
    assert (bare["items"], bare["proof"]) == ([], policy.model_dump(mode="json")["proof"])
    for name, rows in (("policy", policy.segments), ("items", policy.items)):
        text = client.get(f"{where}/{name}", headers={"Accept": CSV}).text
        table = pq.read_table(io.BytesIO(client.get(f"{where}/{name}", headers={"Accept": PARQUET}).content))
        read = list(csv.DictReader(io.StringIO(text)))
        assert len(read) == table.num_rows == len(rows)
        assert list(read[0]) == table.column_names
    listed = client.get(f"{where}/items").json()["rows"]
    assert [row["reorder_point_pieces"] for row in listed] == [
        one.reorder_point_pieces for one in policy.items
    ]
    book = client.get(f"{where}/export.xlsx").content
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book)).namelist()
    assert client.get(f"{where}/results/items").content[:4] == b"PAR1"
    assert client.get(f"{where}/results/policy").json()["scenario"] == "spare-parts"


@pytest.mark.parametrize("accept", ["image/png", "text/html", "application/json;q=0"])
def test_a_form_that_is_not_there_is_406(client, solved, accept):
    answered = client.get(f"/v1/runs/{solved['id']}/items", headers={"Accept": accept})
    problem(answered, 406, "accept.none_offered")


def test_events_are_read_on_from_where_one_was(client, solved):
    where = f"/v1/runs/{solved['id']}/events"
    whole = client.get(where)
    assert whole.headers["Content-Type"].startswith("text/event-stream")
    numbers = [int(line[4:]) for line in whole.text.splitlines() if line.startswith("id: ")]
    assert numbers == list(range(1, len(numbers) + 1))
    kinds = [line[7:] for line in whole.text.splitlines() if line.startswith("event: ")]
    assert (kinds[:2], kinds[-1]) == (["queued", "running"], "succeeded")
    rest = client.get(where, headers={"Last-Event-ID": str(numbers[-2])}).text
    assert [line for line in rest.splitlines() if line.startswith("id: ")] == [f"id: {numbers[-1]}"]
    assert "id: " not in client.get(f"{where}?after={numbers[-1]}").text


def test_the_same_question_gets_the_earlier_answer(client, solved):
    scenario = client.get("/v1/examples/spare-parts").json()
    scenario["notes"] = scenario.get("notes", [])  # written out, it is the same scenario
    answered = client.post("/v1/runs", json={"scenario": scenario})
    assert answered.status_code == 200
    run = answered.json()
    assert (run["cached"], run["cached_from"], run["attempt"]) == (True, solved["id"], 0)
    assert run["result"]["proof"]["objective"] == solved["objective"]
    assert (
        client.get(f"/v1/runs/{run['id']}/policy").content
        == client.get(f"/v1/runs/{solved['id']}/policy").content
    )
    scenario["limits"]["seed"] = 7
    other = client.post("/v1/runs", json={"scenario": scenario}, headers=ASYNC).json()
    client.post(f"/v1/runs/{other['id']}:cancel")
    assert not other["cached"]


def test_a_replay_solves_again_and_says_the_same(client, solved):
    again = ended(client, client.post(f"/v1/runs/{solved['id']}:replay", headers=ASYNC).json())
    assert again["id"] != solved["id"] and not again["cached"]
    assert again["replay"] == {"of": solved["id"], "same": True, "differs": []}


@pytest.mark.usefixtures("due_once_it_holds")
def test_a_replay_that_differs_says_where(client_with, document, tmp_path):
    client = client_with(entry=misbehaving.answers, store_folder=tmp_path)
    run = client.post("/v1/runs", json={"scenario": document}, headers=WAIT).json()
    client.__exit__(None, None, None)
    client = client_with(entry=misbehaving.holds, store_folder=tmp_path)
    again = client.post(f"/v1/runs/{run['id']}:replay", headers=WAIT).json()
    assert again["replay"] == {"of": run["id"], "same": False, "differs": ["proof"]}


def test_the_same_request_twice_is_one_run(quick, document):
    keyed = {"Idempotency-Key": "order 7", **ASYNC}
    body = {"scenario": document}
    one, other = (quick.post("/v1/runs", json=body, headers=keyed) for _ in range(2))
    assert one.json()["id"] == other.json()["id"]
    document["carrying_rate_per_year"] = 0.5
    problem(quick.post("/v1/runs", json=body, headers=keyed), 409, "idempotency.key_reused")
    problem(quick.post("/v1/runs", json=body, headers={"Idempotency-Key": ""}), 400, "idempotency.bad_key")
    assert len(quick.get("/v1/runs").json()["runs"]) == 1


def test_the_same_request_many_times_at_once_is_one_run(quick, document):
    keyed = {"Idempotency-Key": "order 8", **ASYNC}

    def post(_):
        return quick.post("/v1/runs", json={"scenario": document}, headers=keyed)

    with ThreadPoolExecutor(6) as pool:
        answered = list(pool.map(post, range(6)))
    assert {one.status_code for one in answered} <= {200, 202}
    assert len({one.json()["id"] for one in answered}) == 1


def test_runs_are_listed_in_pages_and_by_what_they_are(quick, document):
    made = []
    for rate in (0.1, 0.2, 0.3):
        document["carrying_rate_per_year"] = rate
        made.append(quick.post("/v1/runs", json={"scenario": document}, headers=WAIT).json()["id"])
    first = quick.get("/v1/runs?limit=2").json()
    rest = quick.get(f"/v1/runs?limit=2&cursor={first['next']}").json()
    assert [run["id"] for run in first["runs"] + rest["runs"]] == made[::-1]
    assert rest["next"] is None
    assert len(quick.get("/v1/runs?state=succeeded&outcome=optimal&kind=solve").json()["runs"]) == 3
    assert quick.get("/v1/runs?state=failed").json()["runs"] == []
    problem(quick.get("/v1/runs?cursor=***"), 400, "cursor.unknown")
    problem(quick.get("/v1/runs?state=odd"), 422, "request.parameters")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"scenario": {}, "base": {"name": "x"}}, ""),
        ({"scenario": {}, "kind": "magic"}, "/kind"),
        ({"scenario": {}, "settings": {"x": 1}}, "/settings/x"),
        ({"scenario": {}, "deadline_seconds": 0}, "/deadline_seconds"),
        ({"scenario": 7}, "/scenario"),
        ({"scenario": {}, "odd": 1}, "/odd"),
        ({"kind": "sweep", "scenario": {}, "settings": {"patches": []}}, "/settings/patches"),
    ],
)
def test_what_is_wrong_in_the_request_is_told_with_its_place(quick, body, pointer):
    told = problem(quick.post("/v1/runs", json=body), 422, "request.body")
    assert pointer in [one["pointer"] for one in told["errors"]]


def test_what_is_wrong_in_the_scenario_is_told_with_its_place_in_the_request(quick, document):
    body = {"scenario": document, "patch": {"carrying_rate_per_year": "high", "currency": None}}
    told = problem(quick.post("/v1/runs", json=body), 422, "scenario.rejected")
    assert {one["pointer"] for one in told["errors"]} == {
        "/scenario/carrying_rate_per_year",
        "/scenario/currency",
    }


@pytest.mark.parametrize("number", ["NaN", "1e999", "9" * 400, "-Infinity"])
def test_a_number_that_is_none_is_no_json(quick, number):
    body = f'{{"scenario": {{"carrying_rate_per_year": {number}}}}}'
    answered = quick.post("/v1/runs", content=body, headers={"Content-Type": "application/json"})
    problem(answered, 400, "body.not_json")


@pytest.mark.parametrize("name", ["nothing", "01890a5d-ac96-774b-bcce-b302099a8057", "%00", "x" * 36])
@pytest.mark.parametrize("way", ["", "/policy", "/items", "/events", "/log", "/export.xlsx", "/results/a"])
def test_a_run_that_is_not_there_is_404(quick, name, way):
    problem(quick.get(f"/v1/runs/{name}{way}"), 404, "store.not_there")


def test_what_is_asked_of_a_run_too_early_is_told(client_with, document):
    client = client_with(entry=misbehaving.sleeps)
    run = client.post("/v1/runs", json={"scenario": document}, headers=ASYNC).json()
    for way in ("policy", "items", "results/policy", "export.xlsx"):
        problem(client.get(f"/v1/runs/{run['id']}/{way}"), 409, "run.not_finished")
    problem(client.post(f"/v1/runs/{run['id']}:replay"), 409, "run.not_finished")


@pytest.mark.parametrize("verb", ["cancel", "replay", "apply-repair"])
def test_what_is_done_with_a_run_is_done_by_post_alone(client, verb):
    path = f"/v1/runs/01890a5d-ac96-774b-bcce-b302099a8057:{verb}"
    for method in ("GET", "OPTIONS", "DELETE"):
        answered = client.request(method, path)
        assert (answered.status_code, answered.headers["Allow"]) == (405, "POST"), method
    assert client.post(path, json={"repair": 1}).status_code == 404
