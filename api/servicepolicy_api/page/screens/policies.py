"""Policies in force, by name; the history of one; and solved ones that could be."""

from typing import Annotated

from fastapi import Path

from servicepolicy_api.beside import HOLDS_A_POLICY
from servicepolicy_api.page import addresses
from servicepolicy_api.page.figures.calling import called, standing
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_api.page.parts.moments import minute
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.parts.table import Cell, Column, link, table
from servicepolicy_api.page.screen import screen
from servicepolicy_api.show.amounts import money
from servicepolicy_store import policies as published
from servicepolicy_store import runs
from servicepolicy_store.policies import Published
from servicepolicy_store.run_noun import Run

LATEST = 10


@screen("/policies")
async def policies(here: Here) -> None:
    """List the names in force, and the latest solved runs."""
    words = here.words.publishing

    def read() -> tuple[list[tuple[Published, Run]], list[Run]]:
        with here.memory.database.reading() as tx:
            named = [(one, runs.get(tx, one.run_id)) for one in published.names(tx)]
            held = [
                run
                for outcome in HOLDS_A_POLICY
                for run in runs.page(
                    tx, runs.Filter(kind="solve", outcome=outcome, with_parts=False), None, LATEST
                )[0]
            ]
        others = [run for run in held if run.id not in {one.run_id for one, _ in named}]
        return named, sorted(others, key=lambda run: run.id, reverse=True)[:LATEST]

    named, solved = await here.load(read)
    frame(here, Place("policy", words.list_title, words.list_lead))
    if named:
        table(words.list_caption, _columns(here), [_row(here, *one) for one in named], True, False)
    else:
        said(here, words.none, (words.to_runs, addresses.RUNS))
    if solved:
        heading(words.solved)
        columns = [
            Column(here.words.runs.about),
            Column(here.words.runs.state),
            Column(here.words.runs.cost, True),
            Column(here.words.runs.asked_at),
        ]
        rows = [
            [
                link(called(here, run), addresses.policy(run.id)),
                standing(here, run),
                money(run.objective),
                minute(run.created_at),
            ]
            for run in solved
        ]
        table(words.solved_caption, columns, rows, False, False)


@screen("/policies/{name}")
async def history(here: Here, name: Annotated[str, Path(max_length=120)]) -> None:
    """List every version of a name, the newest first."""
    words = here.words.publishing

    def read() -> list[tuple[Published, Run]]:
        with here.memory.database.reading() as tx:
            published.in_force(tx, name)
            return [(one, runs.get(tx, one.run_id)) for one in published.history(tx, name)]

    found = await here.load(read)
    title = words.history_of.format(name=name)
    frame(here, Place("policy", title, words.list_lead))
    table(title, _columns(here), [_row(here, *one) for one in found], True, False)


def _columns(here: Here) -> list[Column]:
    words = here.words.publishing
    return [
        Column(words.name),
        Column(words.version, True),
        Column(words.run),
        Column(words.since),
        Column(words.note),
    ]


def _row(here: Here, one: Published, run: Run) -> list[Cell]:
    return [
        link(one.name, addresses.policies(one.name)),
        str(one.version),
        link(called(here, run), addresses.policy(run.id)),
        minute(one.created_at),
        one.note,
    ]
