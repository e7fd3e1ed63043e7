"""How far a run is: its stage, and the best policy found beside the bound, while somebody looks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.chart import chart
from servicepolicy_api.page.parts.table import Column
from servicepolicy_api.page.words import word
from servicepolicy_api.show.amounts import NONE, gap, money
from servicepolicy_store.events import Event
from servicepolicy_store.run_noun import Run, State

STAGES = (
    "demand",
    "paths",
    "stock",
    "columns",
    "first",
    "refine",
    "solve",
    "baselines",
    "bound",
    "audit",
    "waits",
)
"""Of a solve, in their order."""
STATUS = Markup(
    '<p class="sp-now"><span class="sp-tag">{state}</span> {now}</p>'
    '<div class="sp-progress" role="progressbar" aria-label="{label}" aria-valuemin="0" aria-valuemax="100" '
    'aria-valuenow="{percent}"><span style="width:{percent}%"></span></div>{stages}'
)
STAGE = Markup('<li class="{kind}"{current}>{words}</li>')
LIVE_FACTS = Markup('<dl class="sp-facts sp-live">{}</dl>')
FACT = Markup("<div><dt>{}</dt><dd>{}</dd></div>")


class Progress:
    """The figures of a run on its way; `renew` draws later ones in their place."""

    def __init__(self, here: Here, currency: str, run: Run, events: Sequence[Event]) -> None:
        """Draw how far it is."""
        self._here, self._currency = here, currency
        with ui.element("section").classes("sp-panel").props(f'aria-label="{here.words.solve.progress}"'):
            self._status = ui.html(_status(here, run, events), sanitize=False).classes("sp-run-status")
            self._facts = ui.html(_facts(here, currency, run), sanitize=False)
        self._course = None
        if run.kind == "solve":
            self._course = course(here, currency, run, events)

    def renew(self, run: Run, events: Sequence[Event]) -> None:
        """Draw how far it is now."""
        self._status.set_content(str(_status(self._here, run, events)))
        self._facts.set_content(str(_facts(self._here, self._currency, run)))
        if self._course is not None:
            points = points_of(run, events)
            self._course.renew(option_of(self._here, points), rows_of(points))


def course(here: Here, currency: str, run: Run, events: Sequence[Event]) -> Any:
    """Draw the best policy found and the bound over time."""
    words = here.words.solve
    columns = (
        Column(words.seconds, True),
        Column(words.incumbent.format(currency=currency), True),
        Column(words.bound.format(currency=currency), True),
        Column(words.gap, True),
    )
    points = points_of(run, events)
    caption = words.course.format(currency=currency)
    return chart(here, caption, option_of(here, points), columns, rows_of(points), 220)


Point = tuple[float, float | None, float | None]
"""Seconds since the run began, the best found, the bound."""


def points_of(run: Run, events: Sequence[Event]) -> list[Point]:
    """Every change of what is held, and the latest look."""
    since = run.started_at or run.created_at
    found: list[Point] = []
    for one in events:
        held = (one.data.get("incumbent"), one.data.get("bound"))
        if one.kind == "progress" and held[0] is not None and (not found or found[-1][1:] != held):
            found.append((_seconds(since, one.at), *held))
    ended = run.finished_at
    if ended is not None and run.objective is not None:
        found.append((_seconds(since, ended), run.objective, run.bound))
    elif found and events:
        found.append((_seconds(since, events[-1].at), *found[-1][1:]))
    return found


def rows_of(points: Sequence[Point]) -> list[list[str]]:
    """The same as rows."""
    return [[f"{at:.1f}", money(held), money(bound), gap(gap_of(held, bound))] for at, held, bound in points]


def gap_of(held: float | None, bound: float | None) -> float | None:
    """How far the best found can be from the bound, as a share.

    >>> gap_of(200.0, 198.0), gap_of(200.0, None), gap_of(198.0, 200.0)
    (0.01, None, 0.0)
    """
    if held is None or bound is None or held == 0:
        return None
    return max((held - bound) / abs(held), 0.0)


def option_of(here: Here, points: Sequence[Point]) -> dict[str, Any]:
    """What ECharts is told: steps, for between two looks nothing better was held."""
    words = here.words.solve
    return {
        "grid": {"left": 8, "right": 24, "top": 30, "bottom": 22, "containLabel": True},
        "legend": {"itemGap": 26},
        "xAxis": {"type": "value", "name": words.seconds, "nameLocation": "middle", "nameGap": 26, "min": 0},
        "yAxis": {"type": "value", "scale": True},
        "series": [
            {
                "name": name, "type": "line", "step": "end", "symbolSize": 7,
                "symbol": symbol, "lineStyle": {"width": 2, "type": line},
                "data": _line(points, number),
            }
            for number, name, symbol, line in (
                (1, words.found, "circle", "solid"), (2, words.bound_alone, "rect", "dashed"),
            )
        ],
    }  # fmt: skip


def _line(points: Sequence[Point], number: int) -> list[list[float]]:
    return [[round(one[0], 1), round(held)] for one in points if (held := one[number]) is not None]


def _status(here: Here, run: Run, events: Sequence[Event]) -> Markup:
    words = here.words.solve
    phase = str(run.progress.get("phase", ""))
    now = words.waiting
    if run.cancel_asked_at is not None:
        now = words.cancelling
    elif run.state is State.RUNNING:
        now = words.stage.format(phase=word(here.words.phases, phase) if phase else NONE)
        if run.attempt > 1:
            now = f"{now}. {words.again.format(n=run.attempt)}"
    seen = [str(one.data.get("phase", "")) for one in events]
    at = max((STAGES.index(one) for one in (*seen, phase) if one in STAGES), default=-1)
    is_solve = run.kind == "solve"
    share = (at + 1) / len(STAGES) if is_solve else float(run.progress.get("done", 0.0))
    return STATUS.format(
        state=word(here.words.states, run.state.value),
        now=now,
        label=words.progress,
        percent=round(100 * share),
        stages=_stages(here, at) if is_solve else "",
    )


def _stages(here: Here, at: int) -> Markup:
    each = (
        STAGE.format(
            kind="done" if number < at else "current" if number == at else "",
            current=Markup(' aria-current="step"') if number == at else "",
            words=word(here.words.phases, name),
        )
        for number, name in enumerate(STAGES)
    )
    return Markup('<ol class="sp-stages">{}</ol>').format(Markup("").join(each))


def _facts(here: Here, currency: str, run: Run) -> Markup:
    words = here.words.solve
    held, bound = run.progress.get("incumbent"), run.progress.get("bound")
    seconds = run.progress.get("seconds")
    named = [(words.elapsed, f"{seconds:.0f} s" if isinstance(seconds, float | int) else NONE)]
    if run.kind == "solve":
        named += [
            (words.incumbent.format(currency=currency), words.not_yet if held is None else money(held)),
            (words.bound.format(currency=currency), words.not_yet if bound is None else money(bound)),
            (words.gap, words.not_yet if gap_of(held, bound) is None else gap(gap_of(held, bound))),
        ]
    return LIVE_FACTS.format(Markup("").join(FACT.format(*one) for one in named))


def _seconds(since: datetime, at: datetime) -> float:
    return max((at - since).total_seconds(), 0.0)
