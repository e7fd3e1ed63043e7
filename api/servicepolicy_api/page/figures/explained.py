"""Why the cost moved: the bridge by what changed in the question, asked by a button and found again."""

from collections.abc import Awaitable, Callable

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.asking import Wish, ask
from servicepolicy_api.beside import as_it_is_now, last_compared
from servicepolicy_api.page.figures.bridge import CENTS, Bridge
from servicepolicy_api.page.figures.watching import watch
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts
from servicepolicy_api.page.parts.fields import button
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.words import word
from servicepolicy_api.run_answers import found
from servicepolicy_api.run_request import scenario_at
from servicepolicy_api.show.amounts import NONE
from servicepolicy_models.comparison import Comparison, ComparisonQuestion, Difference
from servicepolicy_store import runs
from servicepolicy_store.events import Event
from servicepolicy_store.run_noun import Run, State

MOST_LOOKED_AT = 200


def compared(here: Here, chosen: list[Run]) -> Run | None:
    """The newest comparison of just these runs."""
    which = runs.Filter(kind="comparison", scenario_sha256=chosen[-1].scenario_sha256)
    with here.memory.database.reading() as tx:
        listed, _ = runs.page(tx, which, None, MOST_LOOKED_AT)
    wanted = [run.id for run in chosen]
    return next((run for run in listed if list(run.settings.get("runs", ())) == wanted), None)


def answer_of(here: Here, comparison: Run | None) -> Comparison | None:
    """What a comparison found; None: nothing yet, or nothing at all."""
    if comparison is None or comparison.state is not State.SUCCEEDED or comparison.outcome == "nothing":
        return None
    return Comparison.model_validate_json(found(here.memory, comparison, "comparison").document or "")


def bridge_of(here: Here, difference: Difference, names: tuple[str, str]) -> Bridge:
    """The bridge by groups of inputs: whole cents already, that add up."""
    steps = tuple(
        (
            " + ".join(word(here.words.input_groups, group.value) for group in one.groups),
            round(CENTS * one.amount),
        )
        for one in difference.contributions
    )
    return Bridge(*names, round(CENTS * difference.cost_before), steps)


def draw_asking(
    here: Here, chosen: list[Run], comparison: Run | None, on_answer: Callable[[], Awaitable[None]]
) -> None:
    """Draw the button that has the difference explained, or how far that is."""
    words = here.words.compare
    body, alerts = ui.element("div").classes("sp-pricing"), Alerts(here)

    async def start() -> None:
        made = await alerts.carry_out(lambda: _asked(here, chosen))
        if made is not None:
            await show(made)

    async def show(now: Run) -> None:
        if answer := await here.load(lambda: answer_of(here, now)):
            assert answer.differences
            await on_answer()
            return
        body.clear()
        with body:
            _draw(now)

    def _draw(now: Run | None) -> None:
        if now is not None and not now.state.is_final:
            status = prose(words.explaining.format(phase=NONE), is_soft=True, role="status")

            def news(later: Run, events: list[Event]) -> None:
                phase = word(here.words.phases, str(later.progress.get("phase", NONE)))
                status.set_content(str(Markup("{}").format(words.explaining.format(phase=phase))))

            watch(here, now.id, news, show)
            return
        prose(words.explain_why if now is None else words.not_explained, is_soft=True)
        button(words.explain, start)

    with body:
        _draw(comparison)


def _asked(here: Here, chosen: list[Run]) -> Run:
    question = ComparisonQuestion(runs=tuple(run.id for run in chosen))
    as_it_is_now(question, here.memory)
    scenario = scenario_at("", last_compared(question, here.memory))
    wish = Wish("comparison", scenario, question.model_dump(mode="json"))
    return ask(here.memory, here.settings, wish, here.asker, here.settings.waiting_runs)
