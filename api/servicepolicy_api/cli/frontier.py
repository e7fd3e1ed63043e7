"""`servicepolicy frontier`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


class Traded(StrEnum):
    """What cost is traded against."""

    FILL_RATE = "fill_rate"
    OTIF = "otif"
    RESPONSE = "response"
    INVENTORY = "inventory"
    CO2E = "co2e"


class Weighted(StrEnum):
    """How segments count."""

    PIECES = "pieces"
    LINES = "lines"
    REVENUE = "revenue"
    EQUAL = "equal"


@told_plainly
def frontier(
    scenario: Annotated[Path, typer.Argument(help="The scenario: a JSON file, or the id of a saved run.")],
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    against: Annotated[Traded, typer.Option(help="What cost is traded against.")] = Traded.FILL_RATE,
    weight_by: Annotated[Weighted, typer.Option(help="How segments count.")] = Weighted.PIECES,
    weight: Annotated[
        list[str] | None, typer.Option(help="How much a segment counts instead: A/A=3, C/*=0.")
    ] = None,
    points: Annotated[int, typer.Option(help="Points to prove.")] = 25,
    at_least: Annotated[float | None, typer.Option(help="Where the range begins.")] = None,
    at_most: Annotated[float | None, typer.Option(help="Where the range ends.")] = None,
    keep_promises: Annotated[
        bool | None, typer.Option("--keep-promises/--lift-promises", help="Of what is traded.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for frontier.json, .csv and .svg.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Draw total cost against service, inventory or CO2e: proved points, the knee, and where we are."""
    from servicepolicy_api.cli.telling import Ways, found_in_time, hand_over
    from servicepolicy_api.explaining import AskedFiles, scenario_and_files
    from servicepolicy_api.files import writable_folder
    from servicepolicy_api.wishes import weights_of
    from servicepolicy_models.frontier import FrontierQuestion
    from servicepolicy_models.reading import read_question

    asked, files = scenario_and_files(scenario, AskedFiles(tuple(filter(None, (orders,))), items, customers))
    weights = weights_of(weight or ())
    said = {"against": against, "weight_by": weight_by, "points": points, "at_least": at_least,
            "at_most": at_most, "keep_promises": keep_promises, "weights": weights}  # fmt: skip
    question = read_question(said, FrontierQuestion)
    folder = writable_folder(out) if out else None

    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.explanations import find_frontier
    from servicepolicy_api.show.frontier import print_frontier

    with progress_on_stderr(quiet) as tell:
        found, code = found_in_time(lambda hold: find_frontier(asked, files, tell, question, hold))
    hand_over("frontier", found, Ways(folder, as_json, quiet), print_frontier)
    return code
