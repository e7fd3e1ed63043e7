"""`servicepolicy solve`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def solve(
    scenario: Annotated[Path, typer.Argument(help="The scenario, a JSON file.")],
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for policy.json, .xlsx and the tables.")] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Say how sure each promise is: replay the order lines.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the policy as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Find the cheapest policy that keeps every promise, or say why there is none (exit code 3)."""
    from servicepolicy_api.files import read_whole, writable_folder
    from servicepolicy_models.consistency import require
    from servicepolicy_models.reading import read_scenario

    asked = read_scenario(read_whole(scenario))
    require(asked)
    folder = writable_folder(out) if out else None

    # What is wrong with the question is told before the solver is loaded.
    from servicepolicy_api.cli.finding_a_policy import find_policy, hand_over
    from servicepolicy_optimizer.demand_reading import DemandFiles

    files = DemandFiles(scenario.parent, orders, items, customers)
    policy = find_policy(asked, files, quiet, evidence)
    return hand_over(policy, folder, as_json, quiet)
