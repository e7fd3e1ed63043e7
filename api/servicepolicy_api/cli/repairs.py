"""`servicepolicy repairs`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def repairs(
    scenario: Annotated[
        Path, typer.Argument(help="A scenario without a policy: a JSON file, or the id of a saved run.")
    ],
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    protect: Annotated[
        list[str] | None,
        typer.Option(help="What no repair may change: A/A, A/*, response:C/*, budget, capacity:Leeds, rule."),
    ] = None,
    wishes: Annotated[Path | None, typer.Option(help="Untouchables and weights, a JSON file.")] = None,
    apply: Annotated[int | None, typer.Option(min=1, help="Write the child scenario of this repair.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for repairs.json and .csv; with --apply the child's file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Say which changes make an infeasible scenario feasible, and what each set of them costs."""
    from servicepolicy_api.cli.telling import Ways, found_in_time, hand_over, say_written
    from servicepolicy_api.explaining import AskedFiles, scenario_and_files
    from servicepolicy_api.files import read_whole, writable_folder
    from servicepolicy_api.wishes import aim_of
    from servicepolicy_models.changes import RepairWishes
    from servicepolicy_models.reading import read_question

    asked, files = scenario_and_files(scenario, AskedFiles(tuple(filter(None, (orders,))), items, customers))
    wanted = read_question(read_whole(wishes), RepairWishes) if wishes else RepairWishes()
    aims = (*wanted.untouchable, *(aim_of(words) for words in protect or ()))
    wanted = wanted.model_copy(update={"untouchable": aims})
    if apply is not None and out is None:
        raise typer.BadParameter("name the child's file with --out", param_hint="--apply")
    folder = None if out is None else writable_folder(out.parent if apply is not None else out)

    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.explanations import find_repairs
    from servicepolicy_api.export.child_scenario import write_child
    from servicepolicy_api.show.repairs import print_repairs

    with progress_on_stderr(quiet) as tell:
        found, code = found_in_time(lambda hold: find_repairs(asked, files, tell, wanted, hold))
    child = None if apply is None or out is None else write_child(asked, files.folder, found, apply, out)
    hand_over("repairs", found, Ways(folder if child is None else None, as_json, quiet), print_repairs)
    say_written((child,) if child else (), quiet)
    return code if found.repairs or code is ExitCode.INTERRUPTED else ExitCode.INFEASIBLE
