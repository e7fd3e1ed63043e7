"""A database that goes away, and comes back: what is handed in afterwards is worked on."""

import asyncio

import pytest
from psycopg_pool import AsyncConnectionPool

from servicepolicy_store import migrating, scenarios
from servicepolicy_store.errors import StoreUnavailable
from servicepolicy_store.jobs.procrastinated import ProcrastinateJobs, prepare
from tests.store.conftest import empty, scenario
from tests.store.jobs.test_contract import (
    LIVELY_SECONDS,
    STALLED_SECONDS,
    carries_at_once,
    hand_in,
    states,
    until,
    working,
)


@pytest.fixture
def database(request, tmp_path):
    """With one scenario, in PostgreSQL."""
    database = empty("postgresql", request, tmp_path)
    migrating.upgrade(database)
    prepare(database)
    with database.writing() as tx:
        scenarios.keep(tx, scenario())
    yield database
    database.close()


def test_a_database_that_was_away_is_worked_on_again(database, postgresql):
    jobs, hands = ProcrastinateJobs(database, STALLED_SECONDS), {}

    async def story():
        async with working(jobs, carries_at_once(database, hands)):
            first = await asyncio.to_thread(hand_in, database, jobs)
            await until(lambda: hands.get("carried") == [first[0].id])
            await asyncio.to_thread(postgresql.stop)
            with pytest.raises(StoreUnavailable):
                await asyncio.to_thread(hand_in, database, jobs)
            await asyncio.to_thread(postgresql.start)
            await asyncio.to_thread(hand_in, database, jobs, 2)
            await until(lambda: len(hands["carried"]) == 3)

    asyncio.run(story())
    assert states(database) == {"succeeded": 3}


def test_a_database_that_is_away_longer_than_a_pool_waits_is_worked_on_again(
    database, postgresql, monkeypatch
):
    """A pool that is not full in its time is closed, and another one is opened."""
    jobs, hands = ProcrastinateJobs(database, LIVELY_SECONDS), {}
    of_open, tried = AsyncConnectionPool.open, []

    async def open_soon(pool, wait=False, timeout=30.0):
        tried.append(timeout)
        await of_open(pool, wait, 0.5)

    monkeypatch.setattr(AsyncConnectionPool, "open", open_soon)

    async def story():
        await asyncio.to_thread(hand_in, database, jobs)
        await asyncio.to_thread(postgresql.stop)
        async with working(jobs, carries_at_once(database, hands)):
            await until(lambda: len(tried) > 1)
            await asyncio.to_thread(postgresql.start)
            await until(lambda: hands.get("carried"))

    asyncio.run(story())
    assert states(database) == {"succeeded": 1}
