"""Cursors of lists: opaque to clients, and checked when they come back."""

import base64
import binascii

from servicepolicy_api.problems import Problem


def cursor(last: str) -> str:
    """The cursor behind an entry.

    >>> position(cursor("spare parts"))
    'spare parts'
    """
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def position(given: str | None) -> str | None:
    """The entry that a cursor stands behind. Raises Problem 400."""
    if given is None:
        return None
    try:
        return base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise Problem(400, "cursor.unknown", "This cursor was not given out here.") from None
