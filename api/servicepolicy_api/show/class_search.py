"""Whether 3x3 is right, in the terminal; and the same as a table for files."""

from rich.console import Console

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_api.show.amounts import NONE, money
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.class_search import Classing, ClassSearch


def print_classes(found: ClassSearch, console: Console | None = None) -> None:
    """Print the answer in words, the best of each number of classes, and what is proved."""
    console = console or screen()
    console.print(found.sentence, style="bold", soft_wrap=True)
    console.print(found.how_compared, soft_wrap=True)
    numbers = ("cost", "more than the best")
    table = titled(
        f"Best found by number of classes, {found.currency} a year",
        "classes", "customers cut at", "items cut at", *numbers, numbers=numbers,
    )  # fmt: skip
    for one in found.by_number:
        more = None if one.cost is None or found.best.cost is None else one.cost - found.best.cost
        name = f"{one.customer_classes}x{one.item_classes}" + _mark(one, found)
        table.add_row(
            name, _cuts(one.customer_cut_offs), _cuts(one.item_cut_offs), money(one.cost), money(more)
        )
    console.print(table)
    console.print(f"Today: {_row(found.today)}.", soft_wrap=True)
    console.print(found.proved, soft_wrap=True)


def _mark(one: Classing, found: ClassSearch) -> str:
    return " (best)" if one == found.best else ""


def _row(one: Classing) -> str:
    return (
        f"{one.customer_classes}x{one.item_classes}, customers cut at {_cuts(one.customer_cut_offs)}, items "
        f"at {_cuts(one.item_cut_offs)}, {money(one.cost)}"
    )


def _cuts(cuts: tuple[float, ...]) -> str:
    return ", ".join(f"{100 * cut:.4g} %" for cut in cuts) or NONE


def class_tables(found: ClassSearch) -> tuple[Sheet, ...]:
    """The best found for each number of classes."""
    columns = (
        ("customer_classes", Holds.COUNT), ("item_classes", Holds.COUNT), ("customer_cut_offs", Holds.TEXT),
        ("item_cut_offs", Holds.TEXT), ("cost", Holds.MONEY), ("why", Holds.SENTENCE),
    )  # fmt: skip
    rows = [
        (
            one.customer_classes, one.item_classes, " ".join(map(str, one.customer_cut_offs)),
            " ".join(map(str, one.item_cut_offs)), one.cost, one.why,
        )
        for one in found.by_number
    ]  # fmt: skip
    return (Sheet("by-number", columns, rows),)
