"""A scenario that was looked at and not solved."""

import json

from servicepolicy_api.review import Review
from servicepolicy_api.show.findings import print_findings
from servicepolicy_api.show.screen import screen, titled

LONGEST_VALUE = 60
NEUTRAL = (0, False, "*")
"""Defaults that change nothing: they are counted, and listed by --json."""


def print_review(review: Review) -> None:
    """Print the verdict, the findings, the size, and what was left to its default."""
    console = screen()
    print_findings(review.findings, console)
    if not review.valid:
        console.print("The scenario cannot be solved as it stands.", style="bold red")
        return
    console.print(f"{review.name} is a valid scenario.", style="bold green")
    console.print(", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in review.size.items()))
    telling = [default for default in review.defaults if default.value not in NEUTRAL]
    table = titled("Left to its default", "field", "value", "times", numbers=("times",))
    for default in telling:
        value = json.dumps(default.value, ensure_ascii=False)
        short = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
        table.add_row(default.field, short, f"{default.count:,}")
    console.print(table)
    neutral = sum(default.count for default in review.defaults) - sum(default.count for default in telling)
    console.print(f"and {neutral:,} fields at 0, false or *.")
