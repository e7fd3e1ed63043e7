"""The form of a sweep: one or two figures of a scenario, and the values of each."""

import itertools
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from nicegui import ui

from servicepolicy_api.kinds.sweep import MOST_POINTS, SweepSettings
from servicepolicy_api.page import addresses
from servicepolicy_api.page.asking import asked
from servicepolicy_api.page.figures.choosing import Choices, draw_choice
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts, lead_to
from servicepolicy_api.page.parts.fields import ChoiceField, TextField, button
from servicepolicy_api.show.amounts import NONE
from servicepolicy_api.subjects import Subject
from servicepolicy_api.sweep_axes import called, figures_of, patch_of
from servicepolicy_models.errors import error
from servicepolicy_store.run_noun import Run

FIRST = "/carrying_rate_per_year"
NOTHING = ""


async def draw_form(here: Here, choices: Choices) -> None:
    """Draw the form; another scenario has other figures, so choosing one draws them anew."""
    words = here.words.sweep
    with ui.element("section").classes("sp-panel").props(f'aria-label="{words.form}"'):
        with ui.element("div").classes("sp-form"):
            named = draw_choice(here, choices, words.choose, words.asked_about)
        body = ui.element("div")

    async def draw(name: str | None) -> None:
        subject = await here.load(lambda: choices.subject(here, name))
        body.clear()
        with body:
            _fields(here, subject)

    if named is not None:
        named.tell(draw)
    await draw(named.value if named else None)


def _fields(here: Here, subject: Subject) -> None:
    words = here.words.sweep
    document = subject.scenario.model_dump(mode="json")
    figures = figures_of(document)
    names = {where: called(document, where) for where in sorted(figures, key=_order)}
    first = FIRST if FIRST in names else next(iter(names))
    axes: list[tuple[ChoiceField, TextField]] = []
    for label, head, options, chosen in (
        (words.first, words.values_of_first, names, first),
        (words.second, words.values_of_second, {NOTHING: words.none_chosen, **names}, NOTHING),
    ):
        with ui.element("div").classes("sp-form sp-axis"):
            hint = words.values_hint.format(now=_now(figures, chosen))
            choice = ChoiceField(label, options, chosen)
            axes.append((choice, TextField(head, "", hint=hint)))
        choice.tell(partial(_hint, here, figures, axes[-1][1]))
    alerts = Alerts(here)

    async def start() -> None:
        patches = _patches(here, document, axes)
        if patches is None:
            return
        made = await alerts.carry_out(lambda: _asked(here, subject, patches))
        if made is not None:
            lead_to(addresses.sweep(made.id))

    button(words.begin, start, is_primary=True)


def _hint(here: Here, figures: Mapping[str, float | None], values: TextField, where: str) -> None:
    values.hint(here.words.sweep.values_hint.format(now=_now(figures, where)))


def _asked(here: Here, subject: Subject, patches: list[dict[str, Any]]) -> Run:
    return asked(here, subject, "sweep", SweepSettings(patches=tuple(patches)))


def _patches(
    here: Here, document: Mapping[str, Any], axes: list[tuple[ChoiceField, TextField]]
) -> list[dict[str, Any]] | None:
    """A patch for every point; None: something that was written does not fit, which was said there."""
    words, wanted = here.words.sweep, [one for one in axes if one[0].value != NOTHING]
    for choice, values in axes:
        choice.say(None)
        values.say(None)
    if len(wanted) > 1 and wanted[0][0].value == wanted[1][0].value:
        wanted[1][0].say(error("", words.same_twice, "request.body", words.choose_other))
        return None
    read = {choice.value: _numbers(values.value) for choice, values in wanted}
    for choice, values in wanted:
        if not read[choice.value]:
            values.say(error("", words.values_wrong, "request.body", words.values_mend))
    if not all(read.values()):
        return None
    points = itertools.islice(itertools.product(*(read[where] or () for where in read)), MOST_POINTS + 1)
    return [patch_of(document, dict(zip(read, point, strict=True))) for point in points]


def _numbers(text: str) -> list[float] | None:
    """Figures apart by spaces, semicolons or commas, each once; None: not all are figures.

    A comma between digits may be a decimal point or not: it is taken for neither.

    >>> _numbers("0.2, 0.25 0.3"), _numbers("0.2,0.3"), _numbers("0,25"), _numbers("a"), _numbers("")
    ([0.2, 0.25, 0.3], [0.2, 0.3], None, None, [])
    """
    figures: dict[float, None] = {}
    for part in re.split(r"[;\uff0c\uff1b\u3001\s]+|,\s+", text.strip().rstrip(",")):
        pieces = part.rstrip(",").split(",")
        if len(pieces) > 1 and not all("." in piece for piece in pieces):
            return None
        try:
            figures |= {float(piece): None for piece in pieces if piece}
        except ValueError:
            return None
    return list(figures)


def _now(figures: Mapping[str, float | None], where: str) -> str:
    figure = figures.get(where)
    return NONE if figure is None else f"{figure:g}"


def _order(where: str) -> tuple[bool, int, str]:
    """Figures of the whole scenario first, then those of its parts."""
    return where.count("/") > 2, where.count("/"), where
