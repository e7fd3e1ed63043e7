"""A chart and its twin: the same rows as a picture and as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.parts.table import Cell, Column, scrolled, table

SERIES = tuple(f"var(--series-{number})" for number in range(1, 7))
"""Colours of series in their order; told apart by everybody, in light and in dark."""


@dataclass(frozen=True)
class Figure:
    """A figure that was drawn, and can be drawn anew while somebody looks."""

    chart: ui.echart
    table: ui.html
    caption: str
    columns: Sequence[Column]

    def renew(self, option: Mapping[str, Any], rows: Sequence[Sequence[Cell]]) -> None:
        """Show other figures in the same place, in both forms."""
        self.chart.options.update(quiet(option))
        self.chart.update()
        self.table.set_content(str(scrolled(self.caption, self.columns, rows, is_caption_shown=False)))


def chart(
    here: Here,
    caption: str,
    option: Mapping[str, Any],
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    height_px: int = 300,
    note: str = "",
) -> Figure:
    """Draw a figure: a picture, and below it the same rows as a table. option: what ECharts is told.

    note: how the picture is to be read.
    """
    with ui.element("figure").classes("sp-figure") as figure:
        figure.props["aria-label"] = caption
        ui.html(Markup("{}").format(caption), tag="figcaption", sanitize=False)
        if note:
            prose(note, is_soft=True)
        drawn = ui.echart(quiet(option), renderer="svg").style(f"height: {height_px}px")
        drawn.props["role"], drawn.props["aria-label"] = "img", caption
        with ui.element("details"):
            ui.html(Markup("{}").format(here.words.parts.as_table), tag="summary", sanitize=False)
            twin = table(caption, columns, rows, is_caption_shown=False)
    return Figure(drawn, twin, caption, columns)


def quiet(option: Mapping[str, Any]) -> dict[str, Any]:
    """An option in the page's dress: its colours and letters, no motion, thin lines, room for the numbers."""
    dressed: dict[str, Any] = {
        "animation": False,
        "color": list(SERIES),
        "textStyle": {"fontFamily": LETTERS, "color": "var(--soft)", "fontSize": 12},
        "grid": {"left": 8, "right": 24, "top": 32, "bottom": 8, "containLabel": True},
        "tooltip": {
            "trigger": "axis", "confine": True, "backgroundColor": "var(--sheet)",
            "borderColor": "var(--line)", "textStyle": {"color": "var(--ink)", "fontSize": 12},
        },
        **option,
    }  # fmt: skip
    for name in ("xAxis", "yAxis"):
        if isinstance(dressed.get(name), Mapping):
            dressed[name] = {**AXIS, **dressed[name]}
    if isinstance(dressed.get("legend"), Mapping):
        dressed["legend"] = {"top": 0, "right": 0, "textStyle": {"color": "var(--ink)"}, **dressed["legend"]}
    return dressed


LETTERS = "roboto, helvetica, arial, sans-serif"
"""Narrow ones, and by name: a chart leaves room for its words by a measure of its own, and wider letters, as
those of the page that it would inherit, lose their beginning.
"""

AXIS: Mapping[str, Any] = {
    "axisLine": {"lineStyle": {"color": "var(--line)"}},
    "axisTick": {"show": False},
    "axisLabel": {"color": "var(--soft)"},
    "splitLine": {"lineStyle": {"color": "var(--line)", "width": 0.5}},
    "nameTextStyle": {"color": "var(--soft)"},
}
