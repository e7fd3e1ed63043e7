"""Who asks: an API key, once there is one."""

import math
import time
from collections.abc import Callable
from typing import Annotated

import anyio
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import Problem
from servicepolicy_store.keys import Lock, valid, who

KEYS_SECONDS = 1.0

bearer = HTTPBearer(auto_error=False, description="An API key; needed once there is one (`keys create`).")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def memory_of(request: Request) -> Memory:
    """The store of this application. Asynchronous, as all that waits for nothing: no thread is needed."""
    memory: Memory = request.app.state.memory
    return memory


MemoryOf = Annotated[Memory, Depends(memory_of)]


class Keyring:
    """The keys that open, looked up once a second and not for every request.

    So a new key opens, and a revoked one stops to, a second later at most.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing yet. clock: seconds that only go forward."""
        self._clock, self._read = clock, -math.inf
        self._locks: tuple[Lock, ...] = ()

    async def locks(self, memory: Memory) -> tuple[Lock, ...]:
        """The keys as they were at most KEYS_SECONDS ago. Raises StoreUnavailable."""
        now = self._clock()
        if now - self._read >= KEYS_SECONDS:
            self._locks, self._read = await anyio.to_thread.run_sync(_look_up, memory), now
        return self._locks


def _look_up(memory: Memory) -> tuple[Lock, ...]:
    with memory.database.glancing() as tx:
        return valid(tx)


async def known(request: Request, credentials: Credentials) -> None:
    """Let in whom a valid key names, or everybody while there is no key. Raises Problem 401."""
    keyring: Keyring = request.app.state.keyring
    locks = await keyring.locks(request.app.state.memory)
    if not locks:
        return
    key = who(locks, credentials.credentials) if credentials else None
    if key is None:
        detail = "Send `Authorization: Bearer` with a valid API key."
        raise Problem(401, "key.missing", detail, headers={"WWW-Authenticate": "Bearer"})
    request.state.api_key = key.id
