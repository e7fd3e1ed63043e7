"""A frontier in the terminal: the table twin of its picture; and the same as a table for files."""

from rich.console import Console

from servicepolicy_api.export.sheet import Cell, Holds, Sheet
from servicepolicy_api.show.amounts import NONE, money
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.frontier import Frontier, FrontierMarker, FrontierPoint


def amount(found: Frontier, figure: float | None) -> str:
    """An amount of what is traded."""
    if figure is None:
        return NONE
    return f"{100 * figure:.2f} %" if found.unit == "share" else f"{figure:,.1f}"


def print_frontier(found: Frontier, console: Console | None = None) -> None:
    """Print the sentences, the points and the known policies."""
    console = console or screen()
    for sentence in (*found.sentences, found.knee_definition):
        console.print(f"- {sentence}", soft_wrap=True)
    traded = f"{found.question.against.value.replace('_', ' ')} ({found.unit})"
    numbers = (traded, "cost a year", "at least", "of whole items", "stock value")
    table = titled(f"Frontier of {found.scenario}, in {found.currency}", *numbers, "", numbers=numbers)
    for point in found.points:
        at = amount(found, point.reached if point.reached is not None else point.asked)
        said = "knee" if point.knee else "" if point.cost_per_year is not None else f"{point.held.value}"
        costs = (point.cost_per_year, point.cost_at_least, point.whole_items_cost_per_year, point.stock_value)
        table.add_row(at, *(money(cost) for cost in costs), said)
    console.print(table)
    heads = (traded, "cost a year", "frontier", "left on the table")
    table = titled("Known policies beside it", "policy", *heads, "keeps everything", numbers=heads)
    for one in found.markers:
        left = one.left_on_the_table_per_year
        told = (money(cost) for cost in (one.cost_per_year, one.frontier_cost_per_year, left))
        table.add_row(one.name, amount(found, one.service), *told, "yes" if one.feasible else "no")
    console.print(table)


def frontier_tables(found: Frontier) -> tuple[Sheet, ...]:
    """A row a point, and a row a known policy."""
    text, amount_, money_ = Holds.TEXT, Holds.AMOUNT, Holds.MONEY
    columns = (
        ("what", text), ("asked", amount_), ("reached", amount_), ("held", text), ("cost_per_year", money_),
        ("cost_at_least", money_), ("whole_items_cost_per_year", money_), ("stock_value", money_),
        ("knee", text), ("left_on_the_table_per_year", money_),
    )  # fmt: skip
    rows = [*map(_point_row, found.points), *map(_marker_row, found.markers)]
    return (Sheet("frontier", columns, rows),)


def _point_row(one: FrontierPoint) -> tuple[Cell, ...]:
    return (
        "point", one.asked, one.reached, one.held.value, one.cost_per_year, one.cost_at_least,
        one.whole_items_cost_per_year, one.stock_value, one.knee, None,
    )  # fmt: skip


def _marker_row(one: FrontierMarker) -> tuple[Cell, ...]:
    return (
        one.name, None, one.service, "feasible" if one.feasible else "breaks something",
        one.cost_per_year, None, one.cost_per_year, None, False, one.left_on_the_table_per_year,
    )  # fmt: skip
