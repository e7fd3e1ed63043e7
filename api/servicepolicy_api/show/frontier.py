"""A frontier in the terminal: the table twin of its picture."""

from rich.console import Console

from servicepolicy_api.show.amounts import NONE, money
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.frontier import Frontier


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
