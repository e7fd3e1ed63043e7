"""Who must be alone is alone, and keeps nobody out for longer."""

import asyncio
from contextlib import suppress
from itertools import combinations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from servicepolicy_api.app import create_app
from servicepolicy_api.memory import open_memory, served, upgrade
from servicepolicy_api.running.carrying import Carrier
from servicepolicy_api.running.company import Company
from servicepolicy_api.running.process import forks
from servicepolicy_api.settings import Settings
from servicepolicy_store import runs
from servicepolicy_store.events import events_after
from servicepolicy_store.run_noun import ALONE_AFTER
from tests.api.http import misbehaving
from tests.api.http.test_killed import ask

PATIENCE_SECONDS = 120


def entered(steps):
    """Who is there after every step: a name comes (+), goes (-) or is cancelled (x); a capital is alone."""

    async def story():
        company, there, tasks, told = Company(), [], {}, []

        async def stay(name, gone):
            way = company.alone() if name.isupper() else company.beside_others()
            async with way:
                there.append(name)
                try:
                    await gone.wait()
                finally:
                    there.remove(name)

        for sign, name in steps.split():
            if sign == "+":
                gone = asyncio.Event()
                tasks[name] = (asyncio.create_task(stay(name, gone)), gone)
            elif sign == "-":
                tasks[name][1].set()
            else:
                tasks[name][0].cancel()
            for _ in range(20):
                await asyncio.sleep(0)
            told.append("".join(there))
        for task, _ in tasks.values():
            task.cancel()
        await asyncio.gather(*(task for task, _ in tasks.values()), return_exceptions=True)
        return " ".join(told)

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("steps", "there"),
    [
        ("+a +b -a -b", "a ab b "),
        ("+a +B +c -a -B", "a a a B c"),
        ("+A +b +C -A -C", "A A A C b"),
        # Cancelled while it waits, and while it is there.
        ("+a +B +c xB", "a a a ac"),
        ("+A +b xA", "A A b"),
    ],
)
def test_who_must_be_alone_waits_for_the_others_and_newcomers_for_it(steps, there):
    assert entered(steps) == there


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, tmp_path):
    """Those of an empty store, on either database."""
    many = {}
    if request.param == "postgresql":
        many = {"DATABASE_URL": request.getfixturevalue("postgresql").new_database()}
    made = Settings(store_folder=tmp_path, concurrent_solves=3, drain_seconds=0, **many)
    memory = open_memory(made)
    upgrade(memory)
    memory.database.close()
    return made


async def worked_on(memory, settings, names):
    """Work until these runs have ended."""

    def open_ones():
        with memory.database.reading() as tx:
            return [one for one in names if not runs.get(tx, one).state.is_final]

    carrier = Carrier(memory, settings, forks(), misbehaving.answers_late)
    working = asyncio.create_task(memory.jobs.work(carrier.carry_out, settings.concurrent_solves))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await asyncio.to_thread(open_ones):
            await asyncio.sleep(0.1)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working


def span(memory, name):
    """When a run began for the last time, and when it ended."""
    with memory.database.reading() as tx:
        told = events_after(tx, name, 0)
    return [one.at for one in told if one.kind == "running"][-1], told[-1].at


def test_a_run_whose_workers_died_is_worked_on_alone(settings, document):
    with TestClient(create_app(settings, entry=misbehaving.sleeps)) as client:
        names = [ask(client, document | {"title": str(number)}) for number in range(4)]
    with served(settings) as memory:
        deaths = text("UPDATE run SET worker_deaths = :deaths WHERE id = :id")
        with memory.database.writing() as tx:
            tx.execute(deaths, {"deaths": ALONE_AFTER, "id": names[1]})
        asyncio.run(worked_on(memory, settings, names))
        first, alone, *others = [span(memory, name) for name in names]
        with memory.database.reading() as tx:
            assert {runs.get(tx, name).outcome for name in names} == {"optimal"}

    def are_apart(one, other):
        return one[1] <= other[0] or other[1] <= one[0]

    assert all(are_apart(alone, one) for one in (first, *others))
    assert not all(are_apart(*pair) for pair in combinations((first, *others), 2))
