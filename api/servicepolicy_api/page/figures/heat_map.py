"""The results of a sweep: a heat map of two figures or a line of one, and a table of all points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from servicepolicy_api.page import addresses
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.matrix import STEPS, deep
from servicepolicy_api.page.parts.table import Cell, Column, link, scrolled
from servicepolicy_api.page.words import word
from servicepolicy_api.show.amounts import NONE, money, share
from servicepolicy_api.sweep_axes import Axes, Axis, called

MEASURES = ("cost", "stock", "fill")
FIELD = {"cost": "objective", "stock": "stock_value", "fill": "fill_rate"}
GRID = Markup(
    '<table class="sp-matrix sp-heat"><caption>{caption}</caption><thead><tr><th scope="col">{corner}</th>'
    "{heads}</tr></thead><tbody>{rows}</tbody></table>"
)
CELL = Markup('<td class="{}">{}</td>')
HEAD = Markup('<th scope="{}">{}</th>')
LINE = Markup('<tr><th scope="row">{}</th>{}</tr>')


@dataclass(frozen=True)
class Results:
    """A sweep as far as it is: its axes, and the row of every point that has ended."""

    document: Mapping[str, Any]
    axes: Axes
    rows: Mapping[int, Mapping[str, Any]]
    """Number of a point -> its row."""
    measure: str

    def value(self, number: int) -> float | None:
        """What is shown of a point; None: it has not ended, or has no policy."""
        found = self.rows.get(number, {}).get(FIELD[self.measure])
        return None if found is None else float(found)

    def told(self, number: int) -> str:
        """The same as text."""
        found = self.value(number)
        return share(found, 2) if self.measure == "fill" else money(found)

    def name(self, axis: Axis) -> str:
        """What an axis is called."""
        return called(self.document, axis.where)


def grid(here: Here, results: Results) -> Markup:
    """The heat map: the first axis downwards, the second across, a number in every cell."""
    words = here.words.sweep
    first, second = results.axes.axes
    at = {place: number for number, place in enumerate(results.axes.at)}
    values = [one for number in at.values() if (one := results.value(number)) is not None]
    caption = words.grid.format(
        measure=word(words, results.measure), first=results.name(first), second=results.name(second)
    )
    heads = Markup("").join(HEAD.format("col", _figure(value)) for value in second.values)
    rows = Markup("").join(
        LINE.format(
            _figure(value),
            Markup("").join(_cell(here, results, at.get((value, other)), values) for other in second.values),
        )
        for value in first.values
    )
    corner = f"{_last(results.name(first))} \\ {_last(results.name(second))}"
    return GRID.format(caption=caption, corner=corner, heads=heads, rows=rows)


def line_option(results: Results) -> dict[str, Any]:
    """What ECharts is told of a sweep of one figure."""
    (axis,) = results.axes.axes
    points = sorted(
        (place[0], number) for number, place in enumerate(results.axes.at) if place[0] is not None
    )
    scale = 100 if results.measure == "fill" else 1
    data = [
        [place, round(scale * value, 2)]
        for place, number in points
        if (value := results.value(number)) is not None
    ]
    return {
        "grid": {"left": 12, "right": 30, "top": 20, "bottom": 30, "containLabel": True},
        "xAxis": {
            "type": "value", "scale": True, "name": _last(results.name(axis)), "nameLocation": "middle",
            "nameGap": 28,
        },
        "yAxis": {"type": "value", "scale": True},
        "series": [{"type": "line", "symbol": "circle", "symbolSize": 8, "data": data}],
    }  # fmt: skip


def points_columns(here: Here, results: Results, currency: str) -> list[Column]:
    """The heads of the table of points."""
    words = here.words.sweep
    axes = [Column(results.name(axis), True) for axis in results.axes.axes]
    return [
        Column(words.point), *axes, Column(here.words.compare.cost.format(currency=currency), True),
        Column(here.words.compare.stock.format(currency=currency), True),
        Column(here.words.compare.fill_rate, True), Column(words.outcome),
    ]  # fmt: skip


def points_rows(here: Here, results: Results) -> list[list[Cell]]:
    """A row for every point, those that wait too."""
    words = here.words.sweep
    costs = [row["objective"] for row in results.rows.values() if row.get("objective") is not None]
    least = min(costs, default=None)
    made: list[list[Cell]] = []
    for number, place in enumerate(results.axes.at):
        row = results.rows.get(number)
        told: Cell = str(number + 1)
        if row is not None and row.get("run"):
            told = link(here.words.runs.part.format(n=number + 1), _place(row))
        cost: Cell = money(row.get("objective")) if row else NONE
        if row and least is not None and row.get("objective") == least:
            cost = Markup('<span class="sp-tag">{}</span> {}').format(words.best, cost)
        outcome = word(here.words.states, str(row["outcome"])) if row else words.waits
        stock = money(row.get("stock_value")) if row else NONE
        fill = share(row.get("fill_rate"), 2) if row else NONE
        made.append([told, *(_figure(one) for one in place), cost, stock, fill, outcome])
    return made


def points_table(here: Here, results: Results, currency: str) -> Markup:
    """The table of points."""
    columns, rows = points_columns(here, results, currency), points_rows(here, results)
    return scrolled(here.words.sweep.table, columns, rows, is_wide=True, is_caption_shown=False)


def _cell(here: Here, results: Results, number: int | None, values: Sequence[float]) -> Markup:
    value = None if number is None else results.value(number)
    row = results.rows.get(number) if number is not None else None
    if value is None or row is None:
        told = here.words.sweep.waits if row is None else word(here.words.states, str(row["outcome"]))
        return CELL.format("", told)
    step = min(int(deep(value, values) * STEPS), STEPS - 1)
    return CELL.format(f"sp-q{step}", link(results.told(number or 0), _place(row)))


def _place(row: Mapping[str, Any]) -> str:
    held = row["outcome"] in ("optimal", "feasible")
    return addresses.policy(row["run"]) if held else addresses.run(row["run"])


def _figure(value: float | None) -> str:
    return NONE if value is None else f"{value:,.10g}"


def _last(name: str) -> str:
    return name.rpartition("· ")[2]
