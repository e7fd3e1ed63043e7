"""Drafts: kept as patches, saved as versions, moved to what others saved."""

import json

import pytest

from servicepolicy_api import drafting
from servicepolicy_api.drafting import Writing
from servicepolicy_api.memory import open_memory, upgrade
from servicepolicy_api.naming import name_scenario
from servicepolicy_api.page.editing.places import with_value
from servicepolicy_api.settings import Settings
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.reading import read_scenario
from servicepolicy_store.errors import NotThere, VersionMoved
from servicepolicy_store.idempotency import NOBODY

RATE = ("carrying_rate_per_year",)


@pytest.fixture
def settings(tmp_path):
    return Settings(store_folder=tmp_path)


@pytest.fixture
def memory(settings, spare_parts):
    opened = open_memory(settings)
    upgrade(opened)
    name_scenario(opened, settings, "parts", read_scenario(spare_parts))
    yield opened
    opened.database.close()


def changed(writing, steps, value):
    document = with_value(writing.document, steps, value)
    return Writing(writing.base, writing.before, document, writing.newest)


def test_a_draft_is_found_again_and_one_without_changes_is_forgotten(memory):
    fresh = drafting.opened(memory, NOBODY, "parts")
    assert (fresh.patch, fresh.kept_at) == ({}, None)
    drafting.keep(memory, NOBODY, changed(fresh, RATE, 0.3))
    found = drafting.opened(memory, NOBODY, "parts")
    assert found.patch == {"carrying_rate_per_year": 0.3} and found.kept_at is not None
    assert drafting.opened(memory, "somebody else", "parts").patch == {}
    drafting.keep(memory, NOBODY, changed(found, RATE, 0.22))
    assert drafting.opened(memory, NOBODY, "parts").kept_at is None


def test_nothing_said_and_null_are_the_same(memory):
    fresh = drafting.opened(memory, NOBODY, "parts")
    budget = ("budgets", "total_cost")
    assert fresh.document["budgets"]["total_cost"] is None
    assert changed(changed(fresh, budget, 9), budget, None).patch == {}


def test_a_draft_becomes_the_next_version_with_its_patch(memory, settings):
    writing = changed(drafting.opened(memory, NOBODY, "parts"), RATE, 0.3)
    drafting.keep(memory, NOBODY, writing)
    made = drafting.save(memory, settings, NOBODY, writing, "dearer money")
    assert (made.version, made.parent_version, made.note) == (2, 1, "dearer money")
    assert json.loads(made.patch) == {"carrying_rate_per_year": 0.3}
    assert drafting.opened(memory, NOBODY, "parts").kept_at is None


def test_who_saves_second_is_refused_and_moves_the_changes_on(memory, settings):
    mine = changed(drafting.opened(memory, NOBODY, "parts"), RATE, 0.3)
    theirs = changed(drafting.opened(memory, NOBODY, "parts"), ("title",), "Theirs")
    drafting.save(memory, settings, "somebody else", theirs, "")
    drafting.keep(memory, NOBODY, mine)
    with pytest.raises(VersionMoved):
        drafting.save(memory, settings, NOBODY, mine, "")
    moved = drafting.rebased(memory, mine)
    assert (moved.base.version, moved.document["title"], moved.patch) == (2, "Theirs", mine.patch)
    assert drafting.save(memory, settings, NOBODY, moved, "").version == 3


def test_a_wrong_draft_is_kept_but_not_saved(memory, settings):
    wrong = changed(drafting.opened(memory, NOBODY, "parts"), RATE, "many")
    drafting.keep(memory, NOBODY, wrong)
    with pytest.raises(ScenarioRejected):
        drafting.save(memory, settings, NOBODY, wrong, "")
    assert drafting.opened(memory, NOBODY, "parts").patch == {"carrying_rate_per_year": "many"}


def test_there_is_no_draft_of_nothing(memory):
    with pytest.raises(NotThere):
        drafting.opened(memory, NOBODY, "nothing")
