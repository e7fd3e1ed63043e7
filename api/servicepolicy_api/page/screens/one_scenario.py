"""One scenario: what it holds, its versions and lineage, what was asked about it."""

from dataclasses import dataclass
from typing import Any

import orjson
from nicegui import ui

from servicepolicy_api.asking import Wish, ask
from servicepolicy_api.page import addresses
from servicepolicy_api.page.figures.calling import place_of
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.facts import facts, heading
from servicepolicy_api.page.parts.fields import button
from servicepolicy_api.page.parts.moments import minute
from servicepolicy_api.page.parts.states import way
from servicepolicy_api.page.parts.table import Column, link, table
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.screens.scenarios import parent
from servicepolicy_api.page.words import word
from servicepolicy_api.question import DATASET, read_json_scenario
from servicepolicy_api.show.amounts import NONE, money
from servicepolicy_models.demand import InlineDemand
from servicepolicy_models.scenario import Scenario
from servicepolicy_store import datasets, runs, scenarios
from servicepolicy_store.errors import NotThere
from servicepolicy_store.run_noun import Run
from servicepolicy_store.scenarios import Version

LATEST_RUNS = 12


@dataclass(frozen=True)
class Found:
    """All that the screen shows."""

    shown: Version
    scenario: Scenario
    versions: list[Version]
    children: list[Version]
    runs: list[Run]
    file: str


@screen("/scenarios/{name}")
async def one(here: Here, name: str, version: int | None = None) -> None:
    """Show a version, the newest unless another is asked for."""
    found = await here.load(lambda: _read(here, name, version))
    words, shown = here.words.scenarios, found.shown
    lead = found.scenario.title or words.version_n.format(n=shown.version)
    frame(here, Place("scenarios", name, lead, scenario=name))
    alerts = Alerts(here)

    async def solve() -> None:
        wish = Wish("solve", found.scenario, base=shown)
        asked = await alerts.carry_out(
            lambda: ask(here.memory, here.settings, wish, here.asker, here.settings.waiting_runs)
        )
        if asked is not None:
            lead_to(addresses.run(asked.id))

    with ui.element("div").classes("sp-buttons"):
        button(words.solve, solve, is_primary=True)
        way(words.edit, addresses.edit(name))
        if not isinstance(found.scenario.demand, InlineDemand):
            way(words.profile, addresses.profile(name, version))
        way(words.copy, addresses.new_scenario(copy=name))
    _facts(here, found)
    _versions(here, found)
    _children(here, found)
    _runs(here, found)
    _assumptions(here, found)


def _read(here: Here, name: str, number: int | None) -> Found:
    with here.memory.database.reading() as tx:
        shown = scenarios.version(tx, name, number)
        scenario = read_json_scenario(scenarios.document(tx, shown.sha256).encode())
        asked, _ = runs.page(tx, runs.Filter(scenario_name=name, with_parts=False), None, LATEST_RUNS)
        file = ""
        if not isinstance(scenario.demand, InlineDemand):
            file = scenario.demand.path or NONE
            if file.startswith(DATASET):
                try:
                    file = datasets.get(tx, file.removeprefix(DATASET)).title
                except NotThere:
                    file = NONE
        return Found(shown, scenario, scenarios.versions(tx, name), scenarios.made_of(tx, name), asked, file)


def _facts(here: Here, found: Found) -> None:
    words, asked = here.words.scenarios, found.scenario
    sides = asked.segmentation
    if isinstance(asked.demand, InlineDemand):
        demand = words.inline_items.format(n=len(asked.demand.items))
    else:
        demand = words.order_lines.format(file=found.file)
    means = (asked.channels, asked.processes, asked.modes, asked.supply)
    facts(
        (words.version, str(found.shown.version)),
        (words.demand, demand),
        (
            words.segments,
            words.segments_of.format(
                customers=len(sides.customers.classes),
                items=len(sides.items.classes),
                regions=len(sides.regions),
            ),
        ),
        (words.supply, ", ".join(str(len(one)) for one in means)),
        (words.currency, asked.currency),
    )


def _versions(here: Here, found: Found) -> None:
    words = here.words.scenarios
    columns = (
        Column(words.version), Column(words.changed), Column(words.made_of), Column(words.changes),
        Column(words.note),
    )  # fmt: skip
    rows = []
    for one in found.versions:
        text = words.version_n.format(n=one.version)
        is_shown = one.version == found.shown.version
        cell = (
            f"{text} · {words.shown}" if is_shown else link(text, addresses.scenario(one.name, one.version))
        )
        rows.append((cell, minute(one.created_at), parent(here, one), changed(here, one), one.note))
    table(words.versions, columns, rows, is_wide=True)


def changed(here: Here, one: Version) -> str:
    """The top-level fields that a version changed."""
    if one.patch is None:
        return here.words.scenarios.everything
    patch: dict[str, Any] = orjson.loads(one.patch)
    return ", ".join(sorted(patch)) or here.words.parts.nothing


def _children(here: Here, found: Found) -> None:
    words = here.words.scenarios
    if found.children:
        columns = (Column(words.name), Column(words.made_of), Column(words.changed), Column(words.note))
        rows = [
            (
                link(
                    words.version_of.format(name=one.name, n=one.version),
                    addresses.scenario(one.name, one.version),
                ),
                words.version_n.format(n=one.parent_version),
                minute(one.created_at),
                one.note,
            )
            for one in found.children
        ]
        table(words.children, columns, rows, is_wide=True)


def _runs(here: Here, found: Found) -> None:
    words = here.words.scenarios
    if not found.runs:
        heading(words.runs)
        ui.label(words.no_runs).classes("sp-soft")
        return
    columns = (
        Column(words.run), Column(words.kind), Column(words.version), Column(words.state),
        Column(words.outcome), Column(words.cost.format(currency=found.scenario.currency), True),
    )  # fmt: skip
    rows = [
        (
            link(minute(one.created_at), place_of(one)),
            word(here.words.kinds, one.kind),
            f"{one.scenario_version}, {words.patched}" if one.patch else str(one.scenario_version),
            word(here.words.states, one.state.value),
            NONE if one.outcome is None else word(here.words.states, one.outcome),
            money(one.objective),
        )
        for one in found.runs
    ]
    table(words.runs, columns, rows, is_wide=True)


def _assumptions(here: Here, found: Found) -> None:
    words = here.words.scenarios
    if found.scenario.assumptions:
        columns = (Column(words.field), Column(words.assumption))
        rows = [(one.field or "/", one.text) for one in found.scenario.assumptions]
        table(words.assumptions, columns, rows, is_wide=True)
