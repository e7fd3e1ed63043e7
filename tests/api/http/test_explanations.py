"""Explanations as saved runs: asked by their routes, answered once, told as tables and pictures."""

import csv
import io
import json
import time
from xml.etree import ElementTree

import numpy as np
import pytest

from servicepolicy_models.comparison import Comparison
from servicepolicy_models.frontier import Frontier
from servicepolicy_models.futures import RobustPolicy
from servicepolicy_models.prices import Prices
from servicepolicy_models.repairs import Repairs
from servicepolicy_models.screening import Screening
from servicepolicy_optimizer.synthetic import wholesaler
from tests.api.cli.test_explanations import SMALL
from tests.api.http.test_problems import problem

CSV, SVG = "text/csv", "image/svg+xml"
TIGHT = SMALL | {"budgets": {"inventory_value": 300.0}}


@pytest.fixture(scope="module")
def asked(client):
    """Ask a route, and return the run when it has ended."""

    return lambda route, **body: ended(client, route, **body)


def ended(client, route, **body):
    """Ask a route, and return the run when it has ended."""
    answered = client.post(f"/v1/{route}", json=body, headers={"Prefer": "respond-async"})
    assert answered.status_code in (200, 202), answered.text
    run = answered.json()
    while run["state"] in ("queued", "running"):
        time.sleep(0.05)
        run = client.get(f"/v1/runs/{run['id']}").json()
    return run


@pytest.fixture(scope="module")
def answer(client, asked):
    """Ask a route, and return the run and its answer."""

    def ask(noun, name, route, **body):
        run = asked(route, **body)
        assert run["state"] == "succeeded", run
        return run, noun.model_validate_json(client.get(f"/v1/runs/{run['id']}/results/{name}").content)

    return ask


def rows_of(client, run, name):
    answered = client.get(f"/v1/runs/{run['id']}/tables/{name}", headers={"Accept": CSV})
    assert answered.status_code == 200, answered.text
    return list(csv.DictReader(io.StringIO(answered.text)))


def test_a_repair_becomes_the_next_version_of_its_scenario_and_is_feasible(client, asked, answer):
    new = {"If-None-Match": "*"}
    assert client.put("/v1/scenarios/tight", json=TIGHT, headers=new).status_code == 201
    run, found = answer(Repairs, "repairs", "repairs", base={"name": "tight"})
    assert (run["kind"], run["outcome"]) == ("repairs", "done") and found.repairs
    assert len(rows_of(client, run, "repairs")) == sum(len(one.changes) for one in found.repairs)
    apply = f"/v1/runs/{run['id']}:apply-repair"
    key = {"Idempotency-Key": "apply once"}
    made = client.post(apply, json={"repair": 1}, headers=key)
    assert made.status_code == 201, made.text
    child = made.json()
    lineage = (child["name"], child["version"], child["parent_name"], child["parent_version"])
    assert lineage == ("tight", 2, "tight", 1)
    assert found.repairs[0].sentence[:200] in child["note"]
    assert client.post(apply, json={"repair": 1}, headers=key).json() == child
    problem(client.post(apply, json={"repair": 1}), 412, "store.version_moved")
    other = client.post(apply, json={"repair": 1, "to": "loose"}).json()
    assert (other["name"], other["version"], other["sha256"]) == ("loose", 1, child["sha256"])
    solved = asked("runs", base={"name": "tight"})
    assert solved["objective"] == pytest.approx(found.repairs[0].cost_per_year)
    problem(client.post(apply, json={"repair": 99, "to": "x"}), 422, "question.rejected")
    problem(client.post(f"/v1/runs/{solved['id']}:apply-repair", json={"repair": 1}), 404, "run.no_result")


def test_a_repair_of_a_scenario_without_a_name_needs_one(client, answer):
    run, _ = answer(Repairs, "repairs", "repairs", scenario=TIGHT)
    apply = f"/v1/runs/{run['id']}:apply-repair"
    told = problem(client.post(apply, json={"repair": 1}), 422, "request.body")
    assert told["errors"][0]["pointer"] == "/to"
    made = client.post(apply, json={"repair": 1, "to": "mended"}).json()
    assert made["parent_name"] is None and made["version"] == 1


def test_a_feasible_scenario_has_nothing_to_repair(client, asked):
    run = asked("repairs", scenario=SMALL)
    assert (run["state"], run["problem"]["code"]) == ("failed", "repairs.nothing_to_repair")
    assert run["problem"]["status"] == 422
    run = asked("prices", scenario=TIGHT | {"budgets": {"inventory_value": 1.0}})
    assert (run["state"], run["problem"]["code"]) == ("failed", "explain.no_policy")


