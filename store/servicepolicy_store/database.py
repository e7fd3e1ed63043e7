"""The database: how it is opened, and the two ways to speak with it, reading and writing."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson
import psycopg
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError

from servicepolicy_models.errors import error
from servicepolicy_store.errors import StoreDamaged, StoreUnavailable
from servicepolicy_store.together import Together
from servicepolicy_store.told_plainly import told_plainly, unavailable

SAFE_SQLITE = (3, 51, 3)
"""From 3.7.0 on until this version, a write-ahead log that is reset in the wrong moment corrupts the file."""
BUSY_MILLISECONDS = 5_000
"""How long SQLite waits for a writer of another process."""
TURN_SECONDS = 5.0
"""How long a writer waits for the others of this process."""
CONNECT_SECONDS = 4
IDLE_SECONDS = 1.0
"""After so long it is asked whether a connection still leads anywhere."""
FILE_NAME = "servicepolicy.sqlite"

T = TypeVar("T")
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Transaction:
    """One conversation with the database: all of it happens, or nothing. Its time is its beginning."""

    connection: Connection
    at: datetime
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    """Called when everything is on the disk."""

    def execute(self, statement: Any, values: Any = None) -> Any:
        """Run a statement."""
        return self.connection.execute(statement, values)


class Database:
    """SQLite in a file, or PostgreSQL."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        """Speak through an engine, with a clock."""
        self.engine, self._clock = engine, clock
        self._pen = threading.Lock()
        self._together = Together(self.writing)
        self._is_closed = False
        event.listen(engine, "checkin", self._let_go_if_late)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Look at one state of everything. Raises StoreUnavailable."""
        with told_plainly(), self.engine.connect() as connection:
            if not self.is_sqlite:
                # READ COMMITTED would show every statement another state.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield Transaction(connection, self._clock())

    @contextmanager
    def glancing(self) -> Iterator[Transaction]:
        """Ask one question: a single statement needs no transaction around it. Raises StoreUnavailable."""
        with told_plainly(), self.engine.connect() as connection:
            yield Transaction(connection.execution_options(isolation_level="AUTOCOMMIT"), self._clock())

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Change things: on SQLite one writer at a time. Raises StoreUnavailable."""
        with self._turn(), told_plainly(), self.engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                tx = Transaction(connection, self._clock())
                yield tx
        for call in tx.afterwards:
            call()

    def written(self, change: Callable[[Transaction], T]) -> T:
        """Make a change, on SQLite with all that come at the same time; return what it returns.

        Raises what it raises, and StoreUnavailable.
        """
        if self.is_sqlite:
            return self._together.written(change)
        with self.writing() as tx:
            return change(tx)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the other writers of this process here: SQLite would poll, and serve the lucky ones."""
        if not self.is_sqlite:
            yield
            return
        if not self._pen.acquire(timeout=TURN_SECONDS):
            raise unavailable()
        try:
            yield
        finally:
            self._pen.release()

    def quick_check(self) -> None:
        """Have SQLite look at its file. Raises StoreDamaged."""
        if self.is_sqlite:
            with self.reading() as tx:
                found = [row[0] for row in tx.connection.exec_driver_sql("PRAGMA quick_check(20)")]
            if found != ["ok"]:
                mend = "Stop the service and put a backup in its place."
                raise StoreDamaged([error("store", one, "store.damaged", mend) for one in found])

    def back_up_to(self, path: Path) -> None:
        """Copy an SQLite store while it is in use, to a file that is whole or not there."""
        part = path.with_name(f".{path.name}.part")
        with told_plainly(), self.engine.connect() as connection:
            copy = sqlite.connect(str(part))
            try:
                driver: Any = connection.connection.driver_connection
                driver.backup(copy)
            finally:
                copy.close()
        part.replace(path)

    def close(self) -> None:
        """Let go of every connection; of one that somebody still speaks through, when that ends."""
        self._is_closed = True
        self.engine.dispose()

    def _let_go_if_late(self, connection: Any, record: Any) -> None:
        """What comes back after the end would lie in a pool that nobody looks into."""
        if self._is_closed and connection is not None:
            record.invalidate()


def open_sqlite(folder: Path, clock: Clock = utc_now) -> Database:
    """Open the store in a folder; the file is made when it is not there."""
    if sqlite.sqlite_version_info < SAFE_SQLITE:
        what = f"SQLite {sqlite.sqlite_version} can corrupt its file."
        raise StoreUnavailable([error("store", what, "store.unsafe_sqlite", "Install a newer pysqlite3.")])
    url = URL.create("sqlite", database=str(folder / FILE_NAME))
    engine = create_engine(url, module=sqlite, pool_size=20, max_overflow=20, json_deserializer=orjson.loads)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, clock)


def open_postgresql(url: str, clock: Clock = utc_now) -> Database:
    """Open a store on PostgreSQL. Raises StoreUnavailable when the address is none."""
    try:
        address = make_url(url)
    except ArgumentError:
        address = URL.create("none")
    if address.get_backend_name() not in ("postgresql", "postgres"):
        mend = "Write postgresql://user:password@host:port/database."
        raise StoreUnavailable([error("DATABASE_URL", "This is no address.", "store.no_address", mend)])
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=20,
        max_overflow=20,
        pool_timeout=CONNECT_SECONDS,
        json_deserializer=orjson.loads,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_see_whether_it_lives, engine.dialect))
    return Database(engine, clock)


def _note_use(_: object, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _see_whether_it_lives(dialect: Dialect, connection: Any, record: Any, _: object) -> None:
    """A connection that lay idle may be to a database that was started again since; one in use is not asked.

    Raises DisconnectionError, upon which the pool opens another.
    """
    if time.monotonic() - record.info.get("used", time.monotonic()) < IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except psycopg.Error as gone:
        raise DisconnectionError from gone


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Transactions are begun by us (see _begin_sqlite); what is committed is on the disk."""
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its turn at once: a reader that turns into a writer could only fail."""
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    writes = options.get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
