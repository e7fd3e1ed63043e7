"""What `solve` and `demo` share: find the policy while showing progress, and hand it over."""

import sys
from pathlib import Path

import typer

from servicepolicy_api.answering import answer
from servicepolicy_api.backtesting import with_evidence
from servicepolicy_api.cli.exits import ExitCode
from servicepolicy_api.cli.progress import progress_on_stderr
from servicepolicy_api.export.folder import write_folder
from servicepolicy_api.show.answer import print_policy
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles

CODE_OF = {
    Held.OPTIMAL: ExitCode.ANSWER,
    Held.FEASIBLE: ExitCode.ANSWER,
    Held.INFEASIBLE: ExitCode.INFEASIBLE,
    Held.NOTHING: ExitCode.NOTHING_HELD,
}


def find_policy(scenario: Scenario, files: DemandFiles, quiet: bool, evidence: bool = False) -> Policy:
    """Solve a scenario, judge its promises where asked, and show how far it is on standard error."""
    with progress_on_stderr(quiet) as tell:
        policy = answer(scenario, files, tell)
        return with_evidence(policy, scenario, files, tell) if evidence else policy


def hand_over(policy: Policy, folder: Path | None, as_json: bool, quiet: bool) -> ExitCode:
    """Write the policy to standard output, and to its folder if one is named; return how to end."""
    written = write_folder(policy, folder) if folder else ()
    if as_json:
        sys.stdout.write(policy.model_dump_json(indent=2) + "\n")
    else:
        print_policy(policy)
    if written and not quiet:
        typer.echo(f"Written: {', '.join(map(str, written))}", err=True)
    return CODE_OF[policy.proof.held]
