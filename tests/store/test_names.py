"""Scenarios, policies in force, keys, repeated requests: what has a name keeps its meaning."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from servicepolicy_store import drafts, idempotency, keys, policies, scenarios, tables
from servicepolicy_store.errors import Clash, KeyReused, NotThere, VersionMoved
from servicepolicy_store.idempotency import Done, Ticket
from servicepolicy_store.scenarios import Parent
from tests.store.conftest import scenario


def add(database, expected, letter="a", name="base", parent=None):
    with database.writing() as tx:
        return scenarios.add_version(tx, name, scenario(letter), expected, "", parent)


def test_the_same_scenario_is_kept_once(database):
    with database.writing() as tx:
        for _ in range(3):
            scenarios.keep(tx, scenario())
        assert tx.execute(select(func.count()).select_from(tables.scenario)).scalar_one() == 1
        assert scenarios.document(tx, "a" * 64) == '{"name":"a"}'


def test_versions_of_a_name_never_change_and_know_where_they_come_from(database):
    add(database, None)
    add(database, 1, "b", parent=Parent("base", 1, '{"x":2}'))
    add(database, None, "b", name="branch", parent=Parent("base", 2, "{}"))
    with database.reading() as tx:
        assert scenarios.version(tx, "base").version == 2
        assert scenarios.version(tx, "base", 1).sha256 == "a" * 64
        second = scenarios.version(tx, "base", 2)
        assert (second.parent_name, second.parent_version, second.patch) == ("base", 1, '{"x":2}')
        assert [one.version for one in scenarios.versions(tx, "base")] == [2, 1]
        assert [(one.name, one.version) for one in scenarios.made_of(tx, "base")] == [("branch", 1)]
        assert scenarios.made_of(tx, "branch") == []
        heads, has_more = scenarios.heads(tx, None, 1)
        assert ([one.name for one in heads], has_more) == (["base"], True)
        assert [one.name for one in scenarios.heads(tx, "base", 5)[0]] == ["branch"]


@pytest.mark.parametrize(("expected", "why"), [(None, "is 1"), (2, "is 1"), (7, "is 1")])
def test_a_change_meant_for_another_version_is_refused(database, expected, why):
    add(database, None)
    with pytest.raises(VersionMoved) as refused:
        add(database, expected, "b")
    assert why in str(refused.value)
    with pytest.raises(VersionMoved, match="no scenario of that name"):
        add(database, 1, name="nothing")


def test_of_many_who_change_a_version_at_once_one_does(database):
    add(database, None)

    def one(letter):
        try:
            return add(database, 1, letter)
        except VersionMoved:
            return None

    with ThreadPoolExecutor(6) as pool:
        made = [one for one in pool.map(one, "bcdefa") if one is not None]
    assert len(made) == 1
    with database.reading() as tx:
        assert scenarios.version(tx, "base").sha256 == made[0].sha256


def test_a_policy_in_force_has_a_history(database, new_run):
    first, second = new_run(), new_run()
    with database.writing() as tx:
        assert policies.publish(tx, "parts", first.id, "go", None).version == 1
        assert policies.publish(tx, "parts", second.id, "", 1).version == 2
        assert policies.in_force(tx, "parts").run_id == second.id
        assert policies.in_force(tx, "parts", 1).run_id == first.id
        assert [one.run_id for one in policies.history(tx, "parts")] == [second.id, first.id]
        assert [(one.name, one.version) for one in policies.names(tx)] == [("parts", 2)]
    for expected in (None, 1, 3):
        with pytest.raises(VersionMoved), database.writing() as tx:
            policies.publish(tx, "parts", first.id, "", expected)


def test_a_key_opens_until_it_is_revoked_and_is_nowhere_kept(database):
    with database.writing() as tx:
        assert not keys.any_valid(tx)
        made, secret = keys.create(tx, "erp")
        other, _ = keys.create(tx, "planner")
        assert len(secret) > 43
        assert keys.who(keys.valid(tx), secret).name == "erp"
        assert keys.who(keys.valid(tx), secret[:-1]) is None
        stored = " ".join(map(str, tx.execute(select(tables.api_key)).all()))
        assert secret not in stored and secret.removeprefix("sp_") not in stored
        keys.revoke(tx, made.id)
        assert keys.who(keys.valid(tx), secret) is None
        assert keys.any_valid(tx)
        keys.revoke(tx, other.id)
        assert not keys.any_valid(tx)
        assert [one.revoked_at is None for one in keys.every(tx)] == [False, False]
    with pytest.raises(NotThere), database.writing() as tx:
        keys.revoke(tx, made.id)


def test_a_request_that_comes_again_finds_what_it_did(database):
    ticket, done = Ticket(idempotency.NOBODY, "k", "a" * 64), Done(None, 201, {"ETag": '"1"'}, b"{}")
    with database.writing() as tx:
        assert idempotency.earlier(tx, ticket) is None
        idempotency.note(tx, ticket, done)
    with database.reading() as tx:
        assert idempotency.earlier(tx, ticket) == done
        with pytest.raises(KeyReused):
            idempotency.earlier(tx, replace(ticket, request_sha256="b" * 64))
        assert idempotency.earlier(tx, replace(ticket, owner="somebody else")) is None
    with pytest.raises(Clash), database.writing() as tx:
        idempotency.note(tx, ticket, done)


def test_what_fails_halfway_did_not_happen(database):
    with pytest.raises(ZeroDivisionError), database.writing() as tx:
        scenarios.add_version(tx, "base", scenario(), None, "", None)
        raise ZeroDivisionError
    with database.reading() as tx:
        for table in ("scenario", "scenario_name", "scenario_version"):
            assert tx.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_a_draft_is_one_persons_and_lasts_until_it_is_thrown_away(database):
    add(database, None)
    for words in ('{"a":1}', '{"a":2}'):
        with database.writing() as tx:
            drafts.write(tx, idempotency.NOBODY, "base", 1, words)
    with database.writing() as tx:
        drafts.write(tx, "somebody", "base", 1, "{}")
        drafts.throw_away(tx, "somebody", "base")
        drafts.throw_away(tx, "somebody", "base")
    with database.reading() as tx:
        mine = drafts.read(tx, idempotency.NOBODY, "base")
        assert (mine.base_version, mine.patch) == (1, '{"a":2}')
        assert drafts.read(tx, "somebody", "base") is None
        assert [one.name for one in drafts.every(tx, idempotency.NOBODY)] == ["base"]
