"""`servicepolicy simulate`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly

if TYPE_CHECKING:
    from servicepolicy_models.policy import Policy
    from servicepolicy_models.scenario import Scenario
    from servicepolicy_optimizer.demand_reading import DemandFiles


class DemandSource(StrEnum):
    """Whose order lines are played."""

    ASSUMED = "assumed"
    BOOTSTRAP = "bootstrap"
    REPLAY = "replay"


@told_plainly
def simulate(
    policy: Annotated[
        Path,
        typer.Argument(help="The policy, as `solve --out` wrote it: policy.json; or the id of a saved run."),
    ],
    scenario: Annotated[
        Path | None, typer.Option(help="The scenario that the policy answers; a saved run knows its own.")
    ] = None,
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    demand: Annotated[
        DemandSource | None,
        typer.Option(help="Whose order lines: drawn from the figures, drawn from the record, or the record."),
    ] = None,
    years: Annotated[float, typer.Option(help="Measured years of a run.")] = 3.0,
    runs: Annotated[int, typer.Option(help="Independent runs; two at least for an interval.")] = 10,
    seed: Annotated[int, typer.Option(help="Another seed, another future.")] = 1,
    whole_lines: Annotated[bool, typer.Option("--whole-lines", help="A line leaves whole or waits.")] = False,
    in_sequence: Annotated[
        bool, typer.Option("--in-sequence", help="No replenishment order overtakes an earlier one.")
    ] = False,
    warm_up_days: Annotated[float | None, typer.Option(help="Played before measuring.")] = None,
    block_days: Annotated[
        int | None, typer.Option(help="Length of the blocks drawn from the record.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes; the answer is the same.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder for simulation.json, .xlsx and the tables.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the simulation as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Play a finished policy and tell what customers get, beside what they were promised."""
    from servicepolicy_api.files import writable_folder
    from servicepolicy_models.simulation_reading import read_settings

    asked, played, files = _asked_and_played(policy, scenario, (orders, items, customers))
    folder = writable_folder(out) if out else None

    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.export.simulation_folder import write_simulation
    from servicepolicy_api.show.simulation import print_simulation
    from servicepolicy_api.simulating import in_processes, simulated, usual_demand

    settings = read_settings(
        {
            "demand": demand or usual_demand(asked), "years": years, "runs": runs, "seed": seed,
            "whole_lines": whole_lines, "in_sequence": in_sequence, "warm_up_days": warm_up_days,
            "block_days": block_days,
        }
    )  # fmt: skip
    with progress_on_stderr(quiet) as tell, in_processes(workers) as each:
        found = simulated(asked, files, played, settings, tell, each)
    written = write_simulation(found, folder) if folder else ()
    if as_json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
    else:
        print_simulation(found)
    if written and not quiet:
        typer.echo(f"Written: {', '.join(map(str, written))}", err=True)
    return ExitCode.ANSWER


def _asked_and_played(
    policy: Path, scenario: Path | None, tables: tuple[Path | None, Path | None, Path | None]
) -> "tuple[Scenario, Policy, DemandFiles]":
    """Scenario, policy and files: from two files, or from a run of the store that the environment names."""
    from servicepolicy_api.files import read_whole
    from servicepolicy_models.errors import PolicyRejected, error
    from servicepolicy_models.policy_reading import read_policy
    from servicepolicy_models.reading import read_scenario
    from servicepolicy_optimizer.demand_reading import DemandFiles
    from servicepolicy_store.identity import is_id

    if scenario is not None:
        files = DemandFiles(scenario.parent, *tables)
        return read_scenario(read_whole(scenario)), read_policy(read_whole(policy)), files
    if is_id(str(policy)) and not policy.exists():
        return _of_saved_run(str(policy))
    what = "It is not said which scenario the policy answers."
    raise PolicyRejected([error(str(policy), what, "policy.no_scenario", "Name it: --scenario FILE.")])


def _of_saved_run(run_id: str) -> "tuple[Scenario, Policy, DemandFiles]":
    from servicepolicy_api.memory import finds_datasets, open_memory
    from servicepolicy_api.question import read_again
    from servicepolicy_api.saved_policy import saved_policy
    from servicepolicy_api.serving import read_settings
    from servicepolicy_models.errors import error
    from servicepolicy_store import runs, scenarios
    from servicepolicy_store.errors import NotThere

    settings = read_settings()
    memory = open_memory(settings)
    try:
        with memory.database.reading() as tx:
            try:
                sha256 = runs.get(tx, run_id).scenario_sha256
            except NotThere:
                what, mend = "The store has no such run.", "See `GET /v1/runs`."
                raise NotThere([error(run_id, what, "store.not_there", mend)]) from None
            document = scenarios.document(tx, sha256)
        question = read_again(document.encode(), settings, finds_datasets(memory))
        return question.scenario, saved_policy(memory, run_id, sha256), question.files
    finally:
        memory.database.close()
