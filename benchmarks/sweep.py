"""How much of two processors a sweep makes use of: `make sweep`.

python -m benchmarks.sweep                                        both databases; writes docs/performance.md
python -m benchmarks.sweep --database sqlite --points 20 --rounds 2  one of them, nothing written

Ideal is the sum of the solve times of all points, divided by two. The solve times are those of two processes
that do what the process of a run does and nothing else, side by side, each half of the points one after the
other: no service, no store, no process for each. Then the service sweeps the same points. Both take their
turns in one run, so that a busy machine slows both. Nothing that was computed before is recalled, on either
side: a point would cost whoever comes second less.
"""

import argparse
import gc
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

import httpx2
import orjson

from benchmarks.page import write
from benchmarks.processes import PATIENCE_SECONDS, Installation, installation
from servicepolicy_api.kinds.order import Listener, Order
from servicepolicy_api.question import read_again
from servicepolicy_api.running.process import RunProcess, forks, warm_up
from servicepolicy_api.settings import Settings
from servicepolicy_models.merge_patch import merged
from servicepolicy_models.reading import read_scenario

PLACES = 2


@dataclass(frozen=True)
class Round:
    """One turn of both."""

    ideal_seconds: float
    sweep_seconds: float
    first_row_seconds: float
    """Until a row of the sweep could be read."""


def solve_all(told: Connection, order: Order) -> None:
    """Solve every patch of an order one after the other, and tell the seconds of each; the first warms up."""
    from servicepolicy_api.kinds.solve import solve

    gc.freeze()  # as the process of a run does
    base, seconds = order.question.scenario.model_dump(mode="json"), []
    scenarios = [read_scenario(orjson.dumps(merged(base, patch))) for patch in order.settings["patches"]]
    asked = [replace(order, question=replace(order.question, scenario=one)) for one in scenarios]
    deaf = Listener(tell=lambda stage, done, word: None, keep=lambda held: None)
    solve(asked[0], deaf)
    for one in asked:
        began = time.perf_counter()
        solve(one, deaf)
        seconds.append(time.perf_counter() - began)
    told.send(seconds)


def alone(scenario: dict[str, Any], patches: Sequence[dict[str, Any]]) -> float:
    """The sum of the solve times of all patches, in processes that do nothing else, divided by two."""
    context = forks()
    warm_up(context)
    question = read_again(orjson.dumps(scenario), Settings(recall_bytes=0), lambda _: None)
    order = Order("alone", "solve", question, {})
    running = [
        RunProcess(context, replace(order, settings={"patches": patches[one::PLACES]}), solve_all)
        for one in range(PLACES)
    ]
    told: list[Any] = [one.heard(PATIENCE_SECONDS)[0] for one in running]
    for one in running:
        one.end()
    return sum(map(sum, told)) / PLACES


def swept(
    client: httpx2.Client, scenario: dict[str, Any], patches: Sequence[dict[str, Any]]
) -> tuple[float, float]:
    """Seconds from the request until the sweep has ended, and until its first row could be read."""
    began, first = time.perf_counter(), 0.0
    body = {"scenario": scenario, "settings": {"patches": list(patches)}}
    answered = client.post("/v1/sweeps", json=body, headers={"Prefer": "respond-async"})
    answered.raise_for_status()
    run = answered.json()["id"]
    with client.stream("GET", f"/v1/runs/{run}/events", timeout=PATIENCE_SECONDS) as events:
        for line in events.iter_lines():
            if line.startswith("event: progress") and not first:
                first = time.perf_counter() - began
    seconds = time.perf_counter() - began
    ended = client.get(f"/v1/runs/{run}").json()
    rows = client.get(f"/v1/runs/{run}/results/rows").json()
    if ended["outcome"] not in ("done", "feasible") or len(rows) != len(patches):
        raise RuntimeError(f"the sweep ended as {ended['state']}, {ended['outcome']}, with {len(rows)} rows")
    return seconds, first


def measured(database: str, points: int, rounds: int) -> list[Round]:
    """Start a service with two places, and take turns."""
    places = {"sqlite": str(PLACES), "postgresql": "1"}
    with installation(
        database, workers=PLACES, concurrent_solves=places[database], recall_bytes="0"
    ) as service:
        return [_turn(service, points, number) for number in range(rounds)]


def _turn(service: Installation, points: int, number: int) -> Round:
    scenario = service.client.get("/v1/examples/spare-parts").json()
    # Another seed each time: no point was answered before, and each is as hard as it was.
    scenario["limits"] = {**scenario.get("limits", {}), "seed": number}
    patches = [{"carrying_rate_per_year": round(0.1 + 0.3 * one / points, 6)} for one in range(points)]
    ideal = alone(scenario, patches)
    return Round(ideal, *swept(service.client, scenario, patches))


def table(measured: dict[str, list[Round]], points: int) -> str:
    """The rounds of each database in Markdown."""
    lines = ["| database | points | rounds | ideal, s | sweep, s | ideal / sweep | first row, s | goal |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"]  # fmt: skip
    for database, rounds in measured.items():
        ratios = [one.ideal_seconds / one.sweep_seconds for one in rounds]
        ideal, sweep, first = (
            statistics.median(getattr(one, name) for one in rounds)
            for name in ("ideal_seconds", "sweep_seconds", "first_row_seconds")
        )
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        told = (database, points, len(rounds), f"{ideal:.1f}", f"{sweep:.1f}", spread, f"{first:.1f}",
                "at least 0.90")  # fmt: skip
        lines.append(f"| {' | '.join(map(str, told))} |")
    return "\n".join(lines)


def main() -> None:
    """Measure the databases that are asked for."""
    parser = argparse.ArgumentParser(description="How much of two processors a sweep makes use of.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="one; nothing is written")
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    names = [asked.database] if asked.database else ["sqlite", "postgresql"]
    found = {name: measured(name, asked.points, asked.rounds) for name in names}
    print(table(found, asked.points), flush=True)
    if not asked.database:
        write("sweep", table(found, asked.points))


if __name__ == "__main__":
    main()
