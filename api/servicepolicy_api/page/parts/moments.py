"""Times as people read them, in UTC; the head says so."""

from datetime import UTC, datetime


def minute(moment: datetime | None) -> str:
    """A time to the minute.

    >>> minute(datetime(2026, 11, 26, 9, 14, 59, tzinfo=UTC)), minute(None)
    ('2026-11-26 09:14', '–')
    """
    return "–" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
