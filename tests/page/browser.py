"""A real browser, driven as a reader would, that remembers what it must never see."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

PATIENCE_SECONDS = 300
"""A bound for what hangs; a busy machine takes many times as long as a quiet one."""
READY = """return !!document.querySelector('h1')
    && (!document.getElementById('app') || window.did_handshake === true)"""
FADED = """Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime < Infinity).map((one) => one.finished))"""
CLICKABLE = "a, button, summary, [role=tab], [role=button], label"
SEVERE = ("serious", "critical")


def chromium(arguments: tuple[str, ...] = ()) -> webdriver.Chrome:
    """Debian's Chromium without a screen."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    quiet = (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en-US",
        "--window-size=1440,1000", "--disable-background-networking", "--disable-component-update",
        "--no-first-run", "--disable-extensions", "--hide-scrollbars", "--force-color-profile=srgb",
    )  # fmt: skip
    for argument in (*quiet, *arguments):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(str(shutil.which("chromedriver"))))
    # Of themselves, scripts have half a minute: axe takes seconds on a quiet machine.
    driver.set_script_timeout(PATIENCE_SECONDS)
    return driver


class Browser:
    """A reader of the page: goes to addresses, sees words, clicks, types."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        """Read the page of a service."""
        self.driver, self.address = driver, address
        self.console: list[str] = []
        self.outside: list[str] = []
        self.axe: list[str] = []
        self.may_say: tuple[str, ...] = ()
        """Parts of console messages that a test provokes: a 404, say."""

    def go(self, path: str) -> "Browser":
        """Open an address of the page, and wait until it can be used."""
        self.driver.get(f"{self.address}{path}")
        self.until(lambda: self.driver.execute_script(READY), f"{path} to be ready")
        return self

    @property
    def path(self) -> str:
        """Where the reader is."""
        parts = urlsplit(self.driver.current_url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def text(self) -> str:
        """All that can be read."""
        return str(self.driver.execute_script("return document.body.innerText"))

    def until(self, holds: Any, what: str) -> Any:
        """Wait until something holds, and return it."""
        since = time.monotonic()
        while True:
            with suppress(WebDriverException):
                if found := holds():
                    return found
            if time.monotonic() - since > PATIENCE_SECONDS:
                raise AssertionError(f"waited in vain for {what} at {self.path}; there is:\n{self.text}")
            time.sleep(0.05)

    def see(self, *words: str) -> "Browser":
        """Wait until these words can be read."""
        for each in words:
            self.until(lambda each=each: each in self.text, repr(each))
        return self

    def see_no_more(self, words: str) -> "Browser":
        """Wait until these words have gone."""
        self.until(lambda: words not in self.text, f"{words!r} to go")
        return self

    def find(self, css: str) -> WebElement:
        """Wait for the first element that can be seen."""

        def shown() -> WebElement | None:
            found = self.driver.find_elements(By.CSS_SELECTOR, css)
            return next((one for one in found if one.is_displayed()), None)

        return self.until(shown, css)

    def click(self, words: str, within: str = CLICKABLE) -> "Browser":
        """Click what says exactly these words."""

        def clicked() -> bool:
            for each in self.driver.find_elements(By.CSS_SELECTOR, within):
                if each.is_displayed() and each.text.strip() == words:
                    each.click()
                    return True
            return False

        self.until(clicked, f"something to click that says {words!r}")
        return self

    def press(self, *keys: str) -> "Browser":
        """Press keys where the focus is."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()
        return self

    def press_together(self, modifier: str, key: str) -> "Browser":
        """Press a key while another is held."""
        webdriver.ActionChains(self.driver).key_down(modifier).send_keys(key).key_up(modifier).perform()
        return self

    def field(self, label: str) -> WebElement:
        """The field of a label, by the words that a screen reader would say."""
        script = """
            const wanted = arguments[0];
            for (const field of document.querySelectorAll('input, select, textarea')) {
                const labels = [...(field.labels || [])].map(one => one.innerText.trim());
                if ([field.getAttribute('aria-label'), ...labels].includes(wanted)) return field;
            }"""
        return self.until(lambda: self.driver.execute_script(script, label), f"a field {label!r}")

    def fill(self, label: str, value: str) -> "Browser":
        """Write into a field instead of what stands there."""
        field = self.field(label)
        if field.tag_name == "select":
            field.find_element(By.XPATH, f".//option[normalize-space()={value!r}]").click()
            return self
        if field.get_attribute("type") != "file":
            field.send_keys(Keys.CONTROL, "a")
        field.send_keys(value)
        return self

    def rows(self, caption: str) -> list[list[str]]:
        """The rows of a table by its caption."""
        script = """
            const text = cell => cell.innerText.trim();
            for (const table of document.querySelectorAll('table'))
                if (table.caption && table.caption.textContent.trim() === arguments[0])
                    return [...table.tBodies[0].rows].map(row => [...row.cells].map(
                        cell => cell.textContent.trim()));"""
        return self.until(lambda: self.driver.execute_script(script, caption), f"a table {caption!r}")

    def look_closely(self) -> "Browser":
        """Have axe look at what is shown when all that fades has faded, and read what the browser noted."""
        result = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"{Axe().axe_script};"
            f"{FADED}.then(() => axe.run(document, {{resultTypes: ['violations']}})).then(done)"
        )
        for one in result["violations"]:
            if one["impact"] in SEVERE:
                places = "; ".join(str(node["html"])[:200] for node in one["nodes"][:3])
                self.axe.append(f"{self.path}: {one['id']} ({one['impact']}): {places}")
        self.take_notes()
        return self

    def take_notes(self) -> None:
        """Read the logs of the browser: what scripts complained of, and who was asked for what."""
        for entry in self.driver.get_log("browser"):
            if entry["level"] == "SEVERE" and not any(part in entry["message"] for part in self.may_say):
                self.console.append(entry["message"])
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if not url.startswith((self.address, "data:", "blob:", "chrome:", "about:")):
                    self.outside.append(url)

    def screenshot(self, path: str) -> None:
        """Save what is shown, all of its height."""
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        size = self.driver.get_window_size()
        self.driver.set_window_size(size["width"], max(int(height) + 150, size["height"]))
        self.driver.save_screenshot(path)
        self.driver.set_window_size(size["width"], size["height"])


@contextmanager
def reading(driver: webdriver.Chrome, address: str) -> Iterator[Browser]:
    """A reader without cookies, in a tab of its own. Afterwards: no console error, no request outside, no
    serious axe finding.
    """
    first = driver.current_window_handle
    # Not the tab of the reader before: a page that was reloading itself as it was left can hold it for long.
    driver.switch_to.new_window("tab")
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    for log in ("browser", "performance"):
        driver.get_log(log)
    reader = Browser(driver, address)
    try:
        yield reader
        reader.look_closely()
    finally:
        driver.close()
        driver.switch_to.window(first)
    assert reader.console == []
    assert reader.outside == []
    assert reader.axe == []
