"""Who asks: an API key, once there is one."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import Problem
from servicepolicy_store import keys

bearer = HTTPBearer(auto_error=False, description="An API key; needed once there is one (`keys create`).")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def memory_of(request: Request) -> Memory:
    """The store of this application."""
    memory: Memory = request.app.state.memory
    return memory


MemoryOf = Annotated[Memory, Depends(memory_of)]


def known(request: Request, credentials: Credentials, memory: MemoryOf) -> None:
    """Let in whom a valid key names, or everybody while there is no key. Raises Problem 401."""
    with memory.database.reading() as tx:
        if not keys.any_valid(tx):
            return
        key = keys.who(tx, credentials.credentials) if credentials else None
    if key is None:
        detail = "Send `Authorization: Bearer` with a valid API key."
        raise Problem(401, "key.missing", detail, headers={"WWW-Authenticate": "Bearer"})
    request.state.api_key = key.id
