"""Nine segments, warm: the whole of what we do around HiGHS against HiGHS alone on the same matrix."""

from dataclasses import replace
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
from servicepolicy_optimizer.paths import every_path
from servicepolicy_optimizer.question import Known, question
from servicepolicy_optimizer.settle import settle
from servicepolicy_optimizer.solve import solve
from servicepolicy_optimizer.solve.arrays import Arrays, arrays
from servicepolicy_optimizer.solve.highs import run as run_highs
from servicepolicy_optimizer.targets import resolve_targets

Material = tuple[Scenario, Choices, Arrays, Arrays]
"""The scenario, its choices, their matrix, and the matrix with every path."""
CUSTOMERS, ITEMS, LINES = 120, 80, 8_000
"""Few items: the size of the master depends on options, columns and paths, not on items."""


def prepare(folder: Path) -> Material:
    """The master of a small synthetic wholesaler after its columns were refined, and its matrix."""
    scenario = read_scenario(write_wholesaler(folder, 7, CUSTOMERS, ITEMS, LINES).read_bytes())
    facts = read_demand(scenario, DemandFiles(folder))
    settled = settle(question(scenario, facts, Known(), _quiet), _quiet)
    choices = settled.question.choices
    every = every_path(scenario, facts, resolve_targets(scenario, facts)).paths
    unpruned = arrays(build(scenario, replace(choices, paths=every)))
    return scenario, choices, arrays(build(scenario, choices)), unpruned


def build_only(material: Material) -> pyo.ConcreteModel:
    """The Pyomo model."""
    scenario, choices, *_ = material
    return build(scenario, choices)


def build_and_compile(material: Material) -> Arrays:
    """The Pyomo model, and from it the arrays that HiGHS takes."""
    return arrays(build_only(material))


def whole(material: Material) -> object:
    """Build, compile, hand over, solve, solve again around exact integers, read back by name."""
    scenario, choices, *_ = material
    return solve(build(scenario, choices), scenario.limits)


def highs(material: Material) -> object:
    """HiGHS alone: take the arrays, solve, give the values."""
    scenario, _, problem, _ = material
    return run_highs(problem, scenario.limits)


def highs_unpruned(material: Material) -> object:
    """HiGHS alone on the matrix with every path."""
    scenario, _, _, unpruned = material
    return run_highs(unpruned, scenario.limits)


def nonzeros(material: Material) -> tuple[float, str]:
    """The size of the matrix."""
    return float(material[2].matrix.nnz), "nonzeros"


def _quiet(stage: str, done: float, word: str) -> None:
    """Nobody listens."""


CONTESTANTS: dict[str, Any] = {
    "HiGHS alone, unpruned matrix": highs_unpruned,
    "HiGHS alone, same matrix": highs,
    "build only": build_only,
    "build and compile": build_and_compile,
    "whole: build, transfer, solve, read back": whole,
}

RACE = Race(
    name="Master model, nine segments",
    about="The nonzeros are those after pruning; the unpruned matrix holds dominated paths too. The "
    "columns are refined and not computed again. One thread.",
    goal="the whole in at most 2 x HiGHS alone on the unpruned matrix",
    prepare=prepare,
    contestants=CONTESTANTS,
    against="HiGHS alone, unpruned matrix",
    rounds=9,
    work=nonzeros,
)
