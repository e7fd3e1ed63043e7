"""Draw a policy as one picture (SVG): left what is promised, right what it costs beside other policies.

    python docs/picture.py out/demo/policy.json docs/picture.svg

The card is white on any page. Colour repeats what a number already says, in shades of one blue, so that
nobody needs to tell colours apart. Lengths are in pixels.
"""

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from servicepolicy_api.export.drawing import FAINT, INK, card
from servicepolicy_api.show.amounts import hours, promise, share
from servicepolicy_api.show.costs import NAME_OF
from servicepolicy_models.cost import COST_PARTS, Cost
from servicepolicy_models.policy import Policy, SegmentPolicy

OWN_BAR, KEPT_BAR, BROKEN_BAR = "#8ab8e0", "#c3cad1", "#e6e9ec"
LIGHTEST, DARKEST = (235, 243, 251), (31, 95, 153)
MARGIN, TOP, CELL_WIDTH, CELL_HEIGHT = 24, 104, 142, 84
ROW_HEAD, PART_HEAD, COLUMN_WIDTH, ROW_HEIGHT = 84, 100, 92, 30
GAP_BETWEEN = 40
LONGEST_WAY = 25


def main(arguments: Sequence[str]) -> int:
    """Read the policy named first, write the picture named second; the exit code is returned."""
    if len(arguments) != 2:
        print("usage: python docs/picture.py policy.json picture.svg")
        return 2
    source, target = map(Path, arguments)
    target.write_text(picture(Policy.model_validate_json(source.read_bytes())), encoding="utf-8")
    return 0


def picture(policy: Policy) -> str:
    """The whole picture. A policy with promises by region is drawn for its first region."""
    region = policy.segments[0].region
    segments = [one for one in policy.segments if one.region == region]
    customer_classes = list(dict.fromkeys(one.customer_class for one in segments))
    item_classes = list(dict.fromkeys(one.item_class for one in segments))
    right = MARGIN + ROW_HEAD + CELL_WIDTH * len(item_classes) + GAP_BETWEEN
    width = right + PART_HEAD + COLUMN_WIDTH * (1 + len(policy.baselines)) + MARGIN
    height = TOP + max(CELL_HEIGHT * len(customer_classes), ROW_HEIGHT * (len(COST_PARTS) + 3)) + 44
    where = "" if region == "*" else f", {region}"
    parts = [
        text(MARGIN, 34, f"What each segment is promised{where}", 17, bold=True),
        text(MARGIN, 54, "share of pieces from stock, response time, and the way there", 12, FAINT),
        *matrix(segments, customer_classes, item_classes),
        text(right, 34, f"What it costs, in thousand {policy.currency} a year", 17, bold=True),
        text(
            right, 54, "one scale for all bars; pale bars: a policy that breaks promises or limits", 12, FAINT
        ),
        *costs(policy, right),
        text(MARGIN, height - 16, f"Scenario: {policy.scenario}", 11, FAINT),
    ]
    return card(width, height, f"Policy {policy.scenario}: promises and yearly cost", parts)


def matrix(
    segments: Sequence[SegmentPolicy], customer_classes: Sequence[str], item_classes: Sequence[str]
) -> Iterator[str]:
    """Heads and cells of the customer-item matrix."""
    left = MARGIN + ROW_HEAD
    for column, item_class in enumerate(item_classes):
        middle = left + CELL_WIDTH * (column + 0.5)
        yield text(middle, TOP - 10, f"items {item_class}", 12, anchor="middle")
    for row, customer_class in enumerate(customer_classes):
        yield text(MARGIN, TOP + CELL_HEIGHT * (row + 0.5) + 4, f"customers {customer_class}", 12)
    for one in segments:
        x = left + CELL_WIDTH * item_classes.index(one.item_class)
        yield from cell(one, x, TOP + CELL_HEIGHT * customer_classes.index(one.customer_class))


def cell(segment: SegmentPolicy, x: float, y: float) -> Iterator[str]:
    """One segment: darker for a higher fill rate."""
    fill, ink = shade(segment.promised_fill_rate)
    way = f"{segment.channel}, {segment.process}, {segment.mode}"
    way = way if len(way) <= LONGEST_WAY else f"{way[: LONGEST_WAY - 1]}…"
    middle = x + CELL_WIDTH / 2
    yield box(x + 2, y + 2, CELL_WIDTH - 4, CELL_HEIGHT - 4, fill)
    yield text(middle, y + 33, promise(segment.promised_fill_rate), 21, ink, "middle", bold=True)
    yield text(middle, y + 53, f"within {hours(segment.promised_response_hours)}", 13, ink, "middle")
    yield text(middle, y + 71, way, 10.5, ink, "middle")


