"""Once there is an API key, the page asks for it."""

import pytest

from servicepolicy_api.memory import open_memory, upgrade
from servicepolicy_api.page import addresses
from servicepolicy_api.settings import Settings
from servicepolicy_store import keys
from tests.page.browser import reading
from tests.page.serving import Server


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """A service with a key, and the key."""
    folder = tmp_path_factory.mktemp("locked")
    memory = open_memory(Settings(store_folder=folder / "store"))
    upgrade(memory)
    with memory.database.writing() as tx:
        _, text = keys.create(tx, "planner")
    memory.database.close()
    running = Server(folder)
    yield running, text
    running.stop()


@pytest.fixture
def stranger(driver, locked):
    """A reader without a key, at the locked service."""
    with reading(driver, locked[0].address) as reader:
        reader.may_say = ("401",)
        yield reader


def test_the_page_asks_for_the_key_and_leads_where_one_wanted_to_go(stranger, locked):
    stranger.go(f"{addresses.SCENARIOS}?x=1").see("Sign in", "API key")
    stranger.look_closely().fill("API key", "sp_wrong").click("Sign in").see("This key opens nothing here.")
    stranger.look_closely().fill("API key", locked[1]).click("Sign in").see("A scenario is a whole question")
    assert stranger.path == f"{addresses.SCENARIOS}?x=1"
    assert "sp_" not in stranger.driver.execute_script("return document.cookie")
    stranger.click("Sign out").see("API key").go(addresses.SCENARIOS).see("API key")
