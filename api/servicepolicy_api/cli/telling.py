"""What the commands that explain share: the answer on standard output, and as files in a folder."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer
from pydantic import BaseModel

AnyAnswer = TypeVar("AnyAnswer", bound=BaseModel)


@dataclass(frozen=True)
class Ways:
    """How an answer is wanted."""

    folder: Path | None
    as_json: bool
    quiet: bool


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
