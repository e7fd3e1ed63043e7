"""What a policy costs by its parts, beside the policies it is compared with."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.chart import chart
from servicepolicy_api.page.parts.table import Cell, Column, table
from servicepolicy_api.page.words import word
from servicepolicy_api.show.amounts import NONE, money, share
from servicepolicy_models.cost import COST_PARTS, Cost
from servicepolicy_models.policy import Policy


def draw_costs(here: Here, policy: Policy) -> None:
    """Draw a bar for every policy, stacked by part, with the table of the same figures."""
    words = here.words.policy
    beside: dict[str, Cost | None] = {word(here.words.known_policies, "this_policy"): policy.cost}
    standing = [words.keeps]
    for one in policy.baselines:
        beside[word(here.words.known_policies, one.name)] = one.cost
        standing.append(words.keeps if one.feasible else words.breaks_some.format(n=len(one.breaks)))
    rows: list[list[Cell]] = [
        [word(here.words.costs, part), *(_money(cost, part) for cost in beside.values())]
        for part in COST_PARTS
    ]
    rows.append([words.total, *(NONE if cost is None else money(cost.objective) for cost in beside.values())])
    rows.append([words.breaks, *standing])
    columns = [Column(words.part), *(Column(name, True) for name in beside)]
    option = _option(here, beside, dict(zip(beside, standing, strict=True)))
    chart(here, words.costs_caption.format(currency=policy.currency), option, columns, rows, 280)


def draw_broken(here: Here, policy: Policy) -> None:
    """Draw what the other policies break."""
    words = here.words.policy
    rows = [
        [word(here.words.known_policies, one.name), Markup("<br>").join(one.breaks[:MOST_BROKEN])]
        for one in policy.baselines
        if one.breaks
    ]
    if not rows:
        return
    with ui.element("div").classes("sp-panel"):
        table(words.broken, [Column(words.policy), Column(words.breaks)], rows, is_wide=True)


MOST_BROKEN = 12


def draw_uses(here: Here, policy: Policy) -> None:
    """Draw how much of each capacity and budget is used."""
    words = here.words.policy
    columns = (
        Column(words.use), Column(words.used, True), Column(words.limit, True),
        Column(words.share_used, True), Column(words.unit),
    )  # fmt: skip
    rows = [
        [
            one.name, f"{one.used:,.4g}" if one.used < 1000 else f"{one.used:,.0f}",
            words.no_limit if one.limit is None else f"{one.limit:,.0f}",
            share(one.used / one.limit) if one.limit else NONE, one.unit,
        ]
        for one in policy.uses
    ]  # fmt: skip
    with ui.element("div").classes("sp-panel"):
        table(words.uses, columns, rows)


def _money(cost: Cost | None, part: str) -> str:
    return NONE if cost is None else money(dict(cost)[part])


def _option(here: Here, beside: Mapping[str, Cost | None], standing: Mapping[str, str]) -> dict[str, Any]:
    """Beside each total stands what the policy keeps: a cheaper one that breaks promises is no bargain."""
    known = {name: cost for name, cost in beside.items() if cost is not None}
    names = list(known)[::-1]
    totals = [round(known[name].objective) for name in names]
    series: list[dict[str, Any]] = [
        {
            "name": word(here.words.costs, part), "type": "bar", "stack": "cost", "barWidth": 22,
            "data": [round(dict(known[name])[part]) for name in names],
        }
        for part in COST_PARTS
    ]  # fmt: skip
    series.append(
        {
            "name": here.words.policy.total, "type": "scatter", "symbolSize": 1, "color": "transparent",
            "data": totals, "tooltip": {"show": False},
            "label": {"show": True, "position": "right", "color": "var(--ink)", "formatter": "{@value}"},
        }
    )  # fmt: skip
    series[-1]["data"] = [
        {"value": total, "label": {"formatter": f"{total:,} · {standing[name]}"}}
        for name, total in zip(names, totals, strict=True)
    ]
    return {
        "legend": {
            "right": "auto",
            "left": 0,
            "itemWidth": 14,
            "itemGap": 16,
            "data": [word(here.words.costs, part) for part in COST_PARTS],
        },
        "grid": {"left": 8, "right": 130, "top": 34, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "value",
            "splitNumber": 4,
            "axisLabel": {"color": "var(--soft)", "hideOverlap": True},
        },
        "yAxis": {"type": "category", "data": names, "axisLabel": {"color": "var(--ink)"}},
        "series": series,
    }
