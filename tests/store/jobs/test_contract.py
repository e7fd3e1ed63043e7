"""What both engines promise: a run that is written down is worked on, by one at a time, whoever dies."""

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from servicepolicy_store import migrating, runs, scenarios
from servicepolicy_store.jobs.embedded import EmbeddedJobs
from servicepolicy_store.jobs.procrastinated import ProcrastinateJobs, prepare
from servicepolicy_store.run_noun import Ending, State
from tests.store.conftest import asked, empty, scenario

STALLED_SECONDS = 1.5
"""Where somebody dies; nobody who lives has a run in hand for longer than one transaction there."""
LIVELY_SECONDS = 600.0
"""Where nobody dies: however busy the machine, none of the living is taken for dead."""
PATIENCE_SECONDS = 60


@pytest.fixture(params=["embedded", "procrastinate"])
def engine(request, tmp_path):
    """An engine, and what makes another one on the same database, as another process would."""
    kind = "sqlite" if request.param == "embedded" else "postgresql"
    database = empty(kind, request, tmp_path)
    migrating.upgrade(database)
    if kind == "postgresql":
        prepare(database)
    with database.writing() as tx:
        scenarios.keep(tx, scenario())
    make = {
        "embedded": lambda stalled_seconds=LIVELY_SECONDS: EmbeddedJobs(database),
        "procrastinate": lambda stalled_seconds=LIVELY_SECONDS: ProcrastinateJobs(database, stalled_seconds),
    }
    yield database, make[request.param]
    database.close()


def hand_in(database, jobs, number=1):
    """Write runs down and hand them in, each in a transaction of its own."""
    made = []
    for _ in range(number):
        with database.writing() as tx:
            made.append(runs.create(tx, asked()))
            jobs.hand_in(tx, made[-1].id)
    return made


def begin(database, run_id):
    with database.writing() as tx:
        return runs.begin(tx, run_id, "test", LIVELY_SECONDS)


def finish(database, mine, ending):
    with database.writing() as tx:
        return runs.finish(tx, mine, ending)


async def at_once():
    """No pause."""


def carries(database, hands, pause=at_once):
    """A carry-out that pauses in the middle, and notes who was carried, and by how many at a time."""

    async def carry_out(run_id):
        mine = await asyncio.to_thread(begin, database, run_id)
        if mine is None:
            return
        hands["now"] = hands.get("now", 0) + 1
        hands["most"] = max(hands.get("most", 0), hands["now"])
        try:
            await pause()
            if await asyncio.to_thread(finish, database, mine, Ending(State.SUCCEEDED, "optimal")):
                hands.setdefault("carried", []).append(run_id)
        finally:
            hands["now"] -= 1

    return carry_out


def carries_at_once(database, hands):
    """A carry-out that begins and ends a run in one transaction, and notes who was carried."""

    def carried(run_id):
        with database.writing() as tx:
            mine = runs.begin(tx, run_id, "test", STALLED_SECONDS / 2)
            return mine is not None and runs.finish(tx, mine, Ending(State.SUCCEEDED, "optimal"))

    async def carry_out(run_id):
        if await asyncio.to_thread(carried, run_id):
            hands.setdefault("carried", []).append(run_id)

    return carry_out


