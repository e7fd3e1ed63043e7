"""What the README says can be typed, set and read is what there is."""

import re
import shlex

import pytest
import typer

from servicepolicy_api.answering import answer
from servicepolicy_api.cli import app
from servicepolicy_api.cli.exits import ExitCode
from servicepolicy_api.settings import Settings
from servicepolicy_models.policy import Policy
from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.demand_reading import DemandFiles

PAGES = ["README.md", *(f"scenarios/{name}/README.md" for name in ("online-retail", "brunel-logistics"))]


@pytest.fixture(scope="module")
def readme(checkout):
    return (checkout / "README.md").read_text(encoding="utf-8")


def typed(text):
    """The commands of the program in the indented blocks of a page."""
    return re.findall(r"^ {4}servicepolicy (.+?)(?: +#.*)?$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_can_be_typed(checkout, page):
    program = typer.main.get_command(app)
    lines = typed((checkout / page).read_text(encoding="utf-8"))
    assert lines
    for line in lines:
        name, *arguments = shlex.split(line)
        command = program.commands[name]
        command.make_context(name, arguments)  # raises what the user would see


def test_every_scenario_that_is_named_is_there(checkout, readme):
    named = re.findall(r"\bscenarios/[\w/.-]+\.(?:json|py)", readme)
    assert named
    assert [path for path in named if not (checkout / path).is_file()] == []


def test_the_defaults_of_the_settings_are_those_told(readme):
    row = r"^\| `(?:SERVICEPOLICY_)?(?=[A-Z])(\w+)` \| `?([\w.]+)`? \|"
    told = dict(re.findall(row, readme, flags=re.MULTILINE))
    # What depends on the machine is told in words.
    fixed = {name: field for name, field in Settings.model_fields.items() if field.default_factory is None}
    defaults = {name.upper(): field.default for name, field in fixed.items()}
    written = {
        name: "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in defaults.items()
    }
    assert told == written


def test_the_exit_codes_are_those_told(readme):
    table = readme.split("| exit code |")[1].split("\n\n")[0]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", table, flags=re.MULTILINE)] == list(ExitCode)


def test_the_answer_that_is_shown_has_fields_that_exist(readme):
    shown = readme.split("The answer, with much left out")[1].split("\n\n|")[0]
    fields = set(re.findall(r'"(\w+)":', shown))
    schema = Policy.model_json_schema(mode="serialization")
    known = {name for noun in (schema, *schema["$defs"].values()) for name in noun.get("properties", ())}
    assert "segments" in fields
    assert fields <= known


@pytest.mark.slow  # solves once
def test_the_answer_that_is_shown_is_the_answer(checkout, readme):
    folder = checkout / "scenarios" / "spare-parts"
    asked = read_scenario((folder / "scenario.json").read_bytes())
    policy = answer(asked, DemandFiles(folder), lambda stage, done, word: None)
    shown = readme.split("The answer, with much left out")[1].split("\n\n|")[0]
    told = {name: float(text) for name, text in re.findall(r'"(\w+)": ([\d.]+)', shown)}
    parts = {**policy.segments[0].model_dump(), **policy.cost.model_dump()}
    known = {**parts, "objective": policy.proof.objective, "item_level_gap": policy.proof.item_level_gap}
    compared = told.keys() & known.keys()
    assert {"objective", "inventory", "planned_fill_rate"} <= compared
    # As many digits as are written.
    assert {name: told[name] for name in compared} == {
        name: pytest.approx(known[name], rel=1e-3, abs=5e-5) for name in compared
    }
