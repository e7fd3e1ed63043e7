"""Why the answer moved, in the terminal; and the same as tables for files."""

from collections.abc import Sequence

from rich.console import Console

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.comparison import Comparison, Difference, InputGroup

MOST_CHANGES_TOLD = 20
"""The files hold all."""
NAMES = {
    InputGroup.DEMAND: "demand",
    InputGroup.CLASSES: "classes and regions",
    InputGroup.PROMISES: "promises and terms",
    InputGroup.MEANS: "means",
    InputGroup.COSTS: "costs",
    InputGroup.TIMES: "lead and response times",
    InputGroup.LIMITS: "capacities, budgets, rules",
    InputGroup.SEARCH: "limits of the search",
    InputGroup.ENGINE: "the program",
}


def group_name(groups: Sequence[InputGroup]) -> str:
    """Groups of inputs as the head of a row.

    >>> group_name([InputGroup.COSTS, InputGroup.MEANS])
    'costs + means'
    """
    return " + ".join(NAMES[group] for group in groups)


def print_comparison(comparison: Comparison, console: Console | None = None) -> None:
    """Print the sentence of every difference first, then the bridge, the changes and the segments."""
    console = console or screen()
    for one in comparison.differences:
        console.print(one.sentence, style="bold", soft_wrap=True)
        _print_bridge(one, comparison.currency, console)
        _print_list("What changed in the question", [change.sentence for change in one.changes], console)
        _print_list("What segments get differently", [moved.sentence for moved in one.segments], console)
        _print_list(
            "Not measured apart",
            [f"{group_name(mix.changed) or one.before}: {mix.why}" for mix in one.unmixable],
            console,
        )
    _print_list("Against one promise for all", [one.sentence for one in comparison.segmentation], console)


def _print_bridge(one: Difference, currency: str, console: Console) -> None:
    table = titled(f"From {one.before} to {one.after}, {currency} a year", "", "amount", numbers=("amount",))
    table.add_row(one.before, f"{one.cost_before:,.2f}", style="bold")
    for part in one.contributions:
        table.add_row(group_name(part.groups), f"{part.amount:+,.2f}")
    table.add_section()
    table.add_row(one.after, f"{one.cost_after:,.2f}", style="bold")
    console.print(table)


def _print_list(head: str, sentences: Sequence[str], console: Console) -> None:
    if not sentences:
        return
    console.print(head, style="bold")
    for sentence in sentences[:MOST_CHANGES_TOLD]:
        console.print(f"- {sentence}", soft_wrap=True)
    if len(sentences) > MOST_CHANGES_TOLD:
        console.print(f"- and {len(sentences) - MOST_CHANGES_TOLD} more, see --json")


def comparison_tables(comparison: Comparison) -> tuple[Sheet, ...]:
    """The bridge, the changes and the segments as tables."""
    text, money, sentence = Holds.TEXT, Holds.MONEY, Holds.SENTENCE
    runs = (("before", text), ("after", text))
    return (
        Sheet(
            "bridge",
            (*runs, ("inputs", text), ("amount", money), ("sentence", sentence)),
            [
                (one.before, one.after, group_name(part.groups), part.amount, part.sentence)
                for one in comparison.differences
                for part in one.contributions
            ],
        ),
        Sheet(
            "changes",
            (*runs, ("where", text), ("inputs", text), ("sentence", sentence)),
            [
                (one.before, one.after, change.where, change.group and change.group.value, change.sentence)
                for one in comparison.differences
                for change in one.changes
            ],
        ),
        Sheet(
            "segments",
            (
                *runs, ("customer_class", text), ("item_class", text), ("region", text), ("what", text),
                ("was", text), ("is", text), ("sentence", sentence),
            ),
            [
                (
                    one.before, one.after, moved.customer_class, moved.item_class, moved.region, moved.what,
                    moved.before, moved.after, moved.sentence,
                )
                for one in comparison.differences
                for moved in one.segments
            ],
        ),
    )  # fmt: skip
