"""Whole solves from order lines to the audited policy, at several numbers of items."""

import math
import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks.many_lines import ManyLines, write_many_lines
from benchmarks.race import memory_marks
from servicepolicy_api.answering import answer
from servicepolicy_api.settings import Settings
from servicepolicy_models.errors import TooLarge
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.demand_reading import DemandFiles
from servicepolicy_optimizer.question import in_silence
from servicepolicy_store.recall import RecallFolder

LINES_OF_A_DIVISION = 25_000
MEMORY_LIMIT = "1GB"
"""For the database that reads the lines."""


@dataclass(frozen=True)
class WholeItems:
    """Numbers of divisions, each with some 390 items that are ordered and 25,000 lines of their own."""

    name: str
    about: str
    goal: str
    divisions: Sequence[int]


@dataclass(frozen=True)
class Solved:
    """A whole solve, once, in a process of its own."""

    items: int
    lines: int
    shelves: int
    elapsed_seconds: float
    seconds: float
    """Of a processor."""
    peak_mb: float
    gap: float
    """To the item-level bound; not a number where the question was refused."""
    refused: str = ""


def measured(what: WholeItems) -> list[Solved]:
    """Every size; its lines are gone before the next are written."""
    found = []
    for divisions in what.divisions:
        with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
            about = divisions * LINES_OF_A_DIVISION
            found.append(_alone(write_many_lines(Path(folder), about, divisions=divisions)))
    return found


def table(found: Sequence[Solved]) -> str:
    """A row a size, and the slopes.

    >>> rows = [Solved(10, 70, 9, 1.0, 2.0, 50.0, 4e-4), Solved(100, 700, 9, 10.0, 20.0, 90.0, 5e-4)]
    >>> print(table(rows).splitlines()[-3])
    | 100 | 700 | 9 | 10 s | 20 s | 90 MB | 5.0e-04 |
    >>> table(rows).splitlines()[-1]
    'Slope of the logarithms over the items: 1.00 of the elapsed time, 1.00 of the processor time.'
    """
    heads = (
        "| items | lines | shelves | elapsed | processor time | peak memory | gap to the item-level bound |"
    )
    rows = [
        f"| {one.items:,} | {one.lines:,} | {one.shelves:,} | {one.elapsed_seconds:.3g} s "
        f"| {one.seconds:.3g} s | {one.peak_mb:,.0f} MB | {one.refused or f'{one.gap:.1e}'} |"
        for one in found
    ]
    return "\n".join([heads, "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |", *rows, *_slopes(found)])


def _slopes(found: Sequence[Solved]) -> list[str]:
    solved = [one for one in found if not one.refused]
    if len(solved) < 2:
        return []
    sizes = np.log([one.items for one in solved])
    elapsed, own = (
        float(np.polyfit(sizes, np.log(seconds), 1)[0])
        for seconds in ([one.elapsed_seconds for one in solved], [one.seconds for one in solved])
    )
    return [
        "",
        f"Slope of the logarithms over the items: {elapsed:.2f} of the elapsed time, "
        f"{own:.2f} of the processor time.",
    ]


def _alone(material: ManyLines) -> Solved:
    spawn = multiprocessing.get_context("spawn")
    receiving, sending = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_run, args=(material, sending))
    child.start()
    sending.close()
    found: Solved = receiving.recv()
    child.join()
    return found


def _run(material: ManyLines, sending: Any) -> None:
    scenario, spill = without_limits(material.scenario), material.folder / "spilling"
    spill.mkdir()
    recall = RecallFolder(material.folder / "recall", Settings.model_fields["recall_bytes"].default)
    files = DemandFiles(
        material.folder, orders=material.orders, memory_limit=MEMORY_LIMIT, spill=spill, recall=recall
    )
    size, gap, refused = {"items": _items_of(material), "shelves": 0}, math.nan, ""
    with memory_marks() as marks:
        began, processor = perf_counter(), process_time()
        try:
            proof = answer(scenario, files, in_silence).proof
            size, gap = proof.size, math.nan if proof.item_level_gap is None else proof.item_level_gap
        except TooLarge as trouble:
            refused = f"refused: {trouble.findings[0].what}"
        taken = perf_counter() - began, process_time() - processor
    told = size["items"], material.lines, size["shelves"], *taken, marks.peak_mb, gap, refused
    sending.send(Solved(*told))


def _items_of(material: ManyLines) -> int:
    """Of the file of items, whether they are ordered or not."""
    with (material.folder / "items.csv").open(encoding="utf-8") as rows:
        return sum(1 for _ in rows) - 1


ABOUT = (
    "A wholesaler's 25,000 order lines over and over, with as many divisions of items: two locations, two "
    "supply options and three stock policies make 36 stocking options with 90 shelves, three customer "
    "classes, order sizes known from the lines. From the file of order lines to the audited policy with its "
    "four baselines, without capacities and budgets; what is computed is kept in a folder, as a service "
    "does. Once each, in a process of its own."
)
GOAL = "a million items by Dantzig-Wolfe refinement within 0.1 % of the item-level bound, in bounded memory"
FULL = WholeItems("Whole solves of 10,000 and 100,000 items", ABOUT, GOAL, (25, 250))
MILLION = WholeItems("A whole solve of a million items", ABOUT, GOAL, (2_500,))
