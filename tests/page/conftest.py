"""What the flows of the page share: one service, one browser, and what must hold after every flow."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.page.browser import Browser, chromium, reading
from tests.page.questions import Questions, many_items
from tests.page.serving import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service with an empty store, for all flows of this process."""
    running = Server(tmp_path_factory.mktemp("page"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def questions(server: Server) -> Questions:
    """Asks the service over HTTP."""
    return Questions(server.address)


@pytest.fixture(scope="session")
def solved(questions: Questions) -> str:
    """The run of a scenario `stock` with many items, solved once for all flows."""
    questions.keep("stock", many_items())
    return questions.asked("runs", base={"name": "stock"})


@pytest.fixture(scope="session")
def dearer(questions: Questions, solved: str) -> str:
    """The run of the next version of `stock`, where stock is dearer."""
    questions.keep("stock", many_items() | {"carrying_rate_per_year": 0.4}, version=1)
    return questions.asked("runs", base={"name": "stock"})


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
