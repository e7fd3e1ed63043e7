"""The engine within one process: the queue is the ledger itself."""

import asyncio
import logging
from contextlib import suppress

from servicepolicy_store import runs
from servicepolicy_store.database import Database, Transaction
from servicepolicy_store.errors import StoreUnavailable
from servicepolicy_store.jobs import CarryOut

LOOK_EVERY_SECONDS = 1.0
"""How often the ledger is read when nobody rings: after the database was away, say."""

log = logging.getLogger(__name__)


class EmbeddedJobs:
    """Works on the runs of a database that no other process works on."""

    def __init__(self, database: Database) -> None:
        """Use a database; only one such engine may work on it."""
        self._database = database
        self._bell: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._in_hand: dict[str, asyncio.Task[None]] = {}

    def hand_in(self, tx: Transaction, run_id: str, gives_way: bool = False, is_new: bool = False) -> None:
        """Ring when the transaction is through; who gives way is read in the ledger."""
        if self._ring not in tx.afterwards:
            tx.afterwards.append(self._ring)

    async def work(self, carry_out: CarryOut, places: int) -> None:
        """Take the oldest runs that wait, so many at a time; requeue what an earlier process left running."""
        self._loop, self._bell = asyncio.get_running_loop(), asyncio.Event()
        try:
            while True:
                self._bell.clear()
                with suppress(StoreUnavailable):
                    await self._fill(carry_out, places)
                with suppress(TimeoutError):
                    # Not wait_for: before Python 3.12 it loses a cancellation that comes with the bell.
                    async with asyncio.timeout(LOOK_EVERY_SECONDS):
                        await self._bell.wait()
        finally:
            await self._stop()

    async def _fill(self, carry_out: CarryOut, places: int) -> None:
        free = places - len(self._in_hand)
        if free <= 0:
            return
        for run_id in await asyncio.to_thread(self._waiting, set(self._in_hand), places):
            if len(self._in_hand) >= places:
                return
            if run_id not in self._in_hand:
                task = asyncio.create_task(self._one(carry_out, run_id))
                self._in_hand[run_id] = task

    async def _one(self, carry_out: CarryOut, run_id: str) -> None:
        try:
            await carry_out(run_id)
        except Exception:
            # The run stays in the ledger: it is found again when nobody has it in hand.
            log.exception("run %s was left", run_id)
        finally:
            del self._in_hand[run_id]
            self._ring()

    def _waiting(self, in_hand: set[str], places: int) -> list[str]:
        with self._database.reading() as tx:
            anything = runs.waiting(tx, with_parts=True)
        if not anything:
            return []
        with self._database.writing() as tx:
            runs.abandon(tx, in_hand, silent_seconds=None)
            return runs.queued(tx, places + len(in_hand))

    async def _stop(self) -> None:
        """Have every run given back."""
        tasks = list(self._in_hand.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._loop = None

    def _ring(self) -> None:
        if self._loop is not None and self._bell is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._bell.set)
