"""The tables brought to the form that this version of the program knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from servicepolicy_models.errors import error
from servicepolicy_store.database import Database
from servicepolicy_store.errors import StoreBehind

ONE_AT_A_TIME = 4_871_220_347
"""Number of the PostgreSQL advisory lock under which tables are changed."""


def upgrade(database: Database, revision: str = "head") -> tuple[str | None, str | None]:
    """Bring the tables up; return the revision before and after. What is there already is left alone."""
    with _alone(database) as connection:
        before = _revision(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        return before, _revision(connection)


def require_current(database: Database) -> None:
    """Raises StoreBehind when the tables are not in the form of this version."""
    with database.reading() as tx:
        found = _revision(tx.connection)
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if found != head:
        what = f"Its tables are at revision {found or 'none'}; this program needs {head}."
        mend = "Run: servicepolicy db upgrade"
        raise StoreBehind([error("store", what, "store.behind", mend)])


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """One process changes tables at a time; the others wait and then find nothing to do."""
    with database.writing() as tx:
        if not database.is_sqlite:
            tx.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        yield tx.connection