def costs(policy: Policy, left: float) -> Iterator[str]:
    """One column a policy, one row a part of the cost; beneath them the sum and what is kept for it."""
    columns: list[tuple[str, Cost | None, float | None, bool, int]] = [
        ("this policy", policy.cost, policy.fill_rate, True, 0)
    ]
    columns += [(NAME_OF[b.name], b.cost, b.fill_rate, b.feasible, len(b.breaks)) for b in policy.baselines]
    dearest = max(
        (getattr(cost, part) for _, cost, *_ in columns if cost for part in COST_PARTS), default=1.0
    )
    names = [part.replace("_", " ") for part in COST_PARTS]
    for row, name in enumerate([*names, "all six", "fill rate", "every promise"]):
        yield text(left, middle_of(row), name, 12, bold=name == "all six")
    for place, (name, cost, fill_rate, kept, broken) in enumerate(columns):
        x = left + PART_HEAD + COLUMN_WIDTH * place
        bar = OWN_BAR if place == 0 else KEPT_BAR if kept else BROKEN_BAR
        yield from column_head(name, x)
        if cost is not None:
            for row, part in enumerate(COST_PARTS):
                yield from bar_with_number(getattr(cost, part), dearest, x, row, bar)
            yield text(x + 4, middle_of(len(COST_PARTS)), thousands(cost.objective), 13, bold=True)
        if fill_rate is not None:
            yield text(x + 4, middle_of(len(COST_PARTS) + 1), share(fill_rate), 12)
        verdict = "kept" if kept else f"{broken} broken"
        yield text(x + 4, middle_of(len(COST_PARTS) + 2), verdict, 12, bold=kept)
    y, right = TOP + ROW_HEIGHT * len(COST_PARTS), left + PART_HEAD + COLUMN_WIDTH * len(columns)
    yield f'<path d="M{left} {y}H{right}" stroke="{INK}" fill="none"/>'


def column_head(name: str, x: float) -> Iterator[str]:
    """A policy's name, on two lines where it has two parts."""
    first, _, second = name.replace("policy in", "policy,in").partition(",")
    yield text(x + 4, TOP - 10 - (15 if second else 0), first, 12, bold=name == "this policy")
    if second:
        yield text(x + 4, TOP - 10, second.strip(), 12)


def bar_with_number(amount: float, dearest: float, x: float, row: int, colour: str) -> Iterator[str]:
    """A bar and the amount on it; what is earned instead of paid has no bar."""
    length = max(0.0, amount / dearest) * (COLUMN_WIDTH - 8) if dearest > 0 else 0.0
    yield box(x, TOP + ROW_HEIGHT * row + 4, max(length, 1.0), ROW_HEIGHT - 8, colour)
    yield text(x + 4, middle_of(row), thousands(amount), 12)


def middle_of(row: int) -> float:
    """The line on which a row's text stands."""
    return TOP + ROW_HEIGHT * row + 19


def thousands(amount: float) -> str:
    """Money in thousands, with a decimal below ten.

    >>> thousands(533_062), thousands(4_047), thousands(-40)
    ('533', '4.0', '0.0')
    """
    # Adding 0 turns a negative zero into a plain one.
    return f"{amount / 1000:,.0f}" if abs(amount) >= 9_950 else f"{round(amount / 1000, 1) + 0:.1f}"


def shade(fill_rate: float) -> tuple[str, str]:
    """The colour of a cell and of the ink on it. Each tenth of the missing pieces is one equal step darker.

    >>> shade(0.5), shade(0.995)
    (('#ebf3fb', '#14202b'), ('#1f5f99', '#ffffff'))
    """
    step = (-math.log10(max(1 - fill_rate, 1e-9)) - math.log10(2)) / (math.log10(200) - math.log10(2))
    step = min(1.0, max(0.0, step))
    colour = [round(light + step * (dark - light)) for light, dark in zip(LIGHTEST, DARKEST, strict=True)]
    return "#" + "".join(f"{one:02x}" for one in colour), "#ffffff" if step > 0.8 else INK


def box(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A filled rectangle."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:.4g}" height="{height:g}" rx="2" fill="{fill}"/>'


def text(
    x: float, y: float, words: str, size: float, fill: str = INK, anchor: str = "start", bold: bool = False
) -> str:
    """Words, escaped."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
