"""Who moves between classes, in the terminal; and the same as tables for files."""

from rich.console import Console

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_api.show.amounts import money, share
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.qualification import Qualification

MOST_MOVES_TOLD = 10
"""The files hold all."""


def print_qualification(found: Qualification, console: Console | None = None) -> None:
    """Print the answer in words, the classes, the flows, and the dearest moves."""
    console = console or screen()
    console.print(found.sentence, style="bold", soft_wrap=True)
    console.print(
        f"{found.periods} periods of {found.period_days} days, {found.first_day} to {found.last_day}. "
        f"{found.how_priced}",
        soft_wrap=True,
    )
    numbers = ("today", "by the rule", "share of revenue", "entered last", "left last")
    table = titled("Classes", "class", *numbers, numbers=numbers)
    for one in found.classes:
        table.add_row(
            one.customer_class,
            f"{one.customers_before:,}",
            f"{one.customers_after:,}",
            share(one.revenue_share_after),
            f"{one.entered_in_last_period:,}",
            f"{one.left_in_last_period:,}",
        )
    console.print(table)
    amounts = ("customers", "revenue a year", "cost of the moves")
    table = titled(f"Moves, {found.currency} a year", "from", "to", *amounts, numbers=amounts)
    for flow in found.flows:
        table.add_row(
            flow.before, flow.after, f"{flow.customers:,}", money(flow.revenue_per_year), money(flow.moved)
        )
    console.print(table)
    for move in found.moves[:MOST_MOVES_TOLD]:
        console.print(f"- {move.sentence}", soft_wrap=True)
    if len(found.moves) > MOST_MOVES_TOLD:
        console.print(f"- and {len(found.moves) - MOST_MOVES_TOLD:,} more, see --json or --out")
    for finding in found.findings:
        console.print(finding, soft_wrap=True)


def qualification_tables(found: Qualification) -> tuple[Sheet, ...]:
    """Every move, every flow."""
    text, amount, count = Holds.TEXT, Holds.MONEY, Holds.COUNT
    return (
        Sheet(
            "moves",
            (
                ("customer", text), ("before", text), ("after", text), ("periods_in_class", count),
                ("revenue_per_year", amount), ("cost_before", amount), ("cost_after", amount),
                ("moved", amount),
            ),
            [
                (
                    one.customer, one.before, one.after, one.periods_in_class, one.revenue_per_year,
                    one.cost_before, one.cost_after, one.moved,
                )
                for one in found.moves
            ],
        ),
        Sheet(
            "flows",
            (
                ("before", text), ("after", text), ("customers", count), ("revenue_per_year", amount),
                ("moved", amount),
            ),
            [(one.before, one.after, one.customers, one.revenue_per_year, one.moved) for one in found.flows],
        ),
    )  # fmt: skip
