"""`servicepolicy backtest` and `servicepolicy solve --evidence`, from files to exit code."""

import csv
import json
import xml.etree.ElementTree as ET
from datetime import timedelta

import fastexcel
import pytest
from typer.testing import CliRunner

from servicepolicy_api.cli import app
from servicepolicy_models.backtest import Backtest
from tests.optimizer.backtest.worlds import FIRST_DAY, random_lines, scenario
from tests.optimizer.profile.questions import write_lines

PLAN = ("--lead-time-days", 5, "--order-cycle-days", 14, "--first-judged-day", 160, "--quiet")


@pytest.fixture
def run():
    """The command line as a function of its words."""
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A scenario and 260 days of its order lines, as files."""
    folder = tmp_path_factory.mktemp("backtest")
    rows = [
        (
            f"O{day}-{who}",
            f"I{item:02d}",
            pieces,
            (FIRST_DAY + timedelta(days=day)).isoformat(),
            2.5,
            f"C{who}",
            "x",
        )
        for day, item, who, pieces in sorted(random_lines(2, items=30, days=260))
    ]
    asked = scenario(items={"unit_cost_share_of_price": 0.5})
    (folder / "scenario.json").write_text(asked.model_dump_json(exclude_none=True))
    return folder / "scenario.json", write_lines(folder / "lines.csv", rows)


def test_a_history_is_judged_told_and_written(run, files, tmp_path):
    scenario_file, lines = files
    out = tmp_path / "out"
    told = run(
        "backtest",
        scenario_file,
        "--orders",
        lines,
        "--promise",
        0.85,
        "--promise",
        0.95,
        *PLAN,
        "--out",
        out,
    )
    assert told.exit_code == 0, told.stderr
    for part in ("Promised and achieved", "Every segment promised 85 %", "From refit to refit", "broke 95 %"):
        assert part in told.stdout
    found = Backtest.model_validate_json((out / "backtest.json").read_bytes(), strict=True)
    assert [one.promised_fill_rate for one in found.promises] == [0.85, 0.95]
    assert found.plan.lead_time_days == 5
    with (out / "backtest-items.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["promised_fill_rate"] for row in rows} == {"0.85", "0.95"}
    assert len({row["item"] for row in rows}) == 30
    with (out / "backtest-segments.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 8
    ET.fromstring((out / "backtest.svg").read_text())


def test_as_json_nothing_else_is_said(run, files):
    scenario_file, lines = files
    told = run("backtest", scenario_file, "--orders", lines, *PLAN, "--quote-above", "none", "--json")
    document = json.loads(told.stdout)
    assert document["plan"]["promises"] == [0.9]
    assert document["plan"]["quote_above_quantile"] is None
    assert all(one["quoted_share_of_lines"] == 0 for one in document["promises"][0]["segments"])


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("--promise", 1.5), "/promises/0"),
        (("--refit-days", 0), "/refit_days"),
        (("--quote-above", "often"), "/quote_above_quantile"),
        (("--lead-time-days", -3), "/lead_time_days"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(run, files, words, where):
    scenario_file, lines = files
    told = run("backtest", scenario_file, "--orders", lines, *words)
    assert told.exit_code == 2
    assert where in told.stderr


def test_a_history_too_short_is_an_answer_of_its_own(run, files):
    scenario_file, lines = files
    told = run("backtest", scenario_file, "--orders", lines, "--lead-time-days", 120, "--quiet")
    assert told.exit_code == 4
    assert "nothing can be judged" in told.stdout
    assert "backtest.history_too_short" in told.stdout


def test_a_policy_says_how_sure_its_promises_are(run, files, tmp_path):
    scenario_file, lines = files
    told = run("solve", scenario_file, "--orders", lines, "--evidence", "--quiet", "--out", tmp_path)
    assert told.exit_code == 0, told.stderr
    assert "How sure the promises are" in told.stdout
    policy = json.loads((tmp_path / "policy.json").read_text())
    assert policy["evidence"]["judged"]
    assert [one["promised_fill_rate"] for one in policy["evidence"]["segments"]] == [
        one["promised_fill_rate"] for one in policy["segments"]
    ]
    sheet = fastexcel.read_excel(tmp_path / "policy.xlsx").load_sheet("Evidence")
    assert sheet.height == len(policy["segments"])
