"""A table on its way in: streamed, measured, kept, and looked at once. The routes and the page share it."""

import zipfile

import anyio
from fastapi import Request

from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import Problem
from servicepolicy_api.settings import Settings
from servicepolicy_api.uploading import ENDING_OF, first_look, unpacked_bytes
from servicepolicy_store.blobs import Incoming, Kept
from servicepolicy_store.datasets import Uploaded

SPARE_ROOM = 100
"""An Excel file may unpack to so many times its size; anything beyond is no table that people wrote."""


def ending_of(media_type: str) -> str:
    """The ending of a file of that media type. Raises Problem 415."""
    ending = ENDING_OF.get(media_type)
    if ending is None:
        accepted = ", ".join(ENDING_OF)
        detail = f"The body is {media_type or 'of no named type'}; send {accepted}."
        raise Problem(415, "body.media_type", detail, headers={"Accept": accepted})
    return ending


async def received(
    request: Request, memory: Memory, settings: Settings, ending: str, title: str
) -> tuple[Kept, Uploaded]:
    """The body of a request as a kept file, and what is known of the table in it; no row is written yet.

    Raises Problem 413 or 422, StoreUnavailable.
    """
    with memory.blobs.incoming() as coming:
        await _streamed(request, coming, settings.max_upload_bytes)
        await anyio.to_thread.run_sync(_require_modest, coming, settings.max_unpacked_bytes)
        kept = await anyio.to_thread.run_sync(coming.keep)
    path = memory.blobs.path_ending(kept.sha256, ending)
    look = await anyio.to_thread.run_sync(first_look, path, settings.memory_limit)
    if look.rows > settings.max_rows:
        detail = f"The table has {look.rows:,} rows; this service takes {settings.max_rows:,}."
        raise Problem(413, "dataset.too_many_rows", detail)
    return kept, Uploaded(title or ending, ending, look.rows, look.columns, look.findings)


async def _streamed(request: Request, coming: Incoming, most_bytes: int) -> None:
    too_large = Problem(413, "body.too_large", f"The file is larger than {most_bytes:,} bytes.")
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most_bytes:
        raise too_large
    async for chunk in request.stream():
        if coming.bytes + len(chunk) > most_bytes:
            raise too_large
        await anyio.to_thread.run_sync(coming.write, chunk)
    await anyio.to_thread.run_sync(coming.flush)


def _require_modest(coming: Incoming, most_bytes: int) -> None:
    """Raises Problem 413 for a packed file that unpacks to more than anybody can want."""
    if not zipfile.is_zipfile(coming.path):
        return
    most = min(most_bytes, max(coming.bytes, 100_000) * SPARE_ROOM)
    if unpacked_bytes(coming.path, most) > most:
        raise Problem(413, "body.unpacks_too_large", f"The file unpacks to more than {most:,} bytes.")
