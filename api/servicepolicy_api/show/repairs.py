"""Repairs in the terminal; and the same as a table for files."""

from rich.console import Console

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_api.show.amounts import NONE, money
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.repairs import Repairs


def print_repairs(found: Repairs, console: Console | None = None) -> None:
    """Print what to read aloud, then every repair."""
    console = console or screen()
    for sentence in found.sentences:
        console.print(f"- {sentence}", soft_wrap=True)
    if found.repairs:
        numbers = ("weight", "cost a year", "against the reference")
        table = titled(
            f"Repairs of {found.scenario}, in {found.currency}", "no.", "changes", *numbers, numbers=numbers
        )
        for repair in found.repairs:
            difference = repair.cost_difference_per_year
            table.add_row(
                str(repair.number),
                "\n".join(change.sentence for change in repair.changes),
                f"{repair.weight:g}",
                money(repair.cost_per_year),
                NONE if difference is None else f"{difference:+,.0f}",
            )
        console.print(table)
    for sentence in found.unconfirmed:
        console.print(f"Not confirmed with whole items: {sentence}", soft_wrap=True)


def repairs_tables(found: Repairs) -> tuple[Sheet, ...]:
    """A row a change."""
    text, amount, money_, sentence = Holds.TEXT, Holds.AMOUNT, Holds.MONEY, Holds.SENTENCE
    columns = (
        ("repair", Holds.COUNT), ("weight", amount), ("cost_per_year", money_),
        ("cost_difference_per_year", money_), ("kind", text), ("where", text), ("before", amount),
        ("after", amount), ("unit", text), ("sentence", sentence),
    )  # fmt: skip
    rows = [
        (
            one.number, one.weight, one.cost_per_year, one.cost_difference_per_year, change.kind.value,
            change.where, change.before, change.after, change.unit, change.sentence,
        )
        for one in found.repairs
        for change in one.changes
    ]  # fmt: skip
    return (Sheet("repairs", columns, rows),)