@asynccontextmanager
async def working(jobs, carry_out, places=2):
    task = asyncio.create_task(jobs.work(carry_out, places))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition):
    """Wait for something that has to come."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0.02)


def states(database):
    with database.reading() as tx:
        return {state: number for state, number in runs.counts(tx).items() if number}


def test_what_is_handed_in_before_and_while_somebody_works_is_carried_out_once(engine):
    database, make = engine
    jobs, hands = make(), {}

    async def two_at_a_time():
        await until(lambda: hands["most"] == 2)

    async def story():
        early = hand_in(database, jobs, 3)
        async with working(jobs, carries(database, hands, two_at_a_time)):
            await until(lambda: len(hands.get("carried", ())) == 3)
            late = await asyncio.to_thread(hand_in, database, jobs, 4)
            await until(lambda: len(hands["carried"]) == 7)
        assert sorted(hands["carried"]) == sorted(run.id for run in [*early, *late])
        assert hands["most"] == 2

    asyncio.run(story())
    assert states(database) == {"succeeded": 7}


@pytest.mark.parametrize("steps", range(5))
def test_who_is_told_to_stop_while_it_is_rung_stops(tmp_path, request, steps):
    database = empty("sqlite", request, tmp_path)
    migrating.upgrade(database)
    jobs = EmbeddedJobs(database)

    async def story():
        task = asyncio.create_task(jobs.work(carries(database, {}), 1))
        while jobs._bell is None or not jobs._bell._waiters:
            await asyncio.sleep(0.01)
        jobs._bell.set()
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        ended, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        assert ended

    asyncio.run(story())
    database.close()


def test_what_was_not_written_is_not_carried_out(engine):
    database, make = engine
    jobs, hands = make(), {}
    with pytest.raises(ZeroDivisionError), database.writing() as tx:
        jobs.hand_in(tx, runs.create(tx, asked()).id)
        raise ZeroDivisionError
    (run,) = hand_in(database, jobs)

    async def story():
        async with working(jobs, carries(database, hands)):
            await until(lambda: hands.get("carried") == [run.id])

    asyncio.run(story())
    assert states(database) == {"succeeded": 1}


def test_handing_in_twice_is_handing_in_once(engine):
    database, make = engine
    jobs, hands = make(), {}
    with database.writing() as tx:
        run = runs.create(tx, asked())
        jobs.hand_in(tx, run.id)
        jobs.hand_in(tx, run.id)

    async def story():
        async with working(jobs, carries(database, hands)):
            await until(lambda: hands.get("carried"))
            await asyncio.sleep(0.2)

    asyncio.run(story())
    assert hands["carried"] == [run.id]


def test_the_oldest_comes_first(engine):
    database, make = engine
    jobs, hands = make(), {}
    made = hand_in(database, jobs, 5)

    async def story():
        async with working(jobs, carries(database, hands), places=1):
            await until(lambda: len(hands.get("carried", ())) == 5)

    asyncio.run(story())
    assert hands["carried"] == [run.id for run in made]


def test_who_gives_way_comes_last(engine):
    database, make = engine
    jobs, hands = make(), {}
    with database.writing() as tx:
        whole = runs.create(tx, asked(kind="sweep", parts=2))
        inner = [runs.create(tx, asked(parent=whole.id, part=number)) for number in range(2)]
        for part in inner:
            jobs.hand_in(tx, part.id, gives_way=True)
    others = hand_in(database, jobs, 2)

    async def story():
        async with working(jobs, carries(database, hands), places=1):
            await until(lambda: len(hands.get("carried", ())) == 4)

    asyncio.run(story())
    assert hands["carried"] == [run.id for run in [*others, *inner]]
    assert states(database) == {"succeeded": 5}


def test_a_carrier_that_fails_leaves_the_run_to_the_next(engine):
    """As when the database is away in the middle of a run: nothing could be written."""
    database, make = engine
    jobs, hands = make(STALLED_SECONDS), {}
    (run,) = hand_in(database, jobs)
    failed = []
    succeeds = carries_at_once(database, hands)

    async def carry_out(run_id):
        if not failed:
            failed.append(run_id)
            await asyncio.to_thread(begin, database, run_id)
            raise OSError("no database")
        await succeeds(run_id)

    async def story():
        async with working(jobs, carry_out):
            await until(lambda: hands.get("carried") == [run.id])

    asyncio.run(story())
    with database.reading() as tx:
        assert runs.get(tx, run.id).attempt == 2


def test_who_stops_cancels_what_is_in_hand_and_another_carries_it_out(engine):
    database, make = engine
    jobs, hands, stopped = make(), {}, []
    (run,) = hand_in(database, jobs)

    def give_back(mine):
        with database.writing() as tx:
            runs.give_back(tx, mine, died=None)
            jobs.hand_in(tx, mine.id)

    async def carry_out(run_id):
        mine = await asyncio.to_thread(begin, database, run_id)
        hands["begun"] = True
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            stopped.append(run_id)
            await asyncio.to_thread(give_back, mine)
            raise

    async def story():
        async with working(jobs, carry_out):
            await until(lambda: hands.get("begun"))
        assert stopped == [run.id]
        async with working(make(STALLED_SECONDS), carries_at_once(database, hands)):
            await until(lambda: hands.get("carried") == [run.id])

    asyncio.run(story())
    with database.reading() as tx:
        assert runs.get(tx, run.id).attempt == 1


KILLED = """
import asyncio, sys
from pathlib import Path
from servicepolicy_store import runs
from servicepolicy_store.database import open_postgresql, open_sqlite
from servicepolicy_store.jobs.embedded import EmbeddedJobs
from servicepolicy_store.jobs.procrastinated import ProcrastinateJobs
kind, where, stalled = sys.argv[1:]
database = open_sqlite(Path(where)) if kind == "sqlite" else open_postgresql(where)
jobs = EmbeddedJobs(database) if kind == "sqlite" else ProcrastinateJobs(database, float(stalled))
async def carry_out(run_id):
    with database.writing() as tx:
        runs.begin(tx, run_id, "doomed", 60)
    print("begun", flush=True)
    await asyncio.sleep(600)
