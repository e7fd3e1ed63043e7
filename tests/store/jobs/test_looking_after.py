"""Whoever looks after what dead workers left holds up no worker."""

import asyncio

from procrastinate.exceptions import ConnectorException

from servicepolicy_store import migrating
from servicepolicy_store.jobs.procrastinated import ProcrastinateJobs, prepare
from tests.store.conftest import empty
from tests.store.jobs.test_contract import LIVELY_SECONDS, PATIENCE_SECONDS, until


async def carried(run_id):
    """Nothing to do."""


def test_a_worker_ends_though_the_database_breaks_off_as_it_looks(request, tmp_path, monkeypatch):
    database, looks = empty("postgresql", request, tmp_path), []
    migrating.upgrade(database)
    prepare(database)

    async def broken_off(self, app):
        looks.append(app)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            # What psycopg makes of it where the connection breaks just then.
            if len(looks) < 3:
                raise ConnectorException from None
            raise

    monkeypatch.setattr(ProcrastinateJobs, "_recover", broken_off)

    async def story():
        task = asyncio.create_task(ProcrastinateJobs(database, LIVELY_SECONDS).work(carried, 1))
        await until(lambda: looks)
        task.cancel()
        _, late = await asyncio.wait([task], timeout=PATIENCE_SECONDS)
        assert not late

    asyncio.run(story())
    database.close()
