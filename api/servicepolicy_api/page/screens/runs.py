"""The list of runs."""

from typing import Annotated

from fastapi import Query
from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.cursor import cursor, position
from servicepolicy_api.page import addresses
from servicepolicy_api.page.figures.calling import called, place_of, standing
from servicepolicy_api.page.figures.progress import gap_of
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.moments import minute
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.parts.table import Cell, Column, link, table
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.words import word
from servicepolicy_api.show.amounts import NONE, gap, money
from servicepolicy_store import runs as ledger
from servicepolicy_store.run_noun import Run, State

PAGE = 50
KINDS = ("solve", "frontier", "sweep", "comparison", "repairs", "prices", "backtest")
"""Offered as filters."""
FILTERS = Markup('<nav class="sp-filters" aria-label="{}">{}</nav>')
FILTER = Markup('<a href="{}"{}>{}</a>')


@screen("/runs")
async def runs(
    here: Here,
    scenario: Annotated[str | None, Query(max_length=120)] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    state: State | None = None,
    parent: Annotated[str | None, Query(max_length=36)] = None,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> None:
    """List runs, the newest first; those of one scenario, kind or state where asked."""
    words = here.words.runs
    which = ledger.Filter(
        kind=kind, state=state, scenario_name=scenario, parent=parent, with_parts=parent is not None
    )

    def read() -> tuple[list[Run], bool]:
        with here.memory.database.reading() as tx:
            return ledger.page(tx, which, position(after), PAGE)

    found, has_more = await here.load(read)
    frame(here, Place("solve", words.title, words.lead, scenario))
    ui.html(_filters(here, scenario, kind), sanitize=False)
    if not found:
        said(here, words.none, (words.solve_new, addresses.solve(scenario)), (words.all_runs, addresses.RUNS))
        return
    ui.html(WAYS.format(addresses.solve(scenario), words.solve_new), sanitize=False)
    columns = (
        Column(words.about), Column(words.what), Column(words.state), Column(words.cost, True),
        Column(words.gap, True), Column(words.took, True), Column(words.asked_at),
    )  # fmt: skip
    table(words.caption, columns, [_row(here, run) for run in found], is_wide=True, is_caption_shown=False)
    if has_more:
        older = addresses.asking(
            addresses.RUNS,
            scenario=scenario,
            kind=kind,
            state=state,
            parent=parent,
            after=cursor(found[-1].id),
        )
        ui.html(WAYS.format(older, words.older), sanitize=False)


WAYS = Markup('<p class="sp-buttons"><a class="sp-button" href="{}">{}</a></p>')


def _row(here: Here, run: Run) -> list[Cell]:
    words = here.words.runs
    what = word(here.words.kinds, run.kind)
    if run.part is not None:
        what = f"{what}, {words.part.format(n=run.part + 1)}"
    state: Cell = standing(here, run)
    if run.cached_from:
        state = Markup('{} <span class="sp-tag">{}</span>').format(state, words.cached)
    took = None if not (run.finished_at and run.started_at) else run.finished_at - run.started_at
    return [
        link(called(here, run), place_of(run)),
        what,
        state,
        money(run.objective),
        gap(gap_of(run.objective, run.bound)),
        NONE if took is None else f"{took.total_seconds():.1f}",
        minute(run.created_at),
    ]


def _filters(here: Here, scenario: str | None, kind: str | None) -> Markup:
    words = here.words.runs
    chosen = [(words.all_runs, addresses.runs(scenario), kind is None)]
    chosen += [(word(here.words.kinds, one), addresses.runs(scenario, one), kind == one) for one in KINDS]
    links = Markup("").join(
        FILTER.format(address, Markup(' aria-current="true"') if is_chosen else "", told)
        for told, address, is_chosen in chosen
    )
    return FILTERS.format(words.only.format(what=scenario or words.all_runs), links)
