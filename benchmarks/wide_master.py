"""Hundreds of segments with hundreds of paths each: price and fix against solvers with the whole matrix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
from scipy.sparse import csc_array, hstack

from benchmarks import peers
from benchmarks.duel import Duel, Reached
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.solve import unchanged
from servicepolicy_optimizer.solve.arrays import Arrays, arrays
from servicepolicy_optimizer.solve.highs import run
from servicepolicy_optimizer.synthetic import Matrix, distributor
from servicepolicy_optimizer.wide.fixing import Search
from servicepolicy_optimizer.wide.generation import PathRelaxation, narrowed
from servicepolicy_optimizer.wide.rows import rows_of
from servicepolicy_optimizer.wide.uses import path_uses


@dataclass(frozen=True)
class Asked:
    """For whoever builds a model: the question and its choices."""

    scenario: Scenario
    choices: Choices


@dataclass(frozen=True)
class Written:
    """For whoever takes a model that is built: the whole matrix."""

    scenario: Scenario
    problem: Arrays


@dataclass(frozen=True)
class Material:
    """For both."""

    asked: Asked
    written: Written


def prepare(matrix: Matrix, seconds: float, folder: Path) -> Material:
    """A distributor of that size, with the columns of stock that a question begins with."""
    document = distributor(np.random.default_rng(7), matrix)
    document["limits"] = {"time_limit_seconds": seconds}
    scenario = read_scenario(document)
    choices = question(scenario, inline_facts(scenario), Known(), in_silence).choices
    return Material(Asked(scenario, choices), Written(scenario, whole_matrix(scenario, choices)))


def handed(name: str, material: Material) -> Asked | Written:
    """The one that a contestant reads."""
    return material.asked if name in FROM_THE_CHOICES else material.written


def whole_matrix(scenario: Scenario, choices: Choices) -> Arrays:
    """All paths in one matrix: Pyomo builds the model with a few of them, the others join as columns. A test
    holds it beside the model that Pyomo builds with all, which at 5,004 segments takes too much memory.
    """
    uses = path_uses(scenario, choices)
    few = uses.cheapest_of_each()
    problem = arrays(build(scenario, narrowed(choices, uses, few)))
    number = {name: n for n, name in enumerate(problem.rows)}
    others = (rows_of(scenario, choices, uses.resources, number) @ uses.uses[:, ~few]).tocsc()
    cost = uses.cost[~few]
    return replace(
        problem,
        cost=np.concatenate([problem.cost, cost]),
        matrix=csc_array(hstack([problem.matrix, others])),
        lower=np.concatenate([problem.lower, np.zeros(cost.size)]),
        upper=np.concatenate([problem.upper, np.ones(cost.size)]),
        integral=np.concatenate([problem.integral, np.ones(cost.size, dtype=bool)]),
        columns=(*problem.columns, *(("path", n) for n in range(cost.size))),
    )


def within(seconds: float, contestant: Callable[[Written], Reached], material: Written) -> Reached:
    """A contestant with a limit of its own on the seconds in the solver."""
    limits = material.scenario.limits.model_copy(update={"time_limit_seconds": seconds})
    return contestant(replace(material, scenario=material.scenario.model_copy(update={"limits": limits})))


def ours(material: Asked) -> Reached:
    """From the choices to the proved decision: lay out, price, branch, build in Pyomo, solve."""
    over = PathRelaxation(material.scenario, material.choices)
    found = Search(over, unchanged).run(over.solve()).solution
    return Reached(found.objective, found.bound)


def highs(material: Written) -> Reached:
    """HiGHS by its arrays, as fast as it takes them."""
    found = run(material.problem, material.scenario.limits)
    return Reached(found.objective, found.bound)


def pyomo(material: Asked) -> Reached:
    """The same model in Pyomo, by its ordinary road to HiGHS."""
    model = build(material.scenario, material.choices)
    solver = pyo.SolverFactory("appsi_highs")
    solver.config.time_limit = material.scenario.limits.time_limit_seconds
    solver.config.mip_gap = material.scenario.limits.relative_gap
    solver.config.load_solution = False
    found = solver.solve(model, load_solutions=False)
    return Reached(found.problem.upper_bound, found.problem.lower_bound)


def _limits(material: Written) -> peers.Limits:
    limits = material.scenario.limits
    return peers.Limits(limits.time_limit_seconds, limits.relative_gap)


def linopy(material: Written) -> Reached:
    """The matrix in linopy, and HiGHS behind it."""
    return peers.linopy(material.problem, _limits(material))


def cp_sat(material: Written) -> Reached:
    """The matrix in OR-Tools CP-SAT, weights in thousandths."""
    return peers.cp_sat(material.problem, _limits(material))


def scip(material: Written) -> Reached:
    """The matrix in SCIP."""
    return peers.scip(material.problem, _limits(material))


def size(material: Material) -> str:
    """Segments and matrix."""
    choices, problem = material.asked.choices, material.written.problem
    seconds = material.asked.scenario.limits.time_limit_seconds
    rows, columns = problem.matrix.shape
    paths = sum(len(paths) for paths in choices.paths.values())
    return (
        f"{len(choices.targets):,} segments, {paths:,} paths; {columns:,} columns x {rows:,} rows, "
        f"{problem.matrix.nnz:,} nonzeros; gap asked 1e-4, at most "
        f"{seconds:,.0f} s in the solver unless a name says otherwise"
    )


FROM_THE_CHOICES = ("servicepolicy, price and fix", "Pyomo, appsi_highs")
INSTALLED: Mapping[str, Callable[[Any], Reached]] = {
    "servicepolicy, price and fix": ours,
    "HiGHS alone, same matrix": highs,
    "Pyomo, appsi_highs": pyomo,
}
PEERS: Mapping[str, Callable[[Any], Reached]] = {
    "linopy, HiGHS": linopy,
    "OR-Tools CP-SAT": cp_sat,
    "SCIP": scip,
}
NEEDS = {"linopy, HiGHS": "linopy", "OR-Tools CP-SAT": "ortools", "SCIP": "pyscipopt"}
PRESENT = {name: one for name, one in PEERS.items() if find_spec(NEEDS[name])}
"""Who is not installed does not come: `make bench` has only what we need ourselves."""
ABOUT = (
    "Capacities on every channel, process and mode, a stock budget, better customers never served worse, one "
    "deployment for each item class. Ours starts from the choices, the others from the finished matrix; the "
    "time of Pyomo holds its build. Each holds in memory only what it reads of the two. One thread each."
)

SHORT = Duel(
    name="Large master model, short",
    about=ABOUT,
    goal="proved to 1e-4 where the others hold nothing, or at least 20 x as fast as HiGHS alone",
    prepare=partial(prepare, Matrix(6, 2, 10), 45.0),
    contestants={**INSTALLED, **PRESENT},
    size=size,
    handed=handed,
)
FULL = replace(
    SHORT,
    name="Large master model, 999 segments",
    goal="at least 20 x as fast as HiGHS alone, with a quarter of its memory",
    prepare=partial(prepare, Matrix(9, 3, 37), 60.0),
    contestants={
        "servicepolicy, price and fix": ours,
        "HiGHS alone, same matrix, at most 400 s": partial(within, 400.0, highs),
        **({"OR-Tools CP-SAT": cp_sat} if "OR-Tools CP-SAT" in PRESENT else {}),
    },
)
FULLER = replace(
    FULL,
    name="Large master model, 5,004 segments",
    about=ABOUT + " Pyomo with all paths is left out: it takes more memory than the machine has to give.",
    goal="proved to 1e-4 below 60 s",
    prepare=partial(prepare, Matrix(9, 4, 139), 120.0),
    contestants={"servicepolicy, price and fix": ours, "HiGHS alone, same matrix": highs},
)
