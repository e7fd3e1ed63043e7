"""A screen: an address, and a function that draws what is found there, or says in words why it cannot."""

import copy
import functools
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec

from nicegui import app, ui
from starlette.requests import Request

from servicepolicy_api.page import addresses
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here, here_of
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.style import HEAD
from servicepolicy_api.problems import Problem, problem_of
from servicepolicy_models.errors import ServicePolicyError
from servicepolicy_store.errors import NotThere

P = ParamSpec("P")
Draw = Callable[Concatenate[Here, P], Awaitable[None]]
LOAD_SECONDS = 30.0
"""A screen that reads large tables may take so long; the reader sees the browser wait."""
log = logging.getLogger(__name__)


def screen(*paths: str) -> Callable[[Draw[P]], Draw[P]]:
    """Make a function a screen. Its parameters after `here` are those of the path and of what is asked."""

    def registered(draw: Draw[P]) -> Draw[P]:
        for path in paths:
            ui.page(path, response_timeout=LOAD_SECONDS)(shown(draw))
        return draw

    return registered


def shown(draw: Draw[P]) -> Callable[..., Awaitable[None]]:
    """A screen as NiceGUI wants it: asked by a request, and never without an answer."""

    @functools.wraps(draw)
    async def answered(request: Request, *args: P.args, **kwargs: P.kwargs) -> None:
        here = here_of(request, app.state.memory, app.state.settings)
        _as_the_reader_likes(here)
        try:
            await draw(here, *args, **kwargs)
        except (ServicePolicyError, Problem) as refused:
            _say_why(here, refused)
        except Exception:
            log.exception("unexpected, page %s", request.url.path)
            _say_why(here, Problem(500, "unexpected", ""))

    asked = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    parameters = [asked, *list(inspect.signature(draw, eval_str=True).parameters.values())[1:]]
    answered.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    answered.__annotations__ = {one.name: one.annotation for one in parameters}
    return answered


async def lost(here: Here) -> None:
    """The screen of every address that leads nowhere."""
    raise NotThere


def _as_the_reader_likes(here: Here) -> None:
    """Language and colours belong to the visit, not to the address."""
    client = ui.context.client
    client.page = copy.copy(client.page)
    client.page.language, client.page.dark = here.reader.html_lang, here.reader.is_dark  # type: ignore[assignment]
    ui.add_head_html(str(HEAD))


def _say_why(here: Here, refused: ServicePolicyError | Problem) -> None:
    """Errors of the store and of the question keep the status that the routes give them."""
    problem = refused if isinstance(refused, Problem) else problem_of(refused)
    _start_again(here, problem.status)
    words = here.words.frame
    why = {404: words.not_there_why, 503: words.store_away_why, 500: words.went_wrong_why}
    said(
        here,
        why.get(problem.status) or here.reader.rule(problem.code) or problem.detail,
        (words.to_scenarios, addresses.SCENARIOS),
    )


def _start_again(here: Here, status: int) -> None:
    """Throw away what was drawn, and put a title in its place that says what happened."""
    client: Any = ui.context.client
    client.content.clear()
    for header in [one for one in client.layout.default_slot.children if one.tag == "header"]:
        header.delete()
    words = here.words.frame
    titles = {404: words.not_there, 503: words.store_away, 500: words.went_wrong}
    frame(here, Place("", titles.get(status, words.rejected)))
    client.status_code = status
