"""A race: contestants that do the same work on the same material, one after the other, several rounds.

Times are taken round by round, so that a busy machine slows all of them; only ratios are to be read. Peak
memory is that of a process of its own in which the contestant runs once.
"""

import multiprocessing
import resource
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

Contestant = Callable[[Any], object]
"""From the material to a result that nobody looks at; a function of a module, so that a child can find it."""


@dataclass(frozen=True)
class Race:
    """What is compared, and with what."""

    name: str
    about: str
    """What the contestants do, and what they do not do alike."""
    goal: str
    """What we want, in words; whether it is met is for the reader to see."""
    prepare: Callable[[Path], Any]
    """Makes the material, in a folder of its own; not measured. It is handed to other processes, so it must
    be picklable."""
    contestants: Mapping[str, Contestant]
    against: str
    """The contestant that the others are divided by."""
    rounds: int
    work: Callable[[Any], tuple[float, str]]
    """How much work the material is, and its unit: (1e6, "lines")."""
    clock: Callable[[], float] = perf_counter
    """What rounds are timed by: `process_time` counts the seconds of all processors."""
    once: bool = False
    """Contestants that take minutes run once, each in a process of its own that gives time and memory."""
    warm_up: Callable[[], object] | None = None
    """What such a process does before it is looked at."""


@dataclass(frozen=True)
class Lap:
    """What one contestant came to."""

    name: str
    seconds: float
    """Median of the rounds."""
    ratio: float
    """Median over the rounds of its time over that of the one it is compared with."""
    ratio_from: float
    ratio_to: float
    peak_mb: float
    """Of the whole process, libraries and material included."""
    waiting_mb: float
    """Of the same process just before it started: what libraries and material take."""
    elapsed_seconds: float
    """What somebody waits for it where nothing else runs, once, in that process."""


def run(race: Race) -> tuple[list[Lap], tuple[float, str]]:
    """Run all rounds and measure memory; the laps, and how much work one round is."""
    with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
        material = race.prepare(Path(folder))
        laps = _single_laps(race, material) if race.once else _laps(race, material)
        return laps, race.work(material)


def _single_laps(race: Race, material: object) -> list[Lap]:
    found = {name: alone(contestant, material, race.warm_up) for name, contestant in race.contestants.items()}
    against = found[race.against].seconds
    laps = []
    for name, one in found.items():
        ratio = one.seconds / against
        laps.append(
            Lap(name, one.seconds, ratio, ratio, ratio, one.peak_mb, one.waiting_mb, one.elapsed_seconds)
        )
    return laps


def _laps(race: Race, material: object) -> list[Lap]:
    seconds: dict[str, list[float]] = {name: [] for name in race.contestants}
    for contestant in race.contestants.values():
        contestant(material)  # a first round that is not counted: imports, caches, the file in memory
    for _ in range(race.rounds):
        for name, contestant in race.contestants.items():
            began = race.clock()
            contestant(material)
            seconds[name].append(race.clock() - began)
    laps = []
    for name, contestant in race.contestants.items():
        ratios = [own / other for own, other in zip(seconds[name], seconds[race.against], strict=True)]
        by_itself = alone(contestant, material)
        laps.append(
            Lap(
                name,
                statistics.median(seconds[name]),
                statistics.median(ratios),
                min(ratios),
                max(ratios),
                by_itself.peak_mb,
                by_itself.waiting_mb,
                by_itself.elapsed_seconds,
            )
        )
    return laps


@dataclass(frozen=True)
class Alone:
    """What a contestant took in a process of its own, in which it ran once."""

    seconds: float
    """Of a processor."""
    waiting_mb: float
    """The most memory before it began."""
    peak_mb: float
    elapsed_seconds: float


def alone(contestant: Contestant, material: object, warm_up: Callable[[], object] | None = None) -> Alone:
    """Run the contestant once in a process of its own, after what this does before."""
    spawn = multiprocessing.get_context("spawn")
    receiving, sending = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_run_alone, args=(contestant, material, warm_up, sending))
    child.start()
    sending.close()
    found: Alone = receiving.recv()
    child.join()
    return found


def _run_alone(
    contestant: Contestant, material: object, warm_up: Callable[[], object] | None, sending: Any
) -> None:
    if warm_up is not None:
        warm_up()
    with memory_marks() as marks:
        began, spent = perf_counter(), spent_seconds()
        contestant(material)
        seconds, elapsed = spent_seconds() - spent, perf_counter() - began
    sending.send(Alone(seconds, marks.waiting_mb, marks.peak_mb, elapsed))


def spent_seconds() -> float:
    """Of a processor, by this process and by children of its that have ended: some peers work in one."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + ended.ru_utime + ended.ru_stime


@dataclass
class Marks:
    """The most memory of this process, before and after something."""

    waiting_mb: float
    peak_mb: float = float("nan")


@contextmanager
def memory_marks() -> Iterator[Marks]:
    """Mark the memory of what runs within; what the material took on its way here does not count."""
    Path("/proc/self/clear_refs").write_text("5")
    marks = Marks(_most_mb())
    yield marks
    # One that works in a child of its own takes the child's memory.
    child_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
    marks.peak_mb = max(_most_mb(), child_mb)


def _most_mb() -> float:
    # Not getrusage: a process that is started inherits the peak of the one that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (kib,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kib) * 1024 / 1e6
