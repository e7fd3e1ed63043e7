"""A run: how far it is, how it ended, and what makes an infeasible one feasible."""

from nicegui import ui

from servicepolicy_api.asking import cancelled
from servicepolicy_api.page.asking import scenario_of
from servicepolicy_api.page.figures.calling import called
from servicepolicy_api.page.figures.ending import draw_ending
from servicepolicy_api.page.figures.progress import Progress
from servicepolicy_api.page.figures.watching import course_of, watch
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts
from servicepolicy_api.page.parts.fields import button
from servicepolicy_api.page.parts.moments import minute
from servicepolicy_api.page.screen import screen
from servicepolicy_api.page.words import word
from servicepolicy_store.run_noun import Run


@screen("/runs/{run_id}")
async def solve(here: Here, run_id: str) -> None:
    """Show a run; one that has not ended is watched."""
    run, events = await here.load(lambda: course_of(here.memory, run_id))
    frame(here, Place("solve", _title(here, run), _lead(here, run), run.scenario_name, run.id))
    alerts = Alerts(here)
    body = ui.element("div")
    if run.state.is_final:
        with body:
            await draw_ending(here, run)
        return
    document = await here.load(lambda: scenario_of(here, run))

    async def cancel() -> None:
        await alerts.carry_out(lambda: cancelled(here.memory, run.id, None))

    async def ended(now: Run) -> None:
        body.clear()
        with body:
            await draw_ending(here, now)

    with body:
        progress = Progress(here, str(document.get("currency", "")), run, events)
        with ui.element("div").classes("sp-buttons"):
            button(here.words.solve.cancel, cancel)
    watch(here, run.id, progress.renew, ended)


def _title(here: Here, run: Run) -> str:
    words = here.words.solve
    if run.kind == "solve":
        return words.title.format(name=called(here, run))
    return words.other_title.format(kind=word(here.words.kinds, run.kind), name=called(here, run))


def _lead(here: Here, run: Run) -> str:
    words = here.words.solve
    return words.ended_lead.format(at=minute(run.created_at)) if run.state.is_final else words.lead
