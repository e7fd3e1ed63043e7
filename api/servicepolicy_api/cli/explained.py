"""What the commands that explain share: read the question, hand the answer over."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import typer
from pydantic import BaseModel

from servicepolicy_api.cli.exits import ExitCode
from servicepolicy_models.scenario import Scenario

Answer = TypeVar("Answer", bound=BaseModel)


def scenario_in(path: Path) -> Scenario:
    """The scenario of a file, with everything that is wrong with it told before anything heavy is loaded."""
    from servicepolicy_api.files import read_whole
    from servicepolicy_models.consistency import require
    from servicepolicy_models.reading import read_scenario

    asked = read_scenario(read_whole(path))
    require(asked)
    return asked


def hand_over(
    answer: Answer,
    as_json: bool,
    show: Callable[[Answer], None],
    written: tuple[Path, ...],
    quiet: bool,
) -> ExitCode:
    """Write the answer to standard output, as JSON or as tables, and say which files were written."""
    if as_json:
        sys.stdout.write(answer.model_dump_json(indent=2) + "\n")
    else:
        show(answer)
    if written and not quiet:
        typer.echo(f"Written: {', '.join(map(str, written))}", err=True)
    return ExitCode.ANSWER
