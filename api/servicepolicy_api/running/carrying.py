"""One run from its beginning to its one end."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing.context import ForkServerContext
from typing import Literal, TypeVar

import structlog

from servicepolicy_api.awaiting import latest
from servicepolicy_api.beside import as_written, beside, question_of
from servicepolicy_api.kinds.order import Answer, Order
from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import problem_json, problem_of
from servicepolicy_api.running.child import Ended, Entry, Held, Message, Told, work
from servicepolicy_api.running.company import Company
from servicepolicy_api.running.ending import ending_of
from servicepolicy_api.running.process import RunProcess, warm_up
from servicepolicy_api.running.resting import Resting
from servicepolicy_api.saved_policy import saved_policy
from servicepolicy_api.settings import Settings
from servicepolicy_api.time_is_up import answer_of, nothing_yet, without_answer
from servicepolicy_models.errors import ServicePolicyError
from servicepolicy_store import runs
from servicepolicy_store.errors import StoreUnavailable
from servicepolicy_store.run_noun import Ending, Run, State

LOOK_SECONDS = 0.2
"""How often it is looked whether a run shall be cancelled; until then its process is listened to."""
BEAT_SECONDS = 2.0
"""How often a run gives a sign of life when it has no news; more often where silence is short."""
SHARE_OF_SILENCE = 1 / 6
"""A run whose worker is silent for half of `stalled_seconds` is taken over: three signs fit into that."""
NEWS_SECONDS = 0.5
"""How often news of a run is written down."""

UNSEARCHED = ("simulate", "backtest", "profile")
"""Kinds that search nothing: their scenario keeps its time limit. In others the solver must stop before it
is stopped."""

AWAY_SECONDS = 1.0
"""How long to wait before a store that is away is asked again."""

TWIN_AT_WORK: Literal["twin at work"] = "twin at work"
"""The same question is being answered; a run waits for that answer instead of finding it a second time."""
NOT_BESIDE_OTHERS: Literal["not beside others"] = "not beside others"
"""A run that may have killed its workers takes no other with it."""

T = TypeVar("T")
log = structlog.stdlib.get_logger("servicepolicy.runs")


@dataclass
class Course:
    """How one run goes, as far as is known."""

    run: Run
    progress: dict[str, object] = field(default_factory=dict)
    is_news: bool = False
    held: Answer | None = None
    ended: Ended | None = None
    died: str | None = None
    """Of what its process died."""
    beaten: float = 0.0
    since: float = field(default_factory=time.monotonic)

    def hear(self, message: Message) -> None:
        """Take in what the process says."""
        match message:
            case Told(stage, done, word):
                self.progress = {
                    **self.progress, "phase": stage, "done": round(done, 4), "word": word,
                    "seconds": round(time.monotonic() - self.since, 3),
                }  # fmt: skip
                self.is_news = True
            case Held(answer):
                self.held = answer
                self.progress |= {"incumbent": answer.objective, "bound": answer.bound}
                self.is_news = True
            case Ended(answer):
                self.ended = message
                if answer is not None and answer.objective is not None:
                    self.progress |= {"incumbent": answer.objective, "bound": answer.bound}
                    self.is_news = True

    @property
    def is_answered(self) -> bool:
        """Whether its process has ended it in good order."""
        return self.ended is not None and self.ended.answer is not None


class Carrier:
    """Carries runs out: what the engines of jobs call."""

    def __init__(
        self, memory: Memory, settings: Settings, context: ForkServerContext, entry: Entry = work
    ) -> None:
        """Use a memory, and the process that runs are forked from."""
        self._memory, self._settings = memory, settings
        self._context = context
        self._resting = Resting(context, entry, settings.concurrent_solves)
        self._is_warm = False
        self._company = Company()
        self._beat_seconds = min(BEAT_SECONDS, settings.stalled_seconds * SHARE_OF_SILENCE)

    def close(self) -> None:
        """End the processes that rest."""
        self._resting.end_all()

    async def carry_out(self, run_id: str) -> None:
        """Begin a run and see it to its end. Cancelled, it waits a while for the end, or gives it back."""
        if not self._is_warm:
            # Whoever holds a run must give signs of life; so nobody holds one before it can be worked on.
            await asyncio.to_thread(warm_up, self._context)
            self._is_warm = True
        async with self._company.beside_others():
            begun = await self._begun(run_id, is_alone=False)
            if isinstance(begun, Run):
                await self._carried_out(begun)
        if begun == NOT_BESIDE_OTHERS:
            async with self._company.alone():
                begun = await self._begun(run_id, is_alone=True)
                if isinstance(begun, Run):
                    await self._carried_out(begun)

    async def _begun(self, run_id: str, is_alone: bool) -> Run | Literal["not beside others"] | None:
        """Take a run, once nobody else answers the same question."""
        while True:
            beginning = asyncio.ensure_future(asyncio.to_thread(self._begin, run_id, is_alone))
            try:
                begun = await asyncio.shield(beginning)
            except asyncio.CancelledError:
                # A run that is being taken cannot be left, only given back.
                taken = await beginning
                if isinstance(taken, Run):
                    await asyncio.to_thread(self._give_back, taken, None)
                raise
            if begun != TWIN_AT_WORK:
                return begun
            await asyncio.sleep(LOOK_SECONDS)

    async def _carried_out(self, run: Run) -> None:
        working = asyncio.create_task(self._work(Course(run)))
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            _, late = await asyncio.wait([working], timeout=self._settings.drain_seconds)
            if late:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
                await asyncio.to_thread(self._give_back, run, None)
            raise

    async def _work(self, course: Course) -> None:
        try:
            order = await self._insisted(partial(self._order, course.run))
        except ServicePolicyError as refused:
            await self._insisted(partial(self._finish, course.run, _refusal(refused)))
            return
        process = await self._started(order, course.run.is_suspect)
        try:
            ending = await self._followed(course, process, order)
        finally:
            back = partial(self._resting.back, process, in_good_order=course.is_answered)
            await asyncio.shield(asyncio.to_thread(back))
        if ending is not None:
            last_news = course.progress if course.is_news else None
            await self._insisted(partial(self._finish, course.run, ending, last_news))
        elif course.died is not None:
            await self._insisted(partial(self._give_back, course.run, course.died))

    async def _insisted(self, step: Callable[[], T]) -> T:
        """Do something with the store, however long it is away: that ends no run, and throws nothing away."""
        while True:
            try:
                return await asyncio.to_thread(step)
            except StoreUnavailable:
                log.warning("the store is away; a run waits for it")
                await asyncio.sleep(AWAY_SECONDS)

    async def _started(self, order: Order, is_suspect: bool) -> RunProcess:
        start = partial(self._resting.process_for, order, is_suspect)
        starting = asyncio.ensure_future(asyncio.to_thread(start))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            # A process that is being started cannot be called back, only ended.
            await asyncio.to_thread((await starting).end)
            raise

    async def _followed(self, course: Course, process: RunProcess, order: Order) -> Ending | None:
        """Follow a process until there is an ending; None when it died or the run is no longer ours."""
        while True:
            try:
                await asyncio.to_thread(_listen, course, process, LOOK_SECONDS)
            except EOFError:
                course.died = await asyncio.to_thread(process.cause_of_death)
            if course.ended is not None:
                return await self._insisted(partial(self._ended, course.ended))
            if course.died is not None:
                return None
            latest = await self._insisted(partial(self._looked_after, course))
            if latest is None:
                return None
            if latest.cancel_asked_at is not None:
                return await self._insisted(partial(self._stopped, course, State.CANCELLED, order))
            if self._is_over(course):
                return await self._insisted(partial(self._stopped, course, State.SUCCEEDED, order))

    def _begin(
        self, run_id: str, is_alone: bool
    ) -> Run | Literal["twin at work", "not beside others"] | None:
        """Take a run; None when there is nothing to do, as when its answer has been found meanwhile."""
        run, silent_seconds = latest(self._memory, run_id), self._settings.stalled_seconds / 2
        with self._memory.database.writing() as tx:
            if run.state is State.QUEUED and run.replay_of is None:
                earlier = runs.answered(tx, run.question_sha256)
                if earlier is not None:
                    runs.end_unbegun(tx, run, answer_of(earlier))
                    return None
                if runs.twin_at_work(tx, run, silent_seconds):
                    return TWIN_AT_WORK
            if run.is_suspect and not is_alone:
                return NOT_BESIDE_OTHERS
            begun = runs.begin(tx, run_id, self._settings.worker_name, silent_seconds)
        if begun is not None:
            log.info("run began", **_named(begun), worker=begun.worker)
        return begun

    def _order(self, run: Run) -> Order:
        read = as_written if run.kind in UNSEARCHED else question_of
        installation = self._settings if run.replay_of is None else _forgetful(self._settings)
        question = read(run, self._memory, installation)
        others = beside(run.kind, run.settings, self._memory, self._settings)
        policy_of = run.settings.get("policy_of")
        policy = None if policy_of is None else saved_policy(self._memory, policy_of, run.scenario_sha256)
        return Order(run.id, run.kind, question, run.settings, policy, others)

    def _seconds(self, run: Run, since: datetime | None) -> float:
        """How long a run may take from a point in time on."""
        most = self._settings.solve_seconds
        if run.deadline_at is None or since is None:
            return most
        return max(min(most, (run.deadline_at - since).total_seconds()), 0.1)

    def _is_over(self, course: Course) -> bool:
        return time.monotonic() - course.since > self._seconds(course.run, course.run.started_at)

    def _looked_after(self, course: Course) -> Run | None:
        """Write down news and signs of life, and see whether the run shall stop; None: it is not ours now."""
        now = time.monotonic()
        if (
            course.is_news and now - course.beaten > NEWS_SECONDS
        ) or now - course.beaten > self._beat_seconds:
            with self._memory.database.writing() as tx:
                latest = runs.beat(tx, course.run, course.progress if course.is_news else None)
            course.beaten, course.is_news = now, False
            return latest
        with self._memory.database.reading() as tx:
            return runs.get(tx, course.run.id)

    def _ended(self, ended: Ended) -> Ending:
        if ended.answer is not None:
            return ending_of(self._memory, State.SUCCEEDED, ended.answer)
        if ended.error is not None:
            return _refusal(ended.error(ended.findings))
        problem = {"code": "run.failed", "status": 500, "detail": "The run ended without an answer."}
        return Ending(State.FAILED, problem=problem)

    def _stopped(self, course: Course, state: State, order: Order) -> Ending:
        """The ending of a run that is stopped: what it holds, or that it holds nothing."""
        held = course.held
        if held is not None and (held.outcome != "nothing" or state is State.CANCELLED):
            return ending_of(self._memory, state, held)
        if state is State.CANCELLED:
            return Ending(state, outcome="nothing")
        seconds, stage = time.monotonic() - course.since, str(course.progress.get("phase", "start"))
        remarks = (*order.question.remarks, nothing_yet(stage, seconds))
        with self._memory.database.reading() as tx:
            ending = without_answer(tx, course.run, remarks)
        # What this run says of its baseline is more than an empty answer, and less than an earlier policy.
        return ending if held is None or ending.same_as else ending_of(self._memory, state, held)

    def _finish(self, run: Run, ending: Ending, last_news: dict[str, object] | None = None) -> None:
        with self._memory.database.writing() as tx:
            is_ours = runs.finish(tx, run, ending, last_news)
        said = {"state": ending.state.value, "outcome": ending.outcome, "objective": ending.objective}
        code = None if ending.problem is None else ending.problem.get("code")
        log.info("run ended" if is_ours else "run had ended", **_named(run), **said, code=code)

    def _give_back(self, run: Run, died: str | None) -> None:
        with self._memory.database.writing() as tx:
            is_ours = runs.give_back(tx, run, died)
            if is_ours:
                self._memory.jobs.hand_in(tx, run.id, gives_way=run.part is not None)
        if is_ours:
            log.warning("run given back", **_named(run), died=died)


def _forgetful(settings: Settings) -> Settings:
    """The installation as it is for a replay: it solves again, and finds nothing that was computed before."""
    return settings.model_copy(update={"recall_bytes": 0})


def _listen(course: Course, process: RunProcess, seconds: float) -> None:
    """Take in all that a process says within so many seconds. Raises EOFError when it is gone."""
    until = time.monotonic() + seconds
    while course.ended is None and (left := until - time.monotonic()) > 0:
        for message in process.heard(left):
            course.hear(message)


def _named(run: Run) -> dict[str, object]:
    """The names under which a run is found in the log: its own, and that of the request that asked for it."""
    names = {"run": run.id, "request": run.request_id, "parent": run.parent}
    return {"kind": run.kind, "attempt": run.attempt, **{k: v for k, v in names.items() if v is not None}}


def _refusal(refused: ServicePolicyError) -> Ending:
    return Ending(State.FAILED, problem=problem_json(problem_of(refused)))
