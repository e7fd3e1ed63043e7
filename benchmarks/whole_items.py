"""Whole solves to the audited policy, at several numbers of items: from order lines, and from numbers."""

import math
import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks import million_items
from benchmarks.many_lines import ManyLines, write_many_lines
from benchmarks.race import memory_marks
from servicepolicy_api.answering import answer
from servicepolicy_api.settings import Settings
from servicepolicy_models.errors import TooLarge
from servicepolicy_models.policy import Policy
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.demand_reading import DemandFiles
from servicepolicy_optimizer.facts import Facts, Floats, ItemFacts
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import Known, in_silence
from servicepolicy_store.recall import RecallFolder

LINES_OF_A_DIVISION = 25_000
MEMORY_LIMIT = "1GB"
"""For the database that reads the lines."""


Material = ManyLines | million_items.Material


@dataclass(frozen=True)
class WholeItems:
    """Sizes, what is made of each, and what is solved."""

    name: str
    about: str
    goal: str
    sizes: Sequence[int]
    prepare: Callable[[int, Path], Material]


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
    for size in what.sizes:
        with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
            found.append(_alone(what.prepare(size, Path(folder))))
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


def _alone(material: Material) -> Solved:
    spawn = multiprocessing.get_context("spawn")
    receiving, sending = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_run, args=(material, sending))
    child.start()
    sending.close()
    found: Solved = receiving.recv()
    child.join()
    return found


def _run(material: Material, sending: Any) -> None:
    lines = material.lines if isinstance(material, ManyLines) else 0
    size, gap, refused = {"items": 0, "shelves": 0}, math.nan, ""
    with memory_marks() as marks:
        began, processor = perf_counter(), process_time()
        try:
            proof = _answer(material).proof
            size, gap = proof.size, math.nan if proof.item_level_gap is None else proof.item_level_gap
        except TooLarge as trouble:
            refused = f"refused: {trouble.findings[0].what}"
        taken = perf_counter() - began, process_time() - processor
    told = size["items"], lines, size["shelves"], *taken, marks.peak_mb, gap, refused
    sending.send(Solved(*told))


def _answer(material: Material) -> Policy:
    scenario = without_limits(material.scenario)
    if not isinstance(material, ManyLines):
        return recommend(scenario, material.facts, perf_counter, in_silence, known=Known())
    spill = material.folder / "spilling"
    spill.mkdir()
    recall = RecallFolder(material.folder / "recall", Settings.model_fields["recall_bytes"].default)
    files = DemandFiles(
        material.folder, orders=material.orders, memory_limit=MEMORY_LIMIT, spill=spill, recall=recall
    )
    return answer(scenario, files, in_silence)


def _lines(divisions: int, folder: Path) -> ManyLines:
    """So many divisions, each with some 390 items that are ordered and 25,000 lines of their own."""
    return write_many_lines(folder, divisions * LINES_OF_A_DIVISION, divisions=divisions)


def _numbers(items: int, folder: Path) -> million_items.Material:
    """The items of `million_items` with names, and as much trade in the segments as they sell."""
    material = million_items.prepare(items, folder)
    named = replace(material.facts.items, items=tuple(f"{n:07d}" for n in range(items)))
    return replace(material, facts=_with_trade_of(named, material))


def _with_trade_of(items: ItemFacts, material: million_items.Material) -> Facts:
    facts, days = material.facts, material.scenario.days_per_year
    segments, before = facts.segments, facts.segments.pieces_per_year
    sold: Floats = np.zeros_like(before)
    for j in range(len(facts.item_classes)):
        of_class = items.pieces_per_day[items.item_class == j].sum(axis=0)
        sold[:, j] = days * of_class.reshape(len(facts.regions), -1).T
    more: Floats = np.divide(sold, before, out=np.zeros_like(sold), where=before > 0)
    yearly = {name: getattr(segments, name) * more for name in YEARLY}
    return replace(facts, items=items, segments=replace(segments, **yearly))


YEARLY = (
    "orders_per_year",
    "order_visits_per_year",
    "lines_per_year",
    "pieces_per_year",
    "weight_kg_per_year",
    "revenue_per_year",
    "customers",
)
"""Of a segment, that grow with its trade."""
ABOUT = (
    "A wholesaler's 25,000 order lines over and over, with as many divisions of items: two locations, two "
    "supply options and three stock policies make 36 stocking options with 90 shelves, three customer "
    "classes, order sizes known from the lines. From the file of order lines to the audited policy with its "
    "four baselines, without capacities and budgets; what is computed is kept in a folder, as a service "
    "does. Once each, in a process of its own."
)
GOAL = "within 0.1 % of the item-level bound, in bounded memory"
ABOUT_NUMBERS = (
    "The means of the scenario `spare-parts` with nine lead times and one shared shelf, demand by two "
    "moments from a piece a month to fifty a day, smooth and lumpy: 27 stocking options of three item "
    "classes. From the demand as numbers to the audited policy with its three baselines, without capacities "
    "and budgets; nothing is kept. Once each, in a process of its own, which has received the demand."
)
FULL = WholeItems("Whole solves from order lines", ABOUT, GOAL, (25, 250), _lines)
MILLION = WholeItems(
    "A whole solve of a million items", ABOUT_NUMBERS, GOAL, (10_000, 100_000, 1_000_000), _numbers
)
