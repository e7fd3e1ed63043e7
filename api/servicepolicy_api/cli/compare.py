"""`servicepolicy compare`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def compare(
    runs: Annotated[
        list[Path],
        typer.Argument(
            help="Two or more: ids of saved runs, folders with scenario.json and policy.json, or scenarios."
        ),
    ],
    orders: Annotated[
        list[Path] | None, typer.Option(help="Order lines for all runs; or once for each run.")
    ] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    in_order: Annotated[
        str, typer.Option(help="Change the inputs in this order, such as demand,costs,means.")
    ] = "",
    most_solves: Annotated[int, typer.Option(min=2, help="Mixtures solved for one difference at most.")] = 64,
    out: Annotated[Path | None, typer.Option(help="Folder for comparison.json, tables and pictures.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the comparison as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Say why the cost moved from run to run: what changed in the question, and what each change cost."""
    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.cli.telling import Ways, found_in_time, hand_over
    from servicepolicy_api.explaining import AskedFiles, read_cases
    from servicepolicy_api.files import writable_folder
    from servicepolicy_api.show.comparison import print_comparison
    from servicepolicy_optimizer.explain import compare as explain

    folder = writable_folder(out) if out else None
    effort = explain.Effort(most_solves, explain.stated_order(in_order))
    with progress_on_stderr(quiet) as tell:
        cases = read_cases(runs, AskedFiles(tuple(orders or ()), items, customers), tell)
        found, code = found_in_time(lambda hold: explain.compare(cases, effort, tell, keep=hold))
    hand_over("comparison", found, Ways(folder, as_json, quiet), print_comparison)
    return code
