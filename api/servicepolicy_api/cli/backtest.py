"""`servicepolicy backtest`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def backtest(
    scenario: Annotated[Path, typer.Argument(help="The scenario, a JSON file.")],
    orders: Annotated[Path | None, typer.Option(help="Order lines: CSV, Parquet, Excel or JSON.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item master.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customer table.")] = None,
    forecast: Annotated[
        Path | None,
        typer.Option(help="Your own forecasts: item, made_on, pieces_per_day; CSV, Parquet, Excel or JSON."),
    ] = None,
    promise: Annotated[
        list[float] | None,
        typer.Option(help="Fill rate promised to all, such as 0.95; again for another. Absent: the targets."),
    ] = None,
    lead_time_days: Annotated[float | None, typer.Option(help="Absent: of the supply option.")] = None,
    lead_time_sd_days: Annotated[float | None, typer.Option(help="Absent: of the supply option.")] = None,
    review_days: Annotated[float | None, typer.Option(help="Absent: of the supply option.")] = None,
    order_cycle_days: Annotated[
        float | None, typer.Option(help="Days of demand an order covers; absent: the cheapest.")
    ] = None,
    refit_days: Annotated[int, typer.Option(help="Reorder points are set anew every so many days.")] = 28,
    first_judged_day: Annotated[
        int | None, typer.Option(help="Days after the first of the history; absent: at 55 % of it.")
    ] = None,
    calibration_half_life: Annotated[
        float, typer.Option(help="Periods after which what one taught counts half in correcting the next.")
    ] = 3.0,
    catch_up: Annotated[
        bool, typer.Option("--catch-up/--no-catch-up", help="Make up for what was short so far.")
    ] = True,
    quote_above: Annotated[
        str, typer.Option(help="Quantile of an item's line sizes above which a line is quoted, or `none`.")
    ] = "0.995",
    quote_by: Annotated[
        str | None, typer.Option(help="`quantile`, `cost` or `none`; absent: as --quote-above says.")
    ] = None,
    textbook_window_days: Annotated[
        int, typer.Option(help="History the textbook formula is fitted on.")
    ] = 91,
    seed: Annotated[int, typer.Option(help="Of drawn lead times.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder for backtest.json, .xlsx, .svg and the tables.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the backtest as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> ExitCode:
    """Fit, promise, replay what really came: promised against achieved on your own order lines."""
    from servicepolicy_api.files import read_whole, writable_folder
    from servicepolicy_models.backtest import BacktestPlan
    from servicepolicy_models.consistency import require
    from servicepolicy_models.reading import read_question, read_scenario

    asked = read_scenario(read_whole(scenario))
    require(asked)
    plan = read_question(
        {
            "promises": promise or (), "lead_time_days": lead_time_days,
            "lead_time_sd_days": lead_time_sd_days, "review_days": review_days,
            "order_cycle_days": order_cycle_days, "refit_days": refit_days,
            "first_judged_day": first_judged_day, "calibration_half_life_refits": calibration_half_life,
            "catch_up": catch_up, "quote_above_quantile": _quantile(quote_above), "quote_by": quote_by,
            "textbook_window_days": textbook_window_days, "seed": seed,
        },
        BacktestPlan,
    )  # fmt: skip
    folder = writable_folder(out) if out else None

    from servicepolicy_api.backtesting import backtested
    from servicepolicy_api.cli.progress import progress_on_stderr
    from servicepolicy_api.export.backtest_folder import write_backtest
    from servicepolicy_api.show.backtest import print_backtest
    from servicepolicy_optimizer.demand_reading import DemandFiles

    with progress_on_stderr(quiet) as tell:
        files = DemandFiles(scenario.parent, orders, items, customers, forecasts=forecast)
        found = backtested(asked, files, plan, tell)
    written = write_backtest(found, folder) if folder else ()
    if as_json:
        sys.stdout.write(found.model_dump_json(indent=2, exclude={"items"}) + "\n")
    else:
        print_backtest(found)
    if written and not quiet:
        typer.echo(f"Written: {', '.join(map(str, written))}", err=True)
    return ExitCode.ANSWER if found.proved else ExitCode.NOTHING_HELD


def _quantile(words: str) -> float | str | None:
    """A number, nothing for `none`, or the words themselves, which are then told to be wrong."""
    try:
        return None if words == "none" else float(words)
    except ValueError:
        return words