asyncio.run(jobs.work(carry_out, 1))
"""


def test_what_a_killed_process_had_in_hand_is_carried_out_by_another(engine, tmp_path):
    database, make = engine
    jobs, hands = make(STALLED_SECONDS), {}
    (run,) = hand_in(database, jobs)
    where = str(tmp_path) if database.is_sqlite else database.engine.url.render_as_string(hide_password=False)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    words = [sys.executable, "-c", KILLED, kind, where, str(STALLED_SECONDS)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as doomed:
        assert doomed.stdout.readline() == "begun\n"
        doomed.kill()
    assert states(database) == {"running": 1}

    async def story():
        async with working(jobs, carries_at_once(database, hands)):
            await until(lambda: hands.get("carried") == [run.id])

    asyncio.run(story())
    with database.reading() as tx:
        found = runs.get(tx, run.id)
        assert (found.state, found.attempt, found.worker) == (State.SUCCEEDED, 2, "test")


on_many_machines = pytest.mark.parametrize("engine", ["procrastinate"], indirect=True)
"""A store in a file has one process (api/memory.py holds its lock), and its database is never away."""


@on_many_machines
def test_workers_share_the_runs_and_none_is_carried_out_twice(engine):
    database, make = engine
    jobs, one, other = make(), {}, {}
    made = hand_in(database, jobs, 20)

    async def both_have_some():
        await until(lambda: "most" in one and "most" in other)

    async def story():
        async with (
            working(make(), carries(database, one, both_have_some)),
            working(make(), carries(database, other, both_have_some)),
        ):
            await until(lambda: len(one.get("carried", ())) + len(other.get("carried", ())) >= 20)

    asyncio.run(story())
    assert sorted([*one["carried"], *other["carried"]]) == sorted(run.id for run in made)


@on_many_machines
def test_a_run_given_back_by_a_worker_that_died_before_its_job_ended_is_carried_out(engine):
    """The run has two jobs then: one counts as under way and keeps the other one waiting."""
    database, make = engine
    jobs, hands = make(STALLED_SECONDS), {}
    (run,) = hand_in(database, jobs)
    with database.writing() as tx:
        mine = runs.begin(tx, run.id, "doomed", STALLED_SECONDS / 2)
        tx.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        runs.give_back(tx, mine, died="SIGKILL")
        jobs.hand_in(tx, run.id)
        assert tx.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one() == 2

    async def story():
        async with working(jobs, carries_at_once(database, hands)):
            await until(lambda: hands.get("carried") == [run.id])

    asyncio.run(story())
    assert states(database) == {"succeeded": 1}
