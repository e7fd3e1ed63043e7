"""What the commands that explain share: the answer on standard output, and as files in a folder."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer
from pydantic import BaseModel

from servicepolicy_api.cli.exits import ExitCode

AnyAnswer = TypeVar("AnyAnswer", bound=BaseModel)


@dataclass(frozen=True)
class Ways:
    """How an answer is wanted."""

    folder: Path | None
    as_json: bool
    quiet: bool


def found_in_time(
    find: Callable[[Callable[[AnyAnswer], None]], AnyAnswer], code: ExitCode = ExitCode.ANSWER
) -> tuple[AnyAnswer, ExitCode]:
    """The answer and its exit code; interrupted, what was found until then. `find` is handed who keeps it.

    Raises KeyboardInterrupt when nothing was found yet.
    """
    held: list[AnyAnswer] = []
    try:
        return find(lambda found: held.append(found)), code
    except KeyboardInterrupt:
        if not held:
            raise
    typer.echo("Interrupted: this is what was found until then.", err=True)
    return held[-1], ExitCode.INTERRUPTED


def hand_over(name: str, answer: AnyAnswer, ways: Ways, show: Callable[[AnyAnswer], None]) -> None:
    """Write the files of the answer, and the answer itself to standard output: as JSON, or for people."""
    from servicepolicy_api.export.explained import write_explained

    written = write_explained(name, answer, ways.folder) if ways.folder else ()
    if ways.as_json:
        sys.stdout.write(answer.model_dump_json(indent=2) + "\n")
    else:
        show(answer)
    say_written(written, ways.quiet)


def say_written(written: tuple[Path, ...], quiet: bool) -> None:
    """Say which files were written."""
    if written and not quiet:
        typer.echo(f"Written: {', '.join(map(str, written))}", err=True)
