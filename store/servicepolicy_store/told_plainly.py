"""What goes wrong in a database, by names of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from servicepolicy_models.errors import error
from servicepolicy_store.errors import Clash, StoreUnavailable, Unfit


@contextmanager
def told_plainly() -> Iterator[None]:
    """Raise what a driver raises by a name of ours; its text goes no further."""
    try:
        yield
    except NoConnectionLeft as failed:
        raise unavailable() from failed
    except IntegrityError as failed:
        raise Clash from failed
    except (DataError, OverflowError) as failed:
        raise Unfit from failed
    except DBAPIError as failed:
        kinds = ("OperationalError", "InterfaceError", "InternalError")
        if failed.connection_invalidated or type(failed).__name__ in kinds:
            raise unavailable() from failed
        raise


def unavailable() -> StoreUnavailable:
    """The error that says: ask again."""
    mend = "Ask again in a few seconds."
    return StoreUnavailable([error("store", "The database does not answer.", "store.unavailable", mend)])
