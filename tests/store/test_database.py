"""The database itself: its form, its promises, and what it says when it cannot."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, text

from servicepolicy_store import blobs as blobs_module
from servicepolicy_store import database as database_module
from servicepolicy_store import migrating, tables
from servicepolicy_store.blobs import Blobs
from servicepolicy_store.database import FILE_NAME, open_postgresql, open_sqlite
from servicepolicy_store.errors import StoreBehind, StoreDamaged, StoreUnavailable

FIRST = "0001"


def rows_of_the_first_form():
    """One row in every table of the first revision."""
    at, sha, run = datetime(2026, 1, 1, tzinfo=UTC), "a" * 64, "01890a5d-ac96-774b-bcce-b302099a8057"
    return {
        "scenario": {"sha256": sha, "schema_version": "1", "document": "{}", "created_at": at},
        "scenario_name": {"name": "base", "head": 1, "created_at": at, "changed_at": at},
        "scenario_version": {"name": "base", "version": 1, "sha256": sha, "note": "", "created_at": at},
        "api_key": {"id": run, "name": "erp", "sha256": sha, "created_at": at},
        "run": {
            "id": run, "kind": "solve", "scenario_sha256": sha, "settings": {}, "versions": {"a": "1"},
            "question_sha256": sha, "seed": 0, "state": "succeeded", "attempt": 1, "created_at": at,
            "progress": {}, "last_event": 1, "objective": 1.5,
        },
        "run_event": {"run_id": run, "number": 1, "at": at, "kind": "queued", "data": {"x": 1}},
        "blob": {"sha256": sha, "bytes": 3, "created_at": at},
        "result": {"run_id": run, "name": "items", "blob": sha, "rows": 1},
        "idempotency": {"owner": run, "key": "k", "request_sha256": sha, "headers": {}, "created_at": at},
        "policy_name": {"name": "parts", "head": 1},
        "policy_version": {"name": "parts", "version": 1, "run_id": run, "note": "", "created_at": at},
        "dataset": {
            "id": run, "title": "t", "format": "csv", "blob": sha, "columns": ["a"], "findings": [],
            "created_at": at,
        },
    }  # fmt: skip


def test_a_store_of_the_first_form_comes_up_with_all_that_is_in_it(bare):
    assert migrating.upgrade(bare, FIRST) == (None, FIRST)
    with pytest.raises(StoreBehind, match="db upgrade"):
        migrating.require_current(bare)
    written = rows_of_the_first_form()
    # Where a column is added later, the first form has to be written as it was then.
    with bare.writing() as tx:
        for name, row in written.items():
            tx.execute(insert(tables.metadata.tables[name]).values(row))
    before, after = migrating.upgrade(bare)
    assert (before, after != FIRST) == (FIRST, True)
    migrating.require_current(bare)
    with bare.reading() as tx:
        for name, row in written.items():
            (found,) = tx.execute(select(tables.metadata.tables[name])).mappings().all()
            assert {key: found[key] for key in row} == row, name


def test_the_migrations_lead_to_the_tables_that_the_code_knows(database):
    with database.reading() as tx:
        context = MigrationContext.configure(tx.connection, opts={"compare_type": False})
        assert compare_metadata(context, tables.metadata) == []


def test_coming_up_twice_or_at_the_same_time_changes_nothing(bare):
    with_errors = []

    def up():
        try:
            migrating.upgrade(bare)
        except Exception as failed:
            with_errors.append(failed)

    together = [threading.Thread(target=up) for _ in range(4)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert with_errors == []
    before, after = migrating.upgrade(bare)
    assert before == after


def test_what_sqlite_commits_is_on_the_disk_and_refers_to_what_is_there(tmp_path):
    database = open_sqlite(tmp_path)
    with database.reading() as tx:
        read = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    database.close()


def test_writers_of_one_process_wait_for_their_turn_not_for_sqlite(tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "BUSY_MILLISECONDS", 0)
    # The turn is not given in the order of those who wait, and a slow disk takes its time for every commit.
    monkeypatch.setattr(database_module, "TURN_SECONDS", 600.0)
    database = open_sqlite(tmp_path)
    migrating.upgrade(database)

    def write(first):
        for number in range(first, first + 10):
            with database.writing() as tx:
                tx.execute(text("INSERT INTO policy_name VALUES (:n, 1)"), {"n": str(number)})

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(0, 80, 10)))
    with database.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM policy_name")).scalar() == 80
    database.close()


def test_a_writer_that_gets_no_turn_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "TURN_SECONDS", 0.01)
    database = open_sqlite(tmp_path)
    with database.writing(), ThreadPoolExecutor(1) as other:
        found = other.submit(lambda: database.writing().__enter__())
        with pytest.raises(StoreUnavailable):
            found.result()
    database.close()


def test_an_sqlite_that_can_corrupt_its_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "SAFE_SQLITE", (99, 0, 0))
    with pytest.raises(StoreUnavailable, match="can corrupt its file"):
        open_sqlite(tmp_path)


def test_a_damaged_file_is_seen(tmp_path):
    database = open_sqlite(tmp_path)
    migrating.upgrade(database)
    database.quick_check()
    database.close()
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\x07" * 4096
    path.write_bytes(content)
    database = open_sqlite(tmp_path)
    with pytest.raises((StoreDamaged, StoreUnavailable)):
        database.quick_check()
    database.close()


def test_a_copy_made_while_others_write_is_whole(tmp_path):
    database = open_sqlite(tmp_path)
    migrating.upgrade(database)
    (tmp_path / "copy").mkdir()
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with database.writing() as tx:
                tx.execute(text("INSERT INTO policy_name VALUES (:n, 1)"), {"n": str(number)})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            database.back_up_to(tmp_path / "copy" / FILE_NAME)
    finally:
        stop.set()
        writer.join()
    copy = open_sqlite(tmp_path / "copy")
    copy.quick_check()
    migrating.require_current(copy)
    copy.close()
    database.close()


def test_who_reads_sees_one_state_of_everything(database):
    count = text("SELECT count(*) FROM policy_name")
    with database.reading() as tx:
        assert tx.execute(count).scalar() == 0
        with database.writing() as other:
            other.execute(text("INSERT INTO policy_name VALUES ('new', 1)"))
        assert tx.execute(count).scalar() == 0
    with database.reading() as tx:
        assert tx.execute(count).scalar() == 1


def test_a_database_that_is_away_is_told_and_comes_back_by_itself(postgresql):
    database = open_postgresql(postgresql.new_database())
    migrating.upgrade(database)
    postgresql.stop()
    try:
        for _ in range(2):
            with pytest.raises(StoreUnavailable) as told, database.reading() as tx:
                tx.execute(text("SELECT 1"))
            assert "psycopg" not in str(told.value)
    finally:
        postgresql.start()
    with database.reading() as tx:
        assert tx.execute(text("SELECT 1")).scalar_one() == 1
    database.close()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite:///x"])
def test_an_address_that_is_none_is_told(url):
    with pytest.raises(StoreUnavailable, match="no address"):
        open_postgresql(url)


def test_a_file_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    blobs = Blobs(tmp_path / "blobs")
    kept = blobs.keep(b"content")
    assert blobs.path(kept.sha256).read_bytes() == b"content"
    assert blobs.keep(b"content") == kept
    assert blobs.path_ending(kept.sha256, "csv").read_bytes() == b"content"
    with pytest.raises(ZeroDivisionError), blobs.incoming() as coming:
        coming.write(b"half")
        raise ZeroDivisionError

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs_module.os, "fsync", full)
    with pytest.raises(StoreUnavailable):
        blobs.keep(b"more")
    names = {path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()}
    assert names == {kept.sha256, f"{kept.sha256}.csv"}


def test_a_connection_in_use_at_the_end_is_closed_when_that_use_ends(bare, monkeypatch):
    with bare.reading() as tx:
        tx.execute(text("SELECT 1"))
        driver = tx.connection.connection.driver_connection
        closed = []
        monkeypatch.setattr(bare.engine.dialect, "do_close", lambda one: closed.append(one) or one.close())
        bare.close()
        assert driver not in closed
        assert tx.execute(text("SELECT 2")).scalar() == 2
    assert driver in closed
