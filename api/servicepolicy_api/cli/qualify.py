"""`servicepolicy qualify`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def qualify(
    scenario: Annotated[Path, typer.Argument(help="The scenario: a JSON file, or the id of a saved run.")],
    rule: Annotated[Path, typer.Option(help="JSON file: what each class asks of those who enter and stay.")],
    policy: Annotated[
        Path | None, typer.Option(help="The policy.json that prices the moves; absent: solved now.")
    ] = None,
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for qualification.json and its tables.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Say who enters, keeps or leaves a customer class by a rule, and what each move costs a year."""
    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.cli.telling import Ways, hand_over
    from servicepolicy_api.explaining import AskedFiles, read_noun, read_policy, scenario_and_files
    from servicepolicy_api.explanations import find_qualification
    from servicepolicy_api.files import writable_folder
    from servicepolicy_api.show.qualification import print_qualification
    from servicepolicy_models.qualification import QualificationRule

    folder = writable_folder(out) if out else None
    asked, files = scenario_and_files(scenario, AskedFiles(tuple(filter(None, (orders,))), items, customers))
    by, priced = read_noun(rule, QualificationRule), read_policy(policy) if policy else None
    with progress_on_stderr(quiet) as tell:
        found = find_qualification(asked, files, tell, by, priced)
    hand_over("qualification", found, Ways(folder, as_json, quiet), print_qualification)
    return ExitCode.ANSWER
