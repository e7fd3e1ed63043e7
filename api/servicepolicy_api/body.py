"""The body of a request: JSON, and no larger than the installation allows."""

from fastapi import Request

from servicepolicy_api.problems import Problem
from servicepolicy_api.settings import Settings


async def json_body(request: Request) -> bytes:
    """Return the whole body. Raises Problem 415 when it is not called JSON and 413 when it is too large."""
    settings: Settings = request.app.state.settings
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not (
        media_type.startswith("application/") and media_type.endswith("+json")
    ):
        detail = f"The body is {media_type or 'of no named type'}; send application/json."
        raise Problem(415, "body.media_type", detail, headers={"Accept": "application/json"})
    return await _within(request, settings.max_body_bytes)


async def _within(request: Request, most_bytes: int) -> bytes:
    too_large = Problem(413, "body.too_large", f"The body is larger than {most_bytes:,} bytes.")
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most_bytes:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        # A body without a told length, or longer than told, is not read to its end either.
        if len(body) > most_bytes:
            raise too_large
    return bytes(body)