def test_prices_are_answered_once(client, asked, answer):
    run, found = answer(Prices, "prices", "prices", scenario=SMALL)
    assert len(rows_of(client, run, "prices")) == sum(len(one.steps) for one in found.segments)
    again = asked("prices", scenario=SMALL)
    assert again["cached"] and again["cached_from"] == run["id"]


def test_a_frontier_is_drawn(client, answer):
    run, found = answer(Frontier, "frontier", "frontiers", scenario=SMALL, settings={"points": 3})
    assert len(found.points) == 3
    where = f"/v1/runs/{run['id']}/pictures"
    drawn = client.get(f"{where}/frontier", headers={"Accept": SVG})
    assert ElementTree.fromstring(drawn.content).tag.endswith("svg")
    problem(client.get(f"{where}/frontier", headers={"Accept": "image/png"}), 406, "accept.none_offered")
    problem(client.get(f"{where}/sunset"), 404, "run.no_result")
    problem(client.get(f"/v1/runs/{run['id']}/tables/sunset"), 404, "run.no_result")


def test_saved_runs_are_compared_to_the_cent(client, asked, answer):
    one = asked("runs", scenario=SMALL)
    other = asked("runs", scenario=SMALL | {"name": "later", "carrying_rate_per_year": 0.4})
    run, found = answer(Comparison, "comparison", "comparisons", settings={"runs": [one["id"], other["id"]]})
    (difference,) = found.differences
    assert found.runs == ("small", "later")
    assert difference.moved == pytest.approx(other["objective"] - one["objective"], abs=0.011)
    bridge = rows_of(client, run, "bridge")
    assert sum(round(100 * float(row["amount"])) for row in bridge) == round(100 * difference.moved)
    assert client.get(f"/v1/runs/{run['id']}/pictures/bridge-1").status_code == 200
    problem(client.get(f"/v1/runs/{one['id']}/tables/bridge"), 404, "run.no_result")
    unknown = {"settings": {"runs": [run["id"], "nobody"]}}
    told = problem(client.post("/v1/comparisons", json=unknown), 422, "runs.rejected")
    assert [one["pointer"] for one in told["errors"]] == ["/settings/runs/0", "/settings/runs/1"]
    for wrong in ({"runs": [one["id"]]}, {"runs": [one["id"]] * 7}):
        problem(client.post("/v1/comparisons", json={"settings": wrong}), 422, "request.body")
    beside = {"scenario": SMALL, "settings": {"runs": [one["id"], other["id"]]}}
    problem(client.post("/v1/comparisons", json=beside), 422, "request.body")
    pounds = asked("runs", scenario=SMALL | {"name": "pounds", "currency": "GBP"})
    mixed = asked("comparisons", settings={"runs": [one["id"], pounds["id"]]})
    assert mixed["problem"]["errors"][0]["rule"] == "compare.currency"


def test_saved_runs_are_compared_under_another_time_limit(client_with, tmp_path):
    client = client_with(store_folder=tmp_path)
    runs = [
        ended(client, "runs", scenario=SMALL | {"carrying_rate_per_year": rate})["id"] for rate in (0.2, 0.4)
    ]
    client.__exit__(None, None, None)
    client = client_with(store_folder=tmp_path, solve_seconds=40.0)
    compared = ended(client, "comparisons", settings={"runs": runs})
    assert compared["state"] == "succeeded", compared
    (difference,) = compared_of(client, compared).differences
    assert difference.as_recorded == ()
    assert [one.groups for one in difference.contributions] == [("costs",)]


