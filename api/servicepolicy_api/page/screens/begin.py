"""Where a solve of a named scenario is begun."""

from typing import Any

from nicegui import ui

from servicepolicy_api.page import addresses
from servicepolicy_api.page.asking import asked, named_scenarios
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.fields import ChoiceField, TextField, button
from servicepolicy_api.page.parts.numbers import count_of, number_of
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.screen import screen
from servicepolicy_api.subjects import subject_of_name
from servicepolicy_store.run_noun import Run


@screen("/solve")
async def begin(here: Here, scenario: str | None = None, version: int | None = None) -> None:
    """Ask which scenario, how long and how exact, and begin."""
    words = here.words.solve
    names = await here.load(lambda: named_scenarios(here))
    frame(here, Place("solve", words.begin_title, words.begin_lead, scenario))
    if not names:
        said(here, words.no_scenarios, (words.to_scenarios, addresses.new_scenario()))
        return
    chosen = scenario if scenario in names else names[0]
    with ui.element("section").classes("sp-panel sp-form").props(f'aria-label="{words.begin_title}"'):
        name = ChoiceField(words.scenario, {one: one for one in names}, chosen)
        number = TextField(words.version, str(version or ""), hint=words.version_hint)
        deadline = TextField(words.deadline, "", hint=words.deadline_hint)
        gap = TextField(words.gap_asked, "", hint=words.gap_hint)
    alerts = Alerts(here)

    async def start() -> None:
        versions = count_of(here, number)
        seconds, percent = number_of(here, deadline, 86_400.0), number_of(here, gap, 50.0)
        if not (versions.is_fit and seconds.is_fit and percent.is_fit):
            return
        patch: dict[str, Any] = {}
        if percent.value is not None:
            patch = {"limits": {"relative_gap": percent.value / 100}}

        def write() -> Run:
            subject = subject_of_name(here.memory, name.value, versions.value)
            return asked(here, subject.patched(patch), "solve", deadline=seconds.value)

        made = await alerts.carry_out(write)
        if made is not None:
            lead_to(addresses.run(made.id))

    with ui.element("div").classes("sp-buttons"):
        button(words.begin, start, is_primary=True)
