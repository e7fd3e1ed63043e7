"""`servicepolicy db`, `keys`, `work` and the locked door of `serve`."""

import os

import pytest
from typer.testing import CliRunner

from servicepolicy_api.cli import app
from servicepolicy_api.memory import open_memory, served, upgrade
from servicepolicy_api.settings import Settings
from servicepolicy_store import keys
from servicepolicy_store.blobs import Kept, remember


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The folder of the store that the commands are given."""
    monkeypatch.setenv("SERVICEPOLICY_STORE_FOLDER", str(tmp_path / "store"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "store"


def run(*words, code=0):
    told = CliRunner().invoke(app, words)
    assert told.exit_code == code, told.output
    return told


def test_a_store_is_brought_up_and_checked(store):
    assert "db upgrade" in run("db", "check", code=2).stderr
    assert "it was at none" in run("db", "upgrade").stdout
    assert "it was at 0" in run("db", "upgrade").stdout
    assert "whole" in run("db", "check").stdout


def test_a_backup_is_a_store(store, tmp_path):
    with served(Settings(store_folder=store)) as memory:
        kept = memory.blobs.keep(b"a large table")
        with memory.database.writing() as tx:
            remember(tx, kept)
            keys.create(tx, "erp")
        assert "1 tables" in run("db", "backup", str(tmp_path / "copy")).stdout
        run("db", "backup", str(tmp_path / "copy"))
    with served(Settings(store_folder=tmp_path / "copy")) as memory:
        assert memory.blobs.path(kept.sha256).read_bytes() == b"a large table"
        with memory.database.reading() as tx:
            assert keys.any_valid(tx)


def test_a_store_is_tidied(store):
    assert "db upgrade" in run("db", "tidy", code=2).stderr
    memory = open_memory(Settings(store_folder=store))
    upgrade(memory)
    old, young = (memory.blobs.keep(name) for name in (b"old", b"young"))
    os.utime(memory.blobs.path(old.sha256), (0, 0))
    memory.database.close()
    assert "Forgot 0 requests, removed 1 files" in run("db", "tidy").stdout
    assert list(memory.blobs.names()) == [young.sha256]


def test_a_missing_table_is_seen(store):
    memory = open_memory(Settings(store_folder=store))
    upgrade(memory)
    with memory.database.writing() as tx:
        remember(tx, Kept("a" * 64, 3))
    memory.database.close()
    assert "The file is missing" in run("db", "check", code=2).stderr


def test_a_key_is_made_listed_and_revoked(store):
    made = run("keys", "create", "erp")
    secret = made.stdout.strip()
    assert secret.startswith("sp_") and secret not in made.stderr
    listed = run("keys", "list").stdout
    assert "valid  erp" in listed and secret not in listed
    key_id = listed.split()[0]
    run("keys", "revoke", key_id)
    assert "revoked" in run("keys", "list").stdout
    assert "No valid key has this id." in run("keys", "revoke", key_id, code=2).stderr


def test_the_door_opens_to_others_only_with_a_key(store):
    told = run("serve", "--host", "0.0.0.0", code=2)
    assert "keys create" in told.stderr
    assert "SERVICEPOLICY_HOST" in told.stderr


def test_a_worker_needs_a_database(store):
    assert "DATABASE_URL" in run("work", code=2).stderr


@pytest.mark.parametrize("url", ["nonsense", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_database_that_is_not_there_is_told(store, monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    told = run("db", "check", code=2)
    assert "psycopg" not in told.stderr and told.stderr.strip()
