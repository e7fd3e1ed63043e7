"""Nine segments, warm: the whole of what we do around HiGHS against HiGHS alone on the same matrix."""

from pathlib import Path
from typing import Any

import pyomo.environ as pyo

from benchmarks.race import Race
from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.question import Known, question
from servicepolicy_optimizer.settle import settle
from servicepolicy_optimizer.solve import solve
from servicepolicy_optimizer.solve.arrays import Arrays, arrays
from servicepolicy_optimizer.solve.highs import run as run_highs

Material = tuple[Scenario, Choices, Arrays]
CUSTOMERS, ITEMS, LINES = 120, 80, 8_000
"""Few items: the size of the master depends on options, columns and paths, not on items."""


def prepare(folder: Path) -> Material:
    """The master of a small synthetic wholesaler after its columns were refined, and its matrix."""
    scenario = read_scenario(write_wholesaler(folder, 7, CUSTOMERS, ITEMS, LINES).read_bytes())
    facts = read_demand(scenario, DemandFiles(folder))
    settled = settle(question(scenario, facts, Known(), _quiet), _quiet)
    choices = settled.question.choices
    return scenario, choices, arrays(build(scenario, choices))


def build_only(material: Material) -> pyo.ConcreteModel:
    """The Pyomo model."""
    scenario, choices, _ = material
    return build(scenario, choices)


def build_and_compile(material: Material) -> Arrays:
    """The Pyomo model, and from it the arrays that HiGHS takes."""
    return arrays(build_only(material))


def whole(material: Material) -> object:
    """Build, compile, hand over, solve, solve again around exact integers, read back by name."""
    scenario, choices, _ = material
    return solve(build(scenario, choices), scenario.limits)


def highs(material: Material) -> object:
    """HiGHS alone: take the arrays, solve, give the values."""
    scenario, _, problem = material
    return run_highs(problem, scenario.limits)


def nonzeros(material: Material) -> tuple[float, str]:
    """The size of the matrix."""
    return float(material[2].matrix.nnz), "nonzeros"


def _quiet(stage: str, done: float, word: str) -> None:
    """Nobody listens."""


CONTESTANTS: dict[str, Any] = {
    "HiGHS alone, same matrix": highs,
    "build only": build_only,
    "build and compile": build_and_compile,
    "whole: build, transfer, solve, read back": whole,
}

RACE = Race(
    name="Master model, nine segments",
    about="The matrix is that after pruning; the columns are refined and not computed again. One thread.",
    goal="the whole in at most 2 x HiGHS alone on the unpruned matrix (compared here: the pruned one)",
    prepare=prepare,
    contestants=CONTESTANTS,
    against="HiGHS alone, same matrix",
    rounds=9,
    work=nonzeros,
)
