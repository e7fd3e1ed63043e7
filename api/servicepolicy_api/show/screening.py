"""Which inputs matter, in the terminal; and the same as a table for files."""

from rich.console import Console

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_api.show.amounts import money, share
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.screening import Screening, ScreeningMethod


def print_screening(found: Screening, console: Console | None = None) -> None:
    """Print the answer in words and the inputs, the largest effect first."""
    console = console or screen()
    console.print(found.sentence, style="bold", soft_wrap=True)
    shown = money if found.method is ScreeningMethod.MORRIS else share
    numbers = ("factor", "effect", "give or take", "interaction", "changes the means")
    table = titled(f"Inputs, {found.method.value}", "input", *numbers, numbers=numbers)
    for one in found.inputs:
        table.add_row(
            one.name.value.replace("_", " "),
            f"{one.low:g} to {one.high:g}",
            shown(one.effect),
            shown(one.uncertainty),
            shown(one.interaction),
            share(one.flips_policy, 0),
        )
    console.print(table)
    console.print(f"{found.samples} samples, {found.solves} solves.")
    for finding in found.findings:
        console.print(finding, soft_wrap=True)


def screening_tables(found: Screening) -> tuple[Sheet, ...]:
    """Every input with its effect."""
    amount = Holds.AMOUNT
    columns = (
        ("input", Holds.TEXT), ("low", amount), ("high", amount), ("effect", amount),
        ("uncertainty", amount), ("direction", amount), ("interaction", amount),
        ("flips_policy", Holds.SHARE), ("sentence", Holds.SENTENCE),
    )  # fmt: skip
    rows = [
        (
            one.name.value, one.low, one.high, one.effect, one.uncertainty, one.direction, one.interaction,
            one.flips_policy, one.sentence,
        )
        for one in found.inputs
    ]  # fmt: skip
    return (Sheet("inputs", columns, rows),)
