"""Repairs in the terminal."""

from rich.console import Console

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
