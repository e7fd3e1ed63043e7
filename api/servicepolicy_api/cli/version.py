"""`servicepolicy --version`."""

from importlib import metadata
from typing import Annotated

import typer


def _told(asked: bool) -> None:
    if asked:
        typer.echo(f"servicepolicy {metadata.version('servicepolicy')}")
        raise typer.Exit


def version(
    asked: Annotated[
        bool, typer.Option("--version", callback=_told, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    """Run before every command."""
