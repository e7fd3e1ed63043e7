"""The two pictures of the page in README.md: `python -m tests.page.readme_pictures docs`."""

import sys
import tempfile
from pathlib import Path

from selenium.webdriver import ActionChains

from servicepolicy_api.page import addresses
from tests.page.browser import Browser, chromium
from tests.page.pictures import DRAWN, WHOLESALER
from tests.page.questions import Questions
from tests.page.serving import Server
from tests.page.test_edit import FILL, RESPONSE, type_into

WIDTH_PX, EDIT_PX, POLICY_PX = 1440, 980, 1060


def take(folder: Path) -> None:
    """Begin the synthetic wholesaler on an empty store, solve it, and edit it."""
    with tempfile.TemporaryDirectory() as home:
        server, driver = Server(Path(home)), chromium()
        try:
            browser = Browser(driver, server.address)
            browser.go(addresses.look(addresses.new_scenario(), theme="light", language="en"))
            browser.click(f"Begin with it: {WHOLESALER}").see("Solve this version")
            solved = Questions(server.address).asked("runs", base={"name": WHOLESALER})
            browser.go(addresses.policy(solved)).see("Yearly cost by part, EUR")
            _picture(browser, folder / "page-policy.png", POLICY_PX)
            browser.go(addresses.edit(WHOLESALER)).see("Check of the draft")
            type_into(browser, FILL, 0, "item__1", "96")
            type_into(browser, RESPONSE, 1, "item__2", "0")
            browser.see("Errors to mend before it can be saved: 1.")
            # Away from the cell, or its message would cover it.
            ActionChains(driver).move_to_element(browser.find("h1")).perform()
            _picture(browser, folder / "page-edit.png", EDIT_PX)
        finally:
            driver.quit()
            server.stop()


def _picture(browser: Browser, path: Path, height_px: int) -> None:
    """What is seen without scrolling."""
    browser.driver.set_window_size(WIDTH_PX, height_px)
    browser.until(lambda: browser.driver.execute_script(DRAWN), f"{path.name} to be drawn")
    browser.driver.save_screenshot(str(path))


if __name__ == "__main__":
    take(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
