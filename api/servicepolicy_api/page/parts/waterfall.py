"""A waterfall: parts that add up to a whole, each beginning where the one before ended."""

from collections.abc import Sequence
from typing import Any

from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.chart import Figure, chart
from servicepolicy_api.page.parts.table import Column
from servicepolicy_api.show.amounts import money


def waterfall(
    here: Here, caption: str, heads: tuple[str, str], steps: Sequence[tuple[str, float]], total: str
) -> Figure:
    """Draw steps (name, amount) and their sum. heads: of the names and of the amounts, with the unit."""
    whole = sum(amount for _, amount in steps)
    rows = [*((name, money(amount)) for name, amount in steps), (total, money(whole))]
    option = {
        "xAxis": {"type": "category", "data": [name for name, _ in rows]},
        "yAxis": {"type": "value"},
        "tooltip": {"show": False},
        "series": [{"type": "bar", "stack": "1", "silent": True, **one} for one in _series(steps, whole)],
    }
    return chart(here, caption, option, (Column(heads[0]), Column(heads[1], True)), rows)


def _series(steps: Sequence[tuple[str, float]], whole: float) -> list[dict[str, Any]]:
    """A bar that is not seen carries each bar that is. Below zero the two change sides."""
    spans, at = [], 0.0
    for _, amount in steps:
        spans.append((at, at + amount))
        at += amount
    spans.append((0.0, whole))
    hidden, shown = [], []
    for number, (begin, end) in enumerate(spans):
        low, high = min(begin, end), max(begin, end)
        is_whole = number == len(spans) - 1
        colour = "var(--whole)" if is_whole else "var(--more)" if end >= begin else "var(--less)"
        label = {"show": True, "position": "top", "color": "var(--ink)", "formatter": money(end - begin)}
        crosses = low < 0 < high
        hidden.append(0.0 if crosses else low if low >= 0 else high)
        value = high - low if low >= 0 else low - high
        shown.append({"value": end if crosses else value, "itemStyle": {"color": colour}, "label": label})
    return [
        {"data": hidden, "itemStyle": {"color": "transparent"}},
        {"data": shown, "barMaxWidth": 72},
    ]
