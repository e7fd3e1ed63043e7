"""A scenario is edited: typed, pasted, checked, undone, kept over a restart, saved as a version."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from servicepolicy_api.page import addresses

FILL, RESPONSE = (
    "Fill rate, %: customers down, items across",
    "Response time, h: customers down, items across",
)
PASTE = """
const data = new DataTransfer();
data.setData('text/plain', arguments[0]);
document.activeElement.dispatchEvent(
    new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));"""


def cell(browser, sheet, row, column):
    """A cell of a sheet by its caption, row number and column."""
    css = f'[aria-label="{sheet}"] .ag-row[row-index="{row}"] .ag-cell[col-id="{column}"]'
    return browser.find(css)


def go_to(browser, sheet, row, column):
    browser.until(lambda: cell(browser, sheet, row, column).click() or True, f"a cell of {sheet}")


def type_into(browser, sheet, row, column, text):
    go_to(browser, sheet, row, column)
    browser.press(text, Keys.ENTER)


def says(browser, sheet, row, column, text):
    browser.until(lambda: cell(browser, sheet, row, column).text == text, f"{text!r} in {sheet}")


def is_marked(browser, sheet, row, column, mark):
    def marked():
        return mark in cell(browser, sheet, row, column).get_attribute("class").split()

    browser.until(marked, f"the mark {mark} in {sheet}")


def begin(browser, name):
    browser.go(addresses.new_scenario()).fill("Name of the scenario (spare-parts)", name)
    browser.click("Begin with it: spare-parts").see("Solve this version")


def kept(browser):
    """Wait until what was typed is kept and checked."""
    browser.see("Draft kept at").see_no_more("Keeping the draft").see_no_more("Checking …")


def save(browser, version):
    button = f"Save as version {version}"
    browser.until(
        lambda: any(
            one.text == button and one.is_enabled()
            for one in browser.driver.find_elements(By.TAG_NAME, "button")
        ),
        f"{button} to be in use",
    )
    browser.click(button).see("Solve this version")


def test_targets_are_typed_checked_undone_and_saved_as_a_version(browser):
    begin(browser, "typed")
    browser.click("Edit").see("No changes yet.")
    type_into(browser, FILL, 0, "item__1", "96,5 %")
    says(browser, FILL, 0, "item__1", "96.5")
    is_marked(browser, FILL, 0, "item__1", "sp-changed")
    type_into(browser, FILL, 1, "item__1", "120")
    browser.see("Errors to mend before it can be saved: 1.", "Write a number below 1.")
    is_marked(browser, FILL, 1, "item__1", "sp-bad")
    type_into(browser, RESPONSE, 0, "item__0", "soon")
    browser.see("Errors to mend before it can be saved: 2.").look_closely()
    browser.click("Undo").click("Undo").see("The draft can be saved and solved.")
    says(browser, FILL, 1, "item__1", "90")
    browser.click("Redo").see("Errors to mend before it can be saved: 1.")
    browser.click("Undo").see("The draft can be saved and solved.", "Changed: targets.")
    browser.fill("Note on the new version", "B items better")
    save(browser, 2)
    newest = browser.rows("Versions")[0]
    assert (newest[2], newest[3], newest[4]) == ("typed, version 1", "targets", "B items better")


def test_a_block_is_pasted_from_a_spreadsheet_as_one_step(browser):
    begin(browser, "pasted")
    browser.click("Edit").see("No changes yet.")
    go_to(browser, RESPONSE, 1, "item__1")
    browser.driver.execute_script(PASTE, "36\t60\r\n60\t84\r\n1\t2\r\n")
    for row, column, text in (
        (1, "item__1", "36"),
        (1, "item__2", "60"),
        (2, "item__1", "60"),
        (2, "item__2", "84"),
    ):
        says(browser, RESPONSE, row, column, text)
    kept(browser)
    go_to(browser, RESPONSE, 0, "item__0")
    browser.press_together(Keys.CONTROL, "z")
    says(browser, RESPONSE, 1, "item__1", "48")
    says(browser, RESPONSE, 2, "item__2", "96")


def test_means_rules_and_budgets_are_kept_over_a_restart(browser, server):
    browser.may_say = ("ERR_CONNECTION_REFUSED", "WebSocket", "net::ERR")
    begin(browser, "restarted")
    edit = addresses.edit("restarted")
    browser.go(f"{edit}?part=means").see("Warehouse processes")
    type_into(browser, "Order channels", 0, "cost_per_order", "1.25")
    kept(browser)
    browser.click("Add a row: Shipping frequencies")
    type_into(browser, "Shipping frequencies", 2, "name", "weekly")
    type_into(browser, "Shipping frequencies", 2, "shipments_per_week", "1")
    kept(browser)
    browser.look_closely().go(f"{edit}?part=rates").see("Lanes: time and CO2e")
    type_into(browser, "Rates by mode, lane and weight", 1, "cost_per_kg", "0.35")
    kept(browser)
    browser.look_closely().go(f"{edit}?part=rules").see("Budgets a year")
    browser.fill("Total cost a year, EUR", "90,000" + Keys.TAB).see("was empty")
    browser.fill("Different promises at most", "0" + Keys.TAB).see(
        "Errors to mend before it can be saved: 1."
    )
    browser.look_closely().fill("Different promises at most", "4" + Keys.TAB)
    browser.see("The draft can be saved and solved.")
    kept(browser)
    server.restart()
    browser.go(f"{edit}?part=rules").see("Changed: budgets, channels, frequencies, modes, rules.")
    assert browser.field("Total cost a year, EUR").get_attribute("value") == "90000"
    browser.go(addresses.SCENARIOS).click("unsaved changes").see("A draft of version 1")
    browser.go(f"{edit}?part=means").see("Warehouse processes")
    says(browser, "Order channels", 0, "cost_per_order", "1.25")
    save(browser, 2)
    assert browser.rows("Versions")[0][3] == "budgets, channels, frequencies, modes, rules"


def test_who_saves_second_is_told_and_loses_nothing(browser):
    begin(browser, "contested")
    mine = addresses.edit("contested")
    browser.go(mine).see("No changes yet.")
    type_into(browser, FILL, 2, "item__2", "60")
    kept(browser)
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    # Another window of the same reader shows the same draft; there it becomes version 2.
    browser.go(mine).see("Changed: targets.")
    save(browser, 2)
    browser.driver.close()
    browser.driver.switch_to.window(first)
    type_into(browser, FILL, 2, "item__1", "77")
    kept(browser)
    browser.click("Save as version 2").see("Somebody else saved a newer version", "Version 2 was saved since")
    browser.click("Put my changes on version 2").see("Save as version 3")
    says(browser, FILL, 2, "item__1", "77")
    save(browser, 3)
    assert browser.rows("Versions")[0][2] == "contested, version 2"


def test_a_draft_is_discarded(browser):
    begin(browser, "discarded")
    browser.click("Edit").see("No changes yet.")
    type_into(browser, FILL, 0, "item__0", "98")
    kept(browser)
    browser.click("Discard the draft").see("No changes yet.")
    says(browser, FILL, 0, "item__0", "99")


@pytest.mark.parametrize("part", ["stock", "general"])
def test_every_part_can_be_read_and_used_in_chinese(browser, part):
    browser.go(addresses.look(addresses.new_scenario(), language="zh"))
    browser.fill("方案名称 (spare-parts)", f"中文 {part}").click("由此开始: spare-parts").see("求解此版本")
    browser.go(f"{addresses.edit(f'中文 {part}')}?part={part}").see("草稿检查", "草稿可以保存并求解。")


def test_a_target_is_changed_and_saved_by_the_keyboard_alone(browser):
    begin(browser, "by keys")
    browser.go(addresses.edit("by keys")).see("No changes yet.")
    browser.until(lambda: cell(browser, FILL, 0, "item__0"), "the sheet")

    def focus():
        return browser.driver.switch_to.active_element

    def reach(holds, what):
        for _ in range(60):
            if holds(focus()):
                return
            browser.press(Keys.TAB)
        raise AssertionError(f"the Tab key does not reach {what}")

    reach(lambda one: "ag-header-cell" in one.get_attribute("class"), "the sheet")
    reach(lambda one: "ag-cell" in one.get_attribute("class").split(), "its cells")
    browser.press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, "9", "1", Keys.ENTER)
    says(browser, FILL, 1, "item__0", "91")
    kept(browser)
    browser.go(addresses.edit("by keys")).see("Changed: targets.")
    reach(lambda one: one.text == "Save as version 2", "the button that saves")
    browser.press(Keys.ENTER).see("Solve this version", "version 2")


def test_classes_and_cleaning_are_changed_where_they_stand(browser):
    begin(browser, "classed")
    browser.go(f"{addresses.edit('classed')}?part=demand").see("Customer classes")
    ends = browser.driver.find_elements(By.CSS_SELECTOR, "input")
    ends = next(one for one in ends if one.get_attribute("value") == "5; 20")
    ends.send_keys(Keys.CONTROL, "a")
    ends.send_keys("10; 30", Keys.TAB)
    browser.see("was 5; 20", "Changed: segmentation.", "The draft can be saved and solved.")
    ends.send_keys(Keys.CONTROL, "a")
    ends.send_keys("30; 10", Keys.TAB)
    browser.see("Errors to mend before it can be saved: 1.", "cut-offs must rise")


def test_rows_are_copied_and_removed_where_the_reader_is(browser):
    begin(browser, "copied rows")
    browser.go(f"{addresses.edit('copied rows')}?part=rates").see("Transport modes")
    rates, modes = "Rates by mode, lane and weight", "Transport modes"
    browser.click(f"Copy the row: {modes}").see("Go to a cell of the row first.")
    go_to(browser, modes, 1, "fixed_cost_per_year")
    browser.click(f"Copy the row: {modes}")
    says(browser, modes, 2, "name", "parcel 2")
    says(browser, rates, 2, "mode", "parcel 2")
    is_marked(browser, modes, 2, "name", "sp-changed")
    browser.see("The draft can be saved and solved.")
    go_to(browser, rates, 1, "cost_per_kg")
    browser.click(f"Remove the row: {rates}").see("Errors to mend before it can be saved: 1.").click("Undo")
    browser.see("The draft can be saved and solved.", "Changed: modes.")
    browser.look_closely().go(f"{addresses.edit('copied rows')}?part=rules").see("Forbidden")
    browser.click("Add a row: Forbidden").see("Errors to mend before it can be saved: 1.")
    type_into(browser, "Forbidden", 0, "mode", "courier")
    browser.see("The draft can be saved and solved.", "Changed: modes, rules.")
