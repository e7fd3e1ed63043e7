"""Where solves are handed in: so many at a time, so many waiting, each stopped when its time is up."""

import multiprocessing
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import anyio

from servicepolicy_api.problems import Problem, problem_of
from servicepolicy_api.question import Question
from servicepolicy_api.settings import Settings
from servicepolicy_api.solving.work import work
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held, Proof, Stopped
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.fingerprint import scenario_sha256, versions

PRELOADED = ["servicepolicy_api.solving.child"]
LOOK_EVERY_SECONDS = 0.2
"""How often a running solve is looked after: is it done, and does anybody still wait for it?"""

Gone = Callable[[], Awaitable[bool]]
"""Tells whether the client has left."""


class Desk:
    """Takes solves and gives back policies as JSON."""

    def __init__(self, settings: Settings) -> None:
        """Prepare for so many solves; nothing is started yet."""
        self._settings = settings
        self._turns = anyio.CapacityLimiter(settings.concurrent_solves)
        self._handed_in = 0
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)

    def open(self) -> None:
        """Start the process that solves are forked from: it imports, once, what every solve needs."""
        forkserver.ensure_running()

    async def solve(self, asked: Question, with_items: bool, request_id: str, gone: Gone) -> bytes:
        """Solve a scenario. Raises Problem 429 when too many wait, and the problem of whatever goes wrong."""
        if self._handed_in >= self._settings.concurrent_solves + self._settings.waiting_solves:
            wait = {"Retry-After": str(round(self._settings.solve_seconds / 10) + 1)}
            raise Problem(429, "solve.too_many", "Too many solves wait; come back later.", headers=wait)
        self._handed_in += 1
        try:
            async with self._turns:
                return await self._one(asked, with_items, request_id, gone)
        finally:
            self._handed_in -= 1

    async def _one(self, asked: Question, with_items: bool, request_id: str, gone: Gone) -> bytes:
        ours, theirs = self._context.Pipe(duplex=False)
        given = (theirs, asked, with_items, request_id)
        process = self._context.Process(target=work, args=given, name=f"solve {request_id}", daemon=True)
        try:
            await anyio.to_thread.run_sync(process.start)
            theirs.close()
            return await self._awaited(ours, asked.scenario, gone)
        finally:
            ours.close()
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(_end, process)

    async def _awaited(self, ours: Connection, scenario: Scenario, gone: Gone) -> bytes:
        deadline = time.monotonic() + self._settings.solve_seconds
        while not await anyio.to_thread.run_sync(ours.poll, LOOK_EVERY_SECONDS):
            if time.monotonic() > deadline:
                return _nothing_held(scenario).model_dump_json().encode()
            if await gone():
                raise Problem(408, "client.left", "The client left before the answer.")
        return await anyio.to_thread.run_sync(_received, ours)


def _received(ours: Connection) -> bytes:
    """What the solve sent. A process that died without a word has closed its end."""
    told = None
    with suppress(EOFError, OSError):
        told = ours.recv()
    if isinstance(told, bytes):
        return told
    if told is None:
        raise Problem(500, "solve.died", "The solve ended without an answer.")
    kind, findings = told
    raise problem_of(kind(findings))


def _end(process: BaseProcess) -> None:
    """Stop a process, if need be by force, and see that it is gone."""
    if process.pid is not None:
        process.kill()
        process.join()
    process.close()


def _nothing_held(scenario: Scenario) -> Policy:
    """The answer when the time is over: neither a policy nor a proof that there is none."""
    proof = Proof(
        held=Held.NOTHING,
        stopped=Stopped.TIME_LIMIT,
        versions=versions(),
        scenario_sha256=scenario_sha256(scenario),
        seed=scenario.limits.seed,
    )
    return Policy(
        scenario=scenario.name,
        currency=scenario.currency,
        days_per_year=scenario.days_per_year,
        fill_rate_basis=scenario.fill_rate_basis.value,
        proof=proof,
    )
