"""Find what contradicts what: the least that must give way, and for each, the fewest demands against it."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from servicepolicy_models.policy import Conflict
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.conflicts.demands import Demand, demands
from servicepolicy_optimizer.conflicts.puzzle import Puzzle
from servicepolicy_optimizer.conflicts.quick_explain import quick_explain
from servicepolicy_optimizer.conflicts.words import words
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve.arrays import arrays


def conflicts(scenario: Scenario, choices: Choices, whole_columns: bool = False) -> tuple[Conflict, ...]:
    """What cannot be kept, and then what stands against it; given up together, they leave a policy.

    whole_columns: columns are not mixed, as where every rung of an item is a column.

    Empty when there is a policy. What cannot be kept misses least in relative terms, and none of it could be
    kept if only the rest of it were given up. What stands against it is a smallest set that contradicts it:
    an irreducible infeasible subsystem (Chinneck 2008, Feasibility and Infeasibility in Optimization, ch. 6).
    Where time runs out the first set may be larger than it need be and the second one missing.
    """
    problem = arrays(build(scenario, choices))
    if whole_columns:
        weights = np.array([component == "weight" for component, _ in problem.columns])
        problem = replace(problem, integral=problem.integral | weights)
    limits = scenario.limits
    rows_of = demands(problem.rows)
    granted = frozenset(demand for demand in rows_of if _for_granted(demand, choices))
    puzzle = Puzzle(problem, rows_of, granted, limits, limits.time_limit_seconds)
    if puzzle.kept(without=()):
        return ()
    given_up = _fewest(puzzle, _cheapest(puzzle))
    say = words(scenario, choices, puzzle.giving_way(given_up) or {})
    told = {demand: say.cannot_be_kept(demand) for demand in given_up}
    for demand in given_up:
        for against in _against(puzzle, demand, given_up):
            told.setdefault(against, say.stands_against(against, demand))
    return tuple(told.values())


def _for_granted(demand: Demand, choices: Choices) -> bool:
    """To stock an item class and to serve a segment is no promise, unless a response time goes with it."""
    if demand.family == "one_path":
        return choices.targets[demand.where[0], demand.where[1], demand.where[2]].response_hours is None
    return demand.family == "one_stocking_option"


def _cheapest(puzzle: Puzzle) -> tuple[Demand, ...]:
    missed = puzzle.giving_way(puzzle.rows_of)
    everything = tuple(puzzle.rows_of)
    return everything if missed is None else tuple(demand for demand in everything if missed[demand] > 0)


def _fewest(puzzle: Puzzle, given_up: tuple[Demand, ...]) -> tuple[Demand, ...]:
    """Take back every demand that can be kept once the others are given up altogether."""
    needed = given_up
    for demand in given_up:
        others = tuple(other for other in needed if other != demand)
        if puzzle.kept(without=others):
            needed = others
    return needed


def _against(puzzle: Puzzle, demand: Demand, given_up: Collection[Demand]) -> Sequence[Demand]:
    """A smallest set of the promises, limits and rules that are kept which contradicts this one."""
    kept = {other for other in puzzle.rows_of if other not in given_up}
    always = {demand, *(kept & puzzle.granted)}
    others = [other for other in puzzle.rows_of if other in kept - puzzle.granted]
    found = quick_explain(others, lambda some: puzzle.contradict(always | set(some)))
    return [] if puzzle.impatient else found
