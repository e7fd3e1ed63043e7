"""Runs that go wrong, over HTTP: each ends once, in a way that can be told, and no process is left behind."""

import time
import uuid
from multiprocessing import active_children

import pytest
from structlog.testing import capture_logs

from servicepolicy_api.running import carrying
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held, Stopped
from servicepolicy_store import runs
from servicepolicy_store.errors import StoreUnavailable
from tests.api.http import misbehaving

ASYNC = {"Prefer": "respond-async"}
WAIT = {"Prefer": "wait=30"}
PATIENCE_SECONDS = 60


@pytest.fixture
def ask(client_with, document):
    """A service whose runs go this way, and one run asked of it."""
    clients = []

    def start(entry, headers=WAIT, settings=None, **body):
        client = client_with(entry=entry, **(settings or {}))
        clients.append(client)
        answered = client.post("/v1/runs", json={"scenario": document, **body}, headers=headers)
        assert answered.status_code in (200, 202), answered.text
        return client, answered.json()

    yield start
    for client in clients:
        client.__exit__(None, None, None)
    assert processes_of_runs() == []


def processes_of_runs():
    """Those of this service that are there, at work or at rest."""
    return [one for one in active_children() if one.name == "run"]


def until(client, run, condition):
    """The run, when it is as it has to become."""
    seen = []

    def is_so():
        seen[:] = [client.get(f"/v1/runs/{run['id']}").json()]
        return condition(seen[0])

    wait_until(is_so, seen)
    return seen[0]


