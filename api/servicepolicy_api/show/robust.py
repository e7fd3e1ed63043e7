"""What is safe to publish, in the terminal; and the same as tables for files."""

from rich.console import Console

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_api.show.amounts import NONE, gap, hours, money, promise, share
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.futures import PublishedSegment, RobustPolicy


def print_robust(robust: RobustPolicy, console: Console | None = None) -> None:
    """Print the answer in words, the regret table, the promises, and the proof."""
    console = console or screen()
    for sentence in (robust.sentence, robust.first_stage, robust.recourse):
        console.print(sentence, soft_wrap=True)
    _print_futures(robust, console)
    if robust.segments:
        _print_segments(robust, console)
        console.print(
            f"Mean cost {money(robust.expected_cost)}, largest regret {money(robust.largest_regret)}, "
            f"mean of the worst {share(robust.tail, 0)} of futures {money(robust.tail_cost)} "
            f"{robust.currency} a year.",
            soft_wrap=True,
        )
        console.print(
            f"Held: {robust.held.value}; bound {money(robust.bound)}, gap {gap(robust.gap)}, over "
            f"{robust.bound_holds_for}; the one model was solved {robust.rounds} times.",
            soft_wrap=True,
        )


def _print_futures(robust: RobustPolicy, console: Console) -> None:
    numbers = ("weight", "this policy", "its own best", "regret")
    table = titled(f"If this future comes, {robust.currency} a year", "future", *numbers, numbers=numbers)
    for one in robust.futures:
        table.add_row(one.name, share(one.weight), money(one.cost), money(one.own_cost), money(one.regret))
    console.print(table)


def _print_segments(robust: RobustPolicy, console: Console) -> None:
    numbers = ("from stock", "within")
    table = titled(
        "Safe to publish", "segment", *numbers, "path", "stock", "changes with the future", numbers=numbers
    )
    for one in robust.segments:
        table.add_row(
            _name(one),
            promise(one.promised_fill_rate),
            hours(one.promised_response_hours),
            _path(one),
            f"{one.supply}, {one.deployment}, {one.stock_policy}",
            ", ".join(field.replace("_", " ") for field in one.moving) or "nothing",
        )
    console.print(table)


def _name(one: PublishedSegment) -> str:
    return f"{one.customer_class}-{one.item_class}" + (f" {one.region}" if one.region != "*" else "")


def _path(one: PublishedSegment) -> str:
    return ", ".join(name or NONE for name in (one.channel, one.process, one.mode, one.frequency))


def robust_tables(robust: RobustPolicy) -> tuple[Sheet, ...]:
    """The regret table and the promises."""
    text, money_, share_ = Holds.TEXT, Holds.MONEY, Holds.SHARE
    return (
        Sheet(
            "futures",
            (
                ("future", text), ("weight", share_), ("cost", money_), ("own_cost", money_),
                ("regret", money_), ("sentence", Holds.SENTENCE),
            ),
            [
                (one.name, one.weight, one.cost, one.own_cost, one.regret, one.sentence)
                for one in robust.futures
            ],
        ),
        Sheet(
            "segments",
            (
                ("customer_class", text), ("item_class", text), ("region", text),
                ("promised_fill_rate", share_), ("promised_response_hours", Holds.AMOUNT),
                ("channel", text), ("process", text), ("mode", text), ("frequency", text), ("supply", text),
                ("deployment", text), ("stock_policy", text), ("changes", text),
                ("sentence", Holds.SENTENCE),
            ),
            [
                (
                    one.customer_class, one.item_class, one.region, one.promised_fill_rate,
                    one.promised_response_hours, one.channel, one.process, one.mode, one.frequency,
                    one.supply, one.deployment, one.stock_policy, ", ".join(one.moving), one.sentence,
                )
                for one in robust.segments
            ],
        ),
    )  # fmt: skip
