"""`servicepolicy simulate`, from files to exit code."""

import json
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from servicepolicy_api.asking import canonical
from servicepolicy_api.cli import app
from servicepolicy_api.kinds.solve import answer_of
from servicepolicy_api.memory import served
from servicepolicy_api.running.ending import ending_of
from servicepolicy_api.settings import Settings
from servicepolicy_api.simulating import in_processes, simulated
from servicepolicy_models.simulation import Simulation, SimulationSettings
from servicepolicy_optimizer.demand_reading import DemandFiles
from servicepolicy_store import runs, scenarios
from servicepolicy_store.run_noun import Asked, State
from tests.optimizer.simulate.small_question import question


@pytest.fixture
def run():
    """The command line as a function of its words."""
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def files(tmp_path):
    """A scenario and its policy, as files."""
    asked = question("rationed", (3.0, 15.0))
    scenario, policy = tmp_path / "scenario.json", tmp_path / "policy.json"
    scenario.write_text(asked.scenario.model_dump_json())
    policy.write_text(asked.policy.model_dump_json())
    return policy, scenario


def test_a_policy_is_played_and_told(run, files, tmp_path):
    policy, scenario = files
    out = tmp_path / "out"
    told = run("simulate", policy, "--scenario", scenario, "--runs", 2, "--years", 1, "--out", out)
    assert told.exit_code == 0
    assert "small: 2 runs of 1 years (365 days), demand assumed, seed 1" in told.stdout
    for part in ("Fill rate", "Response time", "Average stock on hand", "How it was played"):
        assert part in told.stdout
    assert "simulation-items.csv" in told.stderr
    assert Simulation.model_validate_json((out / "simulation.json").read_bytes(), strict=True)


def test_broken_promises_are_an_answer(run, files):
    policy, scenario = files
    document = json.loads(policy.read_bytes())
    for item in document["items"]:
        item["reorder_point_pieces"] = -1.0
        item["order_quantity_pieces"] = 1.0
        item["critical_level_pieces"] = {}
    policy.write_text(json.dumps(document))
    told = run("simulate", policy, "--scenario", scenario, "--runs", 2, "--years", 1, "--quiet")
    assert told.exit_code == 0
    assert "4 of 8 promises do not hold, 0 are open." in told.stdout
    assert "Fill rate below its promise: A-X, A-Y, B-X, B-Y." in told.stdout


def test_json_and_seed(run, files):
    policy, scenario = files
    words = ("simulate", policy, "--scenario", scenario, "--runs", 2, "--years", 1, "--json", "--quiet")
    one, again, other = run(*words), run(*words), run(*words, "--seed", 2)
    assert one.stdout == again.stdout != other.stdout
    found = Simulation.model_validate_json(one.stdout, strict=True)
    assert (found.settings.runs, found.settings.seed) == (2, 1)


def test_processes_give_the_same_answer():
    asked = question("rationed", (3.0, 15.0))
    settings = SimulationSettings(runs=3, years=1)
    given = (asked.scenario, DemandFiles(folder=None), asked.policy, settings, lambda *_: None)
    with in_processes(1) as here, in_processes(2) as there:
        assert simulated(*given, here) == simulated(*given, there)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--runs", 0), "/runs"),
        (("--years", -1), "/years"),
        (("--years", "nan"), "/years"),
        (("--years", 0.001), "simulation.too_short"),
        (("--warm-up-days", 0.5), "simulation.short_warm_up"),
        (("--demand", "replay"), "simulation.no_order_lines"),
        (("--demand", "guess"), "guess"),
        (("--workers", 0), "workers"),
        (("--out", "/proc/none"), "Nothing can be written"),
    ],
)
def test_wrong_words_are_bad_input(run, files, words, said):
    policy, scenario = files
    told = run("simulate", policy, "--scenario", scenario, "--quiet", *words)
    assert told.exit_code == 2
    assert said in told.stderr


def test_wrong_files_are_bad_input(run, files, tmp_path):
    policy, scenario = files
    missing = run("simulate", tmp_path / "polic.json", "--scenario", scenario)
    assert (missing.exit_code, "Did you mean" in missing.stderr) == (2, True)
    swapped = run("simulate", scenario, "--scenario", scenario)
    assert swapped.exit_code == 2
    assert "The policy cannot be read" in swapped.stderr
    other = json.loads(scenario.read_bytes())
    other["carrying_rate_per_year"] = 0.4
    scenario.write_text(json.dumps(other))
    told = run("simulate", policy, "--scenario", scenario)
    assert told.exit_code == 2
    assert "policy.other_scenario" in told.stderr


def test_the_policy_of_a_saved_run_is_played(run, tmp_path, monkeypatch):
    """As a run with a deadline leaves it: the proof names a scenario with a shorter time limit."""
    asked = question("rationed", (3.0, 15.0))
    proof = asked.policy.proof.model_copy(update={"scenario_sha256": "0" * 64})
    policy = asked.policy.model_copy(update={"proof": proof})
    monkeypatch.setenv("SERVICEPOLICY_STORE_FOLDER", str(tmp_path / "store"))
    with served(Settings()) as memory:
        kept = canonical(asked.scenario)
        with memory.database.writing() as tx:
            scenarios.keep(tx, kept)
            made = runs.create(tx, Asked("solve", kept.sha256, {}, {}, "c" * 64, 0))
            begun = runs.begin(tx, made.id, "one", 60)
        order = SimpleNamespace(question=SimpleNamespace(remarks=()))
        ending = ending_of(memory, State.SUCCEEDED, answer_of(policy, order))
        with memory.database.writing() as tx:
            runs.finish(tx, begun, ending)
    told = run("simulate", made.id, "--runs", 2, "--years", 1, "--quiet")
    assert told.exit_code == 0, told.output
    assert "small: 2 runs of 1 years" in told.stdout
    unknown = run("simulate", "01890a5d-ac96-774b-bcce-b302099a8057")
    assert unknown.exit_code not in (0, 1) and "no such run" in unknown.stderr
    without = run("simulate", tmp_path / "policy.json")
    assert "--scenario FILE" in without.stderr
