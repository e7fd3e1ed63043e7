"""How quickly the service answers at a stated rate, and what it costs in memory: `make load`.

python -m benchmarks.load                                           both databases; writes docs/performance.md
python -m benchmarks.load --database sqlite --seconds 5 --solves 20  one of them, nothing written
python -m benchmarks.load --memory                                   memory alone, over 500 small solves

Requests leave at their time whether earlier ones are answered or not; a latency counts from the time at which
the request should have left. The first seconds, in which the client opens its connections, are not counted.
While requests leave at a rate the client's garbage collector rests, and how late the client itself sent them
is a row.
Client and service share the machine, and speak through loopback only. Processor milliseconds a request hold
on a busy machine too; while POSTs come, following the two runs that compute is among them.
"""

import argparse
import asyncio
import gc
import json
import statistics
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import httpx2

from benchmarks.page import write
from benchmarks.processes import PATIENCE_SECONDS, Installation, installation

GETS_PER_SECOND, POSTS_PER_SECOND = 300, 100
CANCELS, FOLLOWED, AT_ONCE = 30, 5, 4
WARM_UP_SECONDS = 4.0
WARM_UP_SOLVES, LOOKS = 20, 5
"""Memory alone is looked at so often, after libraries and pools have been filled."""
SMALL: dict[str, Any] = {
    "stock_policies": ["pooled"],
    "current_policy": [],
    "limits": {"rungs": 8, "price_levels": 6},
}
ASYNC = {"Prefer": "respond-async"}
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One measurement: milliseconds at the median and at p99, or megabytes before and after."""

    what: str
    number: int
    first: float
    last: float
    failed: int
    goal: str
    processor_ms: float | None = None
    """Of all processes of the service and its database, each request, those of the warm-up among them."""


def load(database: str, seconds: float, solves: int) -> list[Row]:
    """Start a service and measure it."""
    with installation(database, workers=1, waiting_runs="100000") as service:
        return asyncio.run(_measured(service, seconds, solves))


def memory(database: str, solves: int) -> list[Row]:
    """Start a service and measure its memory alone."""
    with installation(database, workers=1, waiting_runs="100000") as service:
        return asyncio.run(_memory_by_and_by(service, solves))


async def _memory_by_and_by(service: Installation, solves: int) -> list[Row]:
    async with httpx2.AsyncClient(base_url=service.address, timeout=60) as client:
        scenario = (await client.get("/v1/examples/spare-parts")).json()
        small = {
            **scenario,
            "stock_policies": ["pooled"],
            "supply": scenario["supply"][:1],
            "current_policy": [],
        }
        rows, failed = list[Row](), await _solved(client, small, range(WARM_UP_SOLVES))
        before = resident_mb(service)
        for look in range(LOOKS):
            seeds = range(solves * look // LOOKS, solves * (look + 1) // LOOKS)
            failed += await _solved(client, small, range(seeds.start + 1_000, seeds.stop + 1_000))
            what = f"memory before and after {seeds.stop} small solves, MB"
            rows.append(Row(what, seeds.stop, before, resident_mb(service), failed, "no growth"))
        return rows


async def _measured(service: Installation, seconds: float, solves: int) -> list[Row]:
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx2.AsyncClient(base_url=service.address, timeout=60, limits=limits) as client:
        scenario = (await client.get("/v1/examples/spare-parts")).json()
        run = await _ended(client, await _ask(client, scenario, 0))
        put = await client.put("/v1/policies/load", json={"run": run}, headers={"If-None-Match": "*"})
        put.raise_for_status()
        gets = [
            f"/v1/runs/{run}", "/v1/policies/load", "/v1/runs?limit=20",
            f"/v1/policies/load/lookup?item={scenario['demand']['items'][0]['item']}&customer_class=A",
        ]  # fmt: skip
        rows = [await _memory(service, client, scenario, solves)]
        rows += [await _lag(client, scenario)]
        rows += await _gets(service, client, gets, seconds)
        rows += await _posts_and_cancels(service, client, scenario, seconds)
        return rows


async def _memory(
    service: Installation, client: httpx2.AsyncClient, scenario: dict[str, Any], solves: int
) -> Row:
    """Resident memory of all our processes, without those of runs, before and after so many solves."""
    before = resident_mb(service)
    failed = await _solved(client, scenario, range(1_000_000, 1_000_000 + solves))
    what = f"memory before and after {solves} solves, MB"
    return Row(what, solves, before, resident_mb(service), failed, "no growth")


def resident_mb(service: Installation) -> float:
    """Resident memory of servers and workers, and of the processes that runs are forked from."""
    return sum(one.memory_mb() for one in service.programs)


async def _solved(client: httpx2.AsyncClient, scenario: dict[str, Any], seeds: range) -> int:
    """Ask the same with other seeds, some at once; how many did not succeed."""
    waiting = asyncio.Semaphore(AT_ONCE)

    async def one(seed: int) -> bool:
        async with waiting:
            ended = await _ended(client, await _ask(client, scenario, seed))
            return bool((await client.get(f"/v1/runs/{ended}")).json()["state"] != "succeeded")

    return sum(await asyncio.gather(*map(one, seeds)))


async def _lag(client: httpx2.AsyncClient, scenario: dict[str, Any]) -> Row:
    """From the time of an event to its arrival."""
    lags: list[float] = []
    for seed in range(FOLLOWED):
        run = await _ask(client, scenario, 2_000_000 + seed)
        async with client.stream("GET", f"/v1/runs/{run}/events") as events:
            async for line in events.aiter_lines():
                if line.startswith("data: "):
                    at = datetime.fromisoformat(json.loads(line[6:])["at"])
                    lags.append((datetime.now(UTC) - at).total_seconds())
    return _row("lag of server-sent events, ms", lags, 0, "1 s")


async def _gets(
    service: Installation, client: httpx2.AsyncClient, paths: list[str], seconds: float
) -> list[Row]:
    async def get(number: int) -> bool:
        return (await client.get(paths[number % len(paths)])).status_code == 200

    before = service.processor_seconds()
    sent = await at_a_rate(get, GETS_PER_SECOND, seconds)
    each_ms = 1_000 * (service.processor_seconds() - before) / len(sent.answers)
    failed = sum(not one for one in sent.answers)
    what = f"GET at {GETS_PER_SECOND} a second, ms"
    return [_row(what, sent.latencies, failed, "p99 50 ms", each_ms), _client_row(what, sent)]


async def _posts_and_cancels(
    service: Installation, client: httpx2.AsyncClient, scenario: dict[str, Any], seconds: float
) -> list[Row]:
    """Each a new question; then some that run or wait are cancelled, one after the other."""
    shown = {**scenario, "limits": {**scenario.get("limits", {}), "seed": 123_454_321}}
    before, after = json.dumps({"scenario": shown}).split("123454321")
    headers = {**ASYNC, "Content-Type": "application/json"}

    async def post(number: int) -> str | None:
        body = f"{before}{3_000_000 + number}{after}"
        answered = await client.post("/v1/runs", content=body, headers=headers)
        return str(answered.json()["id"]) if answered.status_code == 202 else None

    spent = service.processor_seconds()
    sent = await at_a_rate(post, POSTS_PER_SECOND, seconds)
    each_ms = 1_000 * (service.processor_seconds() - spent) / len(sent.answers)
    made = [one for one in sent.answers if one is not None]
    what, failed = f"POST of a run at {POSTS_PER_SECOND} a second, ms", len(sent.answers) - len(made)
    rows = [_row(what, sent.latencies, failed, "p99 250 ms", each_ms), _client_row(what, sent)]
    taken, refused = [], 0
    running = (await client.get("/v1/runs?state=running")).json()["runs"]
    for run in [*[one["id"] for one in running], *made[-CANCELS:]]:
        began = time.perf_counter()
        answered = await client.post(f"/v1/runs/{run}:cancel")
        taken.append(time.perf_counter() - began)
        refused += answered.status_code != 200
    return [*rows, _row("cancel until it has ended, ms", taken, refused, "1 s")]


@dataclass(frozen=True)
class Sent(Generic[T]):
    """What came of requests that were sent at their times."""

    latencies: list[float]
    """Seconds from the time at which a request should have left until its answer; without the warm-up."""
    late: list[float]
    """Seconds of these that went by before the client let it go: not the service's."""
    answers: list[T | None]
    """What was made of each answer, the warm-up's too. None: there was none."""


