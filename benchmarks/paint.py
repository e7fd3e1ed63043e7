"""How soon a reader sees a policy: `make paint`, in a real Chromium.

python -m benchmarks.paint                       Online Retail beside a small one; writes docs/performance.md
python -m benchmarks.paint --rounds 3 --print    nothing written

The runs are saved beforehand, in a store that is kept: the first time Online Retail is solved, which takes
some minutes. A visit begins with an empty cache, and then comes again.
"""

import argparse
import json
import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.page import write
from tests.page.browser import Browser, chromium
from tests.page.questions import Questions, spare_parts
from tests.page.serving import Server

SHARED = Path(os.environ.get("SERVICEPOLICY_SHARED") or Path(__file__).parents[2] / "shared") / "data"
RETAIL = Path(__file__).parents[1] / "scenarios" / "online-retail" / "scenario.json"
LINES = "online-retail/online_retail.parquet"
ROUNDS = 9
GOAL_MS = 1_000
PAINT = """
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const [visit] = performance.getEntriesByType('navigation');
    return [paint.startTime, visit.responseEnd, visit.encodedBodySize];"""


@dataclass(frozen=True)
class Paint:
    """Visits to one policy, in milliseconds from the click."""

    name: str
    segments: int
    items: int
    first: tuple[float, ...]
    """First paint of the content, the cache empty."""
    again: tuple[float, ...]
    """The same with the page's files in the cache."""
    answer: float
    """Until the last byte of the page was there, with the cache."""
    kilobytes: float


def main() -> None:
    """Measure both policies."""
    parser = argparse.ArgumentParser(description="Measure the first paint of a policy.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder that holds online-retail/")
    parser.add_argument("--store", type=Path, default=Path("out/paint"), help="kept for the next time")
    parser.add_argument("--print", action="store_true", help="write nothing")
    asked = parser.parse_args()
    with serving(asked.store, asked.data) as server:
        questions = Questions(server.address)
        found = [
            painted(server.address, questions, name, run, asked.rounds)
            for name, run in saved(questions).items()
        ]
    text = told(found, asked.rounds)
    print(text)
    if not asked.print:
        write("paint", text)


@contextmanager
def serving(store: Path, data: Path) -> Iterator[Server]:
    """A service on a store that is kept."""
    store.mkdir(parents=True, exist_ok=True)
    os.environ["SERVICEPOLICY_DATA_FOLDER"] = str(data)
    running = Server(store.resolve())
    try:
        yield running
    finally:
        running.stop()


def saved(questions: Questions) -> dict[str, str]:
    """Name of a policy -> the run that holds it: found again, or solved now."""
    retail = json.loads(RETAIL.read_text(encoding="utf-8"))
    retail["demand"]["path"] = LINES
    return {
        "spare-parts": questions.asked("runs", scenario=spare_parts()),
        "online-retail": questions.asked("runs", scenario=retail),
    }


def painted(address: str, questions: Questions, name: str, run: str, rounds: int) -> Paint:
    """Visit a policy with an empty cache and again, round by round."""
    policy = questions.send("GET", f"/v1/runs/{run}/policy")
    driver = chromium()
    try:
        browser = Browser(driver, address)
        first, again = [], []
        for _ in range(rounds):
            driver.execute_cdp_cmd("Network.clearBrowserCache", {})
            first.append(_visit(browser, run))
            again.append(_visit(browser, run))
    finally:
        driver.quit()
    return Paint(
        name,
        len(policy["segments"]),
        len(policy["items"]),
        tuple(one[0] for one in first),
        tuple(one[0] for one in again),
        statistics.median(one[1] for one in again),
        again[-1][2] / 1000,
    )


def _visit(browser: Browser, run: str) -> list[float]:
    browser.driver.get("about:blank")
    browser.go(f"/page/runs/{run}/policy")
    measured: list[float] = browser.driver.execute_script(PAINT)
    return measured


def told(found: list[Paint], rounds: int) -> str:
    """The figures as a table, and how they stand to each other."""
    small, large = found
    ratio = statistics.median(one / other for one, other in zip(large.again, small.again, strict=True))
    kept = sum(one < GOAL_MS for one in large.first)
    head = "| policy | segments, items | first paint, ms | again, ms | page answered, ms | page, kB |"
    rows = [
        f"| {one.name} | {one.segments}, {one.items:,} | {_span(one.first)} | {_span(one.again)} "
        f"| {one.answer:.0f} | {one.kilobytes:.0f} |"
        for one in found
    ]
    said = (
        f"Median of {rounds} visits (least to most). Seen again, {large.name} takes {ratio:.2f} times as "
        f"long as {small.name}. With an empty cache {large.name} was painted within {GOAL_MS:,} ms in "
        f"{kept} of {rounds} visits."
    )
    return "\n".join([head, "| --- | ---: | ---: | ---: | ---: | ---: |", *rows, "", said])


def _span(times: tuple[float, ...]) -> str:
    return f"{statistics.median(times):.0f} ({min(times):.0f} to {max(times):.0f})"


if __name__ == "__main__":
    main()
