"""What prices prove is true at any prices, and all there is to prove at those of the relaxation."""

from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import relax
from servicepolicy_optimizer.solve.arrays import arrays
from servicepolicy_optimizer.solve.highs import run
from servicepolicy_optimizer.wide.generation import PathRelaxation
from servicepolicy_optimizer.wide.uses import path_uses
from tests.optimizer.wide.test_price_and_fix import EXACTLY, SHAPES, WORLDS, asked, whole


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_bound_is_the_relaxation_of_the_whole_model(shape):
    bounds = 0
    for seed in range(WORLDS):
        scenario, choices = asked(seed, shape)
        relaxed = PathRelaxation(scenario, choices).solve()
        expected = relax(build(scenario, choices), EXACTLY)
        assert (seed, relaxed.held) == (seed, expected.held)
        if relaxed.held is Held.OPTIMAL:
            bounds += 1
            assert (seed, relaxed.bound) == (seed, pytest.approx(expected.objective, rel=1e-6))
    assert bounds, "some worlds must have a relaxation"


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_any_prices_bound_the_optimum(shape):
    draw, proven = np.random.default_rng(5), 0
    for seed in range(WORLDS):
        scenario, choices = asked(seed, shape)
        best = whole(scenario, choices).objective
        over = PathRelaxation(scenario, choices)
        relaxed = over.solve()
        if best is None or relaxed.held is not Held.OPTIMAL:
            continue
        exact = over._relaxation._row_prices.copy()
        for size in (1e-7, 1e-3, 0.1, 1.0):
            shaken = exact + size * np.abs(exact).max() * draw.normal(size=exact.size)
            over._relaxation._row_prices = shaken
            bound = over._priced(1.0).bound
            assert bound <= best * (1 + 1e-9) + 1e-9
            proven += bound > -np.inf
    assert proven > 3, "shaken prices must prove something"


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_decision_taken_or_not_costs_what_is_said(shape):
    forced = 0
    for seed in range(WORLDS):
        scenario, choices = asked(seed, shape)
        over = PathRelaxation(scenario, choices)
        relaxed = over.solve()
        if relaxed.held is not Held.OPTIMAL:
            continue
        problem = arrays(build(scenario, choices))
        for number, name in enumerate(over.few):
            column = problem.columns.index(name)
            for value, bound in ((1.0, relaxed.with_it(number)), (0.0, relaxed.without(number))):
                lower, upper = problem.lower.copy(), problem.upper.copy()
                lower[column] = upper[column] = value
                objective = run(replace(problem, lower=lower, upper=upper), EXACTLY).objective
                if objective is None:
                    continue
                forced += bound > relaxed.bound * (1 + 1e-9)
                assert objective >= bound * (1 - 1e-9) - 1e-9
    assert forced or shape.by_region, "some decisions must cost more than the bound"


def test_time_that_is_up_leaves_a_bound_that_is_true():
    stopped = 0
    for seed in range(3 * WORLDS):
        scenario, choices = asked(seed, SHAPES["three customer classes"])
        limits = EXACTLY.model_copy(update={"time_limit_seconds": 1e-9})
        over = PathRelaxation(scenario, choices)
        over.scenario = scenario.model_copy(update={"limits": limits})
        early, best = over.solve(), whole(scenario, choices).objective
        if early.held is Held.OPTIMAL:
            stopped += early.bound < PathRelaxation(scenario, choices).solve().bound * (1 - 1e-9)
            assert best is None or early.bound <= best * (1 + 1e-9)
        else:
            assert early.held is Held.NOTHING or best is None
    assert stopped, "some relaxations must be stopped before their prices ask for nothing"


def test_a_start_does_not_change_the_bound():
    for seed in range(WORLDS):
        scenario, choices = asked(seed, SHAPES["many limits"])
        cold = PathRelaxation(scenario, choices).solve()
        size = path_uses(scenario, choices).size
        warm = PathRelaxation(scenario, choices, known=np.arange(size) % 2 == 0).solve()
        assert warm.held is cold.held
        if cold.held is Held.OPTIMAL:
            assert warm.bound == pytest.approx(cold.bound, rel=1e-6)


def test_options_of_which_none_has_a_path_are_not_offered():
    scenario, choices = asked(1, SHAPES["two item classes"])
    segment = next(iter(choices.targets))
    paths = {key: () if key[0] == segment else ways for key, ways in choices.paths.items()}
    assert PathRelaxation(scenario, replace(choices, paths=paths)).solve().held is Held.INFEASIBLE