async def at_a_rate(
    request: Callable[[int], Coroutine[Any, Any, T]],
    per_second: int,
    seconds: float,
    warm_up_seconds: float = WARM_UP_SECONDS,
) -> Sent[T]:
    """Send requests at their times. request: returns what is to be kept of an answer, and nothing more."""
    latencies, late = list[float](), list[float]()

    async def one(number: int, due: float) -> T | None:
        left = time.perf_counter()
        try:
            return await request(number)
        except httpx2.HTTPError:
            return None
        finally:
            if due >= began + warm_up_seconds:
                latencies.append(time.perf_counter() - due)
                late.append(left - due)

    with _uncollected():
        began, sent = time.perf_counter(), []
        for number in range(round(per_second * (warm_up_seconds + seconds))):
            due = began + number / per_second
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            sent.append(asyncio.create_task(one(number, due)))
        return Sent(latencies, late, list(await asyncio.gather(*sent)))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector from stopping the client, which would be taken for the service's time."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _ask(client: httpx2.AsyncClient, scenario: dict[str, Any], seed: int) -> str:
    body = {"scenario": {**scenario, "limits": {**scenario.get("limits", {}), "seed": seed}}}
    answered = await client.post("/v1/runs", json=body, headers=ASYNC)
    answered.raise_for_status()
    return str(answered.json()["id"])


