"""`servicepolicy screen`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def screen(
    scenario: Annotated[Path, typer.Argument(help="The scenario: a JSON file, or the id of a saved run.")],
    inputs: Annotated[
        Path | None, typer.Option(help="JSON file: inputs with their ranges, method, samples, cap.")
    ] = None,
    method: Annotated[str | None, typer.Option(help="morris or sobol.")] = None,
    samples: Annotated[int | None, typer.Option(help="Trajectories, or base points.")] = None,
    most_solves: Annotated[int | None, typer.Option(help="Solves at most.")] = None,
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for screening.json and its table.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Say which inputs matter: how far each moves the cost (needs the extra `screening`)."""
    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.cli.telling import Ways, hand_over
    from servicepolicy_api.explaining import AskedFiles, read_choosing, scenario_and_files
    from servicepolicy_api.explanations import find_screening
    from servicepolicy_api.files import writable_folder
    from servicepolicy_api.show.screening import print_screening
    from servicepolicy_models.screening import ScreeningAsked

    folder = writable_folder(out) if out else None
    chosen = {"method": method, "samples": samples, "most_solves": most_solves}
    question, files = scenario_and_files(
        scenario, AskedFiles(tuple(filter(None, (orders,))), items, customers)
    )
    asked = read_choosing(inputs, ScreeningAsked, chosen)
    with progress_on_stderr(quiet) as tell:
        found = find_screening(question, files, tell, asked)
    hand_over("screening", found, Ways(folder, as_json, quiet), print_screening)
    return ExitCode.ANSWER
