"""The engine on PostgreSQL: procrastinate hands runs to any number of workers on any number of machines."""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from sqlalchemy import URL, text

from servicepolicy_store import runs
from servicepolicy_store.database import Database, Transaction
from servicepolicy_store.errors import StoreUnavailable
from servicepolicy_store.jobs import CarryOut

QUEUE = "runs"
TASK = "carry_out"
GIVES_WAY = -1
"""The priority of jobs that come after all others."""

ASK_AGAIN_SECONDS = 1.0
"""A task that was asked to end and goes on is asked again."""

log = logging.getLogger(__name__)


class ProcrastinateJobs:
    """A job for every run, written in the transaction that writes the run."""

    def __init__(self, database: Database, stalled_seconds: float) -> None:
        """Use a database. stalled_seconds: a worker that is silent for so long is taken for dead."""
        self._database = database
        self._stalled_seconds = stalled_seconds
        address = database.engine.url.set(drivername="postgresql")
        self._address = URL.render_as_string(address, hide_password=False)
        # Deferring needs no pool of its own: it happens on the connection of the caller's transaction.
        self._ringing = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

    def hand_in(self, tx: Transaction, run_id: str, gives_way: bool = False, is_new: bool = False) -> None:
        """Write the job beside the run; workers are notified by the commit."""
        deferrer = self._ringing.configure_task(
            TASK, queue=QUEUE, lock=run_id, queueing_lock=run_id, allow_unknown=True,
            priority=GIVES_WAY if gives_way else 0,
            connection=tx.connection.connection.driver_connection,
        )  # fmt: skip
        if is_new:
            deferrer.defer(run_id=run_id)
            return
        with suppress(AlreadyEnqueued), tx.connection.begin_nested():
            deferrer.defer(run_id=run_id)

    async def work(self, carry_out: CarryOut, places: int) -> None:
        """Work until cancelled; a database that goes away is waited for."""
        while True:
            try:
                await self._work(carry_out, places)
            except (ConnectorException, psycopg.OperationalError, StoreUnavailable, OSError):
                # The second is of a pool that could not be opened in its time: procrastinate hands it on.
                log.warning("the database does not answer; trying again")
                await asyncio.sleep(1.0)

    async def _work(self, carry_out: CarryOut, places: int) -> None:
        connector = procrastinate.PsycopgConnector(conninfo=self._address, max_size=places + 3, timeout=4.0)
        app = procrastinate.App(connector=connector)

        @app.task(name=TASK, queue=QUEUE)
        async def carry(run_id: str) -> None:
            await carry_out(run_id)

        async with app.open_async():
            looking = asyncio.create_task(self._look_after(app))
            try:
                await app.run_worker_async(
                    queues=[QUEUE], concurrency=places, install_signal_handlers=False,
                    shutdown_graceful_timeout=0, delete_jobs="always", fetch_job_polling_interval=1.0,
                    update_heartbeat_interval=self._stalled_seconds / 3,
                    stalled_worker_timeout=self._stalled_seconds,
                )  # fmt: skip
            finally:
                await _end(looking)

    async def _look_after(self, app: procrastinate.App) -> None:
        """Find what dead workers left: their jobs, and runs that lost their job on the way."""
        while True:
            with suppress(ConnectorException, StoreUnavailable):
                await self._recover(app)
            await asyncio.sleep(self._stalled_seconds / 3)

    async def _recover(self, app: procrastinate.App) -> None:
        seconds = self._stalled_seconds
        for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=seconds):
            if job.id is not None:
                await self._again(app, job.id)
        await asyncio.to_thread(self._ring_again)

    async def _again(self, app: procrastinate.App, job_id: int) -> None:
        try:
            await app.job_manager.retry_job_by_id_async(job_id, datetime.now(UTC))
        except UniqueViolation:
            # Its worker had given the run back, under a new job, and died before it ended the old one:
            # as long as the old one counts as under way, nobody is given the new one.
            await app.job_manager.finish_job_by_id_async(job_id, Status.FAILED, delete_job=True)

    def _ring_again(self) -> None:
        """Runs that nobody works on and that have no job get one."""
        with self._database.writing() as tx:
            runs.abandon(tx, set(), self._stalled_seconds)
            rows = tx.execute(text(
                "SELECT id, part IS NOT NULL FROM run WHERE state = 'queued' AND parts IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs j"
                " WHERE j.lock = run.id AND j.status IN ('todo', 'doing'))"
            )).all()  # fmt: skip
            for run_id, gives_way in rows:
                self.hand_in(tx, run_id, gives_way)


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel a task until it has ended: as its connection breaks, it may meet that error instead."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=ASK_AGAIN_SECONDS)
    await asyncio.gather(task, return_exceptions=True)


def prepare(database: Database) -> None:
    """Make procrastinate's own tables, where they are not there yet."""
    with database.writing() as tx:
        if tx.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar() is None:
            driver = tx.connection.connection.driver_connection
            if driver is not None:
                driver.execute(procrastinate.schema.SchemaManager.get_schema())
