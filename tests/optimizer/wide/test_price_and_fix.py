"""Price and fix finds what the whole model finds, and proves no more than is true."""

from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solve, unchanged
from servicepolicy_optimizer.solve.arrays import arrays
from servicepolicy_optimizer.wide.fixing import Search
from servicepolicy_optimizer.wide.generation import PathRelaxation
from servicepolicy_optimizer.wide.rows import rows_of
from servicepolicy_optimizer.wide.uses import path_uses
from tests.optimizer.master.worlds import Shape, world

EXACTLY = Limits(relative_gap=0.0)
SHAPES = {
    "three customer classes": Shape(customers=3, items=1, paths=8, columns=4),
    "two item classes": Shape(items=2, options=2, paths=8),
    "two regions, two promises": Shape(items=2, regions=2, by_region=True, options=3, paths=6),
    "every item, two regions": Shape(items=1, regions=2, paths=8, basis="every_item"),
    "counted promises": Shape(items=1, options=2, columns=2, paths=8, distinct=True),
    "ordered": Shape(options=3, paths=8, likely=0.1, ordered=0.7),
    "many limits": Shape(items=2, regions=2, paths=8, likely=0.6),
}
WORLDS = 12


def asked(seed, shape):
    scenario, choices = world(seed, shape)
    return scenario.model_copy(update={"limits": EXACTLY}), choices


def whole(scenario, choices):
    return solve(build(scenario, choices), EXACTLY)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_it_finds_what_the_whole_model_finds(shape):
    held, spared = set(), 0
    for seed in range(WORLDS):
        scenario, choices = asked(seed, shape)
        over = PathRelaxation(scenario, choices)
        found = Search(over, unchanged).run(over.solve())
        expected = whole(scenario, choices)
        assert (seed, found.solution.held) == (seed, expected.held)
        if expected.objective is not None:
            assert (seed, found.solution.objective) == (seed, pytest.approx(expected.objective, rel=1e-7))
            assert found.solution.bound <= expected.objective * (1 + 1e-9)
            again = build(scenario, found.choices)
            assert solve(again, EXACTLY).objective == pytest.approx(found.solution.objective, rel=1e-7)
        held.add(expected.held)
        spared += int((~over.taken).sum())
    assert held == {Held.OPTIMAL, Held.INFEASIBLE}, "the worlds must test both answers"
    assert spared > 0, "the worlds must have paths that no price asks for"


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_what_a_path_uses_is_what_the_rules_of_the_model_say(shape):
    for seed in range(WORLDS):
        scenario, choices = asked(seed, shape)
        problem, uses = arrays(build(scenario, choices)), path_uses(scenario, choices)
        number = {name: n for n, name in enumerate(problem.rows)}
        told = rows_of(scenario, choices, uses.resources, number) @ uses.uses
        column = {index: n for n, (component, index) in enumerate(problem.columns) if component == "path"}
        names = [
            (*s, d, q)
            for (s, d), size in zip(uses.serving, np.diff(uses.start).tolist(), strict=True)
            for q in range(size)
        ]
        compiled = problem.matrix[:, [column[name] for name in names]]
        assert abs(told - compiled).max() < 1e-12
        assert uses.cost == pytest.approx(problem.cost[[column[name] for name in names]])


def test_a_path_left_out_costs_what_its_reduced_cost_says():
    forced = 0
    for seed in range(WORLDS):
        scenario, choices = asked(seed, SHAPES["two item classes"])
        over = PathRelaxation(scenario, choices)
        relaxed = over.solve()
        if relaxed.reduced_cost is None:
            continue
        number = int(np.random.default_rng(seed).integers(over.uses.size))
        serving = int(np.searchsorted(over.uses.start, number, side="right")) - 1
        segment, deployment = over.uses.serving[serving]
        only = choices.paths[segment, deployment][number - over.uses.start[serving]]
        paths = {key: ways for key, ways in choices.paths.items() if key[0] != segment}
        with_it = whole(scenario, replace(choices, paths={**paths, (segment, deployment): (only,)}))
        if with_it.objective is not None:
            forced += 1
            assert with_it.objective >= relaxed.bound + relaxed.reduced_cost[number] - 1e-6
    assert forced > 2, "some worlds must have a policy with the path"


def test_no_time_proves_nothing_that_is_not_true():
    scenario, choices = asked(3, SHAPES["two item classes"])
    best = whole(scenario, choices).objective
    hurried = scenario.model_copy(update={"limits": Limits(relative_gap=0.0, time_limit_seconds=1e-9)})
    over = PathRelaxation(hurried, choices)
    found = Search(over, unchanged).run(over.solve()).solution
    assert found.held is not Held.INFEASIBLE or best is None
    assert found.bound is None or best is None or found.bound <= best * (1 + 1e-9)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_what_is_cheaper_than_a_given_cost_is_found_and_nothing_else(shape):
    found = 0
    for seed in range(WORLDS):
        scenario, choices = asked(seed, shape)
        best = whole(scenario, choices).objective
        if best is None:
            continue
        found += 1
        over = PathRelaxation(scenario, choices)
        above, below = (
            Search(over, unchanged, cheaper_than=times * best).run(over.solve()).solution
            for times in (1.01, 0.99)
        )
        assert above.objective == pytest.approx(best, rel=1e-6)
        assert not below.option
        assert below.held is Held.NOTHING, "that nothing is cheaper does not make the question impossible"
    assert found
