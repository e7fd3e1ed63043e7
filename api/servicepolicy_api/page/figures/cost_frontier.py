"""Cost against service as a picture and as tables: proved points, the knee, and where we are."""

from collections.abc import Sequence
from typing import Any

from servicepolicy_api.page import addresses
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.chart import chart
from servicepolicy_api.page.parts.doing import lead_to
from servicepolicy_api.page.parts.table import Cell, Column, link, table
from servicepolicy_api.page.words import word
from servicepolicy_api.show.amounts import NONE, money
from servicepolicy_models.frontier import Frontier, FrontierMarker, FrontierPoint


def is_own(marker: FrontierMarker) -> bool:
    """Whether a known policy is the one that the scenario has now."""
    return marker.name.startswith("this")


def unit_of(found: Frontier) -> str:
    """The unit of what is traded, as the head of a column says it."""
    return "%" if found.unit == "share" else found.unit


def amount(found: Frontier, figure: float | None) -> str:
    """An amount of what is traded, with its unit."""
    if figure is None:
        return NONE
    if found.unit == "share":
        return f"{100 * figure:.2f} %"
    return f"{figure:,.1f} h" if found.unit == "h" else f"{figure:,.0f} {found.unit}"


def draw_frontier(here: Here, run_id: str, found: Frontier, opened: int | None) -> None:
    """Draw the picture and both tables. opened: number of the point that the reader looks at."""
    words = here.words.frontier
    against = word(words, found.question.against.value)
    caption = words.caption.format(against=against, currency=found.currency)
    columns = [
        Column(f"{against} ({unit_of(found)})", True),
        Column(words.cost.format(currency=found.currency), True), Column(words.at_least, True),
        Column(words.whole, True), Column(words.stock, True), Column(words.remark), Column(words.open),
    ]  # fmt: skip
    rows = [_row(here, run_id, found, number, opened) for number in range(len(found.points))]
    figure = chart(here, caption, _option(here, found, opened), columns, rows, 400)
    solved = _solved(found)

    def open_point(number: int) -> None:
        lead_to(addresses.asking(addresses.frontier(run_id), point=solved[number][0] + 1))

    def clicked(event: Any) -> None:
        if event.series_index == 0:
            open_point(event.data_index)

    figure.chart.on_point_click(clicked)


def draw_markers(here: Here, found: Frontier) -> None:
    """Draw the known policies beside it."""
    words = here.words.frontier
    against = word(words, found.question.against.value)
    columns = [
        Column(words.policy), Column(f"{against} ({unit_of(found)})", True),
        Column(words.cost.format(currency=found.currency), True), Column(words.frontier_cost, True),
        Column(words.left, True), Column(words.keeps),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            _marker_name(here, one), _plain(found, one.service), money(one.cost_per_year),
            money(one.frontier_cost_per_year), money(one.left_on_the_table_per_year),
            words.yes if one.feasible else words.no,
        ]
        for one in found.markers
    ]  # fmt: skip
    table(words.markers_caption, columns, rows)


def _solved(found: Frontier) -> list[tuple[int, FrontierPoint]]:
    return [
        (number, one)
        for number, one in enumerate(found.points)
        if one.cost_per_year is not None and one.reached is not None
    ]


def _row(here: Here, run_id: str, found: Frontier, number: int, opened: int | None) -> Sequence[Cell]:
    words, one = here.words.frontier, found.points[number]
    remarks = [words.knee] if one.knee else []
    if one.cost_per_year is None:
        remarks.append(words.impossible)
    at = one.reached if one.reached is not None else one.asked
    address = addresses.asking(addresses.frontier(run_id), point=number + 1)
    told = words.opened if number == opened else words.open_point.format(at=amount(found, at))
    return [
        _plain(found, at), money(one.cost_per_year), money(one.cost_at_least),
        money(one.whole_items_cost_per_year), money(one.stock_value), ", ".join(remarks),
        NONE if one.cost_per_year is None else link(told, address),
    ]  # fmt: skip


def _plain(found: Frontier, figure: float) -> str:
    """Without its unit, which the head says."""
    return (
        f"{100 * figure:.2f}"
        if found.unit == "share"
        else f"{figure:,.1f}"
        if found.unit == "h"
        else money(figure)
    )


def _marker_name(here: Here, one: FrontierMarker) -> str:
    name = word(here.words.known_policies, one.name)
    return f"{name} ({here.words.frontier.here})" if is_own(one) else name


def _option(here: Here, found: Frontier, opened: int | None) -> dict[str, Any]:
    words = here.words.frontier
    against = word(words, found.question.against.value)
    solved = _solved(found)
    scale = 100 if found.unit == "share" else 1
    points = [
        {
            "value": [round(scale * (one.reached or 0.0), 3), round(one.cost_per_year or 0.0)],
            "symbolSize": 15 if number == opened else 12 if one.knee else 8,
            "itemStyle": {"borderColor": "var(--ink)", "borderWidth": 2 if number == opened else 0},
            "label": {"show": one.knee, "formatter": words.knee, "position": "bottom", "color": "var(--ink)"},
        }
        for number, one in solved
    ]  # fmt: skip
    colours = {one.name: "var(--series-2)" if is_own(one) else "var(--whole)" for one in found.markers}
    markers = [
        {
            "value": [round(scale * one.service, 3), round(one.cost_per_year)],
            "symbol": "diamond" if is_own(one) else "rect",
            "symbolSize": 16 if is_own(one) else 10,
            "itemStyle": {
                "color": colours[one.name] if one.feasible else "var(--sheet)",
                "borderColor": colours[one.name], "borderWidth": 2,
            },
            "label": {
                "show": True, "position": "left" if _is_right(found, one) else "right", "color": "var(--ink)",
                "fontWeight": 600 if is_own(one) else 400,
                "formatter": words.here if is_own(one) else word(here.words.known_policies, one.name),
            },
        }
        for one in found.markers
    ]  # fmt: skip
    name = f"{against} ({unit_of(found)})"
    return {
        "grid": {"left": 12, "right": 36, "top": 24, "bottom": 30, "containLabel": True},
        "tooltip": {
            "trigger": "item", "confine": True, "backgroundColor": "var(--sheet)",
            "borderColor": "var(--line)", "textStyle": {"color": "var(--ink)", "fontSize": 12},
        },
        "xAxis": {
            "type": "value", "scale": True, "name": name, "nameLocation": "middle", "nameGap": 28,
            "splitLine": {"show": False}, **({"max": 100} if scale == 100 else {}),
        },
        "yAxis": {"type": "value", "scale": True},
        "series": [
            {
                "name": words.list_title, "type": "line", "step": "end" if scale == 100 else "start",
                "cursor": "pointer", "symbol": "circle", "lineStyle": {"width": 2}, "data": points,
                "emphasis": {"scale": 1.6},
            },
            {"name": words.markers_caption, "type": "scatter", "data": markers},
        ],
    }  # fmt: skip


def _is_right(found: Frontier, one: FrontierMarker) -> bool:
    """Whether a known policy lies in the right half, where its name goes to its left."""
    services = [each.service for each in found.markers] + [
        each.reached or each.asked for each in found.points
    ]
    return one.service > (min(services) + max(services)) / 2