def wait_until(condition, seen=()):
    """Wait for something that has to come. seen: what is told if it does not."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, seen
        time.sleep(0.05)


def test_the_log_tells_every_run_by_its_name_and_that_of_its_request(ask):
    with capture_logs() as told:
        _, run = ask(misbehaving.answers)
        # The end is written down before it is told.
        wait_until(lambda: "run ended" in [one["event"] for one in told])
    steps = [one for one in told if one.get("run") == run["id"]]
    assert [one["event"] for one in steps] == ["run asked", "run began", "run ended"]
    assert len({uuid.UUID(one["request"]) for one in steps}) == 1
    assert (steps[2]["state"], steps[2]["outcome"], steps[2]["attempt"]) == ("succeeded", "optimal", 1)


def test_an_answer_is_kept_and_told(ask):
    client, run = ask(misbehaving.answers)
    assert (run["state"], run["outcome"], run["attempt"]) == ("succeeded", "optimal", 1)
    assert run["gap"] == pytest.approx(4_000 / 84_000)
    assert run["result"]["scenario"] == "by hand"
    again = client.get(f"/v1/runs/{run['id']}").json()
    assert again == run | {"result": None}


def test_a_run_whose_process_dies_is_tried_three_times(ask):
    client, run = ask(misbehaving.is_killed)
    ended = until(client, run, lambda now: now["state"] == "failed")
    assert (ended["attempt"], ended["problem"]["code"]) == (3, "run.poison")
    assert (ended["process_deaths"], ended["worker_deaths"]) == (3, 0)
    assert ended["problem"]["detail"] == "The process of this run died 3 times; it is not tried again."
    log = client.get(f"/v1/runs/{run['id']}/log").text
    assert log.count(" running ") == 3 and log.count(" failed ") == 1
    assert log.count("its process died: SIGKILL") == 3


@pytest.mark.parametrize(
    ("entry", "code", "findings"),
    [
        (misbehaving.foresaw_nothing, "run.failed", 0),
        (misbehaving.is_our_fault, "solver.failed", 0),
        (misbehaving.rejects, "order_lines.rejected", 1),
    ],
)
def test_what_goes_wrong_by_rule_is_not_tried_again(ask, entry, code, findings):
    client, run = ask(entry)
    assert (run["state"], run["attempt"], run["problem"]["code"]) == ("failed", 1, code)
    assert len(run["problem"].get("errors", ())) == findings
    assert "secret" not in str(run)
    told = client.get(f"/v1/runs/{run['id']}/policy")
    assert (told.status_code, told.json()["type"]) == (409, "urn:servicepolicy:problem:run.failed")


def test_a_run_that_is_cancelled_ends_soon_and_once(ask):
    client, run = ask(misbehaving.sleeps, ASYNC)
    until(client, run, lambda now: now["state"] == "running")
    answered = client.post(f"/v1/runs/{run['id']}:cancel")
    ended = (
        answered.json() if answered.status_code == 200 else until(client, run, lambda now: now["finished_at"])
    )
    assert (ended["state"], ended["outcome"]) == ("cancelled", "nothing")
    again = client.post(f"/v1/runs/{run['id']}:cancel")
    assert (again.status_code, again.json()["finished_at"]) == (200, ended["finished_at"])


def test_what_a_cancelled_run_held_is_kept(ask):
    client, run = ask(misbehaving.holds, ASYNC)
    until(client, run, lambda now: now["progress"].get("incumbent"))
    client.post(f"/v1/runs/{run['id']}:cancel")
    ended = until(client, run, lambda now: now["state"] == "cancelled")
    assert (ended["outcome"], ended["objective"]) == ("feasible", 84_000.0)
    assert client.get(f"/v1/runs/{run['id']}/policy").json()["proof"]["held"] == "feasible"


def test_a_run_that_ends_before_its_news_is_due_tells_it_with_the_ending(ask):
    client, run = ask(misbehaving.betters_what_it_held, ASYNC)
    ended = until(client, run, lambda now: now["state"] == "succeeded")
    assert (ended["progress"]["incumbent"], ended["progress"]["bound"]) == (84_000.0, 80_000.0)
    assert (ended["objective"], ended["bound"]) == (84_000.0, 80_000.0)


def test_what_was_found_waits_for_a_store_that_is_away(ask, monkeypatch):
    tries, finish = [], runs.finish

    def away_at_first(tx, mine, ending, last_news):
        tries.append(mine.attempt)
        if len(tries) < 3:
            raise StoreUnavailable
        return finish(tx, mine, ending, last_news)

    monkeypatch.setattr(runs, "finish", away_at_first)
    client, run = ask(misbehaving.answers)
    ended = until(client, run, lambda now: now["state"] == "succeeded")
    assert (ended["attempt"], tries) == (1, [1, 1, 1])


def test_a_run_whose_question_cannot_be_read_just_now_is_carried_out_when_the_store_is_back(ask, monkeypatch):
    tries, read = [], carrying.question_of

    def away_at_first(*given):
        tries.append(given)
        if len(tries) < 2:
            raise StoreUnavailable
        return read(*given)

    monkeypatch.setattr(carrying, "question_of", away_at_first)
    client, run = ask(misbehaving.answers)
    ended = until(client, run, lambda now: now["finished_at"])
    assert (ended["state"], ended["attempt"], len(tries)) == ("succeeded", 1, 2)


def test_a_run_that_waits_is_cancelled_at_once(ask, document):
    client, first = ask(misbehaving.sleeps, ASYNC, {"concurrent_solves": 1})
    until(client, first, lambda now: now["state"] == "running")
    second = client.post("/v1/runs", json={"scenario": document}, headers=ASYNC).json()
    ended = client.post(f"/v1/runs/{second['id']}:cancel").json()
    assert (ended["state"], ended["attempt"], ended["started_at"]) == ("cancelled", 0, None)


@pytest.mark.usefixtures("due_once_it_holds")
def test_a_run_whose_time_is_up_ends_with_what_it_holds(ask):
    _, run = ask(misbehaving.holds, deadline_seconds=300)
    assert (run["state"], run["outcome"], run["objective"]) == ("succeeded", "feasible", 84_000.0)
    assert run["deadline_at"] > run["created_at"]


@pytest.mark.usefixtures("due_once_it_holds")
def test_a_part_of_an_answer_is_kept_but_answers_nobody_else(ask, document):
    client, run = ask(misbehaving.holds_a_part, kind="frontier", deadline_seconds=300)
    assert (run["state"], run["outcome"]) == ("succeeded", "partial")
    assert client.get(f"/v1/runs/{run['id']}/results/frontier").json() == {"points": [1, 2]}
    again = {"scenario": document, "kind": "frontier", "deadline_seconds": 300}
    assert client.post("/v1/runs", json=again, headers=WAIT).json()["cached_from"] is None


def test_a_run_whose_time_is_up_and_that_holds_nothing_says_so(ask):
    client, run = ask(misbehaving.sleeps, settings={"solve_seconds": 0.5})
    assert (run["state"], run["outcome"]) == ("succeeded", "nothing")
    policy = Policy.model_validate_json(client.get(f"/v1/runs/{run['id']}/policy").content)
    assert (policy.proof.held, policy.proof.stopped) == (Held.NOTHING, Stopped.TIME_LIMIT)
    assert len(policy.proof.scenario_sha256) == 64
    (finding,) = [one for one in policy.findings if one.rule == "limits.nothing_yet"]
    assert "stage 'start'" in finding.what


def test_a_search_that_has_not_begun_leaves_a_policy_that_keeps_every_promise(ask):
    client, run = ask(misbehaving.never_searches, ASYNC)
    until(client, run, lambda now: now["progress"].get("incumbent"))
    client.post(f"/v1/runs/{run['id']}:cancel")
    ended = until(client, run, lambda now: now["state"] == "cancelled")
    assert (ended["outcome"], ended["bound"]) == ("feasible", None)
    policy = Policy.model_validate_json(client.get(f"/v1/runs/{run['id']}/policy").content)
    assert (policy.proof.held, len(policy.segments), len(policy.items)) == (Held.FEASIBLE, 9, 12)
    assert [one.rule for one in policy.findings] == ["limits.first_policy"]


@pytest.mark.usefixtures("due_once_it_holds")
def test_what_an_earlier_run_holds_is_the_answer_when_the_time_is_up(client_with, document, tmp_path):
    settings = {"store_folder": tmp_path}
    client = client_with(entry=misbehaving.holds, **settings)
    first = client.post("/v1/solve?deadline_seconds=300", json=document)
    assert first.json()["proof"]["held"] == "feasible"
    client.__exit__(None, None, None)
    client = client_with(entry=misbehaving.sleeps, **settings)
    second = client.post("/v1/solve?deadline_seconds=0.5", json=document)
    assert second.json()["segments"] == first.json()["segments"] != []
    told = client.get(second.headers["Location"]).json()
    assert told["cached_from"] == first.headers["Location"].rpartition("/")[2]


def test_who_finds_nothing_in_time_is_told_of_an_earlier_version_s_policy(client_with, document, tmp_path):
    settings = {"store_folder": tmp_path}
    client = client_with(entry=misbehaving.answers, **settings)
    client.put("/v1/scenarios/base", json=document, headers={"If-None-Match": "*"})
    first = client.post("/v1/runs", json={"base": {"name": "base"}}, headers=WAIT).json()
    assert first["outcome"] == "optimal"
    client.__exit__(None, None, None)
    client = client_with(entry=misbehaving.sleeps, **settings)
    patch = {"carrying_rate_per_year": 0.33}
    asked = {"base": {"name": "base"}, "patch": patch, "deadline_seconds": 0.5}
    second = client.post("/v1/runs", json=asked, headers=WAIT).json()
    assert (second["outcome"], second["cached"]) == ("nothing", False)
    (told,) = [one for one in second["result"]["findings"] if one["rule"] == "limits.earlier_policy"]
    assert f"Run {first['id']} holds a policy that costs 84,000 a year for version 1 of" in told["what"]
    assert f"/v1/runs/{first['id']}/policy" in told["mend"]


def test_a_run_that_nobody_got_round_to_is_answered_when_it_is_due(ask, document):
    client, busy = ask(misbehaving.sleeps, ASYNC, {"concurrent_solves": 1})
    until(client, busy, lambda now: now["state"] == "running")
    answered = client.post("/v1/solve?deadline_seconds=0.5", json=document | {"name": "another"})
    policy = Policy.model_validate_json(answered.content)
    assert (answered.status_code, policy.proof.held) == (200, Held.NOTHING)
    assert [one.rule for one in policy.findings] == ["run.nobody_came"]
    late = client.get(answered.headers["Location"]).json()
    assert (late["state"], late["outcome"], late["attempt"]) == ("succeeded", "nothing", 0)


def test_the_same_question_in_flight_is_answered_once(ask, document):
    client, first = ask(misbehaving.answers_late, ASYNC)
    until(client, first, lambda now: now["state"] == "running")
    second = client.post("/v1/runs", json={"scenario": document}, headers=WAIT).json()
    assert (second["state"], second["cached_from"], second["attempt"]) == ("succeeded", first["id"], 0)


def test_what_is_stopped_in_good_order_goes_on_at_the_next_start(client_with, document, tmp_path):
    settings = {"store_folder": tmp_path, "drain_seconds": 0.0}
    client = client_with(entry=misbehaving.sleeps, **settings)
    run = client.post("/v1/runs", json={"scenario": document}, headers=ASYNC).json()
    until(client, run, lambda now: now["state"] == "running")
    client.__exit__(None, None, None)
    assert processes_of_runs() == []
    client = client_with(entry=misbehaving.answers, **settings)
    ended = until(client, run, lambda now: now["state"] == "succeeded")
    assert ended["attempt"] == 1


def test_more_than_may_wait_are_told_to_come_back(ask, document):
    client, _ = ask(
        misbehaving.sleeps, ASYNC, {"concurrent_solves": 1, "waiting_solves": 0, "waiting_runs": 2}
    )
    refused = client.post("/v1/solve", json=document)
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:servicepolicy:problem:run.too_many")
    assert int(refused.headers["Retry-After"]) > 0
    assert client.post("/v1/runs", json={"scenario": document}, headers=ASYNC).status_code == 202
    assert client.post("/v1/runs", json={"scenario": document}, headers=ASYNC).status_code == 429


def test_the_short_road_tells_what_went_wrong_in_its_run(client_with, document):
    told = client_with(entry=misbehaving.is_our_fault).post("/v1/solve", json=document)
    assert (told.status_code, told.json()["type"]) == (500, "urn:servicepolicy:problem:solver.failed")
    assert "secret" not in told.text
    told = client_with(entry=misbehaving.rejects).post("/v1/solve", json=document)
    assert (told.status_code, told.json()["errors"][0]["rule"]) == (422, "row.odd")


def test_the_short_road_answers_in_its_time(client_with, document):
    answered = client_with(entry=misbehaving.sleeps).post("/v1/solve?deadline_seconds=1", json=document)
    assert (answered.status_code, answered.json()["proof"]["held"]) == (200, "nothing")
    assert answered.headers["Location"].startswith("/v1/runs/")
