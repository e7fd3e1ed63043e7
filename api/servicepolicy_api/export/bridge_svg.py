"""The cost bridge as a picture: one bar up or down for each group of inputs, from one cost to the next.

White on any page; the sign stands in the number, so nobody needs to tell colours apart. Lengths in pixels.
"""

from collections.abc import Iterator

from servicepolicy_api.export.drawing import FAINT, box, card, line, words
from servicepolicy_api.show.comparison import group_name
from servicepolicy_models.comparison import Difference

END_BAR, UP_BAR, DOWN_BAR = "#1f5f99", "#d98c5f", "#6fae8e"
MARGIN, HEAD, BAR_HEIGHT, ROW, NAMES, NUMBERS, WIDTH = 24, 78, 20, 32, 310, 120, 940
LONGEST_NAME = 46


def bridge(difference: Difference, currency: str) -> str:
    """The difference between two runs as one picture with its numbers beside the bars."""
    rows = list(_rows(difference))
    lowest, highest = _ends(rows)
    left, width = MARGIN + NAMES, WIDTH - 2 * MARGIN - NAMES - NUMBERS

    def at(amount: float) -> float:
        return left + width * (max(amount, lowest) - lowest) / (highest - lowest)

    height = HEAD + ROW * len(rows) + MARGIN
    title = f"From {difference.before} to {difference.after}: {currency} a year"
    parts = [words(MARGIN, 34, f"Why the cost moved, in {currency} a year", 17, bold=True)]
    if lowest > 0:
        parts.append(words(MARGIN, 54, f"all bars begin at {lowest:,.0f}, not at 0", 12, FAINT))
    for n, (name, start, end, told) in enumerate(rows):
        top = HEAD + ROW * n
        middle = top + BAR_HEIGHT / 2 + 4
        low, high = min(at(start), at(end)), max(at(start), at(end))
        whole = n in (0, len(rows) - 1)
        fill = END_BAR if whole else (UP_BAR if end >= start else DOWN_BAR)
        parts += [
            words(MARGIN, middle, _short(name), 12, bold=whole),
            box(low, top, max(high - low, 1.0), BAR_HEIGHT, fill),
            words(WIDTH - MARGIN, middle, told, 12, anchor="end", bold=whole),
        ]
        if n + 1 < len(rows):
            x = at(end)
            parts.append(line(x, top + BAR_HEIGHT, x, top + ROW, FAINT))
    return card(WIDTH, height, title, parts, difference.sentence)


def _rows(difference: Difference) -> Iterator[tuple[str, float, float, str]]:
    """Name, where the bar starts and ends, and its number."""
    yield difference.before, 0.0, difference.cost_before, f"{difference.cost_before:,.2f}"
    level = difference.cost_before
    for one in difference.contributions:
        yield group_name(one.groups), level, level + one.amount, f"{one.amount:+,.2f}"
        level += one.amount
    yield difference.after, 0.0, difference.cost_after, f"{difference.cost_after:,.2f}"


def _ends(rows: list[tuple[str, float, float, str]]) -> tuple[float, float]:
    """The scale: cut below where the changes are small beside the whole, so that they are seen."""
    levels = [end for _, _, end, _ in rows]
    low, high = min(levels), max(levels)
    reach = max(high - low, 0.01 * max(abs(high), abs(low)), 1.0)
    start = low - reach
    lowest = min(low, 0.0) if start < reach else start
    return lowest, max(high, 0.0) + 0.02 * reach


def _short(name: str) -> str:
    """A name that fits beside the bars; the tables have all of it."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
