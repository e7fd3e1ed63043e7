"""People and CI use the same verbs, and the README names the two that matter."""

import os
import re
import shutil
import subprocess

import pytest

VERBS = ["help", "setup", "demo", "test", "test-spark", "lint", "serve", "bench", "bench-full", "storm",
         "faults", "load", "sweep", "contract", "paint", "docs", "lock", "clean"]  # fmt: skip


@pytest.fixture(scope="module")
def make():
    """`make` as a function from its arguments to what it prints."""
    program = shutil.which("make")
    if program is None:
        pytest.skip("make is not installed")

    def run(*arguments, cwd):
        environment = {"PATH": os.environ["PATH"]}
        command = [program, "--no-print-directory", *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)

    return run


def test_make_alone_lists_the_verbs(checkout, make):
    listed = re.findall(r"^  make ([\w-]+)", make(cwd=checkout).stdout, flags=re.MULTILINE)
    assert listed == VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_complete(checkout, make, verb):
    """A dry run finds every prerequisite and every variable."""
    told = make("--dry-run", "--warn-undefined-variables", verb, cwd=checkout)
    assert (told.returncode, [line for line in told.stderr.splitlines() if "warning" in line]) == (0, [])


@pytest.mark.parametrize("verb", ["demo", "test"])
def test_the_readme_names_the_verb(checkout, verb):
    assert f"make {verb}" in (checkout / "README.md").read_text(encoding="utf-8")


def test_ci_runs_the_verbs_and_stops_at_the_first_failure(checkout):
    script = checkout / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
    assert text.splitlines()[0] == "#!/usr/bin/env bash" and "set -euo pipefail" in text
    positions = [text.index(f"step 'make {verb}") for verb in ("lint", "test", "demo")]
    assert positions == sorted(positions)


@pytest.mark.parametrize("python", ["", "no-such-python"])
def test_set_up_without_a_fit_python_says_what_to_do(checkout, make, tmp_path, python):
    for name in ("Makefile", "pyproject.toml", "requirements-setup.lock", "requirements.lock"):
        shutil.copy(checkout / name, tmp_path / name)
    told = make("setup", f"PYTHON={python}", cwd=tmp_path)
    assert told.returncode != 0
    assert "Python 3.11 or later is needed" in told.stdout
    assert not (tmp_path / ".venv").exists()
