"""`servicepolicy profile`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def profile(
    orders: Annotated[Path, typer.Argument(help="Order lines: CSV, Parquet, Excel or JSON.")],
    scenario: Annotated[Path, typer.Option(help="The scenario that says how to read and class them.")],
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for profile.json.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the profile as JSON.")] = False,
) -> ExitCode:
    """Show the sales activity profiles of customers, items and the matrix of both; nothing is solved."""
    raise NotImplementedError
