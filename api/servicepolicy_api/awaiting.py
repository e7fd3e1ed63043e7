"""Waiting for a run, as long as somebody wants to."""

import time
from collections.abc import Awaitable, Callable

import anyio

from servicepolicy_api.memory import Memory
from servicepolicy_api.time_is_up import ended_if_overdue
from servicepolicy_store import runs
from servicepolicy_store.run_noun import Run

FIRST_LOOK_SECONDS = 0.03
LAST_LOOK_SECONDS = 0.25


async def final(
    memory: Memory, run: Run, seconds: float, gone: Callable[[], Awaitable[bool]] | None = None
) -> Run:
    """The run when it has ended, or as it is after so many seconds, or when the client has gone."""
    until, pause = time.monotonic() + seconds, FIRST_LOOK_SECONDS
    while not run.state.is_final and time.monotonic() < until:
        await anyio.sleep(min(pause, max(until - time.monotonic(), 0)))
        pause = min(pause * 1.5, LAST_LOOK_SECONDS)
        if gone is not None and await gone():
            return run
        run = await anyio.to_thread.run_sync(latest, memory, run.id)
    return run


def latest(memory: Memory, run_id: str) -> Run:
    """A run as it is now, ended if its answer is due and it still waits. Raises NotThere."""
    with memory.database.glancing() as tx:
        found = runs.get(tx, run_id)
    return ended_if_overdue(memory, found)
