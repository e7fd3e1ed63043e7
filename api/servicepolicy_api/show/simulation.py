"""A simulation in the terminal: first whether the promises hold, then the figures, then how it was played."""

from rich.console import Console
from rich.table import Table

from servicepolicy_api.show.amounts import NONE, hours, money, promise, share
from servicepolicy_api.show.findings import print_findings
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.simulation import Estimate, SegmentSimulation, Simulation, Verdict

STYLE = {Verdict.BROKEN: "red", Verdict.OPEN: "yellow", Verdict.KEPT: None, Verdict.NOT_ASKED: "dim"}
SURE = "0.95"
"""Share of the lines whose response time stands in the table."""


def print_simulation(found: Simulation, console: Console | None = None) -> None:
    """Print the verdict, the tables of segments and stock, what was found, and how it was played."""
    console = console or screen()
    settings = found.settings
    console.print(
        f"{found.scenario}: {settings.runs} runs of {settings.years:.3g} years "
        f"({found.measured_days:,.0f} days), demand {settings.demand.value}, seed {settings.seed}",
        soft_wrap=True,
    )
    for sentence in verdict_sentences(found):
        console.print(sentence, soft_wrap=True)
    for table in (fill_rates(found), response_times(found), stock(found)):
        console.print(table)
    if found.findings:
        console.print("Findings", style="bold")
        print_findings(found.findings, console)
    console.print("How it was played", style="bold")
    for sentence in found.assumptions:
        console.print(f"- {sentence}", soft_wrap=True)


def verdict_sentences(found: Simulation) -> list[str]:
    """How many promises hold, and which do not."""
    rows = found.segments
    fill = [_name(found, one) for one in rows if one.fill_verdict is Verdict.BROKEN]
    late = [_name(found, one) for one in rows if one.time_verdict is Verdict.BROKEN]
    open_ones = sum((one.fill_verdict, one.time_verdict).count(Verdict.OPEN) for one in rows)
    told = [f"{found.promises_broken} of {found.promises} promises do not hold, {open_ones} are open."]
    told += [f"Fill rate below its promise: {', '.join(fill)}."] if fill else []
    told += [f"Too late too often: {', '.join(late)}."] if late else []
    return told


def fill_rates(found: Simulation) -> Table:
    """Promised, planned and simulated fill rate; by line, by order and by cycle beside it."""
    numbers = (
        "promised",
        "planned",
        "simulated",
        "of lines",
        "of orders",
        "of cycles",
        "ready",
        "items below",
    )
    table = titled("Fill rate", "segment", *numbers, "promise", numbers=numbers)
    for one in found.segments:
        got = one.service
        table.add_row(
            _name(found, one),
            promise(one.promised_cycle_service_level or one.promised_fill_rate)
            + (" of cycles" if one.promised_cycle_service_level else ""),
            share(one.planned_fill_rate, 2),
            within(got.unit_fill_rate),
            within(got.line_fill_rate),
            within(got.order_fill_rate),
            within(got.cycle_service_level),
            within(got.ready_rate),
            f"{one.items_below_promise:,}",
            one.fill_verdict.value.replace("_", " "),
            style=STYLE[one.fill_verdict],
        )
    whole = found.service
    table.add_section()
    table.add_row(
        "all",
        NONE,
        share(found.planned_fill_rate, 2),
        *map(within, (whole.unit_fill_rate, whole.line_fill_rate, whole.order_fill_rate)),
        *map(within, (whole.cycle_service_level, whole.ready_rate)),
    )
    return table


def response_times(found: Simulation) -> Table:
    """Promised hours, how surely they are kept without and with the wait for stock, how long that wait is,
    the hours within which 95 % of the lines are there whole, and OTIF.
    """
    times = ("within", "asked", "planned", "simulated", "with wait", "days of wait", "95 % in")
    numbers = (*times, "OTIF planned", "OTIF")
    table = titled("Response time", "segment", *numbers, "promise", numbers=numbers)
    for one in found.segments:
        got = one.service
        table.add_row(
            _name(found, one),
            hours(one.promised_response_hours),
            share(one.asked_on_time_probability),
            share(one.planned_on_time_probability),
            within(got.on_time_share),
            within(got.on_time_share_with_wait),
            NONE if got.mean_wait_days is None else f"{got.mean_wait_days.mean:.2f}",
            hours(_mean(got.response_hours_with_wait.get(SURE))),
            share(one.planned_otif),
            within(got.otif),
            one.time_verdict.value.replace("_", " "),
            style=STYLE[one.time_verdict],
        )
    return table


def stock(found: Simulation) -> Table:
    """Stock on hand, planned and simulated, and what customers wait for."""
    numbers = ("planned", "simulated", "plus or minus", "pieces owed")
    title = f"Average stock on hand, value in {found.currency}"
    table = titled(title, "items of class", *numbers, numbers=numbers)
    for one in found.item_classes:
        value = one.on_hand_value
        table.add_row(
            one.item_class,
            *map(money, (one.planned_on_hand_value, value.mean, value.half_width, one.owed_pieces.mean)),
        )
    table.add_section()
    table.add_row(
        "all",
        *map(money, (found.planned_on_hand_value, found.on_hand_value.mean, found.on_hand_value.half_width)),
        money(sum(one.owed_pieces.mean for one in found.item_classes)),
    )
    return table


def within(found: Estimate | None) -> str:
    """A share with half its interval.

    >>> within(Estimate(mean=0.915, half_width=0.004)), within(Estimate(mean=1.0)), within(None)
    ('91.5 ± 0.4 %', '100.0 %', '–')
    """
    if found is None:
        return NONE
    if found.half_width is None:
        return share(found.mean)
    return f"{100 * found.mean:.1f} ± {100 * found.half_width:.1f} %"


def _mean(found: Estimate | None) -> float | None:
    return None if found is None else found.mean


def _name(found: Simulation, one: SegmentSimulation) -> str:
    by_region = any(row.region != "*" for row in found.segments)
    return f"{one.customer_class}-{one.item_class}" + (f" {one.region}" if by_region else "")
