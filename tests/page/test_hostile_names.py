"""Names are shown as they are written, whatever they look like."""

from selenium.webdriver.common.keys import Keys

from servicepolicy_api.page import addresses
from tests.page.test_edit import kept

NAME = "<img src=x onerror=\"document.title='taken'\"> & {0} %s"
SCRIPT = "</script><script>document.title='taken'<"


def is_harmless(browser):
    browser.look_closely()
    assert browser.driver.find_elements("css selector", "main img") == []
    assert browser.driver.title != "taken"


def test_names_notes_and_classes_are_text(browser):
    browser.go(addresses.new_scenario()).fill("Name of the scenario (spare-parts)", NAME)
    browser.click("Begin with it: spare-parts").see("Solve this version", NAME)
    is_harmless(browser)
    for address in (
        addresses.SCENARIOS,
        addresses.EDITS,
        addresses.PROFILES,
        addresses.new_scenario(copy=NAME),
    ):
        browser.go(address).see(NAME)
        is_harmless(browser)
    browser.go(f"{addresses.edit(NAME)}?part=general").see(NAME)
    browser.fill("Title", SCRIPT + Keys.TAB).see("Changed: title.")
    browser.fill("Note on the new version", NAME + Keys.TAB)
    kept(browser)
    browser.go(f"{addresses.edit(NAME)}?part=means").see("Order channels", "Changed: title.")
    is_harmless(browser)
    browser.go(f"{addresses.edit(NAME)}?part=demand").see("Customer classes")
    classes = next(
        one
        for one in browser.driver.find_elements("css selector", "input")
        if one.get_attribute("value") == "A, B, C"
    )
    classes.send_keys(Keys.CONTROL, "a")
    classes.send_keys(f"{NAME}, B, C", Keys.TAB)
    # Until the draft is kept the page says that it is not yet.
    kept(browser.see("Changed: segmentation, title."))
    browser.go(addresses.edit(NAME)).see("Check of the draft", f"Customers {NAME}")
    is_harmless(browser)
