"""A store on each of the two databases."""

from datetime import UTC, datetime, timedelta

import pytest

from servicepolicy_store import migrating, runs, scenarios
from servicepolicy_store.database import open_postgresql, open_sqlite
from servicepolicy_store.run_noun import Asked
from servicepolicy_store.scenarios import Canonical


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


def empty(kind, request, tmp_path):
    """An empty database of a kind."""
    if kind == "sqlite":
        return open_sqlite(tmp_path, Clock())
    return open_postgresql(request.getfixturevalue("postgresql").new_database(), Clock())


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request, tmp_path):
    """A database without tables."""
    database = empty(request.param, request, tmp_path)
    yield database
    database.close()


@pytest.fixture
def database(bare):
    """A database with our tables."""
    migrating.upgrade(bare)
    return bare


def scenario(letter="a"):
    """Something that stands for a scenario."""
    return Canonical(letter * 64, "1", f'{{"name":"{letter}"}}')


def asked(**changed):
    """What a run may be asked."""
    given = {"scenario_sha256": "a" * 64, "settings": {}, "versions": {"python": "3"}, "seed": 0}
    return Asked(**{"kind": "solve", "question_sha256": "c" * 64, **given, **changed})


@pytest.fixture
def new_run(database):
    """Makes a run that waits."""

    def make(**changed):
        with database.writing() as tx:
            scenarios.keep(tx, scenario())
            return runs.create(tx, asked(**changed))

    return make
