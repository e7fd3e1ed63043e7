"""Every command, through the runner: what it says where, and how it ends."""

import json

import pytest
from typer.testing import CliRunner

from servicepolicy_api.cli import app, finding_a_policy
from servicepolicy_api.json_schema import NOUN_OF
from servicepolicy_models.errors import AuditFailed, OrderLinesRejected, SolverFailed, error
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held
from tests.api import policies


@pytest.fixture
def run():
    """The command line as a function of its words."""
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def scenario(spare_parts, tmp_path):
    """A scenario file."""
    path = tmp_path / "scenario.json"
    path.write_bytes(spare_parts)
    return path


@pytest.fixture
def answered(monkeypatch):
    """Let every question be answered with this policy, or with this error."""

    def answer_with(given):
        def answer(scenario, files, tell):
            tell("stage [red]one[/red]", 0.5, ":smile:")
            if isinstance(given, BaseException):
                raise given
            return given

        monkeypatch.setattr(finding_a_policy, "answer", answer)

    return answer_with


def test_without_words_it_lists_the_commands(run):
    told = run()
    for command in ("validate", "profile", "solve", "simulate", "demo", "generate", "serve", "schema"):
        assert command in told.output


def test_the_version_is_the_installed_one(run):
    told = run("--version")
    assert (told.exit_code, told.stdout.split()[0]) == (0, "servicepolicy")
    assert told.stdout.split()[1][0].isdigit()


def test_a_valid_scenario_is_called_valid_with_its_size_and_defaults(run, scenario):
    told = run("validate", scenario)
    assert told.exit_code == 0
    for words in ("spare-parts is a valid scenario.", "12 items", "/promise_ladder"):
        assert words in told.stdout


def test_validate_as_json_is_json_alone(run, scenario):
    told = run("validate", scenario, "--json")
    review = json.loads(told.stdout)
    assert (review["valid"], review["size"]["segments"], told.stderr) == (True, 9, "")
    assert {"field": "/days_per_year", "value": 365.0, "count": 1} in review["defaults"]
    assert {"field": "/demand/items/*/demand/*/region", "value": "all", "count": 36} in review["defaults"]


def test_an_invalid_scenario_tells_everything_at_once(run, scenario, document):
    document["targets"][0]["fill_rate"] = 1.5
    document["chanels"] = document.pop("channels")
    scenario.write_text(json.dumps(document))
    told = run("validate", scenario)
    assert told.exit_code == 2
    for words in ("/targets/0/fill_rate", "/chanels", 'Did you mean "channels"?', "/channels"):
        assert words in told.stdout
    review = json.loads(run("validate", scenario, "--json").stdout)
    assert not review["valid"]
    assert {one["where"] for one in review["findings"]} == {"/targets/0/fill_rate", "/chanels", "/channels"}


def test_a_solve_tells_the_promises_and_writes_the_files(run, scenario, answered, policy, tmp_path):
    answered(policy)
    told = run("solve", scenario, "--out", tmp_path / "out")
    assert told.exit_code == 0
    assert "92.5 % within 48 h" in told.stdout
    names = {"policy.json", "policy.xlsx", "policy-segments.csv", "policy-items.csv"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    assert "policy.xlsx" in told.stderr


def test_solve_as_json_is_json_alone(run, scenario, answered, policy):
    answered(policy)
    told = run("solve", scenario, "--json")
    assert Policy.model_validate_json(told.stdout) == policy
    assert run("solve", scenario, "--json", "--quiet").stderr == ""


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (policies.policy(), 0),
        (policies.refusal(), 3),
        (policies.nothing_held(), 4),
        (OrderLinesRejected([error("orders.csv", "has no column 'Qty'.", "x", "Add it.")]), 2),
        (SolverFailed(), 1),
        (AuditFailed([error("/cost", "differs.", "x", "Report it.")]), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_the_exit_code_tells_how_it_ended(run, scenario, answered, given, code):
    answered(given)
    told = run("solve", scenario, "--quiet")
    assert told.exit_code == code
    assert "Traceback" not in told.output
    if isinstance(given, OrderLinesRejected):
        assert "has no column 'Qty'. Add it." in told.stderr
        assert told.stdout == ""


def test_infeasible_as_json_is_still_an_answer(run, scenario, answered):
    answered(policies.refusal())
    told = run("solve", scenario, "--json", "--quiet")
    assert told.exit_code == 3
    assert Policy.model_validate_json(told.stdout).proof.held is Held.INFEASIBLE


def test_a_closed_pipe_is_no_error_of_ours(run, scenario, answered):
    answered(BrokenPipeError())
    told = run("solve", scenario, "--quiet")
    assert told.exit_code == 130
    assert told.stderr == ""


def test_what_nobody_foresaw_is_raised_for_those_who_mend_it(run, scenario, answered):
    answered(ZeroDivisionError("odd"))
    told = run("solve", scenario, "--quiet")
    assert told.exit_code == 1
    assert isinstance(told.exception, ZeroDivisionError)


@pytest.mark.parametrize("command", ["validate", "solve"])
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "There is no such file."),
        (lambda path: path.mkdir(), "This is a folder."),
        (lambda path: path.write_bytes(b"{"), "not JSON: EOF while parsing an object at line 1 column 1"),
        (lambda path: path.write_bytes(b'{"name":\n "x",}'), "line 2 column 6"),
        (lambda path: path.write_bytes(b"\x00\x01PK"), "not JSON"),
        (lambda path: path.write_bytes(b""), "not JSON"),
        (lambda path: path.write_bytes(b"[]"), "Write an object."),
        (lambda path: path.write_bytes(b'{"a":' * 5000), "not JSON"),
    ],
)
def test_a_scenario_file_that_is_none_is_told_without_a_traceback(run, tmp_path, command, make, words):
    path = tmp_path / "question.json"
    make(path)
    told = run(command, path)
    assert told.exit_code == 2
    assert words in told.output
    assert "Traceback" not in told.output


