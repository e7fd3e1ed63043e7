"""`servicepolicy backtest` with one's own forecasts and the rules of quoting, from files to exit code."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from servicepolicy_api.cli import app
from tests.optimizer.backtest.worlds import FIRST_DAY, random_lines, scenario
from tests.optimizer.profile.questions import write_lines

ITEMS, DAYS = 12, 140
SHORT = (
    "--promise", "0.9", "--lead-time-days", "5", "--review-days", "1", "--order-cycle-days", "14",
    "--first-judged-day", "84", "--quiet",
)  # fmt: skip


def day(number):
    """A date of the history."""
    return (FIRST_DAY + timedelta(days=number)).isoformat()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A scenario with order lines, and forecasts of all items but one."""
    folder = tmp_path_factory.mktemp("inputs")
    lines = sorted(random_lines(41, items=ITEMS, days=DAYS, lines_a_day=0.8, customers=4))
    rows = [
        (f"O{when}-{who}", f"i{item}", pieces, day(when), 5.0, f"c{who}", "all")
        for when, item, who, pieces in lines
    ]
    asked = scenario(items={"unit_cost_share_of_price": 0.5}).model_dump(mode="json")
    asked["demand"]["path"] = "lines.csv"
    (folder / "scenario.json").write_text(json.dumps(asked))
    write_lines(folder / "lines.csv", rows)
    columns = ("item", "made_on", "pieces_per_day")
    forecasts = [(f"i{item}", day(made), 2.4) for item in range(1, ITEMS) for made in range(0, DAYS, 28)]
    write_lines(folder / "own.csv", forecasts, columns)
    write_lines(folder / "bad.csv", [("i1", day(3), -1), ("i1", "?", 1)], columns)
    return folder


def run(folder, *words):
    """The command line."""
    return CliRunner().invoke(app, ["backtest", str(folder / "scenario.json"), *SHORT, *map(str, words)])


def test_own_forecasts_and_quoting_by_cost(files, tmp_path):
    told = run(files, "--forecast", files / "own.csv", "--quote-by", "cost", "--out", tmp_path)
    assert told.exit_code == 0, told.output
    assert "lines larger than stock for them is worth" in told.stdout
    assert "given" in told.stdout
    found = json.loads((tmp_path / "backtest.json").read_text())
    assert found["plan"]["quote_by"] == "cost"
    assert "forecast.fallen_back" in {one["rule"] for one in found["findings"]}
    assert "given" in (tmp_path / "backtest-items.csv").read_text()


def test_a_quantile_is_still_enough(files):
    told = run(files, "--quote-above", "0.9")
    assert told.exit_code == 0
    assert "lines above the 90.0 % quantile of their item's sizes" in told.stdout
    told = run(files, "--quote-above", "none", "--json")
    assert json.loads(told.stdout)["plan"]["quote_by"] == "none"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--forecast", "bad.csv"), ("is negative", "holds no date")),
        (("--forecast", "absent.csv"), ("does not exist",)),
        (("--quote-by", "luck"), ("quote_by",)),
        (("--quote-by", "quantile", "--quote-above", "none"), ("needs a quantile",)),
    ],
)
def test_what_is_wrong_is_told(files, words, said):
    told = run(files, *(files / word if word.endswith(".csv") else word for word in words))
    assert told.exit_code not in (0, 1)
    for word in said:
        assert word in told.stderr
    assert "Traceback" not in told.output
