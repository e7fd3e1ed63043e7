"""Pictures of every screen, to be looked at: `make screens`, or `python -m tests.page.pictures FOLDER`."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

from servicepolicy_api.page import addresses
from tests.page.browser import Browser, chromium
from tests.page.serving import Server

PARTS, WHOLESALER = "spare-parts", "synthetic-wholesaler"
TIGHTER = {"targets": [{"fill_rate": 0.97, "response_hours": 24}]}
PATCHES = [{"carrying_rate_per_year": rate} for rate in (0.15, 0.22, 0.3)]


def take(folder: Path) -> list[Path]:
    """Make scenarios and runs on an empty store, and a picture of every screen."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        server, driver = Server(Path(home)), chromium()
        try:
            return _taken(Browser(driver, server.address), folder)
        finally:
            driver.quit()
            server.stop()


def _taken(browser: Browser, folder: Path) -> list[Path]:
    made: list[Path] = []

    def picture(name: str, path: str, *words: str) -> None:
        browser.go(path).see(*words)
        # What is drawn into the page by scripts comes after its words.
        browser.until(lambda: browser.driver.execute_script(DRAWN), f"{name} to be drawn")
        made.append(folder / f"{name}.png")
        browser.screenshot(str(made[-1]))
        print(made[-1])

    browser.go(addresses.look(addresses.SCENARIOS, theme="light", language="en"))
    picture("scenarios-empty", addresses.SCENARIOS)
    picture("new-scenario", addresses.new_scenario())
    for name in (PARTS, WHOLESALER):
        browser.go(addresses.new_scenario()).click(f"Begin with it: {name}").see("Solve this version")
    ask = _asking(browser.address)
    run = ask({"kind": "solve", "base": {"name": PARTS}})
    other = ask({"kind": "solve", "base": {"name": PARTS}, "patch": TIGHTER})
    frontier = ask({"kind": "frontier", "base": {"name": PARTS}, "settings": {"points": 5}})
    sweep = ask({"kind": "sweep", "base": {"name": PARTS}, "settings": {"patches": PATCHES}})
    picture("scenarios", addresses.SCENARIOS, PARTS)
    picture("scenario", addresses.scenario(PARTS), "Versions")
    picture("profile", addresses.profile(WHOLESALER), "From the file to the demand")
    for part in ("targets", "demand", "means", "rates", "stock", "rules", "general"):
        address = addresses.asking(addresses.edit(WHOLESALER), part=part)
        picture(f"edit-{part}", address, "Check of the draft")
    picture("solve", addresses.run(run))
    picture("policy", addresses.policy(run))
    picture("frontier", addresses.frontier(frontier))
    picture("compare", addresses.compare(run, other))
    picture("sweep", addresses.sweep(sweep))
    browser.go(addresses.look(addresses.SCENARIOS, theme="dark", language="zh"))
    picture("policy-dark-chinese", addresses.policy(run))
    picture("profile-dark-chinese", addresses.profile(WHOLESALER))
    return made


DRAWN = """
return [...document.querySelectorAll('.nicegui-echart')].every(one => one.querySelector('svg'))
    && [...document.querySelectorAll('.nicegui-aggrid')].every(one => one.querySelector('.ag-root'))"""


def _asking(address: str) -> Callable[[dict[str, Any]], str]:
    """What asks for a run over HTTP, and returns its id when it has ended."""

    def ask(body: dict[str, Any]) -> str:
        with httpx2.Client(base_url=address, timeout=120) as client:
            run = client.post("/v1/runs", json=body, headers={"Prefer": "wait=30"}).raise_for_status().json()
            while run["state"] in ("queued", "running"):
                run = client.get(f"/v1/runs/{run['id']}").json()
        return str(run["id"])

    return ask


if __name__ == "__main__":
    take(Path(sys.argv[1] if len(sys.argv) > 1 else "out/screens"))
