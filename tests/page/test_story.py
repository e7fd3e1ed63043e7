"""From an empty store to a policy in force: two people, a wrong file, a restart in the middle."""

import pytest
from selenium.webdriver.common.keys import Keys

from servicepolicy_api.page import addresses
from tests.page.browser import reading
from tests.page.serving import Server
from tests.page.test_edit import FILL, kept, save, says, type_into
from tests.page.test_scenarios import csv_of, lines


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A service that nobody has used yet."""
    running = Server(tmp_path_factory.mktemp("story"))
    yield running
    running.stop()


@pytest.fixture
def reader(driver, empty):
    """A reader of it."""
    with reading(driver, empty.address) as browser:
        browser.may_say = ("422", "ERR_CONNECTION_REFUSED", "WebSocket", "net::ERR")
        yield browser


def test_from_an_empty_store_to_a_policy_in_force(reader, empty, tmp_path):
    # The analyst has a file, wrong at first.
    reader.go("/").see("There is no scenario yet.").look_closely().click("New scenario")
    rows = list(lines(360))
    rows[7][3] = "2024-13-45"
    reader.fill("File with order lines", csv_of(tmp_path / "orders.csv", rows)).see("Columns of orders.csv")
    reader.click("Make the scenario").see("Solve this version").click("Profile of its order lines")
    reader.see("The order lines cannot be profiled.", "line 9").look_closely()
    # Mended, it becomes a scenario with a profile.
    reader.go(addresses.new_scenario())
    mended = csv_of(tmp_path / "orders mended.csv", lines(360))
    reader.fill("File with order lines", mended).see("Columns of orders mended.csv")
    reader.fill("Name of the scenario", "next year").click("Check all rows").see("All 360 rows can be read.")
    reader.click("Make the scenario").see("Solve this version", "3 × 3 classes")
    reader.click("Profile of its order lines").see("From the file to the demand")
    assert reader.rows("From the file to the demand")[-1][1] == "360"
    # The planner edits it; the service dies in between.
    reader.click("Edit").see("A draft of version 1.")
    type_into(reader, FILL, 0, "item__0", "97")
    kept(reader)
    empty.restart()
    reader.go(addresses.edit("next year")).see("Changed: targets.")
    says(reader, FILL, 0, "item__0", "97")
    reader.fill("Note on the new version", "as agreed" + Keys.TAB)
    save(reader, 2)
    # Solved, looked at, put in force.
    reader.click("Solve this version")
    reader.until(lambda: reader.driver.find_elements("css selector", "main a[href$='/policy']"), "a policy")
    reader.look_closely().go(
        reader.find("main a[href$='/policy']").get_attribute("href")[len(empty.address) :]
    )
    reader.see("Policy: next year v2", "Customers A").look_closely()
    reader.click("Put this policy in force").see("In force now: version 1 of next year.")
    reader.go(addresses.POLICIES).see("next year v2")
    reader.go(addresses.scenario("next year")).see("as agreed", "best policy")
