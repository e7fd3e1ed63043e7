"""Many what-ifs on one scenario: asked by a form, shown while they come."""

from typing import Annotated, Literal

import orjson
from fastapi import Query
from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.asking import cancelled
from servicepolicy_api.awaiting import latest
from servicepolicy_api.kinds.sweep import SweepSettings
from servicepolicy_api.page import addresses
from servicepolicy_api.page.asking import scenario_of
from servicepolicy_api.page.figures.calling import called
from servicepolicy_api.page.figures.choosing import choices_of
from servicepolicy_api.page.figures.earlier import draw_earlier, earlier
from servicepolicy_api.page.figures.ending import draw_ending
from servicepolicy_api.page.figures.heat_map import (
    MEASURES,
    Results,
    grid,
    line_option,
    points_columns,
    points_rows,
    points_table,
)
from servicepolicy_api.page.figures.sweep_form import draw_form
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.chart import chart
from servicepolicy_api.page.parts.doing import Alerts
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_api.page.parts.fields import button
from servicepolicy_api.page.parts.findings import findings
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.words import word
from servicepolicy_api.run_answers import found
from servicepolicy_api.sweep_axes import axes_of
from servicepolicy_store.errors import StoreUnavailable
from servicepolicy_store.run_noun import Run, State

LOOK_SECONDS = 1.0
GRID_AXES, LINE_AXES = 2, 1
STATUS = Markup(
    '<p class="sp-now"><span class="sp-tag">{state}</span> {told}</p>'
    '<div class="sp-progress" role="progressbar" aria-label="{told}" aria-valuemin="0" aria-valuemax="100" '
    'aria-valuenow="{percent}"><span style="width:{percent}%"></span></div>'
)
FILTERS = Markup('<nav class="sp-filters" aria-label="{}">{}</nav>')
FILTER = Markup('<a href="{}"{}>{}</a>')


@screen("/sweeps")
async def sweeps(
    here: Here,
    run: Annotated[str | None, Query(max_length=36)] = None,
    scenario: Annotated[str | None, Query(max_length=120)] = None,
) -> None:
    """Ask for a sweep, and list those asked before."""
    words = here.words.sweep
    choices = await here.load(lambda: choices_of(here, run, scenario))
    before = await here.load(lambda: earlier(here, "sweep"))
    name = choices.run.scenario_name if choices.run else scenario
    frame(here, Place("sweep", words.list_title, words.list_lead, name, run))
    if choices.is_empty:
        said(here, words.no_scenario, (here.words.solve.to_scenarios, addresses.new_scenario()))
        return
    await draw_form(here, choices)
    draw_earlier(here, before, words.earlier, words.none)


@screen("/sweeps/{run_id}")
async def sweep(here: Here, run_id: str, show: Literal["cost", "stock", "fill"] = "cost") -> None:
    """Show a sweep as far as it is; the results of points come as they end."""
    words = here.words.sweep
    run = await here.load(lambda: latest(here.memory, run_id))
    frame(here, Place("sweep", words.title.format(name=called(here, run)), words.lead, run.scenario_name))
    if run.kind != "sweep" or run.state is State.FAILED:
        await draw_ending(here, run)
        return
    document = await here.load(lambda: scenario_of(here, run))
    axes = axes_of(document, SweepSettings.model_validate(dict(run.settings)).points())

    def results() -> tuple[Run, Results]:
        now = latest(here.memory, run_id)
        rows = orjson.loads(found(here.memory, now, "rows").document or "[]")
        return now, Results(document, axes, {row["number"]: row for row in rows}, show)

    now, so_far = await here.load(results)
    alerts = Alerts(here)
    status = ui.html(_status(here, now, so_far), sanitize=False).classes("sp-panel").props('role="status"')
    if not now.state.is_final:
        with ui.element("div").classes("sp-buttons") as buttons:
            button(words.cancel, lambda: alerts.carry_out(lambda: cancelled(here.memory, run_id, None)))
    ui.html(_measures(here, run_id, show), sanitize=False)
    picture = None
    if len(axes.axes) == GRID_AXES:
        picture = ui.html(grid(here, so_far), sanitize=False)
    currency = str(document.get("currency", ""))
    line = None
    if len(axes.axes) == LINE_AXES:
        caption = words.line.format(measure=word(words, show), first=so_far.name(axes.axes[0]))
        line = chart(
            here,
            caption,
            line_option(so_far),
            points_columns(here, so_far, currency),
            points_rows(here, so_far),
        )
    heading(words.table)
    table = ui.html(points_table(here, so_far, currency), sanitize=False)
    _rejected(here, so_far)
    if now.state.is_final:
        return

    async def look() -> None:
        try:
            later, more = await here.load(results)
        except StoreUnavailable:
            return
        status.set_content(str(_status(here, later, more)))
        table.set_content(str(points_table(here, more, currency)))
        if picture is not None:
            picture.set_content(str(grid(here, more)))
        if line is not None:
            line.renew(line_option(more), points_rows(here, more))
        if later.state.is_final:
            timer.deactivate()
            buttons.delete()

    timer = ui.timer(LOOK_SECONDS, look)


def _status(here: Here, run: Run, results: Results) -> Markup:
    all_points, done = len(results.axes.at), len(results.rows)
    told = here.words.sweep.progress.format(done=done, all=all_points)
    percent = round(100 * done / max(all_points, 1))
    state = word(here.words.states, run.state.value)
    if run.cancel_asked_at is not None and not run.state.is_final:
        told = f"{told}. {here.words.solve.cancelling}"
    return STATUS.format(state=state, told=told, percent=percent)


def _measures(here: Here, run_id: str, show: str) -> Markup:
    words = here.words.sweep
    links = Markup("").join(
        FILTER.format(
            addresses.asking(addresses.sweep(run_id), show=one),
            Markup(' aria-current="true"') if one == show else "",
            word(words, one),
        )
        for one in MEASURES
    )
    return FILTERS.format(words.measure, links)


def _rejected(here: Here, results: Results) -> None:
    refused = [
        one for row in results.rows.values() if row["outcome"] == "rejected" for one in row["findings"]
    ]
    if refused:
        heading(here.words.sweep.rejected)
        findings(here, refused)
