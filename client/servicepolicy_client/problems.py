"""What the service refuses, as exceptions: one kind for each thing that a caller can do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PREFIX = "urn:servicepolicy:problem:"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and the mend."""

    where: str
    """JSON Pointer into the body where there is one."""
    detail: str
    rule: str
    mend: str


class Problem(Exception):
    """The service answered with problem details (RFC 9457)."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        """Read the details; a body that is none leaves them empty."""
        self.status = status
        self.code = str(told.get("type", "")).removeprefix(PREFIX)
        self.detail = str(told.get("detail", ""))
        self.instance = str(told.get("instance", ""))
        """Under this name the request is found in the service's log."""
        self.findings = tuple(
            Finding(one.get("where", ""), one.get("detail", ""), one.get("rule", ""), one.get("mend", ""))
            for one in told.get("errors") or ()
        )
        lines = [f"{status} {self.code}: {self.detail}"]
        lines += [f"  {one.where}: {one.detail} {one.mend}" for one in self.findings]
        super().__init__("\n".join(lines))


class Rejected(Problem):
    """What was asked is wrong (400, 413, 415, 422): correct it by its findings."""


class Unauthorized(Problem):
    """No valid API key (401)."""


class NotFound(Problem):
    """There is no such thing (404)."""


class Conflict(Problem):
    """Not in this state: a run that has not ended or has failed, an Idempotency-Key used for another body
    (409).
    """


class Stale(Problem):
    """Somebody changed it meanwhile, or it was not said what is changed (412, 428): read again."""


class TooMany(Problem):
    """Too many runs wait (429): come back later."""


class Unavailable(Problem):
    """The service cannot just now (5xx): come back later."""


KIND_OF = {
    400: Rejected, 401: Unauthorized, 404: NotFound, 409: Conflict, 412: Stale, 413: Rejected, 415: Rejected,
    422: Rejected, 428: Stale, 429: TooMany,
}  # fmt: skip


def problem(status: int, told: Mapping[str, Any]) -> Problem:
    """The exception for an answer."""
    return KIND_OF.get(status, Unavailable if status >= 500 else Problem)(status, told)
