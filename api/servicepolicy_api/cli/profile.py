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
    out: Annotated[Path | None, typer.Option(help="Folder for profile.json and the tables.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the profile as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Show the sales activity profiles of customers, items and the matrix of both; nothing is solved."""
    from servicepolicy_api import answering
    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.export.profile_folder import write_profile
    from servicepolicy_api.files import read_whole, writable_folder
    from servicepolicy_api.show.profile import print_profile
    from servicepolicy_models.reading import read_scenario
    from servicepolicy_optimizer.demand_reading import DemandFiles

    asked = read_scenario(read_whole(scenario))
    folder = writable_folder(out) if out else None
    with progress_on_stderr(quiet) as heard:
        files = DemandFiles(scenario.parent, orders, items, customers, heard=heard)
        if folder:
            found, accounts = answering.profile_and_accounts(asked, files)
            write_profile(found, accounts, folder)
        else:
            found = answering.profile(asked, files)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        print_profile(found)
    return ExitCode.ANSWER
