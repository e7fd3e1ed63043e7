"""A policy: its matrix, costs and prices, the items of a segment, and putting it in force."""

from urllib.request import urlopen

import pytest

from servicepolicy_api.page import addresses
from tests.page.questions import ITEMS, SMALL

EUR_A_YEAR = ", EUR a year"


def number(text):
    """A figure of a cell."""
    return float(text.replace(",", ""))


def test_the_costs_of_a_policy_add_up_and_stand_beside_others(browser, solved):
    browser.go(addresses.policy(solved)).see(
        "Policy: stock v1", "Customers A", "Items X", "Less than one promise"
    )
    browser.look_closely().click("As a table")
    rows = browser.rows("Yearly cost by part, EUR")
    *parts, total, breaks = rows
    for column in range(1, len(total)):
        assert number(total[column]) == pytest.approx(sum(number(row[column]) for row in parts), abs=3)
    assert breaks[1] == "keeps all" and len(total) > 2
    for link in browser.driver.find_elements(
        "css selector", "main a[href*='/files/'], .sp-ways a[href*='/files/']"
    ):
        with urlopen(str(link.get_attribute("href"))) as answered:
            assert answered.status == 200 and "attachment" in answered.headers["Content-Disposition"]
    browser.click("The run and its proof").see("How the search went")


CUT_OFF = """
    const beyond = [];
    for (const drawing of document.querySelectorAll('main svg')) {
        const room = drawing.getBoundingClientRect();
        for (const word of drawing.querySelectorAll('text')) {
            const place = word.getBoundingClientRect();
            if (place.left < room.left - 1 || place.right > room.right + 1) beyond.push(word.textContent);
        }
    }
    return [document.querySelectorAll('main svg text').length, beyond];
"""
"""How many words charts have, and those that do not fit into their chart."""


def test_no_word_of_a_chart_is_cut_off(browser, solved):
    browser.go(addresses.policy(solved)).see("Yearly cost by part, EUR")
    browser.until(lambda: browser.driver.execute_script(CUT_OFF)[0], "a chart")
    assert not browser.driver.execute_script(CUT_OFF)[1]


def test_prices_are_asked_by_a_button_and_stand_in_the_table_and_the_hints(browser, questions):
    questions.keep("to price", SMALL)
    run = questions.asked("runs", base={"name": "to price"})
    browser.go(addresses.policy(run)).see("about")
    browser.click("Price one more point of every promise").see("Prices are exact differences")
    browser.until(lambda: "about" not in browser.rows("All segments")[0][-1], "an exact price")
    exact = browser.rows("All segments")[0][-1]
    browser.go(addresses.policy(run)).see("Prices are exact differences").look_closely()
    cell = browser.find(".sp-matrix td[title]")
    assert f"One more point of fill rate: {exact}." in cell.get_attribute("title")


def test_a_segment_shows_its_items_page_by_page(browser, solved):
    browser.go(addresses.policy(solved)).find(".sp-matrix td a").click()
    browser.see(
        "A customers, X items", "How it is served", "web", "Order channel", f"Items 1 to 50 of {ITEMS}"
    )
    browser.see("there are no order lines to replay").look_closely()
    first = browser.rows(f"Items, {ITEMS} in all")
    assert len(first) == 50
    browser.click("Next").see(f"Items 51 to {ITEMS} of {ITEMS}")
    rest = browser.rows(f"Items, {ITEMS} in all")
    assert sorted(row[0] for row in [*first, *rest]) == [f"part-{n:02}" for n in range(ITEMS)]
    browser.fill("Find an item", "PART-07").press("\ue007").see("Items 1 to 1 of 1")
    browser.fill("Find an item", "no such part").press("\ue007").see("No item fits.")
    assert "find=no+such+part" in browser.path
    browser.may_say = ("404",)
    browser.go(addresses.segment(solved, "A", "Z", "*")).see("This is not there")


def test_publishing_twice_replaces_only_what_the_reader_saw(browser, questions, solved, dearer):
    browser.go(addresses.POLICIES).see("No policy is in force yet").look_closely()
    browser.go(addresses.policy(solved)).see("Nothing is in force under this name yet.")
    browser.fill("Note", "first").press("\ue004").click("Put this policy in force").see(
        "In force now: version 1 of stock."
    )
    browser.go(addresses.policy(dearer)).see("In force under this name: version 1")
    questions.send("PUT", "/v1/policies/stock", {"run": dearer, "note": "by ERP"}, If_Match='"1"')
    browser.click("Put this policy in force").see(
        "Meanwhile version 2 of stock came into force"
    ).look_closely()
    browser.click("Put this policy in force").see("In force now: version 3 of stock.").click("History")
    browser.see("stock: every version")
    assert [row[1] for row in browser.rows("stock: every version")] == ["3", "2", "1"]
    assert [row[4] for row in browser.rows("stock: every version")] == ["", "by ERP", "first"]
    browser.go(addresses.POLICIES).see("Solved, not in force")
    assert browser.rows("Policies in force, by name")[0][:3] == ["stock", "3", "stock v2"]


def test_a_policy_is_read_with_the_keyboard_alone(browser, solved):
    browser.go(addresses.runs("stock", "solve"))
    tab, enter = "\ue004", "\ue007"

    def reach(holds):
        for _ in range(60):
            browser.press(tab)
            if holds(browser.driver.switch_to.active_element):
                return browser.press(enter)
        raise AssertionError(browser.driver.switch_to.active_element.text)

    reach(lambda at: addresses.policy(solved) in str(at.get_attribute("href")))
    browser.see("Policy: stock v1")
    reach(lambda at: "/policy/segment" in str(at.get_attribute("href")))
    browser.see("A customers, X items")
    reach(lambda at: at.text == "Next")
    browser.see("Items 51 to")
