"""How soon the program speaks: processes that only start, against a Python that does nothing."""

import subprocess
import sys
from pathlib import Path

from benchmarks.race import Race
from servicepolicy_api.examples import examples

PROGRAM = Path(sys.executable).with_name("servicepolicy")


def prepare(folder: Path) -> Path:
    """A scenario as a file."""
    return examples()["spare-parts"]


def nothing(scenario: Path) -> None:
    """Python alone."""
    _run(sys.executable, "-c", "pass")


def tell_help(scenario: Path) -> None:
    """`servicepolicy --help`"""
    _run(PROGRAM, "--help")


def validate(scenario: Path) -> None:
    """`servicepolicy validate`"""
    _run(PROGRAM, "validate", scenario)


def solve(scenario: Path) -> None:
    """`servicepolicy solve`: libraries, solver and answer, from a cold start."""
    _run(PROGRAM, "solve", scenario, "--quiet")


def _run(*words: str | Path) -> None:
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)


def starts(scenario: Path) -> tuple[float, str]:
    """One start a round."""
    return 1.0, "starts"


RACE = Race(
    name="A cold start",
    about="Wall seconds of processes; files are in memory, for each was started once before.",
    goal="`servicepolicy --help` and `servicepolicy validate` below 0.3 s",
    prepare=prepare,
    contestants={
        "python -c pass": nothing,
        "servicepolicy --help": tell_help,
        "servicepolicy validate": validate,
        "servicepolicy solve": solve,
    },
    against="python -c pass",
    rounds=5,
    work=starts,
)
