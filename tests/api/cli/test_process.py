"""The command line as a process of its own: streams, exit codes, and how fast it starts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("servicepolicy")


@pytest.fixture
def run(tmp_path):
    """The installed program as a function of its words."""
    if not PROGRAM.exists():
        pytest.skip(f"the program is not installed beside {sys.executable}")

    def process(*words, stdin=None):
        command = [PROGRAM, *map(str, words)]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=tmp_path, timeout=120)

    return process


def modules_loaded_by(*words):
    """The modules that are in memory when a command has ended."""
    code = (
        "import sys\nfrom servicepolicy_api.cli import app\n"
        f"try: app({list(map(str, words))!r})\nexcept SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    return {name.split(".")[0] for name in done.stderr.splitlines()[-1].split()}


HEAVY = {"pyomo", "highspy", "pandas", "numpy", "scipy", "duckdb", "fastapi", "xlsxwriter", "pyarrow"}


def test_help_loads_nothing_heavy_not_even_the_nouns():
    assert modules_loaded_by("--help") & (HEAVY | {"pydantic", "servicepolicy_models"}) == set()


def test_validate_loads_nothing_heavy(checkout):
    shipped = checkout / "scenarios" / "spare-parts" / "scenario.json"
    assert modules_loaded_by("validate", shipped) & HEAVY == set()


def test_a_real_solve_answers_on_standard_output_alone(run, checkout, tmp_path):
    shipped = checkout / "scenarios" / "spare-parts" / "scenario.json"
    done = run("solve", shipped, "--json", "--quiet", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    answered = json.loads(done.stdout)
    assert answered["proof"]["held"] == "optimal"
    assert len(answered["segments"]) == 9
    assert json.loads((tmp_path / "out" / "policy.json").read_bytes()) == answered


def test_a_question_without_an_answer_ends_with_three(run, document, tmp_path):
    document["modes"] = document["modes"][1:]  # nobody delivers within 24 h
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(document))
    done = run("solve", path, "--quiet")
    assert done.returncode == 3, done.stderr
    assert "No policy keeps every promise" in done.stdout


def test_bad_input_ends_with_two_and_without_a_traceback(run, tmp_path):
    (tmp_path / "bad.json").write_text('{"name": NaN}')
    done = run("solve", "bad.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "/name: The value is NaN. Write a text." in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unreadable_file_is_told(run, tmp_path):
    path = tmp_path / "closed.json"
    path.write_text("{}")
    path.chmod(0)
    done = run("validate", path)
    # Whoever may read everything is told what is missing instead.
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_told_by_its_name(tmp_path):
    environment = {"SERVICEPOLICY_PORT": "eighty", "PATH": "/usr/bin:/bin"}
    command = [PROGRAM, "serve"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 2
    assert "SERVICEPOLICY_PORT" in done.stderr
    assert "Traceback" not in done.stderr
