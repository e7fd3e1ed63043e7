"""`servicepolicy demo` and `servicepolicy generate`: companies that do not exist."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly

Seed = Annotated[int, typer.Option(min=0, help="Another seed, another wholesaler.")]


@told_plainly
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the wholesaler and its policy.")] = Path("out/demo"),
    seed: Seed = 7,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Make a wholesaler that does not exist, and find its policy."""
    from servicepolicy_api.cli.finding_a_policy import find_policy, hand_over
    from servicepolicy_api.wholesaler_files import write_wholesaler
    from servicepolicy_models.reading import read_scenario
    from servicepolicy_optimizer.demand_reading import DemandFiles

    scenario = write_wholesaler(out, seed)
    policy = find_policy(read_scenario(scenario.read_bytes()), DemandFiles(out), quiet)
    return hand_over(policy, out, as_json=False, quiet=quiet)


@told_plainly
def generate(
    out: Annotated[Path, typer.Option(help="Folder for tables and scenario.")] = Path("out/wholesaler"),
    seed: Seed = 7,
    customers: Annotated[int, typer.Option(min=1, max=100_000)] = 300,
    items: Annotated[int, typer.Option(min=1, max=10_000)] = 400,
    lines: Annotated[int, typer.Option(min=1, max=1_000_000)] = 25_000,
    matrix: Annotated[
        str | None,
        typer.Option(
            help="Customer classes x item classes x regions, such as 9x3x37: instead of the wholesaler, a "
            "distributor with so many segments, its demand in the scenario itself."
        ),
    ] = None,
) -> ExitCode:
    """Write the order lines, items and scenario of a wholesaler that does not exist."""
    if matrix is not None:
        from servicepolicy_api.distributor_file import write_distributor

        typer.echo(f"Written: {write_distributor(out, seed, matrix)}")
        return ExitCode.ANSWER
    from servicepolicy_api.wholesaler_files import write_wholesaler

    typer.echo(f"Written: {write_wholesaler(out, seed, customers, items, lines)}, and the tables beside it.")
    return ExitCode.ANSWER
