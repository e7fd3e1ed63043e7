"""Pictures of every screen, to be looked at: `make screens`.

python -m tests.page.screens                  every screen, into out/screens; those of the README into docs/
python -m tests.page.screens --only policy    one of them, nothing into docs/

A wholesaler that does not exist is solved, changed, solved again and played; each screen is taken in English
and light at 1280 pixels, and in Chinese and dark at 1600.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from servicepolicy_api.page import addresses
from servicepolicy_api.wholesaler_files import write_wholesaler
from tests.page.browser import Browser, chromium
from tests.page.questions import TIGHT, Questions
from tests.page.serving import Server

SEED, CUSTOMERS, ITEMS, LINES = 7, 150, 120, 10_000
LOOKS = (("light", "en", 1280), ("dark", "zh", 1600))
"""Colours, language, width in pixels."""
NAME = "wholesaler"
FOLDER, DOCS = Path("out/screens"), Path("docs/screens")
IN_README = ("policy", "frontier")
SETTLED_SECONDS = 0.6
"""Charts are drawn a moment after the words are there."""


@dataclass(frozen=True)
class Material:
    """Ids of runs to be shown."""

    solved: str
    later: str
    tight: str
    frontier: str
    sweep: str

    def addresses(self) -> dict[str, str]:
        """Name of a screen -> where it is."""
        return {
            "scenarios": addresses.SCENARIOS,
            "scenario": addresses.scenario(NAME),
            "new-scenario": addresses.new_scenario(),
            "profile": addresses.profile(NAME),
            "edit": addresses.edit(NAME),
            "solve": addresses.solve(NAME),
            "runs": addresses.RUNS,
            "run": addresses.run(self.solved),
            "infeasible": addresses.run(self.tight),
            "policy": addresses.policy(self.solved),
            "segment": addresses.segment(self.solved, "A", "A", "North"),
            "policies": addresses.POLICIES,
            "frontier": addresses.asking(addresses.frontier(self.frontier), point=4),
            "compare": addresses.compare(self.solved, self.later),
            "sweep": addresses.sweep(self.sweep),
            "sweeps": addresses.ask_sweep(self.solved),
        }


def main() -> None:
    """Solve, and take the pictures."""
    parser = argparse.ArgumentParser(description="Take pictures of every screen.")
    parser.add_argument("--only", help="one screen, nothing into docs/")
    parser.add_argument("--out", type=Path, default=FOLDER)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="servicepolicy-screens-") as folder, serving(Path(folder)) as server:
        shown = prepared(Questions(server.address), Path(folder)).addresses()
        if asked.only:
            shown = {asked.only: shown[asked.only]}
        for look in LOOKS:
            for name, path in taken(server.address, shown, look, asked.out):
                print(path, flush=True)
                if look is LOOKS[0] and name in IN_README and not asked.only:
                    DOCS.mkdir(parents=True, exist_ok=True)
                    (DOCS / f"{name}.png").write_bytes(path.read_bytes())


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A service whose data folder is this one."""
    os.environ["SERVICEPOLICY_DATA_FOLDER"] = str(folder)
    running = Server(folder)
    try:
        yield running
    finally:
        running.stop()


def prepared(questions: Questions, folder: Path) -> Material:
    """Everything that the screens show."""
    write_wholesaler(folder, SEED, CUSTOMERS, ITEMS, LINES)
    scenario = questions.send("GET", "/v1/examples/synthetic-wholesaler")
    questions.keep(NAME, scenario)
    base = {"name": NAME}
    solved = questions.asked("runs", base=base)
    questions.asked("runs", kind="backtest", base=base)
    questions.asked("prices", base=base, settings={"only": ["A/A (North)", "A/A (South)"]})
    frontier = questions.asked("frontiers", base=base, settings={"points": 9})
    rates = [{"carrying_rate_per_year": rate} for rate in (0.15, 0.2, 0.25, 0.3)]
    sure = [{"on_time_probability": share} for share in (0.9, 0.95, 0.98)]
    sweep = questions.asked("sweeps", base=base, settings={"grid": [rates, sure]})
    questions.keep(NAME, scenario | {"carrying_rate_per_year": 0.3, "on_time_probability": 0.98}, version=1)
    later = questions.asked("runs", base=base)
    questions.asked("comparisons", settings={"runs": [solved, later]})
    questions.send("PUT", f"/v1/policies/{NAME}", {"run": solved, "note": "for 2026"}, If_None_Match="*")
    questions.keep("too tight", TIGHT)
    tight = questions.asked("runs", base={"name": "too tight"})
    questions.asked("repairs", base={"name": "too tight"})
    return Material(solved, later, tight, frontier, sweep)


def taken(
    address: str, shown: dict[str, str], look: tuple[str, str, int], out: Path
) -> Iterator[tuple[str, Path]]:
    """Take the pictures in one look: name of the screen, and the file."""
    theme, language, width = look
    driver = chromium()
    try:
        driver.set_window_size(width, 1000)
        browser = Browser(driver, address)
        browser.go(addresses.look(addresses.SCENARIOS, theme=theme, language=language))
        for name, path in shown.items():
            browser.go(path)
            sleep(SETTLED_SECONDS)
            file = out / f"{name}-{theme}-{language}-{width}.png"
            browser.screenshot(str(file))
            yield name, file
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
