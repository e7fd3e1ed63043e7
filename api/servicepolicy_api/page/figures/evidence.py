"""Whether a promise holds: what a backtest of the same scenario, or the policy itself, says of a segment."""

from collections.abc import Iterable
from dataclasses import dataclass

from nicegui import ui

from servicepolicy_api.page.asking import asked, newest
from servicepolicy_api.page.figures.watching import say_phase
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts
from servicepolicy_api.page.parts.fields import button
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.run_answers import found
from servicepolicy_api.show.amounts import promise, share
from servicepolicy_api.subjects import subject_of_run
from servicepolicy_models.backtest import Backtest, BacktestPlan, SegmentEvidence
from servicepolicy_models.policy import SegmentPolicy
from servicepolicy_store.run_noun import Run, State

DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class Evidence:
    """What a backtest says of one promise."""

    promised: float
    achieved: float
    standard_error: float | None
    weeks: int


def tested(here: Here, run: Run) -> Run | None:
    """The newest backtest of the scenario."""
    return newest(here, "backtest", run.scenario_sha256)


def evidence_of(here: Here, test: Run, segment: SegmentPolicy) -> Evidence | None:
    """What a backtest that has ended says of a segment's promise; None: nothing that could be judged."""
    answer = Backtest.model_validate_json(found(here.memory, test, "backtest").document or "")
    return evidence_in(answer, segment)


def evidence_in(answer: Backtest, segment: SegmentPolicy) -> Evidence | None:
    """What a backtest says of the promise that is nearest to the segment's own."""
    judged = [one for one in _of_segment(answer, segment) if one.achieved_fill_rate is not None]
    if not judged:
        return None
    best = min(judged, key=lambda one: abs(one.promised_fill_rate - segment.promised_fill_rate))
    weeks = round(answer.judged_days / DAYS_OF_WEEK)
    return Evidence(best.promised_fill_rate, best.achieved_fill_rate or 0.0, best.standard_error, weeks)


def _of_segment(answer: Backtest, segment: SegmentPolicy) -> Iterable[SegmentEvidence]:
    wanted = (segment.customer_class, segment.item_class, segment.region)
    for one in answer.promises:
        for told in (*one.regional_segments, *one.segments):
            if (told.customer_class, told.item_class, told.region) == wanted:
                yield told


async def draw_evidence(
    here: Here, run: Run, segment: SegmentPolicy, has_lines: bool, test: Run | None
) -> None:
    """Draw the evidence; where there is none, what would bring it."""
    words = here.words.segment
    if not has_lines:
        prose(words.inline, is_soft=True)
        return
    body, alerts = ui.element("div"), Alerts(here)

    async def ask() -> None:
        def write() -> Run:
            return asked(here, subject_of_run(here.memory, run), "backtest", BacktestPlan())

        made = await alerts.carry_out(write)
        if made is not None:
            await show(made)

    async def show(now: Run | None) -> None:
        body.clear()
        told = None
        if now is not None and now.state is State.SUCCEEDED:
            told = await here.load(lambda: evidence_of(here, now, segment))
        with body:
            if told is not None:
                _say(here, told)
            elif now is not None and not now.state.is_final:
                say_phase(here, now.id, words.backtesting, show)
            elif now is not None and now.state is State.SUCCEEDED:
                prose(words.unproved, is_soft=True)
            else:
                prose(words.no_evidence if now is None else words.backtest_failed, is_soft=True)
                button(words.ask_backtest, ask)

    await show(test)


def _say(here: Here, told: Evidence) -> None:
    words = here.words.segment
    said = words.achieved.format(
        promised=promise(told.promised), achieved=share(told.achieved), weeks=told.weeks
    )
    prose(said, is_strong=True)
    if told.standard_error is not None:
        prose(words.sure.format(error=f"{100 * told.standard_error:.1f}"), is_soft=True)
