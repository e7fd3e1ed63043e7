"""What the reader of an answer must know of how far its figures go."""

from collections.abc import Iterator

import numpy as np

from servicepolicy_models.errors import warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.policy import Policy
from servicepolicy_optimizer.facts import Facts

LARGE_LINES_FROM_PIECES = 1.5
"""A random piece comes in a line of more than this on average: lines are not single pieces."""


def remarks(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Where formulas are approximations, with the range that was measured."""
    reserved = {row.item for row in policy.items if any(row.critical_level_pieces.values())}
    items = facts.items
    squares = (items.lines_per_day * items.order_size_second_moment_pieces2).sum(axis=1)
    pieces = items.pieces_per_day.sum(axis=1)
    lump = np.divide(squares, pieces, out=np.zeros_like(squares), where=pieces > 0)
    large = [item for item, one in zip(items.items, lump, strict=True) if one > LARGE_LINES_FROM_PIECES]
    count = len(reserved & set(large))
    if count:
        what = (
            f"{count} items with reserve levels are ordered in larger lines: the fill rates of the better "
            "classes are approximate there, up to 0.045 too high against a played shelf (0.01 for lines of "
            "up to 10 pieces); that of the worst class is not affected."
        )
        mend = "Simulate the policy, or leave rationed out of /stock_policies for such items."
        yield warning("/items", what, "stock.reserves_and_large_lines", mend, count)
