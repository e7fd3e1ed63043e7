"""A cost bridge: from one cost to another in steps that add up to the cent, as a picture and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.chart import chart
from servicepolicy_api.page.parts.table import Column
from servicepolicy_models.cost import COST_PARTS, Cost

CENTS = 100
LEAST_REACH = 0.02
"""The scale reaches at least so far around the costs, as a share of them."""


@dataclass(frozen=True)
class Bridge:
    """Two costs in whole cents, and named steps between them that add up."""

    before: str
    after: str
    before_cents: int
    steps: tuple[tuple[str, int], ...]

    @property
    def after_cents(self) -> int:
        """Where the steps lead."""
        return self.before_cents + sum(cents for _, cents in self.steps)


def in_cents(parts: Sequence[float], total: float) -> list[int]:
    """Parts in whole cents that add up to the total in whole cents: the largest remainders give way.

    >>> in_cents([0.333, 0.333, 0.334], 1.0), in_cents([-0.005, 0.01], 0.005)
    ([33, 33, 34], [-1, 1])
    """
    exact = [CENTS * part for part in parts]
    cents = [round(one) for one in exact]
    over = sum(cents) - round(CENTS * total)
    step = 1 if over > 0 else -1
    order = sorted(range(len(cents)), key=lambda n: step * (exact[n] - cents[n]))
    for n in order[: abs(over)]:
        cents[n] -= step
    return cents


def of_parts(names: Sequence[str], before: str, after: str, first: Cost, second: Cost) -> Bridge:
    """The bridge by part of the cost. names: of the six parts."""
    one, other = dict(first), dict(second)
    moved = [other[part] - one[part] for part in COST_PARTS]
    start, end = round(CENTS * first.objective), round(CENTS * second.objective)
    cents = in_cents(moved, (end - start) / CENTS)
    return Bridge(before, after, start, tuple(zip(names, cents, strict=True)))


def draw_bridge(here: Here, caption: str, bridge: Bridge) -> None:
    """Draw the bridge."""
    words = here.words.compare
    rows = [
        [bridge.before, _amount(bridge.before_cents)],
        *([name, f"{cents / CENTS:+,.2f}"] for name, cents in bridge.steps),
        [bridge.after, _amount(bridge.after_cents)],
    ]
    columns = [Column(words.step), Column(words.amount, True)]
    option = _option(bridge)
    least = option["xAxis"]["min"]
    note = words.bars_begin.format(amount=f"{least:,}") if least else ""
    chart(here, caption, option, columns, rows, 60 + 30 * len(rows), note)


def _amount(cents: int) -> str:
    return f"{cents / CENTS:,.2f}"


def _option(bridge: Bridge) -> dict[str, Any]:
    """Bars from level to level; all begin where the scale does, which is not at 0 where steps are small."""
    names = [bridge.before, *(name for name, _ in bridge.steps), bridge.after]
    moves = [cents / CENTS for _, cents in bridge.steps]
    levels = list(accumulate([bridge.before_cents / CENTS, *moves]))
    low, high = min(levels), max(levels)
    reach = max(high - low, LEAST_REACH * abs(high))
    least = max(low - reach, 0.0)
    spans = [(0.0, levels[0]), *((levels[n], levels[n + 1]) for n in range(len(moves))), (0.0, levels[-1])]
    shown = [_amount(bridge.before_cents), *(f"{move:+,.0f}" for move in moves), _amount(bridge.after_cents)]
    ends = (0, len(names) - 1)
    bars = [
        {
            "value": round(abs(end - start), 2),
            "itemStyle": {"color": f"var(--{'whole' if n in ends else 'more' if end >= start else 'less'})"},
            "label": {"formatter": shown[n]},
        }
        for n, (start, end) in enumerate(spans)
    ]
    return {
        "tooltip": {"show": False},
        "grid": {"left": 8, "right": 96, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "min": round(least), "splitNumber": 4},
        "yAxis": {
            "type": "category", "inverse": True, "data": names,
            "axisLabel": {"color": "var(--ink)", "width": 190, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar", "stack": "level", "silent": True, "itemStyle": {"color": "transparent"},
                "data": [round(min(span), 2) for span in spans],
            },
            {
                "type": "bar", "stack": "level", "barWidth": 18, "data": bars,
                "label": {"show": True, "position": "right", "color": "var(--ink)"},
            },
        ],
    }  # fmt: skip
