"""Looking at a run until it has ended."""

from collections.abc import Awaitable, Callable

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.awaiting import latest
from servicepolicy_api.memory import Memory
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.words import word
from servicepolicy_api.show.amounts import NONE
from servicepolicy_store.errors import StoreUnavailable
from servicepolicy_store.events import Event, events_after
from servicepolicy_store.run_noun import Run

LOOK_SECONDS = 0.5
MOST_EVENTS = 2_000


def course_of(memory: Memory, run_id: str) -> tuple[Run, list[Event]]:
    """A run as it is now, and all that happened to it."""
    run = latest(memory, run_id)
    with memory.database.reading() as tx:
        return run, events_after(tx, run.id, 0, MOST_EVENTS)


def watch(
    here: Here,
    run_id: str,
    on_news: Callable[[Run, list[Event]], None],
    on_end: Callable[[Run], Awaitable[None]],
) -> ui.timer:
    """Look twice a second and tell the news until the run has ended; a store that is away is waited for."""
    seen: list[Event] = []

    def news() -> tuple[Run, list[Event]]:
        run = latest(here.memory, run_id)
        with here.memory.database.reading() as tx:
            return run, events_after(tx, run_id, seen[-1].number if seen else 0, MOST_EVENTS)

    async def look() -> None:
        try:
            run, more = await here.load(news)
        except StoreUnavailable:
            return
        seen.extend(more)
        if run.state.is_final:
            timer.deactivate()
            await on_end(run)
        else:
            on_news(run, seen)

    # A timer ends with the element it is drawn in, and that is often what is drawn anew at the end.
    with ui.context.client.content:
        timer = ui.timer(LOOK_SECONDS, look)
    return timer


def say_phase(here: Here, run_id: str, sentence: str, on_end: Callable[[Run], Awaitable[None]]) -> None:
    """Say in which phase a run is, until it has ended. sentence: with {phase}."""
    status = prose(sentence.format(phase=NONE), is_soft=True, role="status")

    def news(later: Run, events: list[Event]) -> None:
        phase = word(here.words.phases, str(later.progress.get("phase", NONE)))
        status.set_content(str(Markup("{}").format(sentence.format(phase=phase))))

    watch(here, run_id, news, on_end)
