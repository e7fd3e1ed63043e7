"""The commands that explain: what they say, write and refuse."""

import csv
import json
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from servicepolicy_api import explanations
from servicepolicy_api.cli import app
from servicepolicy_api.wishes import aim_of
from servicepolicy_models.changes import Aim, ChangeKind
from servicepolicy_models.frontier import Frontier
from servicepolicy_models.prices import Prices
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.repairs import Repairs

LANE = {"bands": [{"cost_per_shipment": 4}], "time": {"mean_hours": 30}}
DEMAND = [
    {
        "customer_class": i,
        "pieces_per_day": 2.0,
        "lines_per_day": 1.0,
        "order_size_second_moment_pieces2": 6.0,
    }
    for i in "AB"
]
SMALL = {
    "name": "small",
    "currency": "EUR",
    "carrying_rate_per_year": 0.25,
    "demand": {
        "kind": "inline",
        "items": [{"item": "x", "item_class": "X", "unit_cost": 20.0, "unit_price": 30.0, "demand": DEMAND}],
    },
    "segmentation": {
        "customers": {"classes": ["A", "B"], "measure": "given", "cut_offs": []},
        "items": {"classes": ["X"], "measure": "given", "cut_offs": []},
    },
    "targets": [{"customer_class": "A", "fill_rate": 0.95}, {"customer_class": "B", "fill_rate": 0.8}],
    "channels": [{"name": "web"}],
    "processes": [{"name": "wave"}],
    "modes": [{"name": "road", "lanes": [LANE]}],
    "supply": [{"name": "near", "fixed_cost_per_order": 10.0, "lead_time_mean_days": 8}],
    "locations": [{"name": "Leeds"}],
    "deployments": [{"name": "central", "serves": {"*": "Leeds"}}],
    "stock_policies": ["pooled", "rationed"],
    "limits": {"rungs": 12},
}


def rows_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture
def run():
    """The command line as a function of its words."""
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def scenario(tmp_path):
    """A file with a scenario of one item; with other parts where they are named."""

    def write(**parts):
        path = tmp_path / "scenario.json"
        path.write_text(json.dumps(SMALL | parts))
        return path

    return write


def test_repairs_are_told_written_and_applied(run, scenario, tmp_path):
    tight = scenario(budgets={"inventory_value": 300.0})
    told = run("repairs", tight, "--quiet", "--out", tmp_path / "told")
    assert told.exit_code == 0, told.output
    assert "Inventory budget:" in told.stdout and "counted from" in told.stdout
    found = Repairs.model_validate_json((tmp_path / "told" / "repairs.json").read_bytes())
    rows = rows_of(tmp_path / "told" / "repairs.csv")
    assert len(rows) == sum(len(one.changes) for one in found.repairs) > 0
    child = tmp_path / "deeper" / "child.json"
    applied = run("repairs", tight, "--quiet", "--apply", 1, "--out", child)
    assert applied.exit_code == 0 and child.is_file()
    repaired = read_scenario(child.read_bytes())
    assert "A repair of 'small'" in repaired.notes[-1]
    solved = run("solve", child, "--quiet", "--json")
    assert solved.exit_code == 0
    cost = json.loads(solved.stdout)["proof"]["objective"]
    assert cost == pytest.approx(found.repairs[0].cost_per_year)


def test_what_is_protected_stays_and_no_repair_is_a_finished_answer(run, scenario):
    tight = scenario(budgets={"inventory_value": 300.0})
    told = run("repairs", tight, "--quiet", "--json", "--protect", "budget")
    changes = [one for repair in json.loads(told.stdout)["repairs"] for one in repair["changes"]]
    assert "budget" not in {one["kind"] for one in changes}
    told = run("repairs", tight, "--quiet", "--protect", "budget", "--protect", "*/*")
    assert told.exit_code == 3
    assert "No set of the changes that are allowed" in told.stdout


def test_the_child_finds_the_files_of_its_scenario_from_where_it_lies(tmp_path):
    from servicepolicy_api.export.child_scenario import moved

    demand = {"kind": "order_lines", "path": "orders.csv", "item_table": "/data/items.csv", "columns": {
        "order": "o", "item": "i", "quantity": "q", "date": "d"}}  # fmt: skip
    asked = read_scenario(SMALL | {"demand": demand})
    child = moved(asked, tmp_path / "questions", tmp_path / "answers" / "deep")
    assert (child.demand.path, child.demand.item_table) == ("../../questions/orders.csv", "/data/items.csv")