def test_a_misspelt_file_gets_a_suggestion(run, scenario):
    told = run("solve", scenario.with_name("scenari.json"))
    assert f"Did you mean {scenario}?" in told.stderr


def test_a_folder_that_holds_a_scenario_is_pointed_into(run, scenario):
    told = run("validate", scenario.parent)
    assert f"such as {scenario}" in told.stderr


def test_missing_order_lines_are_told_before_anything_is_solved(run, checkout, tmp_path):
    shipped = checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json"
    told = run("solve", shipped, "--out", tmp_path, "--quiet")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "order_lines.csv" in told.stderr


def test_an_unwritable_folder_is_told_before_anything_is_solved(run, scenario, answered):
    answered(AssertionError("solved in vain"))
    told = run("solve", scenario, "--out", scenario / "below")
    assert told.exit_code == 2
    assert "Nothing can be written to this folder" in told.stderr


def test_unknown_options_are_bad_input(run, scenario):
    assert run("solve", scenario, "--frobnicate").exit_code == 2
    assert run("solve").exit_code == 2
    assert run("schema", "cat").exit_code == 2


@pytest.mark.parametrize("document", NOUN_OF)
def test_the_published_schema_is_what_the_command_writes(run, checkout, document):
    told = run("schema", document)
    published = checkout / "docs" / "schema" / f"{document}.schema.json"
    mend = "run: make docs"
    assert published.read_text(encoding="utf-8") == told.stdout, mend


def test_generate_makes_a_distributor_of_the_asked_size(run, tmp_path):
    made = run("generate", "--out", tmp_path, "--matrix", "2x2x2")
    assert made.exit_code == 0
    assert "8 segments" in run("validate", tmp_path / "scenario.json").stdout
    refused = run("generate", "--out", tmp_path, "--matrix", "27x1x1")
    assert refused.exit_code == 2
    assert "No segments can be made of this matrix." in refused.stderr and "9x3x37" in refused.stderr


def test_generate_writes_the_same_bytes_from_the_same_seed(run, tmp_path):
    sizes = ("--customers", 20, "--items", 30, "--lines", 200)
    for folder, seed in (("one", 5), ("again", 5), ("other", 6)):
        assert run("generate", "--out", tmp_path / folder, "--seed", seed, *sizes).exit_code == 0
    one, again, other = (
        {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}
        for folder in ("one", "again", "other")
    )
    assert set(one) == {"order_lines.csv", "items.csv", "scenario.json"}
    assert one == again
    assert one["order_lines.csv"] != other["order_lines.csv"]


def test_profile_shows_the_matrix_and_writes_its_tables(run, tmp_path):
    made, out = tmp_path / "made", tmp_path / "out"
    run("generate", "--out", made, "--customers", 20, "--items", 30, "--lines", 300)
    told = run("profile", made / "order_lines.csv", "--scenario", made / "scenario.json", "--out", out)
    assert told.exit_code == 0, told.output
    assert "Customers and items: share of revenue" in told.stdout
    assert {path.name for path in out.iterdir()} == {
        "profile.json", "profile-customers.csv", "profile-items.csv",
    }  # fmt: skip
    told = run("profile", made / "order_lines.csv", "--scenario", made / "scenario.json", "--json")
    assert json.loads(told.stdout)["total"]["lines"] > 250


@pytest.mark.parametrize("command", ["solve", "prices", "frontier", "repairs"])
def test_order_lines_that_nobody_would_read_are_refused(run, scenario, tmp_path, command):
    told = run(command, scenario, "--orders", tmp_path / "lines.csv")
    assert told.exit_code == 2
    assert "not read: lines.csv" in told.output and "demand.tables_not_read" in told.output


def test_a_profile_needs_order_lines(run, scenario):
    told = run("profile", "none.csv", "--scenario", scenario)
    assert told.exit_code == 2
    assert "/demand/kind" in told.stderr
