"""What the commands that explain share: the answer as JSON on standard output, and as files in a folder."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer
from pydantic import BaseModel

from servicepolicy_api.export.explained_folder import write_explained
from servicepolicy_api.export.sheet import Sheet


@dataclass(frozen=True)
class Explained:
    """An explanation with its tables and pictures."""

    answer: BaseModel
    stem: str
    """The files' names begin so."""
    tables: Sequence[Sheet] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)
    """Name -> SVG."""


@dataclass(frozen=True)
class Ways:
    """How an answer is wanted."""

    folder: Path | None
    as_json: bool
    quiet: bool


def hand_over(explained: Explained, ways: Ways) -> bool:
    """Write the files and, if asked for, the JSON; return whether the terminal is still to be told."""
    written: tuple[Path, ...] = ()
    if ways.folder:
        tables, pictures = explained.tables, explained.pictures
        written = write_explained(explained.answer, explained.stem, tables, pictures, ways.folder)
    if ways.as_json:
        sys.stdout.write(explained.answer.model_dump_json(indent=2) + "\n")
    if written and not ways.quiet:
        typer.echo(f"Written: {', '.join(map(str, written))}", err=True)
    return not ways.as_json
