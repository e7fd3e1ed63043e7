"""A duel: contestants that may need minutes and may not finish, each once in a process of its own.

What counts beside time and memory is what they hold when they stop, so each says what it reached.
"""

import multiprocessing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.race import memory_marks, spent_seconds


@dataclass(frozen=True)
class Reached:
    """What a contestant holds at the end."""

    objective: float | None
    bound: float | None


@dataclass(frozen=True)
class Duel:
    """Who is compared on which material."""

    name: str
    about: str
    goal: str
    prepare: Callable[[Path], Any]
    """Makes the material, picklable; not measured."""
    contestants: Mapping[str, Callable[[Any], Reached]]
    """Ours first: the others are divided by it."""
    size: Callable[[Any], str]
    """The material in words."""
    handed: Callable[[str, Any], Any] = lambda name, material: material
    """What a contestant, by name, gets of the material: nobody holds in memory what only others read."""
    warm_up: Callable[[], object] | None = None
    """What the process of each contestant does before it is looked at."""


@dataclass(frozen=True)
class Bout:
    """What one contestant came to."""

    name: str
    seconds: float
    """Of a processor: the machine may do other things, too."""
    peak_mb: float
    waiting_mb: float
    reached: Reached | None
    """None: it failed, or is not installed."""


def fight(duel: Duel) -> tuple[list[Bout], str]:
    """Run every contestant; what each came to, and the material in words."""
    with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
        material = duel.prepare(Path(folder))
        bouts = [
            _bout(name, one, duel.handed(name, material), duel.warm_up)
            for name, one in duel.contestants.items()
        ]
        return bouts, duel.size(material)


def _bout(
    name: str, contestant: Callable[[Any], Reached], material: object, warm_up: Callable[[], object] | None
) -> Bout:
    spawn = multiprocessing.get_context("spawn")
    receiving, sending = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_alone, args=(contestant, material, warm_up, sending))
    child.start()
    sending.close()
    try:
        seconds, waiting, peak, reached = receiving.recv()
    except EOFError:
        seconds, waiting, peak, reached = float("nan"), float("nan"), float("nan"), None
    child.join()
    return Bout(name, seconds, peak, waiting, reached)


def _alone(
    contestant: Callable[[Any], Reached],
    material: object,
    warm_up: Callable[[], object] | None,
    sending: Any,
) -> None:
    if warm_up is not None:
        warm_up()
    with memory_marks() as marks:
        began = spent_seconds()
        reached = contestant(material)
        seconds = spent_seconds() - began
    sending.send((seconds, marks.waiting_mb, marks.peak_mb, reached))
