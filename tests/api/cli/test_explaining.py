"""The commands that explain, through the runner: words, files, JSON, and how bad input is told."""

import csv
import json
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from servicepolicy_api.cli import app
from servicepolicy_api.export.bridge_svg import bridge
from servicepolicy_models.comparison import Comparison, Contribution, Difference, InputGroup
from servicepolicy_models.cost import Cost
from servicepolicy_models.futures import RobustPolicy
from tests.optimizer.small_inline import small_scenario

MODES = [
    {"name": name, "lanes": [{"bands": [{"cost_per_shipment": cost}], "time": {"mean_hours": 20}}]}
    for name, cost in (("road", 4.0), ("courier", 3.5))
]


@pytest.fixture
def run():
    """The command line as a function of its words."""
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def scenario(tmp_path):
    """A small world as a file."""
    return written(tmp_path / "today.json")


def written(path, **changes):
    path.write_text(small_scenario(1, modes=MODES, **changes).model_dump_json(), encoding="utf-8")
    return path


def test_compare_tells_writes_and_adds_up(run, scenario, tmp_path):
    later = written(tmp_path / "later.json", name="later", carrying_rate_per_year=0.5)
    assert run("solve", scenario, "--out", tmp_path / "run", "--quiet").exit_code == 0
    (tmp_path / "run" / "scenario.json").write_bytes(scenario.read_bytes())
    told = run("compare", tmp_path / "run", later, "--out", tmp_path / "out", "--quiet")
    assert told.exit_code == 0, told.output
    assert "later costs" in told.stdout and "Carrying rate per year: 0.5 instead of 0.25." in told.stdout
    found = Comparison.model_validate_json((tmp_path / "out" / "comparison.json").read_bytes())
    one = found.differences[0]
    with (tmp_path / "out" / "comparison-bridge.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(round(100 * float(row["amount"])) for row in rows) == round(100 * one.moved)
    picture = (tmp_path / "out" / "comparison-bridge-1.svg").read_text(encoding="utf-8")
    assert f"{one.cost_after:,.2f}" in picture and ElementTree.fromstring(picture).tag.endswith("svg")


def test_bad_runs_are_told_with_their_mend(run, scenario, tmp_path):
    pounds = written(tmp_path / "pounds.json", name="pounds", currency="GBP")
    for words, rule in (
        (("compare", scenario), "compare.too_few"),
        (("compare", scenario, pounds), "compare.currency"),
        (("compare", scenario, scenario, "--in-order", "weather"), "compare.order"),
        (("compare", scenario, tmp_path / "none.json"), "file.missing"),
        (("compare", scenario, scenario, *("--orders", "a") * 3), "question.orders"),
    ):
        told = run(*words, "--quiet")
        assert (told.exit_code, rule in told.stderr) == (2, True), told.output


def test_a_folder_whose_policy_is_none_is_told(run, scenario, tmp_path):
    (tmp_path / "scenario.json").write_bytes(scenario.read_bytes())
    (tmp_path / "policy.json").write_text('{"scenario": 3}', encoding="utf-8")
    told = run("compare", tmp_path, scenario, "--quiet")
    assert told.exit_code == 2 and "file.no_policy" in told.stderr


def test_robust_tells_writes_and_ends_with_its_code(run, scenario, tmp_path):
    futures = tmp_path / "futures.json"
    asked = {
        "futures": [
            {"name": "as today", "weight": 3},
            {"name": "demand up", "times": {"demand": 1.5}},
            {"name": "courier fails", "without": ["mode:courier"]},
        ]
    }
    futures.write_text(json.dumps(asked), encoding="utf-8")
    words = ("robust", scenario, "--futures", futures, "--measure", "regret", "--quiet")
    told = run(*words, "--out", tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert "Safe to publish" in told.stdout and "courier fails" in told.stdout
    found = RobustPolicy.model_validate_json((tmp_path / "out" / "robust.json").read_bytes())
    assert found.measure == "regret" and {one.mode for one in found.segments} == {"road"}
    assert (tmp_path / "out" / "robust-futures.csv").read_text(encoding="utf-8").count("\n") == 4


def test_futures_that_are_none_are_told(run, scenario, tmp_path):
    futures = tmp_path / "futures.json"
    for document, words, rule in (
        ({"futures": [{"name": "one"}]}, (), "futures.too_few"),
        ({"futures": [{"name": "a", "weight": 0}, {"name": "b", "weight": 0}]}, (), "futures.weights"),
        ({"futures": [{"name": "a", "times": {"weather": 2}}]}, (), "futures.json/futures/0/times"),
        ({"futures": [{"name": "a"}, {"name": "b"}]}, ("--measure", "hope"), "scenario.wrong_value"),
        ({"futures": [{"name": "a"}, {"name": "b"}]}, ("--weight", "1"), "futures.weights_twice"),
    ):
        futures.write_text(json.dumps(document), encoding="utf-8")
        told = run("robust", scenario, "--futures", futures, *words, "--quiet")
        assert (told.exit_code, rule in told.stderr) == (2, True), told.output
    told = run("robust", scenario, scenario, "--weight", "1", "--quiet")
    assert told.exit_code == 2 and "futures.weights_missing" in told.stderr


def test_screen_ranks_the_inputs(run, scenario, tmp_path):
    inputs = tmp_path / "inputs.json"
    ranges = {"freight": {"low": 0.5, "high": 1.5}, "fixed_cost": {"low": 0.5, "high": 1.5}}
    inputs.write_text(json.dumps({"inputs": ranges}), encoding="utf-8")
    told = run("screen", scenario, "--inputs", inputs, "--samples", 2, "--json", "--quiet")
    assert told.exit_code == 0, told.output
    assert [one["name"] for one in json.loads(told.stdout)["inputs"]] == ["freight", "fixed_cost"]


def test_questions_about_order_lines_need_order_lines(run, scenario, tmp_path):
    rule = tmp_path / "rule.json"
    entering = {"customer_class": "A", "enter": {"revenue_per_year": 1000}}
    rule.write_text(json.dumps({"classes": [entering]}), encoding="utf-8")
    for words in (("qualify", scenario, "--rule", rule), ("classes", scenario)):
        told = run(*words, "--quiet")
        assert told.exit_code == 2 and "demand.no_order_lines" in told.stderr
    rule.write_text(json.dumps({"classes": [entering | {"enter": {}}]}), encoding="utf-8")
    told = run("qualify", scenario, "--rule", rule, "--quiet")
    assert told.exit_code == 2 and "asks nothing of those who enter" in told.stderr


def test_who_qualifies_is_told_and_written(run, tmp_path):
    assert run("generate", "--out", tmp_path, "--customers", 30, "--items", 20, "--lines", 600).exit_code == 0
    document = json.loads((tmp_path / "scenario.json").read_bytes())
    document["limits"] = {"rungs": 4, "price_levels": 4, "refinements": 1}
    document["stock_policies"] = ["pooled"]
    (tmp_path / "scenario.json").write_text(json.dumps(document), encoding="utf-8")
    rule = tmp_path / "rule.json"
    classes = [
        {"customer_class": "A", "enter": {"revenue_per_year": 20000, "loyalty_periods": 2}},
        {"customer_class": "B", "enter": {"revenue_per_year": 5000}},
    ]
    rule.write_text(json.dumps({"classes": classes}), encoding="utf-8")
    words = ("qualify", tmp_path / "scenario.json", "--rule", rule, "--quiet", "--out", tmp_path / "out")
    told = run(*words)
    assert told.exit_code == 0, told.output
    found = json.loads((tmp_path / "out" / "qualification.json").read_bytes())
    assert f"Of {found['customers']:,} customers" in told.stdout
    with (tmp_path / "out" / "qualification-moves.csv").open(encoding="utf-8", newline="") as file:
        moves = list(csv.DictReader(file))
    assert len(moves) == len(found["moves"]) > 0
    assert sum(float(one["moved"]) for one in moves) == pytest.approx(found["moved"], abs=0.01)


def test_the_bridge_reaches_from_the_one_cost_to_the_other():
    parts = [(InputGroup.COSTS, 20.0), (InputGroup.DEMAND, -50.0)]
    difference = Difference(
        before="<old>", after="new", cost_before=100.0, cost_after=70.0, moved=-30.0, method="shapley",
        order=(), orders_counted=2, solves=4, sentence="It fell.",
        contributions=tuple(
            Contribution(groups=(group,), amount=amount, parts=Cost(), sentence="") for group, amount in parts
        ),
    )  # fmt: skip
    root = ElementTree.fromstring(bridge(difference, "EUR"))
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[1:] == ["<old>", "100.00", "costs", "+20.00", "demand", "-50.00", "new", "70.00"]
    bars = [one for one in root.iter("{http://www.w3.org/2000/svg}rect")][1:]
    ends = [(float(one.get("x")), float(one.get("x")) + float(one.get("width"))) for one in bars]
    assert ends[1][0] == pytest.approx(ends[0][1], abs=0.2) and ends[2][0] == pytest.approx(
        ends[3][1], abs=0.2
    )


def test_bars_that_are_cut_say_so_and_stay_right_of_their_names():
    part = Contribution(groups=(InputGroup.COSTS,), amount=10.0, parts=Cost(), sentence="")
    difference = Difference(
        before="a name " * 20, after="new", cost_before=100_000.0, cost_after=100_010.0, moved=10.0,
        method="shapley", order=(), orders_counted=1, solves=2, contributions=(part,), sentence="",
    )  # fmt: skip
    root = ElementTree.fromstring(bridge(difference, "EUR"))
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[1] == "all bars begin at 99,000, not at 0"
    assert max(map(len, texts)) < 50
    bars = [one for one in root.iter("{http://www.w3.org/2000/svg}rect")][1:]
    assert all(float(one.get("x")) >= 334 for one in bars)


def test_bars_that_are_not_cut_begin_beside_their_names():
    part = Contribution(groups=(InputGroup.COSTS,), amount=90.0, parts=Cost(), sentence="")
    difference = Difference(
        before="old", after="new", cost_before=10.0, cost_after=100.0, moved=90.0,
        method="shapley", order=(), orders_counted=1, solves=2, contributions=(part,), sentence="",
    )  # fmt: skip
    root = ElementTree.fromstring(bridge(difference, "EUR"))
    first, *_ = [one for one in root.iter("{http://www.w3.org/2000/svg}rect")][1:]
    assert float(first.get("x")) == 334
