"""A worker that stops gives back what it has taken, however little of it has begun."""

import asyncio
import threading

import pytest
from fastapi.testclient import TestClient

from servicepolicy_api.app import create_app
from servicepolicy_api.memory import served
from servicepolicy_api.running.carrying import Carrier
from servicepolicy_api.running.process import forks
from servicepolicy_api.settings import Settings
from servicepolicy_store import runs
from servicepolicy_store.run_noun import State
from tests.api.http import misbehaving
from tests.api.http.test_killed import ask


def test_a_run_that_is_just_being_taken_is_given_back(tmp_path, document):
    settings = Settings(store_folder=tmp_path, concurrent_solves=1, drain_seconds=0)
    with TestClient(create_app(settings, entry=misbehaving.sleeps)) as client:
        name = ask(client, document)
    with served(settings) as memory:
        carrier, taken, stopped = (
            Carrier(memory, settings, forks(), misbehaving.sleeps),
            threading.Event(),
            threading.Event(),
        )
        begin = carrier._begin

        def begin_slowly(run_id, is_alone):
            begun = begin(run_id, is_alone)
            taken.set()
            assert stopped.wait(60)
            return begun

        carrier._begin = begin_slowly

        async def story():
            carrying = asyncio.create_task(carrier.carry_out(name))
            assert await asyncio.to_thread(taken.wait, 60)
            carrying.cancel()
            await asyncio.sleep(0.05)
            stopped.set()
            with pytest.raises(asyncio.CancelledError):
                await carrying

        asyncio.run(story())
        with memory.database.reading() as tx:
            given_back = runs.get(tx, name)
    assert (given_back.state, given_back.attempt) == (State.QUEUED, 0)
