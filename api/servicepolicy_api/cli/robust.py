"""`servicepolicy robust`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def robust(
    scenarios: Annotated[
        list[Path],
        typer.Argument(
            help="One scenario (or the id of a saved run) with --futures, or one for each future."
        ),
    ],
    futures: Annotated[
        Path | None, typer.Option(help="JSON file: futures with weights, factors and means that fail.")
    ] = None,
    weight: Annotated[
        list[float] | None, typer.Option(help="Weight of each scenario, in their order; absent: all alike.")
    ] = None,
    measure: Annotated[
        str | None, typer.Option(help="expected, regret or cvar; absent: as the file says, or expected.")
    ] = None,
    tail: Annotated[float | None, typer.Option(help="For cvar: share of the weight that is worst.")] = None,
    shared: Annotated[
        str | None, typer.Option(help="means: paths are decided now; stock: paths when the future is known.")
    ] = None,
    orders: Annotated[
        list[Path] | None, typer.Option(help="Order lines for all scenarios; or once for each.")
    ] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for robust.json and its tables.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Find one policy that is safe to publish for many futures (exit code 3: there is none)."""
    from servicepolicy_api.cli.finding_a_policy import CODE_OF
    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.cli.telling import Ways, found_in_time, hand_over
    from servicepolicy_api.explaining import AskedFiles, read_foreseen
    from servicepolicy_api.files import writable_folder
    from servicepolicy_api.futures_asked import futures_asked
    from servicepolicy_api.show.robust import print_robust

    folder = writable_folder(out) if out else None
    chosen = {"measure": measure, "tail": tail, "shared": shared}
    asked = futures_asked(scenarios, futures, weight or (), chosen)

    from servicepolicy_optimizer.explain.publish import publish

    bases = read_foreseen(scenarios, AskedFiles(tuple(orders or ()), items, customers))
    with progress_on_stderr(quiet) as tell:
        found, code = found_in_time(lambda hold: publish(bases, asked, tell, keep=hold))
    hand_over("robust", found, Ways(folder, as_json, quiet), print_robust)
    return code if code is ExitCode.INTERRUPTED else CODE_OF[found.held]