def test_prices_are_told_and_written(run, scenario, tmp_path):
    told = run("prices", scenario(), "--quiet", "--out", tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert "Every price is the difference of two exact solutions" in told.stdout
    found = Prices.model_validate_json((tmp_path / "out" / "prices.json").read_bytes())
    rows = rows_of(tmp_path / "out" / "prices.csv")
    assert len(rows) == sum(len(one.steps) for one in found.segments) > 0


def test_a_frontier_is_told_written_and_drawn(run, scenario, tmp_path):
    told = run("frontier", scenario(), "--quiet", "--points", 4, "--out", tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert "none is interpolated" in told.stdout
    found = Frontier.model_validate_json((tmp_path / "out" / "frontier.json").read_bytes())
    assert len(found.points) == 4
    rows = rows_of(tmp_path / "out" / "frontier.csv")
    assert len(rows) == len(found.points) + len(found.markers)
    drawn = ElementTree.parse(tmp_path / "out" / "frontier.svg").getroot()
    dots = [one for one in drawn.iter() if one.tag.endswith("circle")]
    assert len(dots) == sum(one.cost_per_year is not None for one in found.points)
    words = " ".join(one.text or "" for one in drawn.iter())
    assert all(one.name in words for one in found.markers)
    names = {one.name for one in found.markers}
    beside = [float(one.attrib["y"]) for one in drawn.iter() if one.text in names]
    assert all(below - above >= 30 for above, below in pairwise(beside)) and max(beside) < 416


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("repairs",), "nothing to repair"),
        (("prices", "--only", "Z/Z"), "'Z/Z' is no segment"),
        (("frontier", "--points", "1"), "/points"),
        (("frontier", "--weight", "A/X=-2"), "/weights/0/weight"),
        (("frontier", "--weight", "much"), "is no weight of a segment"),
        (("frontier", "--weight", "*/*=0"), "add up to nothing"),
        (("frontier", "--weight", "Q/*=1"), "'Q' is not in the scenario"),
        (("frontier", "--at-least", "0.9", "--at-most", "0.5"), "begins at 0.9"),
        (("frontier", "--against", "co2e"), "nothing to trade"),
    ],
)
def test_a_question_that_does_not_fit_is_refused_in_words(run, scenario, words, said):
    told = run(words[0], scenario(), "--quiet", *words[1:])
    assert told.exit_code == 2
    assert said in told.stderr


def test_an_infeasible_scenario_has_no_prices_and_no_frontier(run, scenario):
    tight = scenario(budgets={"inventory_value": 1.0})
    for command in ("prices", "frontier"):
        told = run(command, tight, "--quiet")
        assert told.exit_code == 2
        assert "inventory budget of 1 EUR" in told.stderr and "repairs" in told.stderr


def test_an_unknown_repair_and_a_wish_that_is_not_one_are_refused(run, scenario, tmp_path):
    tight = scenario(budgets={"inventory_value": 300.0})
    told = run("repairs", tight, "--quiet", "--apply", 99, "--out", tmp_path / "child.json")
    assert told.exit_code == 2 and "There is no repair 99." in told.stderr
    assert not (tmp_path / "child.json").exists()
    assert run("repairs", tight, "--apply", 1).exit_code == 2
    wishes = tmp_path / "wishes.json"
    wishes.write_text('{"weights": [{"weight": 0}], "protect": []}')
    told = run("repairs", tight, "--quiet", "--wishes", wishes)
    assert told.exit_code == 2
    assert "/weights/0/weight" in told.stderr and "/protect" in told.stderr
    told = run("repairs", tight, "--quiet", "--protect", "Atlantis")
    assert told.exit_code == 2 and "'Atlantis' is not in the scenario" in told.stderr


@pytest.mark.parametrize(
    ("words", "aim"),
    [
        ("A/*", Aim(customer_class="A")),
        ("A/X (North)", Aim(customer_class="A", item_class="X", region="North")),
        ("response:B/X", Aim(kind=ChangeKind.RESPONSE, customer_class="B", item_class="X")),
        ("budget", Aim(kind=ChangeKind.BUDGET)),
        ("capacity:Leeds", Aim(kind=ChangeKind.CAPACITY, name="Leeds")),
        ("better_customer_never_served_worse", Aim(name="better_customer_never_served_worse")),
    ],
)
def test_few_words_say_what_is_meant(words, aim):
    assert aim_of(words) == aim


def test_what_is_wrong_with_the_scenario_is_told_before_anything_is_solved(run, scenario, monkeypatch):
    monkeypatch.setattr(explanations, "read_demand", None)
    wrong = scenario(targets=[{"customer_class": "Z", "fill_rate": 0.9}])
    for command in ("repairs", "prices", "frontier"):
        told = run(command, wrong, "--quiet")
        assert told.exit_code == 2 and "'Z'" in told.stderr.replace('"', "'")


def test_interrupted_it_tells_what_was_found_until_then(run, scenario, monkeypatch, tmp_path):
    solved, hold_points = explanations.find_frontier, 2

    def interrupted(asked, files, tell, question, hold):
        held = []

        def keep(found):
            hold(found)
            held.append(found)
            if len(held) == hold_points:
                raise KeyboardInterrupt

        return solved(asked, files, tell, question, keep)

    monkeypatch.setattr(explanations, "find_frontier", interrupted)
    told = run("frontier", scenario(), "--points", 4, "--out", tmp_path, "--quiet")
    assert told.exit_code == 130 and "Interrupted" in told.stderr
    found = Frontier.model_validate_json((tmp_path / "frontier.json").read_text())
    assert (len(found.points), found.complete) == (2, False)
    monkeypatch.setattr(explanations, "find_frontier", _at_once)
    assert run("frontier", scenario(), "--quiet").exit_code == 130


def _at_once(*_):
    raise KeyboardInterrupt
