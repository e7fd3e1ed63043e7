"""The cost bridge as a picture: one bar up or down for each group of inputs, from one cost to the next.

White on any page; the sign stands in the number, so nobody needs to tell colours apart. Lengths in pixels.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from servicepolicy_api.show.comparison import group_name
from servicepolicy_models.comparison import Difference

INK, FAINT, RULE = "#14202b", "#55606b", "#d0d7de"
END_BAR, UP_BAR, DOWN_BAR = "#1f5f99", "#d98c5f", "#6fae8e"
FONTS = "system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"
MARGIN, HEAD, BAR_HEIGHT, ROW, NAMES, NUMBERS, WIDTH = 24, 64, 20, 32, 230, 120, 860


def bridge(difference: Difference, currency: str) -> str:
    """The difference between two runs as one picture with its numbers beside the bars."""
    rows = list(_rows(difference))
    lowest, highest = _ends(rows)
    left, width = MARGIN + NAMES, WIDTH - 2 * MARGIN - NAMES - NUMBERS

    def at(amount: float) -> float:
        return left + width * (amount - lowest) / (highest - lowest)

    height = HEAD + ROW * len(rows) + MARGIN
    title = f"From {difference.before} to {difference.after}: {currency} a year"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" '
        f'font-family="{FONTS}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(difference.sentence)}</desc>",
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10" fill="#ffffff" '
        f'stroke="{RULE}"/>',
        _text(MARGIN, 34, title, 17, bold=True),
    ]
    for n, (name, start, end, told) in enumerate(rows):
        top = HEAD + ROW * n
        middle = top + BAR_HEIGHT / 2 + 4
        low, high = min(at(start), at(end)), max(at(start), at(end))
        whole = n in (0, len(rows) - 1)
        fill = END_BAR if whole else (UP_BAR if end >= start else DOWN_BAR)
        parts += [
            _text(MARGIN, middle, name, 12, bold=whole),
            f'<rect x="{low:.1f}" y="{top}" width="{max(high - low, 1.0):.1f}" height="{BAR_HEIGHT}" '
            f'fill="{fill}"/>',
            _text(WIDTH - MARGIN, middle, told, 12, anchor="end", bold=whole),
        ]
        if n + 1 < len(rows):
            x = at(end)
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top + BAR_HEIGHT}" y2="{top + ROW}" stroke="{FAINT}" '
                'stroke-width="0.7"/>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


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
    return (0.0 if 0.0 < start < reach or low <= 0.0 <= start else min(start, low)), high + 0.02 * reach


def _text(x: float, y: float, told: str, size: int, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{INK}" text-anchor="{anchor}"{weight}>'
        f"{escape(told)}</text>"
    )
