"""Pictures of every screen, to be looked at: `make screens`, or `python -m tests.page.pictures FOLDER`.

Each screen is taken in English and light at 1280 pixels, and in Chinese and dark at 1600.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from servicepolicy_api.page import addresses
from tests.page.browser import Browser, chromium
from tests.page.questions import TIGHT, Questions
from tests.page.serving import Server

PARTS, WHOLESALER, IN_VAIN = "spare-parts", "synthetic-wholesaler", "too-tight"
EDITED = ("targets", "demand", "means", "rates", "stock", "rules", "general")
LOOKS = (("light", "en", 1280), ("dark", "zh", 1600))
"""Colours, language, width in pixels."""
IN_README, README = ("policy", "frontier"), Path(__file__).parents[2] / "docs" / "screens"
"""What is seen of these at first stands in the README."""
DEARER = {"carrying_rate_per_year": 0.3, "targets": [{"fill_rate": 0.9, "response_hours": 48}]}
RATES = [{"carrying_rate_per_year": rate} for rate in (0.15, 0.2, 0.25, 0.3)]
SHARES = [{"on_time_probability": share} for share in (0.9, 0.95, 0.99)]


@dataclass(frozen=True)
class Runs:
    """What was asked, to be shown."""

    parts: str
    dearer: str
    wholesaler: str
    in_vain: str
    frontier: str
    sweep: str

    def screens(self) -> dict[str, str]:
        """Name of a picture -> the address of its screen."""
        edits = {f"edit-{part}": addresses.asking(addresses.edit(WHOLESALER), part=part) for part in EDITED}
        return {
            "scenarios": addresses.SCENARIOS,
            "new-scenario": addresses.new_scenario(),
            "scenario": addresses.scenario(PARTS),
            "profile": addresses.profile(WHOLESALER),
            **edits,
            "runs": addresses.RUNS,
            "solve-begin": addresses.solve(PARTS),
            "solve": addresses.run(self.wholesaler),
            "solve-infeasible": addresses.run(self.in_vain),
            "policy": addresses.policy(self.wholesaler),
            "policy-segment": addresses.segment(self.wholesaler, "A", "B", "*"),
            "policies": addresses.POLICIES,
            "frontiers": addresses.ask_frontier(self.parts),
            "frontier": addresses.asking(addresses.frontier(self.frontier), point=5),
            "compare-choose": addresses.COMPARE,
            "compare": addresses.compare(self.parts, self.dearer),
            "sweeps": addresses.ask_sweep(self.parts),
            "sweep": addresses.sweep(self.sweep),
        }


def take(folder: Path) -> None:
    """Make scenarios and runs on an empty store, and pictures of every screen."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        server, driver = Server(Path(home)), chromium()
        try:
            browser = Browser(driver, server.address)
            _look(browser, *LOOKS[0])
            _picture(browser, addresses.SCENARIOS, folder / "scenarios-empty.png")
            shown = _asked(browser, Questions(server.address)).screens()
            for look in LOOKS:
                _look(browser, *look)
                for name, path in shown.items():
                    _picture(browser, path, folder / f"{name}-{look[0]}-{look[1]}-{look[2]}.png")
            _look(browser, *LOOKS[0])
            for name in IN_README:
                _picture(browser, shown[name], README / f"{name}.png", is_whole=False)
        finally:
            driver.quit()
            server.stop()


def _asked(browser: Browser, questions: Questions) -> Runs:
    """Begin both examples on the page, and ask everything that the screens show."""
    for name in (PARTS, WHOLESALER):
        browser.go(addresses.new_scenario()).click(f"Begin with it: {name}").see("Solve this version")
    parts, wholesaler = ({"name": name} for name in (PARTS, WHOLESALER))
    solved = questions.asked("runs", base=wholesaler)
    questions.asked("runs", kind="backtest", base=wholesaler)
    questions.send(
        "PUT", f"/v1/policies/{WHOLESALER}", {"run": solved, "note": "for 2026"}, If_None_Match="*"
    )
    first, later = questions.asked("runs", base=parts), questions.asked("runs", base=parts, patch=DEARER)
    questions.asked("comparisons", settings={"runs": [first, later]})
    questions.keep(IN_VAIN, TIGHT)
    in_vain = questions.asked("runs", base={"name": IN_VAIN})
    questions.asked("repairs", base={"name": IN_VAIN})
    frontier = questions.asked("frontiers", base=parts, settings={"points": 9})
    sweep = questions.asked("sweeps", base=parts, settings={"grid": [RATES, SHARES]})
    return Runs(first, later, solved, in_vain, frontier, sweep)


def _look(browser: Browser, theme: str, language: str, width: int) -> None:
    browser.driver.set_window_size(width, 1000)
    browser.go(addresses.look(addresses.SCENARIOS, theme=theme, language=language))


def _picture(browser: Browser, path: str, file: Path, is_whole: bool = True) -> None:
    """Take a screen in all its height, or what is seen at first."""
    browser.go(path)
    # What is drawn into the page by scripts comes after its words.
    browser.until(lambda: browser.driver.execute_script(DRAWN), f"{path} to be drawn")
    browser.screenshot(str(file)) if is_whole else browser.driver.save_screenshot(str(file))
    print(file, flush=True)


DRAWN = """
return [...document.querySelectorAll('.nicegui-echart')].every(one => one.querySelector('svg'))
    && [...document.querySelectorAll('.nicegui-aggrid')].every(one => one.querySelector('.ag-root'))"""


if __name__ == "__main__":
    take(Path(sys.argv[1] if len(sys.argv) > 1 else "out/screens"))
