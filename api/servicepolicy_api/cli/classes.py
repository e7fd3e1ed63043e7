"""`servicepolicy classes`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def classes(
    scenario: Annotated[Path, typer.Argument(help="The scenario: a JSON file, or the id of a saved run.")],
    asked: Annotated[
        Path | None, typer.Option(help="JSON file: grid of cut-offs, most classes, what is held fixed.")
    ] = None,
    most_customer_classes: Annotated[int | None, typer.Option(help="Customer classes at most.")] = None,
    most_item_classes: Annotated[int | None, typer.Option(help="Item classes at most.")] = None,
    most_solves: Annotated[int | None, typer.Option(help="Classings solved at most.")] = None,
    shortage_factor: Annotated[
        float | None,
        typer.Option(
            help="Price fill rates instead of promising them: a piece short costs this x its price."
        ),
    ] = None,
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for classes.json and its table.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Say whether 3x3 is right: cut-offs and numbers of classes by cost, and what item by item could save."""
    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.cli.telling import Ways, found_in_time, hand_over
    from servicepolicy_api.explaining import AskedFiles, read_choosing, scenario_and_files
    from servicepolicy_api.explanations import find_classes
    from servicepolicy_api.files import writable_folder
    from servicepolicy_api.show.class_search import print_classes
    from servicepolicy_models.class_search import ClassesAsked

    folder = writable_folder(out) if out else None
    chosen = {
        "most_customer_classes": most_customer_classes,
        "most_item_classes": most_item_classes,
        "most_solves": most_solves,
        "shortage_factor": shortage_factor,
        "service": None if shortage_factor is None else "priced",
    }
    question, files = scenario_and_files(
        scenario, AskedFiles(tuple(filter(None, (orders,))), items, customers)
    )
    wanted = read_choosing(asked, ClassesAsked, chosen)
    with progress_on_stderr(quiet) as tell:
        found, code = found_in_time(lambda hold: find_classes(question, files, tell, wanted, hold))
    hand_over("classes", found, Ways(folder, as_json, quiet), print_classes)
    return code
