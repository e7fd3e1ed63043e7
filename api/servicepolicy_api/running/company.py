"""Who is worked on beside whom within one process: many at a time, or one that must be alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Company:
    """Runs under way in this process. Whoever must be alone waits for the others, and newcomers for it."""

    def __init__(self) -> None:
        """Nobody is there."""
        self._changed = asyncio.Condition()
        self._there, self._want_to_be_alone = 0, 0

    @asynccontextmanager
    async def beside_others(self) -> AsyncIterator[None]:
        """Be there when nobody is, or wants to be, alone."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._want_to_be_alone)
            self._there += 1
        try:
            yield
        finally:
            await asyncio.shield(self._left())

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Be there when nobody else is, and let nobody in."""
        async with self._changed:
            self._want_to_be_alone += 1
            try:
                await self._changed.wait_for(lambda: not self._there)
                self._there += 1
            except asyncio.CancelledError:
                self._want_to_be_alone -= 1
                self._changed.notify_all()
                raise
        try:
            yield
        finally:
            self._want_to_be_alone -= 1
            await asyncio.shield(self._left())

    async def _left(self) -> None:
        async with self._changed:
            self._there -= 1
            self._changed.notify_all()
