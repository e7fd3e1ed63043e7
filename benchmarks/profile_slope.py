"""The profile at several sizes: whether time is linear in the lines, and memory stays where it was put."""

import math
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter, process_time
from typing import Any

from benchmarks.many_lines import ManyLines, write_many_lines
from benchmarks.order_lines import four_in_pandas
from benchmarks.race import memory_marks
from servicepolicy_api.answering import profile
from servicepolicy_optimizer.demand_reading import DemandFiles

MEMORY_LIMIT = "1GB"
"""For the database; libraries and what comes back are beside it."""

SPILL = "spilling"
"""The folder, below that of the material, in which the database may spill."""

LOOK_SECONDS = 0.5
"""Time between two looks at how much lies there."""


@dataclass(frozen=True)
class Contestant:
    """Who profiles, from which kind of file, and up to how many lines."""

    work: Callable[[ManyLines], object]
    kind: str
    most_lines: int


@dataclass(frozen=True)
class Slope:
    """Sizes, and who is measured at them."""

    name: str
    about: str
    goal: str
    sizes: Sequence[int]
    contestants: Mapping[str, Contestant]


@dataclass(frozen=True)
class Point:
    """What one contestant took for one size, once, in a process of its own."""

    name: str
    lines: int
    seconds: float
    processor_seconds: float
    peak_mb: float
    disk_mb: float
    """The most that lay in the folder in which the database spills, beside the file of order lines."""


def ours(material: ManyLines) -> object:
    """The whole profile, as `servicepolicy profile` makes it."""
    spill = material.folder / SPILL
    files = DemandFiles(material.folder, orders=material.orders, memory_limit=MEMORY_LIMIT, spill=spill)
    return profile(material.scenario, files)


def in_pandas(material: ManyLines) -> object:
    """The four aggregations; nothing is checked or cleaned."""
    return four_in_pandas(material.orders)


def measured(slope: Slope) -> list[Point]:
    """Every contestant at every size; a file is gone before the next is written."""
    points = []
    for size in slope.sizes:
        for kind in dict.fromkeys(one.kind for one in slope.contestants.values() if size <= one.most_lines):
            with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
                material = write_many_lines(Path(folder), size, kind)
                points += [
                    _point(name, one, material)
                    for name, one in slope.contestants.items()
                    if one.kind == kind and size <= one.most_lines
                ]
    return points


def _point(name: str, contestant: Contestant, material: ManyLines) -> Point:
    spawn = multiprocessing.get_context("spawn")
    receiving, sending = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_run, args=(contestant.work, material, sending))
    child.start()
    sending.close()
    seconds, processor_seconds, peak_mb, disk_mb = receiving.recv()
    child.join()
    return Point(name, material.lines, seconds, processor_seconds, peak_mb, disk_mb)


def _run(work: Callable[[ManyLines], object], material: ManyLines, sending: Any) -> None:
    spill = material.folder / SPILL
    spill.mkdir(exist_ok=True)
    with memory_marks() as marks, most_in(spill) as disk:
        began, processor = perf_counter(), process_time()
        work(material)
        taken = perf_counter() - began, process_time() - processor
    if left := list(spill.iterdir()):
        raise RuntimeError(f"left behind: {left}")
    sending.send((*taken, marks.peak_mb, disk.most_mb))


@dataclass
class Filled:
    """The most that a folder held."""

    most_mb: float = 0.0


@contextmanager
def most_in(folder: Path) -> Iterator[Filled]:
    """Look at a folder again and again while something runs."""
    filled, over = Filled(), Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            filled.most_mb = max(filled.most_mb, _held_mb(folder))

    looking = Thread(target=look)
    looking.start()
    try:
        yield filled
    finally:
        over.set()
        looking.join()


def _held_mb(folder: Path) -> float:
    held = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            held += file.stat().st_blocks * 512
    return held / 1e6


def table(slope: Slope, points: Sequence[Point]) -> str:
    """The points in Markdown. Power: of the lines, in which processor time grew from the size before."""
    heads = "|  | lines | time | processor time | of it a million lines | power | peak memory | disk |"
    rows, last = [], dict[str, Point]()
    for one in sorted(points, key=lambda point: (list(slope.contestants).index(point.name), point.lines)):
        before = last.get(one.name)
        power = f"{_power(before, one):.2f}" if before else ""
        rows.append(
            f"| {one.name} | {one.lines:,} | {one.seconds:.3g} s | {one.processor_seconds:.3g} s "
            f"| {one.processor_seconds / one.lines * 1e6:.3g} s | {power} | {one.peak_mb:,.0f} MB "
            f"| {one.disk_mb:,.0f} MB |"
        )
        last[one.name] = one
    return "\n".join([heads, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", *rows])


def _power(before: Point, after: Point) -> float:
    return math.log(after.processor_seconds / before.processor_seconds) / math.log(after.lines / before.lines)


_ABOUT = (
    "Each once, in a process of its own. Ours checks, cleans and adds up everything that `servicepolicy "
    f"profile` shows, with two threads, and {MEMORY_LIMIT} of memory for its database; pandas does the four "
    "aggregations only, with one. Power: of the lines, in which processor time grew from the size before."
)

_PARQUET = Contestant(ours, "parquet", 100_000_000)
_CSV = Contestant(ours, "csv", 100_000_000)

SHORT = Slope(
    name="Profile at several sizes, short",
    about=_ABOUT,
    goal="linear in the lines",
    sizes=(300_000, 1_000_000, 3_000_000),
    contestants={
        "servicepolicy profile, Parquet": _PARQUET,
        "servicepolicy profile, CSV": _CSV,
        "pandas, four aggregations, Parquet": Contestant(in_pandas, "parquet", 3_000_000),
    },
)

FULL = Slope(
    name="Profile at several sizes, Parquet",
    about=f"{_ABOUT} pandas would need some 28 GB for 100 million lines, so it stops before.",
    goal="50 million lines at least 5 x as fast as pandas and below 1.5 GB; 100 million below 2 GB, linear "
    "in lines",
    sizes=(1_000_000, 10_000_000, 50_000_000, 100_000_000),
    contestants={
        "servicepolicy profile": _PARQUET,
        "pandas, four aggregations": Contestant(in_pandas, "parquet", 50_000_000),
    },
)

FULL_CSV = Slope(
    name="Profile at several sizes, CSV",
    about=_ABOUT,
    goal="100 million lines below 2 GB, linear in lines",
    sizes=(1_000_000, 10_000_000, 50_000_000),
    contestants={"servicepolicy profile": _CSV},
)
