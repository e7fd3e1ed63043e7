"""The store rid of what nobody needs: by `servicepolicy db tidy`, and once a day by whoever serves."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from servicepolicy_api.memory import Memory
from servicepolicy_api.settings import Settings
from servicepolicy_store.blobs import remembered
from servicepolicy_store.errors import StoreUnavailable
from servicepolicy_store.tidying import forget_files, forget_requests, remove_files

EVERY_SECONDS = 86_400.0
UNUSED = timedelta(days=1)
"""A file is written before anything speaks of it: so long it may lie there unused."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tidied:
    """What was thrown away."""

    requests: int
    files: int
    bytes: int


def tidy(memory: Memory, settings: Settings) -> Tidied:
    """Forget old Idempotency-Keys and remove files that nothing speaks of; in use or not. Raises
    StoreUnavailable.
    """
    with memory.database.writing() as tx:
        requests = forget_requests(tx, tx.at - timedelta(days=settings.keep_requests_days))
        forget_files(tx, tx.at - UNUSED)
    with memory.database.reading() as tx:
        in_use, before = set(remembered(tx)), tx.at - UNUSED
    removed = list(remove_files(memory.blobs, in_use, before))
    return Tidied(requests, len(removed), sum(removed))


async def tidy_daily(memory: Memory, settings: Settings) -> None:
    """Tidy up now and once a day, until cancelled."""
    while True:
        try:
            done = await _to_its_end(asyncio.create_task(asyncio.to_thread(tidy, memory, settings)))
            log.info("tidied: %d requests, %d files of %d bytes", done.requests, done.files, done.bytes)
        except (StoreUnavailable, OSError):
            log.warning("the store is away; it is tidied another day")
        await asyncio.sleep(EVERY_SECONDS)


async def _to_its_end(work: asyncio.Task[Tidied]) -> Tidied:
    """Cancelled, wait all the same: a thread cannot be stopped, and the store is closed after us."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.gather(work, return_exceptions=True)
        raise