async def _ended(client: httpx2.AsyncClient, run: str) -> str:
    """Return when a run has ended: its events end then."""
    await client.get(f"/v1/runs/{run}/events", timeout=PATIENCE_SECONDS)
    return run


def _row(what: str, seconds: list[float], failed: int, goal: str, processor_ms: float | None = None) -> Row:
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return Row(
        what, len(ordered), 1_000 * statistics.median(ordered), 1_000 * p99, failed, goal, processor_ms
    )


def _client_row(what: str, sent: Sent[T]) -> Row:
    return _row(f"of these until the client sent it: {what}", sent.late, 0, "")


def table(measured: dict[str, list[Row]]) -> str:
    """The rows of each database in Markdown."""
    lines = ["| database | what | number | p50 (before) | p99 (after) | failed | goal | processor, ms each |",
             "| --- | --- | ---: | ---: | ---: | ---: | --- | ---: |"]  # fmt: skip
    for database, rows in measured.items():
        lines += [
            f"| {database} | {one.what} | {one.number} | {one.first:.1f} | {one.last:.1f} | {one.failed} "
            f"| {one.goal} | {'' if one.processor_ms is None else f'{one.processor_ms:.1f}'} |"
            for one in rows
        ]
    return "\n".join(lines)


def main() -> None:
    """Measure the databases that are asked for."""
    parser = argparse.ArgumentParser(description="How quickly the service answers at a stated rate.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="one; nothing is written")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each rate")
    parser.add_argument("--solves", type=int, default=500)
    parser.add_argument("--memory", action="store_true", help="nothing but memory, of small solves")
    asked = parser.parse_args()
    names = [asked.database] if asked.database else ["sqlite", "postgresql"]
    measured = {
        name: memory(name, asked.solves) if asked.memory else load(name, asked.seconds, asked.solves)
        for name in names
    }
    print(table(measured), flush=True)
    if not asked.database:
        write("load: memory" if asked.memory else "load", table(measured))


if __name__ == "__main__":
    main()