def test_saved_runs_are_compared_when_their_order_lines_are_gone(client_with, checkout, tmp_path):
    made = wholesaler(np.random.default_rng(3), customers=20, items=12, lines=400)
    lines = tmp_path / "order_lines.csv"
    made.order_lines.to_csv(lines, index=False)
    made.items.to_csv(tmp_path / "items.csv", index=False)
    read = json.loads((checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json").read_bytes())
    read |= {"stock_policies": ["pooled"], "supply": read["supply"][1:], "current_policy": []}
    read["deployments"] = read["deployments"][:1]
    client = client_with(data_folder=tmp_path)
    solved = [ended(client, "runs", scenario=read | {"carrying_rate_per_year": rate}) for rate in (0.2, 0.4)]
    settings = {"runs": [one["id"] for one in solved]}
    lines.unlink()
    compared = ended(client, "comparisons", settings=settings)
    assert compared["state"] == "succeeded", compared
    (difference,) = compared_of(client, compared).differences
    assert difference.as_recorded == tuple(settings["runs"])
    assert "does not exist" in difference.sentence
    moved = solved[1]["objective"] - solved[0]["objective"]
    assert difference.moved == pytest.approx(moved, abs=0.011)
    assert [one.groups for one in difference.contributions] == [("costs",)]


def compared_of(client, run):
    return Comparison.model_validate_json(client.get(f"/v1/runs/{run['id']}/results/comparison").content)


def test_futures_start_from_one_scenario_or_from_named_ones(client, answer):
    futures = [{"name": "as today"}, {"name": "demand up", "times": {"demand": 1.4}}]
    run, found = answer(RobustPolicy, "robust", "robust", scenario=SMALL, settings={"futures": futures})
    assert (run["outcome"], run["objective"]) == (found.held.value, found.objective)
    dear = SMALL | {"name": "dear", "carrying_rate_per_year": 0.5}
    client.put("/v1/scenarios/dear", json=dear, headers={"If-None-Match": "*"})
    settings = {"futures": [{"name": "a"}, {"name": "b"}], "others": [{"name": "dear"}]}
    run, found = answer(RobustPolicy, "robust", "robust", scenario=SMALL, settings=settings)
    assert run["settings"]["others"] == [{"name": "dear", "version": 1}]
    first, second = found.futures
    assert second.cost > first.cost
    settings["others"] = [{"name": "nowhere"}]
    wrong = client.post("/v1/robust", json={"scenario": SMALL, "settings": settings})
    assert problem(wrong, 422, "runs.rejected")["errors"][0]["pointer"] == "/settings/others/0"


@pytest.mark.parametrize(
    ("route", "settings", "rule"),
    [
        ("frontiers", {"weights": [{"weight": 0}]}, "question.no_weight"),
        ("frontiers", {"against": "co2e"}, "question.nothing_to_trade"),
        ("frontiers", {"at_least": 0.9, "at_most": 0.5}, "question.empty_range"),
        ("robust", {"futures": [{"name": "a", "weight": 0}, {"name": "b", "weight": 0}]}, "futures.weights"),
        ("prices", {"only": ["Z/Z"]}, "question.unknown_name"),
    ],
)
def test_a_question_about_nothing_is_a_typed_problem(asked, route, settings, rule):
    run = asked(route, scenario=SMALL, settings=settings)
    assert run["state"] == "failed" and 400 <= run["problem"]["status"] < 500
    assert [one["rule"] for one in run["problem"]["errors"]] == [rule]


def test_inputs_are_screened_and_order_lines_are_asked_for(client, asked, answer):
    inputs = {"freight": {"low": 0.5, "high": 1.5}, "fixed_cost": {"low": 0.5, "high": 1.5}}
    settings = {"samples": 2, "inputs": inputs}
    run, found = answer(Screening, "screening", "screenings", scenario=SMALL, settings=settings)
    assert len(rows_of(client, run, "inputs")) == len(found.inputs) == 2
    rule = {"classes": [{"customer_class": "A", "enter": {"revenue_per_year": 1000}}]}
    for route, chosen in (("class-searches", {}), ("qualifications", rule)):
        run = asked(route, scenario=SMALL, settings=chosen)
        assert run["problem"]["errors"][0]["rule"] == "demand.no_order_lines"


def test_a_route_takes_no_other_kind(client):
    other = client.post("/v1/prices", json={"kind": "repairs", "scenario": SMALL})
    told = problem(other, 422, "request.body")
    assert told["errors"][0]["pointer"] == "/kind"


def test_a_saved_run_is_named_by_its_id_on_the_command_line(client, asked, monkeypatch, tmp_path):
    from typer.testing import CliRunner

    from servicepolicy_api.cli import app

    one, other = (asked("runs", scenario=SMALL | {"name": name}) for name in ("small", "small again"))
    folder = client.app.state.settings.store_folder
    monkeypatch.setenv("SERVICEPOLICY_STORE_FOLDER", str(folder))

    def run(*words):
        return CliRunner().invoke(app, [*words, "--quiet"])

    told = run("compare", one["id"], other["id"], "--json")
    assert told.exit_code == 0, told.output
    assert Comparison.model_validate_json(told.stdout).runs == ("small", "small again")
    told = run("prices", one["id"], "--json", "--out", str(tmp_path))
    assert told.exit_code == 0 and Prices.model_validate_json(told.stdout).scenario == "small"
    told = run("prices", "01890a5d-ac96-774b-bcce-b302099a8057")
    assert told.exit_code == 2 and "file.no_run" in told.stderr
