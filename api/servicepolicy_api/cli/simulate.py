"""`servicepolicy simulate`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly
from servicepolicy_models.simulation import DemandMode


@told_plainly
def simulate(
    policy: Annotated[Path, typer.Argument(help="The policy, as `solve --out` wrote it: policy.json.")],
    scenario: Annotated[Path, typer.Option(help="The scenario that the policy answers.")],
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    demand: Annotated[
        DemandMode | None,
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
    from servicepolicy_api.files import read_whole, writable_folder
    from servicepolicy_models.policy_reading import read_policy
    from servicepolicy_models.reading import read_scenario
    from servicepolicy_models.simulation_reading import read_settings

    asked, played = read_scenario(read_whole(scenario)), read_policy(read_whole(policy))
    folder = writable_folder(out) if out else None

    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.export.simulation_folder import write_simulation
    from servicepolicy_api.show.simulation import print_simulation
    from servicepolicy_api.simulating import in_processes, simulated, usual_demand
    from servicepolicy_optimizer.demand_reading import DemandFiles

    settings = read_settings(
        {
            "demand": demand or usual_demand(asked), "years": years, "runs": runs, "seed": seed,
            "whole_lines": whole_lines, "in_sequence": in_sequence, "warm_up_days": warm_up_days,
            "block_days": block_days,
        }
    )  # fmt: skip
    files = DemandFiles(scenario.parent, orders, items, customers)
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
