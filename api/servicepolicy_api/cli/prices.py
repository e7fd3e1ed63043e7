"""`servicepolicy prices`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def prices(
    scenario: Annotated[Path, typer.Argument(help="The scenario, a JSON file.")],
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="A segment (A/A) or a limit (location Leeds); absent: all.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for prices.json and prices.csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Say what one more point, one faster response and one more unit of every limit cost a year."""
    from servicepolicy_api.cli.explained import hand_over, scenario_in
    from servicepolicy_api.files import writable_folder

    asked = scenario_in(scenario)
    folder = writable_folder(out) if out else None

    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.explanations import find_prices
    from servicepolicy_api.export.explained import write_prices
    from servicepolicy_api.show.prices import print_prices
    from servicepolicy_optimizer.demand_reading import DemandFiles

    with progress_on_stderr(quiet) as tell:
        found = find_prices(asked, DemandFiles(scenario.parent, orders, items, customers), tell, only or ())
    return hand_over(found, as_json, print_prices, write_prices(found, folder) if folder else (), quiet)
