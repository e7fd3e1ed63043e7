"""What request headers say: preferences (RFC 7240), media types (RFC 9110), versions that are meant."""

from collections.abc import Sequence

from fastapi import Request

from servicepolicy_api.problems import Problem

WAIT_SECONDS = 10.0
MOST_WAIT_SECONDS = 30.0


def wait_seconds(request: Request) -> float:
    """How long an answer may be waited for: `Prefer: wait=20`, `Prefer: respond-async`; 10 s if unsaid.

    What is not understood is ignored, as RFC 7240 asks.
    """
    wanted = WAIT_SECONDS
    for preference in ",".join(request.headers.getlist("prefer")).split(","):
        name, _, value = (part.strip() for part in preference.partition(";")[0].partition("="))
        if name.lower() == "respond-async":
            return 0.0
        if name.lower() == "wait" and value.strip('"').isdecimal():
            wanted = min(float(value.strip('"')[:6]), MOST_WAIT_SECONDS)
    return wanted


def wanted(request: Request, offered: Sequence[str]) -> str:
    """The offered media type that the client likes best, the first of equals. Raises Problem 406."""
    accept = request.headers.get("accept") or "*/*"
    best = max(offered, key=lambda one: (_liking(accept, one), -list(offered).index(one)))
    if _liking(accept, best) <= 0:
        raise Problem(406, "accept.none_offered", f"There is {', '.join(offered)}.")
    return best


def _liking(accept: str, offered: str) -> float:
    """The quality of the most specific range that fits; 0 when none does."""
    kind = offered.partition("/")[0]
    found = {offered: 2, f"{kind}/*": 1, "*/*": 0}
    best = (-1, 0.0)
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name == "q":
                quality = float(value) if value.replace(".", "", 1).isdecimal() else 0.0
        if media_range in found:
            best = max(best, (found[media_range], quality))
    return best[1]


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def meant_version(request: Request) -> int | None:
    """The version that a change is meant for; None: it is meant to be the first.

    Raises Problem 428 when the request does not say, 412 when it names none that can be.
    """
    match = request.headers.get("if-match")
    if match is None:
        if (request.headers.get("if-none-match") or "").strip() == "*":
            return None
        detail = 'Say what you change: If-Match with its ETag, or "If-None-Match: *" for something new.'
        raise Problem(428, "version.not_said", detail)
    tag = match.strip().strip('"')
    if not tag.isdecimal() or len(tag) > 9:
        raise Problem(412, "store.version_moved", "There is no such version.")
    return int(tag)
