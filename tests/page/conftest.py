"""What the flows of the page share: one service, one browser, and what must hold after every flow."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.page.browser import Browser, chromium, reading
from tests.page.serving import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service with an empty store, for all flows of this process."""
    running = Server(tmp_path_factory.mktemp("page"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    """One Chromium for all flows."""
    if shutil.which("chromium") is None or shutil.which("chromedriver") is None:
        if os.environ.get("CI"):
            pytest.fail("install Debian's packages chromium and chromium-driver")
        pytest.skip("chromium and chromedriver are not installed")
    started = chromium((f"--user-data-dir={tmp_path_factory.mktemp('profile')}",))
    yield started
    started.quit()


@pytest.fixture
def browser(driver, server: Server) -> Iterator[Browser]:
    """A reader without cookies, watched: see `reading`."""
    with reading(driver, server.address) as reader:
        yield reader


@pytest.fixture
def open_page(browser: Browser) -> Callable[[str], Browser]:
    """Open an address of the page in the browser."""
    return browser.go
