"""Prices in the terminal; and the same as a table for files."""

from rich.console import Console

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_api.show.amounts import NONE, hours, share
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.prices import Prices, SegmentPrice, StepPrice

HEADS = {
    "one_point_more": "+1 point",
    "next_rung_up": "next rung",
    "one_point_less": "-1 point",
    "next_rung_down": "rung below",
    "faster": "faster",
    "slower": "slower",
}
"""Step -> head of its column."""


def print_prices(found: Prices, console: Console | None = None) -> None:
    """Print a table of promises and one of limits; sentences first."""
    console = console or screen()
    for sentence in found.sentences:
        console.print(f"- {sentence}", soft_wrap=True)
    if found.segments:
        title = f"More or less a year for one step of a promise, in {found.currency}"
        table = titled(title, "segment", "promised", "planned", *HEADS.values(), "in the way")
        for segment in found.segments:
            by_name = {step.step: step for step in segment.steps}
            table.add_row(
                _name(segment),
                f"{share(segment.target_fill_rate)} {hours(segment.target_response_hours)}",
                f"{share(segment.planned_fill_rate)} {hours(segment.promised_response_hours)}",
                *(_cell(by_name.get(name)) for name in HEADS),  # type: ignore[call-overload]
                _in_the_way(segment),
            )
        console.print(table)
    if found.limits:
        numbers = ("limit", "used", "one more unit saves", "enough", "1 % less costs")
        title = f"What capacities and budgets are worth a year, in {found.currency}"
        table = titled(title, "limit of", "unit", *numbers, numbers=numbers)
        for one in found.limits:
            less = next((step for step in one.steps if step.step == "one_percent_less"), None)
            worth = NONE if one.value_of_one_unit is None else f"{one.value_of_one_unit:,.2f}"
            enough = NONE if one.enough is None else f"{one.enough:,.4g}"
            table.add_row(
                one.where, one.unit, f"{one.limit:,.6g}", f"{one.used:,.6g}", worth, enough, _cell(less)
            )
        console.print(table)


def _name(segment: SegmentPrice) -> str:
    region = "" if segment.region == "*" else f" ({segment.region})"
    return f"{segment.customer_class}/{segment.item_class}{region}"


def _cell(step: StepPrice | None) -> str:
    if step is None:
        return NONE
    if step.cost_difference_per_year is None:
        return "cannot be had" if step.held == "infeasible" else "not found in time"
    return f"{round(step.cost_difference_per_year) + 0:+,}".replace("+0", "0")


def _in_the_way(segment: SegmentPrice) -> str:
    """What binds when the promise is raised, without the promise itself."""
    up = next((step for step in segment.steps if step.step in ("one_point_more", "next_rung_up")), None)
    others = [] if up is None else [name for name in up.binds if not name.startswith("the fill rate")]
    return "; ".join(others) or NONE


def prices_tables(found: Prices) -> tuple[Sheet, ...]:
    """A row a step."""
    text, amount, money = Holds.TEXT, Holds.AMOUNT, Holds.MONEY
    columns = (
        ("where", text), ("step", text), ("before", amount), ("after", amount), ("unit", text),
        ("held", text), ("cost_difference_per_year", money), ("at_least", money), ("at_most", money),
        ("holds_to", amount), ("binds", Holds.SENTENCE), ("sentence", Holds.SENTENCE),
    )  # fmt: skip
    rows = [
        (
            step.change.where, step.step, step.change.before, step.change.after, step.change.unit,
            step.held.value, step.cost_difference_per_year, step.at_least, step.at_most, step.holds_to,
            "; ".join(step.binds), step.sentence,
        )
        for steps in (*(one.steps for one in found.segments), *(one.steps for one in found.limits))
        for step in steps
    ]  # fmt: skip
    return (Sheet("prices", columns, rows),)
