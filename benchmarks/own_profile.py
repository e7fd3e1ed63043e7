"""Where our own time and memory go: a first solve, looked at by stage, by room and by function."""

import cProfile
import pstats
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.race import memory_marks
from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import in_silence

ROOM = "servicepolicy_optimizer/"
TOP = 15
"""Functions shown."""
LEAST_SHARE = 0.005
"""Of all time: what takes less is not shown."""

WRAPPERS = ("<lambda>", "paused", "recalled")
"""Functions that only pass on what they are asked."""

Question = tuple[Scenario, Facts]
Spot = tuple[str, int, str]
"""File, line, function."""


@dataclass(frozen=True)
class OwnProfile:
    """A question whose solve is looked at."""

    name: str
    about: str
    prepare: Callable[[Path], Question]


@dataclass(frozen=True)
class Spent:
    """Where processor time went, in seconds."""

    by_stage: Mapping[str, float]
    """Without a profiler."""
    by_room: Mapping[str, float]
    """Own time of every function, by the room or library that it is in; with a profiler."""
    by_function: Mapping[str, tuple[int, float]]
    """Calls, and seconds with everything that is called."""
    peak_mb: float
    waiting_mb: float


def spent(what: OwnProfile) -> Spent:
    """Solve once without a profiler, and once with one."""
    with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
        scenario, facts = what.prepare(Path(folder))
    with memory_marks() as marks:
        policy = recommend(scenario, facts, process_time, in_silence)
    profiler = cProfile.Profile(process_time)
    profiler.runcall(recommend, scenario, facts, process_time, in_silence)
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    by_room: dict[str, float] = defaultdict(float)
    by_function: dict[str, tuple[int, float]] = {}
    for spot, (_, calls, own, whole, callers) in stats.items():
        by_room[_room(spot)] += own if not _is_built_in(spot) else 0.0
        for caller, (_, _, of_caller, _) in callers.items() if _is_built_in(spot) else ():
            by_room[_room(spot, caller)] += of_caller
        if ROOM in spot[0] and spot[2] not in WRAPPERS:
            by_function[f"`{spot[0].split(ROOM)[1]}` {spot[2]}"] = (calls, whole)
    return Spent(policy.proof.seconds, by_room, by_function, marks.peak_mb, marks.waiting_mb)


def _is_built_in(spot: Spot) -> bool:
    return spot[0] == "~"


def _room(spot: Spot, caller: Spot | None = None) -> str:
    """Our room, or the library. What is built in counts to its caller, but for HiGHS."""
    if "highspy" in spot[2]:
        return "HiGHS"
    file = (caller or spot)[0]
    if ROOM in file:
        return f"`{file.split(ROOM)[1].split('/')[0]}`"
    if "site-packages/" in file:
        return file.split("site-packages/")[1].split("/")[0]
    return "Python and the rest"


def own_section(what: OwnProfile, found: Spent) -> str:
    """The tables in Markdown."""
    rooms = _shares(found.by_room)
    functions = sorted(found.by_function.items(), key=lambda one: -one[1][1])
    total = sum(found.by_room.values())
    named = [
        f"| {name} | {calls:,} | {seconds / total:.0%} |"
        for name, (calls, seconds) in functions
        if seconds < 0.6 * total
    ][:TOP]
    return "\n".join(
        [
            f"## {what.name}\n",
            f"{what.about} Peak memory {found.peak_mb:,.0f} MB, {found.waiting_mb:,.0f} MB of it before.\n",
            "| stage | processor seconds | share |\n| --- | ---: | ---: |",
            *(
                f"| {name} | {seconds:.2f} | {share:.0%} |"
                for name, seconds, share in _shares(found.by_stage)
            ),
            "\nOwn time by room or library, under a profiler, which makes small functions look dearer:\n",
            "| room or library | share |\n| --- | ---: |",
            *(f"| {name} | {share:.0%} |" for name, _, share in rooms),
            f"\nOur {TOP} dearest functions below the contents page, with what they call:\n",
            "| function | calls | share |\n| --- | ---: | ---: |",
            *named,
            "",
        ]
    )


def _shares(seconds: Mapping[str, float]) -> list[tuple[str, float, float]]:
    total = max(sum(seconds.values()), 1e-9)
    ordered = sorted(seconds.items(), key=lambda one: -one[1])
    return [(name, one, one / total) for name, one in ordered if one >= LEAST_SHARE * total]


def wholesaler(customers: int, items: int, lines: int) -> Callable[[Path], Question]:
    """A synthetic wholesaler with nine segments."""

    def prepare(folder: Path) -> Question:
        scenario = read_scenario(write_wholesaler(folder, 7, customers, items, lines).read_bytes())
        return scenario, read_demand(scenario, DemandFiles(folder))

    return prepare


SMALL = OwnProfile(
    "Where a first solve spends itself, 80 items",
    "Nine segments, 120 customers, 8,000 order lines, one thread; the demand is read already.",
    wholesaler(120, 80, 8_000),
)
LARGE = OwnProfile(
    "Where a first solve spends itself, 1,500 items",
    "Nine segments, 500 customers, 60,000 order lines, one thread; the demand is read already.",
    wholesaler(500, 1_500, 60_000),
)
