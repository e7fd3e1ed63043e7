"""What surrounds every screen."""

import pytest

from servicepolicy_api.page import addresses


def test_the_root_leads_to_the_scenarios(open_page):
    browser = open_page("/")
    assert browser.path == addresses.SCENARIOS
    browser.see("Scenarios", "Frontier", "Sweep")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_language_and_colours_are_chosen_by_links_and_kept(browser, theme):
    browser.go(addresses.look(addresses.SCENARIOS, theme=theme))
    browser.click("中文").see("方案")
    assert browser.find("html").get_attribute("lang") == "zh-CN"
    browser.look_closely().go(addresses.SCENARIOS).click("English").see("Scenarios")
    assert browser.find("html").get_attribute("lang") == "en-US"
    assert (theme == "dark") == ("body--dark" in browser.find("body").get_attribute("class"))


def test_an_address_that_leads_nowhere_says_so(browser):
    browser.may_say = ("404",)
    browser.go("/page/nowhere").see("This is not there").click("See all scenarios")
    browser.until(lambda: browser.path == addresses.SCENARIOS, "the scenarios")


def test_the_keyboard_reaches_the_content_first(open_page):
    browser = open_page(addresses.SCENARIOS)
    browser.press("\ue004").press("\ue007")  # tab, enter
    browser.until(lambda: browser.driver.switch_to.active_element.tag_name == "h1", "the focus on the title")


SHIFTED = """
const done = arguments[0];
let shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(one => shifted += one.value))
    .observe({type: 'layout-shift', buffered: true});
setTimeout(() => done([shifted, document.documentElement.scrollWidth]), 150);"""
NARROWEST_PX = 1280
SCREENS = (
    addresses.SCENARIOS, addresses.new_scenario(), addresses.PROFILES, addresses.EDITS, addresses.RUNS,
    addresses.POLICIES, addresses.FRONTIERS, addresses.COMPARE, addresses.SWEEPS,
)  # fmt: skip


def test_no_screen_jumps_while_it_loads_or_is_too_wide(browser):
    before = browser.driver.get_window_size()
    browser.driver.set_window_size(NARROWEST_PX, 900)
    try:
        for address in SCREENS:
            browser.go(address)
            shifted, width_px = browser.driver.execute_async_script(SHIFTED)
            assert (address, shifted < 0.01, width_px <= NARROWEST_PX) == (address, True, True)
    finally:
        browser.driver.set_window_size(before["width"], before["height"])
