"""What an ERP system does: look lines up, import item parameters; and what is asked about a solved run."""

import csv
import io

import pytest

from servicepolicy_models.simulation import Simulation
from tests.api.http.conftest import JSON
from tests.api.http.test_problems import problem

WAIT = {"Prefer": "wait=30"}


@pytest.fixture(scope="module")
def solved(client, checkout):
    """The run of a small solve, and its policy."""
    body = (checkout / "scenarios" / "spare-parts" / "scenario.json").read_bytes()
    answered = client.post("/v1/solve", content=body, headers=JSON)
    run = answered.headers["Location"].rpartition("/")[2]
    made = client.put("/v1/policies/parts", json={"run": run}, headers={"If-None-Match": "*"})
    assert made.status_code == 201, made.text
    return run, answered.json()


def rows(answered):
    """The rows of a CSV answer."""
    assert answered.status_code == 200, answered.text
    assert answered.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answered.text)))


def ordered_by_odoo(rule, forecast, version):
    """What Odoo's rule orders at a forecast; from version 18 on what exceeds a maximum is rounded down."""
    least, most, multiple = (float(rule[f]) for f in ("product_min_qty", "product_max_qty", "qty_multiple"))
    if forecast >= least:
        return 0.0
    wanted = max(least, most) - forecast
    rounds_down = version >= 18 and most > 0
    return wanted // multiple * multiple if rounds_down else -(-wanted // multiple) * multiple


def test_odoo_orders_what_the_policy_says(client, solved):
    run, policy = solved
    found = rows(client.get(f"/v1/runs/{run}/item-parameters?form=odoo"))
    assert len({one["id"] for one in found}) == len(found) == len(policy["items"])
    for rule, item in zip(found, policy["items"], strict=True):
        point, quantity = item["reorder_point_pieces"], item["order_quantity_pieces"]
        assert (rule["product_id"], rule["trigger"]) == (item["item"], "auto")
        for version in (14, 18):
            assert ordered_by_odoo(rule, point + 1, version) == 0
            assert ordered_by_odoo(rule, point, version) == pytest.approx(quantity)
            assert ordered_by_odoo(rule, point - quantity, version) == pytest.approx(2 * quantity)


def test_erpnext_gets_every_level_under_its_item(client, solved):
    found = rows(client.get("/v1/policies/parts/item-parameters?form=erpnext"))
    items = {
        (one["item"], one["reorder_point_pieces"], one["order_quantity_pieces"]) for one in solved[1]["items"]
    }
    named, read = "", set()
    for row in found:
        named = row["ID"] or named
        level = float(row["reorder_levels.warehouse_reorder_level"])
        read.add((named, level, float(row["reorder_levels.warehouse_reorder_qty"])))
    assert {name for name, *_ in read} == {name for name, *_ in items}
    assert len(found) == len(items)
    assert sorted(level for _, level, _ in read) == sorted(level for _, level, _ in items)


def test_the_plain_form_is_the_item_table_with_its_version(client, solved):
    answered = client.get("/v1/policies/parts/item-parameters")
    assert answered.headers["ETag"] == '"1"'
    found = rows(answered)
    assert {"reorder_point_pieces", "order_quantity_pieces", "critical_level_pieces_A"} <= set(found[0])
    problem(client.get("/v1/policies/parts/item-parameters?form=sap"), 422, "request.parameters")
    problem(client.get("/v1/policies/other/item-parameters"), 404, "store.not_there")


def test_a_line_is_looked_up_in_the_policy_in_force(client, solved):
    item = solved[1]["items"][0]["item"]
    found = client.get(f"/v1/policies/parts/lookup?item={item}&customer_class=A").json()
    assert (found["run"], found["version"], found["quote_above_pieces"]) == (solved[0], 1, None)


def test_the_policy_of_a_run_is_played(client, solved):
    play = {"years": 0.5, "runs": 2, "seed": 3}
    body = {"kind": "simulate", "run": solved[0], "settings": {"play": play}}
    told = client.post("/v1/runs", json=body, headers=WAIT).json()
    assert (told["state"], told["outcome"], told["settings"]["policy_of"]) == ("succeeded", "done", solved[0])
    found = Simulation.model_validate(told["result"])
    assert (found.settings.runs, found.settings.seed, found.items) == (2, 3, ())
    results = {
        one["name"]: one["rows"] for one in client.get(f"/v1/runs/{told['id']}/results").json()["results"]
    }
    assert results == {"simulation": None, "segments": 9, "item_classes": 3, "items": len(solved[1]["items"])}
    items = rows(client.get(f"/v1/runs/{told['id']}/results/items", headers={"Accept": "text/csv"}))
    assert {one["item"] for one in items} == {one["item"] for one in solved[1]["items"]}


def test_what_cannot_be_played_is_said(client, solved):
    body = {"kind": "simulate", "run": solved[0], "patch": {"carrying_rate_per_year": 0.5}}
    told = client.post("/v1/runs", json=body, headers=WAIT).json()
    assert (told["state"], told["problem"]["code"]) == ("failed", "policy.rejected")
    assert told["problem"]["errors"][0]["rule"] == "policy.other_scenario"
    body = {"kind": "simulate", "run": solved[0], "settings": {"policy_of": "nobody"}}
    told = client.post("/v1/runs", json=body, headers=WAIT).json()
    assert told["problem"]["errors"][0]["rule"] == "policy.no_run"
    problem(client.post("/v1/runs", json={"kind": "simulate", "run": "nobody"}), 404, "store.not_there")


def test_a_backtest_needs_order_lines(client, solved):
    told = client.post("/v1/runs", json={"kind": "backtest", "run": solved[0]}, headers=WAIT).json()
    assert told["problem"]["errors"][0]["rule"] == "demand.no_order_lines"
