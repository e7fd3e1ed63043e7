"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Float
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

Json = JSON().with_variant(JSONB(), "postgresql")
"""Small documents whose order of fields means nothing."""


class UtcTime(TypeDecorator[datetime]):
    """A point in time; SQLite keeps no zone, so all are written and read as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Read UTC."""
        if value is None:
            return None
        read: datetime = value
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


class DatabaseSeconds(FunctionElement[float]):
    """Seconds since 1970 by the clock of the database: the one clock that all machines share."""

    type = Float()
    inherit_cache = True


@compiles(DatabaseSeconds, "postgresql")
def _on_postgresql(element: DatabaseSeconds, compiler: Any, **_: Any) -> str:
    return "extract(epoch from clock_timestamp())"


@compiles(DatabaseSeconds, "sqlite")
def _on_sqlite(element: DatabaseSeconds, compiler: Any, **_: Any) -> str:
    return "unixepoch('subsec')"
