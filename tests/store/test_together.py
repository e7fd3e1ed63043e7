"""Changes that share a commit are as if each had been made alone."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from servicepolicy_store import runs, scenarios
from servicepolicy_store.errors import Clash, NotThere, StoreUnavailable
from tests.store.conftest import asked, scenario


class Refused(Exception):
    """What a change may raise."""


@pytest.fixture
def ready(database):
    """A database that knows a scenario."""
    with database.writing() as tx:
        scenarios.keep(tx, scenario())
    return database


def commits_of(database):
    """A list that grows with every commit."""
    seen = []
    event.listen(database.engine, "commit", seen.append)
    return seen


def together(database, changes):
    """Make all changes at once: the turn to write is held until everybody waits. What each got or raised."""
    waiting = threading.Barrier(len(changes) + 1)

    def one(change):
        waiting.wait()
        try:
            return database.written(change)
        except Exception as failed:
            return failed

    with ThreadPoolExecutor(len(changes)) as pool:
        if database.is_sqlite:
            with database.writing():
                made = [pool.submit(one, change) for change in changes]
                waiting.wait()
                # All but the first have nothing to wait for but the first.
                while len(database._together._waiting) < len(changes):
                    threading.Event().wait(0.01)
        else:
            made = [pool.submit(one, change) for change in changes]
            waiting.wait()
        return [each.result() for each in made]


def makes(number):
    """A change that writes a run."""
    return lambda tx: runs.create(tx, asked(seed=number))


def raises(number):
    """A change that writes a run and thinks better of it."""

    def change(tx):
        runs.create(tx, asked(seed=number))
        raise Refused(number)

    return change


def clashes(number):
    """A change that writes a run of which the database will not have it."""
    return lambda tx: runs.create(tx, asked(seed=number, parent="nobody"))


def kept(database):
    with database.reading() as tx:
        return {run.seed for run in runs.page(tx, runs.Filter(), None, 500)[0]}


def test_those_that_are_good_are_kept_and_those_that_fail_leave_nothing(ready):
    rng = random.Random(3)
    kinds = [rng.choice((makes, makes, raises, clashes)) for _ in range(24)]
    got = together(ready, [kind(number) for number, kind in enumerate(kinds)])
    for number, (kind, each) in enumerate(zip(kinds, got, strict=True)):
        if kind is makes:
            assert each.seed == number
        else:
            assert isinstance(each, Refused if kind is raises else Clash)
    assert kept(ready) == {number for number, kind in enumerate(kinds) if kind is makes}


def test_on_sqlite_all_that_wait_go_with_one_commit(ready):
    if not ready.is_sqlite:
        pytest.skip("PostgreSQL lets many write at the same time")
    commits = commits_of(ready)
    together(ready, [makes(number) for number in range(12)])
    # One is that of the writer for whom they waited.
    assert len(commits) == 2
    assert kept(ready) == set(range(12))


def test_when_the_commit_fails_nobody_is_told_that_it_went_well(ready):
    if not ready.is_sqlite:
        pytest.skip("PostgreSQL lets many write at the same time")

    def full(connection):
        raise StoreUnavailable([])

    def before_a_full_disk(tx):
        event.listen(ready.engine, "commit", full)
        return runs.create(tx, asked(seed=0))

    got = together(ready, [before_a_full_disk, makes(1), makes(2)])
    event.remove(ready.engine, "commit", full)
    assert [type(each) for each in got] == [StoreUnavailable] * 3
    assert kept(ready) == set()
    assert ready.written(makes(9)).seed == 9


def test_a_database_that_gives_way_under_one_takes_the_others_back_too(ready):
    def gives_way(tx):
        runs.create(tx, asked(seed=0))
        raise StoreUnavailable([])

    got = together(ready, [makes(1), gives_way, makes(2)])
    assert isinstance(got[1], StoreUnavailable)
    assert kept(ready) == {each.seed for each in got if not isinstance(each, Exception)}
    assert kept(ready) == (set() if ready.is_sqlite else {1, 2})


def test_what_is_rung_for_is_rung_once_and_only_for_what_was_kept(ready):
    rung = []

    def ring():
        rung.append(1)

    def change(tx):
        tx.afterwards.append(ring)

    def fails(tx):
        tx.afterwards.append(lambda: rung.append("never"))
        raise NotThere

    together(ready, [change, fails, change])
    assert rung == ([1] if ready.is_sqlite else [1, 1])
