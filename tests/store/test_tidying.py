"""What is thrown away is what nobody needs; what is young, or spoken of, stays."""

import os
from datetime import timedelta

import pytest

from servicepolicy_store import datasets, idempotency, runs, scenarios
from servicepolicy_store.blobs import Blobs, remember, remembered
from servicepolicy_store.idempotency import Done, Ticket
from servicepolicy_store.results import remember_tables
from servicepolicy_store.run_noun import Ending, State
from servicepolicy_store.tidying import forget_files, forget_requests, remove_files
from tests.store.conftest import asked, scenario

OLD, YOUNG = 1_000_000_000, 2_000_000_000


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


def kept(blobs, content, seconds=OLD):
    made = blobs.keep(content)
    os.utime(blobs.path(made.sha256), (seconds, seconds))
    return made


def test_old_requests_are_forgotten_and_their_runs_stay(database, new_run):
    run = new_run()
    for key in ("old", "young"):
        with database.writing() as tx:
            idempotency.note(tx, Ticket(idempotency.NOBODY, key, "a" * 64), Done(run.id, None, {}, None))
            between = tx.at
    with database.writing() as tx:
        assert forget_requests(tx, between) == 1
    with database.reading() as tx:
        assert idempotency.earlier(tx, Ticket(idempotency.NOBODY, "old", "b" * 64)) is None
        assert idempotency.earlier(tx, Ticket(idempotency.NOBODY, "young", "a" * 64)).run_id == run.id
        assert runs.get(tx, run.id) == run


def test_files_that_nothing_speaks_of_go_and_all_others_stay(database, blobs):
    of_result, of_dataset, unused, unknown = (kept(blobs, name) for name in (b"1", b"2", b"3", b"4"))
    young = kept(blobs, b"5", YOUNG)
    link = blobs.path_ending(unused.sha256, "csv")
    with database.writing() as tx:
        scenarios.keep(tx, scenario())
        mine = runs.begin(tx, runs.create(tx, asked()).id, "one", 60)
        remember_tables(tx, [of_result, unused])
        runs.finish(tx, mine, Ending(State.SUCCEEDED, "done", tables={"rows": (of_result.sha256, 1)}))
        datasets.keep(tx, of_dataset, datasets.Uploaded("t", "csv", 1, ["a"], []))
        after = tx.at + timedelta(seconds=60)
        forget_files(tx, after)
        left = set(remembered(tx))
    assert left == {of_result.sha256, of_dataset.sha256}
    middle = after.fromtimestamp((OLD + YOUNG) / 2, after.tzinfo)
    assert sorted(remove_files(blobs, left, middle)) == [1, 1]
    assert set(blobs.names()) == left | {young.sha256}
    assert not link.is_symlink() and unknown.sha256 not in set(blobs.names())


def test_what_is_kept_again_is_as_young_as_what_is_new(database, blobs):
    made = kept(blobs, b"1")
    with database.writing() as tx:
        remember(tx, made)
    with database.writing() as tx:
        remember(tx, blobs.keep(b"1"))
        forget_files(tx, tx.at)
        assert remembered(tx) == [made.sha256]
    assert blobs.remove(made.sha256, OLD + 1) is None
    assert blobs.path(made.sha256).read_bytes() == b"1"


def test_what_a_killed_process_left_is_removed_when_it_is_old(blobs, tmp_path):
    kept(blobs, b"1")
    parts = [tmp_path / "blobs" / f".part-{name}" for name in ("old", "young")]
    for part, seconds in zip(parts, (OLD, YOUNG), strict=True):
        part.write_bytes(b"")
        os.utime(part, (seconds, seconds))
    blobs.remove_leftovers(OLD + 1)
    assert [part.exists() for part in parts] == [False, True]
