"""The prices of a scenario's promises: found if they were asked before, or asked by a button."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from servicepolicy_api.page.asking import asked, newest
from servicepolicy_api.page.figures.watching import say_phase
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts
from servicepolicy_api.page.parts.fields import button
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.run_answers import found
from servicepolicy_api.subjects import subject_of_run
from servicepolicy_models.prices import Prices, PricesQuestion
from servicepolicy_store.run_noun import Run, State


def answered_prices(here: Here, run: Run) -> tuple[Run | None, Prices | None]:
    """The newest run that prices this scenario, and its answer if it has ended with one."""
    priced = newest(here, "prices", run.scenario_sha256)
    if priced is None or priced.state is not State.SUCCEEDED or priced.outcome == "nothing":
        return priced, None
    return priced, Prices.model_validate_json(found(here.memory, priced, "prices").document or "")


def draw_pricing(
    here: Here, run: Run, priced: Run | None, on_prices: Callable[[Prices], Awaitable[None]]
) -> None:
    """Draw where prices stand; once they are there, on_prices is told."""
    words = here.words.policy
    body = ui.element("div").classes("sp-pricing")
    alerts = Alerts(here)

    async def ask() -> None:
        made = await alerts.carry_out(
            lambda: asked(here, subject_of_run(here.memory, run), "prices", PricesQuestion())
        )
        if made is not None:
            await show(made)

    async def show(now: Run | None) -> None:
        body.clear()
        _, prices = await here.load(lambda: answered_prices(here, run))
        with body:
            if prices is not None:
                prose(words.prices_there, is_soft=True)
                await on_prices(prices)
            elif now is not None and not now.state.is_final:
                say_phase(here, now.id, words.pricing, show)
            else:
                _offer(now)

    def _offer(now: Run | None) -> None:
        prose(words.prices_hint if now is None else words.prices_failed, is_soft=True)
        button(words.ask_prices, ask)

    with body:
        if priced is not None and priced.state is State.SUCCEEDED:
            prose(words.prices_there, is_soft=True)
        elif priced is not None and not priced.state.is_final:
            say_phase(here, priced.id, words.pricing, show)
        else:
            _offer(priced)
