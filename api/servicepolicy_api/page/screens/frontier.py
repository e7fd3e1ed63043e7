"""Cost against service: asked by a form, shown with where we are, opened point by point."""

from typing import Annotated

from fastapi import Query
from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.asking import cancelled
from servicepolicy_api.page import addresses
from servicepolicy_api.page.asking import asked
from servicepolicy_api.page.figures.calling import called
from servicepolicy_api.page.figures.choosing import choices_of, draw_choice
from servicepolicy_api.page.figures.cost_frontier import draw_frontier, draw_markers
from servicepolicy_api.page.figures.earlier import draw_earlier, earlier
from servicepolicy_api.page.figures.ending import draw_ending
from servicepolicy_api.page.figures.frontier_point import draw_point
from servicepolicy_api.page.figures.progress import Progress
from servicepolicy_api.page.figures.watching import course_of, watch
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_api.page.parts.fields import ChoiceField, TextField, button
from servicepolicy_api.page.parts.numbers import count_of
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.words import word
from servicepolicy_api.run_answers import found as result_of
from servicepolicy_models.frontier import Against, Frontier, FrontierQuestion, WeightBy
from servicepolicy_store.run_noun import Run, State

POINTS = 15
SENTENCES = Markup('<ul class="sp-sentences" lang="en">{}</ul>')


@screen("/frontiers")
async def frontiers(
    here: Here,
    run: Annotated[str | None, Query(max_length=36)] = None,
    scenario: Annotated[str | None, Query(max_length=120)] = None,
) -> None:
    """Ask for a frontier, and list those found before."""
    words = here.words.frontier
    choices = await here.load(lambda: choices_of(here, run, scenario))
    before = await here.load(lambda: earlier(here, "frontier"))
    name = choices.run.scenario_name if choices.run else scenario
    frame(here, Place("frontier", words.list_title, words.list_lead, name, run))
    if choices.is_empty:
        said(here, words.no_scenario, (here.words.solve.to_scenarios, addresses.new_scenario()))
        return
    with ui.element("section").classes("sp-panel").props(f'aria-label="{words.ask}"'):
        with ui.element("div").classes("sp-form"):
            named = draw_choice(here, choices, words.choose, words.asked_about)
        with ui.element("div").classes("sp-form"):
            against = ChoiceField(
                words.against,
                {one.value: word(words, one.value) for one in Against},
                "fill_rate",
            )
            weight = ChoiceField(
                words.weight_by,
                {one.value: word(words, one.value) for one in WeightBy},
                "pieces",
            )
            points = TextField(words.points, str(POINTS), hint=words.points_hint)
        alerts = Alerts(here)

        async def ask() -> None:
            number = count_of(here, points)
            if not number.is_fit:
                return

            def write() -> Run:
                question = FrontierQuestion(
                    against=Against(against.value),
                    weight_by=WeightBy(weight.value),
                    points=min(max(number.value or POINTS, 2), 200),
                )
                subject = choices.subject(here, named.value if named else None)
                return asked(here, subject, "frontier", question)

            made = await alerts.carry_out(write)
            if made is not None:
                lead_to(addresses.frontier(made.id))

        button(words.ask, ask, is_primary=True)
    draw_earlier(here, before, words.earlier, words.none)


@screen("/frontiers/{run_id}")
async def frontier(here: Here, run_id: str, point: Annotated[int | None, Query(ge=1, le=200)] = None) -> None:
    """Show a frontier; one that is being found is watched."""
    words = here.words.frontier
    run, events = await here.load(lambda: course_of(here.memory, run_id))
    frame(here, Place("frontier", words.title.format(name=called(here, run)), words.lead, run.scenario_name))
    body = ui.element("div")

    async def show(now: Run) -> None:
        body.clear()
        with body:
            if now.state is State.SUCCEEDED and now.outcome == "done" and now.kind == "frontier":
                await _draw(here, now, point)
            else:
                await draw_ending(here, now)

    if run.state.is_final:
        await show(run)
        return
    alerts = Alerts(here)

    async def cancel() -> None:
        await alerts.carry_out(lambda: cancelled(here.memory, run.id, None))

    with body:
        progress = Progress(here, "", run, events)
        with ui.element("div").classes("sp-buttons"):
            button(here.words.solve.cancel, cancel)
    watch(here, run.id, progress.renew, show)


async def _draw(here: Here, run: Run, point: int | None) -> None:
    document = await here.load(lambda: result_of(here.memory, run, "frontier").document or "")
    found = Frontier.model_validate_json(document)
    opened = point - 1 if point is not None and point <= len(found.points) else None
    draw_frontier(here, run.id, found, opened)
    if opened is not None:
        await draw_point(here, run, found, opened)
    draw_markers(here, found)
    heading(here.words.policy.findings)
    told = (*found.sentences, found.knee_definition)
    lines = Markup("").join(Markup("<li>{}</li>").format(one) for one in told)
    ui.html(SENTENCES.format(lines), sanitize=False)
