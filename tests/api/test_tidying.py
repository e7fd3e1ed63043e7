"""Tidying, told to stop in the middle."""

import asyncio
import time

import pytest

from servicepolicy_api import tidying


def test_who_is_stopped_while_tidying_ends_with_the_store_at_rest(monkeypatch):
    ended = []

    def slow(memory, settings):
        time.sleep(0.2)
        ended.append(True)

    monkeypatch.setattr(tidying, "tidy", slow)

    async def story():
        task = asyncio.create_task(tidying.tidy_daily(None, None))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended

    asyncio.run(story())
