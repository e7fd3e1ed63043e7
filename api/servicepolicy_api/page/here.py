"""What a screen knows: the store, the settings, and who reads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio
from starlette.requests import HTTPConnection

from servicepolicy_api.asking import Asker
from servicepolicy_api.memory import Memory
from servicepolicy_api.page.reader import Reader, reader_of
from servicepolicy_api.page.words import Words
from servicepolicy_api.settings import Settings
from servicepolicy_store.idempotency import NOBODY

T = TypeVar("T")


@dataclass(frozen=True)
class Here:
    """One reader's visit to one screen."""

    memory: Memory
    settings: Settings
    reader: Reader
    asker: Asker
    address: str
    """With what is asked after the `?`."""

    @property
    def words(self) -> Words:
        """All texts in the reader's language."""
        return self.reader.words

    @property
    def owner(self) -> str:
        """Whose drafts are shown."""
        return self.asker.api_key or NOBODY

    async def load(self, read: Callable[[], T]) -> T:
        """Read from the store or compute, beside the loop that serves everybody."""
        return await anyio.to_thread.run_sync(read)


def here_of(request: HTTPConnection, memory: Memory, settings: Settings) -> Here:
    """The visit that a request begins."""
    asked = request.url.query
    address = f"{request.url.path}?{asked}" if asked else request.url.path
    asker = Asker(api_key=getattr(request.state, "api_key", None))
    return Here(memory, settings, reader_of(request), asker, address)
