"""Once there is an API key, the page asks for it."""

import subprocess

import pytest

from servicepolicy_api.page import addresses
from tests.page.browser import Browser
from tests.page.serving import PROGRAM, Server


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """A service with a key, and the key."""
    folder = tmp_path_factory.mktemp("locked")
    environment = {"SERVICEPOLICY_STORE_FOLDER": str(folder / "store")}
    for words in (["db", "upgrade"], ["keys", "create", "planner"]):
        made = subprocess.run([PROGRAM, *words], env=environment, capture_output=True, text=True, check=True)
    running = Server(folder)
    yield running, next(word for word in made.stdout.split() if word.startswith("sp_"))
    running.stop()


@pytest.fixture
def stranger(browser, locked):
    """A reader without a key, at the locked service."""
    reader = Browser(browser.driver, locked[0].address)
    reader.may_say = ("401",)
    yield reader
    reader.look_closely()
    assert (reader.console, reader.outside, reader.axe) == ([], [], [])
    browser.driver.get("about:blank")
    browser.driver.get_log("performance"), browser.driver.get_log("browser")


def test_the_page_asks_for_the_key_and_leads_where_one_wanted_to_go(stranger, locked):
    stranger.go(f"{addresses.SCENARIOS}?x=1").see("Sign in", "API key")
    stranger.look_closely().fill("API key", "sp_wrong").click("Sign in").see("This key opens nothing here.")
    stranger.look_closely().fill("API key", locked[1]).click("Sign in").see("A scenario is a whole question")
    assert stranger.path == f"{addresses.SCENARIOS}?x=1"
    assert "sp_" not in stranger.driver.execute_script("return document.cookie")
    stranger.click("Sign out").see("API key").go(addresses.SCENARIOS).see("API key")
