"""`servicepolicy prices`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def prices(
    scenario: Annotated[Path, typer.Argument(help="The scenario: a JSON file, or the id of a saved run.")],
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
    from servicepolicy_api.cli.telling import Ways, found_in_time, hand_over
    from servicepolicy_api.explaining import AskedFiles, scenario_and_files
    from servicepolicy_api.files import writable_folder

    asked, files = scenario_and_files(scenario, AskedFiles(tuple(filter(None, (orders,))), items, customers))
    folder = writable_folder(out) if out else None

    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.explanations import find_prices
    from servicepolicy_api.show.prices import print_prices

    with progress_on_stderr(quiet) as tell:
        found, code = found_in_time(lambda hold: find_prices(asked, files, tell, only or (), hold))
    hand_over("prices", found, Ways(folder, as_json, quiet), print_prices)
    return code
