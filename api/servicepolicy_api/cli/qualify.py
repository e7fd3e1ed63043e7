"""`servicepolicy qualify`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def qualify(
    scenario: Annotated[Path, typer.Argument(help="The scenario, a JSON file.")],
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
    from servicepolicy_api.answering import answer
    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.cli.telling import Explained, Ways, hand_over
    from servicepolicy_api.explaining import read_customers, read_noun, read_policy, read_required
    from servicepolicy_api.files import writable_folder
    from servicepolicy_api.show.qualification import print_qualification, qualification_tables
    from servicepolicy_models.qualification import QualificationRule
    from servicepolicy_optimizer.demand_reading import DemandFiles
    from servicepolicy_optimizer.explain.qualify import qualify as explain
    from servicepolicy_optimizer.explain.qualify import require_rule

    folder = writable_folder(out) if out else None
    asked, by = read_required(scenario), read_noun(rule, QualificationRule)
    require_rule(by, asked)
    files = DemandFiles(scenario.parent, orders, items, customers)
    with progress_on_stderr(quiet) as tell:
        active = read_customers(asked, files, by.period_days)
        priced = read_policy(policy) if policy else answer(asked, files, tell)
    found = explain(asked, by, active, priced)
    told = Explained(found, "qualification", qualification_tables(found))
    if hand_over(told, Ways(folder, as_json, quiet)):
        print_qualification(found)
    return ExitCode.ANSWER
