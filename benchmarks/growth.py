"""How cost grows with segments, options and items: one measure at several sizes, and the slope."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks import million_items
from benchmarks.race import Alone, alone
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.settle import settle
from servicepolicy_optimizer.synthetic import Matrix, distributor


@dataclass(frozen=True)
class Series:
    """One thing that grows, and everything else as it is."""

    what: str
    sizes: tuple[int, ...]
    prepare: Callable[[int, Path], Any]
    """Makes the material of a size; not measured."""
    work: Callable[[Any], object]


@dataclass(frozen=True)
class Growth:
    """Several series, told in one table."""

    name: str
    about: str
    series: tuple[Series, ...]
    repeats: int
    """Each size so many times; the least counts, since what else runs only adds."""


@dataclass(frozen=True)
class Grown:
    """A series as it was measured."""

    what: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    """Of a processor."""
    peak_mb: tuple[float, ...]

    @property
    def slope(self) -> float:
        """Of log time over log size, least squares: 1 is linear.

        >>> round(Grown("items", (10, 100), (1.0, 10.0), (1.0, 1.0)).slope, 6)
        1.0
        """
        return float(np.polyfit(np.log(self.sizes), np.log(self.seconds), 1)[0])


def measured(growth: Growth) -> list[Grown]:
    """Every size of every series, each in a process of its own."""
    found = []
    for series in growth.series:
        runs = [_least(series, size, growth.repeats) for size in series.sizes]
        seconds = tuple(run.seconds for run in runs)
        found.append(Grown(series.what, series.sizes, seconds, tuple(run.peak_mb for run in runs)))
    return found


def _least(series: Series, size: int, repeats: int) -> Alone:
    with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
        material = series.prepare(size, Path(folder))
        return min((alone(series.work, material) for _ in range(repeats)), key=lambda run: run.seconds)


def table(grown: list[Grown]) -> str:
    """A row a series: sizes, seconds, slope.

    >>> print(table([Grown("items", (10, 1000), (1.0, 100.0), (7.0, 9.0))]).splitlines()[-1])
    | items | 10; 1,000 | 1; 100 | 1.00 | 7; 9 |
    """
    heads = "| what grows | sizes | processor seconds | slope of the logarithms | peak memory, MB |"
    rows = [
        f"| {one.what} | {_told(one.sizes, ',')} | {_told(one.seconds, '.3g')} | {one.slope:.2f} "
        f"| {_told(one.peak_mb, ',.0f')} |"
        for one in grown
    ]
    return "\n".join([heads, "| --- | --- | --- | ---: | --- |", *rows])


def _told(numbers: tuple[int, ...] | tuple[float, ...], how: str) -> str:
    return "; ".join(format(number, how) for number in numbers)


Asked = tuple[Scenario, Facts]


def _segments(segments: int, folder: Path) -> Asked:
    """Four customer and two item classes; regions make the rest."""
    return _asked(Matrix(4, 2, segments // 8), None)


def _options(supply: int, folder: Path) -> Asked:
    """Thirty-two segments; supply options times deployments are the stocking options."""
    return _asked(Matrix(4, 2, 4), supply)


def _asked(matrix: Matrix, supply: int | None) -> Asked:
    document = distributor(np.random.default_rng(7), matrix)
    if supply is not None:
        document["supply"] = _copies(document["supply"][-1], supply)
    scenario = read_scenario(document)
    return scenario, inline_facts(scenario)


def _copies(supply: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    """Supply options that are a little slower and a little cheaper each."""
    return [
        dict(supply)
        | {
            "name": f"{supply['name']} {n}",
            "lead_time_mean_days": supply["lead_time_mean_days"] * (1 + 0.1 * n),
            "fixed_cost_per_order": supply["fixed_cost_per_order"] * (1 - 0.02 * n),
        }
        for n in range(count)
    ]


def _settled(asked: Asked) -> object:
    scenario, facts = asked
    return settle(question(scenario, facts, Known(), in_silence), in_silence)


def _items(items: int, folder: Path) -> million_items.Material:
    return million_items.prepare(items, folder)


WHAT = (
    "Segments and options: from the scenario to the settled policy, by price and fix or whole as the size "
    "decides. Items: the columns of nine stocking options for 40 prices."
)
SHORT = Growth(
    name="How cost grows, short",
    about=f"{WHAT} The least of two runs, each in a process of its own.",
    repeats=2,
    series=(
        Series("segments", (8, 24, 72), _segments, _settled),
        Series("supply options (32 segments)", (1, 2, 4), _options, _settled),
        Series("items (9 options x 40 prices)", (1_000, 4_000, 16_000), _items, million_items.ours),
    ),
)
FULL = replace(
    SHORT,
    name="How cost grows",
    about=f"{WHAT} Each once, in a process of its own.",
    repeats=1,
    series=(
        Series("segments", (48, 120, 360, 1_000), _segments, _settled),
        Series("supply options (32 segments)", (1, 2, 4, 8), _options, _settled),
        Series("items (9 options x 40 prices)", (10_000, 100_000, 1_000_000), _items, million_items.ours),
    ),
)
