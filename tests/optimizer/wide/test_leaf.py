"""A leaf, and the relaxation, say what the model says that Pyomo writes over the same choices."""

from functools import cache

import numpy as np
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import arrays, relax, relaxed, solve, solved
from servicepolicy_optimizer.wide.fixing import served_by
from servicepolicy_optimizer.wide.generation import PathRelaxation, narrowed
from tests.optimizer.solve.test_relaxation import named
from tests.optimizer.wide.test_price_and_fix import SHAPES, WORLDS, asked

EXACTLY = Limits(relative_gap=0.0)


def one_of_each(choices, draws):
    """An option of each item class, by lot."""
    return {(j, offered[draws.integers(len(offered))].name) for j, offered in choices.options.items()}


@cache
def leaves(name):
    """Worlds with some of their options and paths: what the arrays say, and what Pyomo writes."""
    return list(_leaves(SHAPES[name]))


def _leaves(shape):
    for seed in range(4 * WORLDS):
        scenario, choices = asked(seed, shape)
        draws, over = np.random.default_rng(seed), PathRelaxation(scenario, choices)
        options = one_of_each(choices, draws)
        kept = (draws.random(over.uses.size) < 0.8) & served_by(over, options)
        problem, few = over.narrowed(kept, options)
        yield problem, build(scenario, few)


@pytest.mark.parametrize("name", [name for name in SHAPES if name != "counted promises"])
def test_every_coefficient_of_a_leaf_is_what_the_rules_say(name):
    for problem, model in leaves(name):
        (entries, columns, sides) = named(problem)
        (as_ruled, all_columns, all_sides) = named(arrays(model))
        # What no path that is left uses may still be opened or chosen: it is in nobody's way.
        beside = {
            at
            for at in entries
            if at[1][0] in ("open", "choose_channel") and (at[0] not in all_sides or at[1] not in all_columns)
        }
        assert {at: amount for at, amount in entries.items() if at not in beside} == as_ruled
        assert {known: columns[known] for known in all_columns} == all_columns
        assert {row: sides[row] for row in all_sides} == all_sides


@pytest.mark.parametrize("name", SHAPES)
def test_the_optimum_of_a_leaf_is_that_of_the_model(name):
    held = set()
    for problem, model in leaves(name):
        found, expected = solved(problem, EXACTLY), solve(model, EXACTLY)
        assert found.held is expected.held
        if expected.objective is not None:
            assert found.objective == pytest.approx(expected.objective, rel=1e-7)
        held.add(found.held)
    assert held == {Held.OPTIMAL, Held.INFEASIBLE}, "the worlds must test both answers"


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_relaxation_whose_columns_join_is_that_of_the_model(shape):
    for seed in range(WORLDS):
        scenario, choices = asked(seed, shape)
        over = PathRelaxation(scenario, choices)
        problem = relaxed(arrays(build(scenario, narrowed(choices, over.uses, over.taken))))
        (entries, _, sides), (as_ruled, _, all_sides) = named(over._relaxation.problem), named(problem)
        assert entries == as_ruled
        assert {row: sides[row] for row in all_sides} == all_sides


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_it_does_not_matter_which_option_is_let_in_first(shape):
    wrong = 0
    for seed in range(WORLDS):
        scenario, choices = asked(seed, shape)
        draws = np.random.default_rng(seed)
        expected = relax(build(scenario, choices), EXACTLY)
        over = PathRelaxation(scenario, choices)
        first = one_of_each(choices, draws)
        over._let_in(np.array([over.few[n][1] in first for n in over._options.tolist()], dtype=bool))
        found = over.solve()
        assert (found.held is Held.OPTIMAL) == (expected.held is Held.OPTIMAL)
        if expected.held is Held.OPTIMAL:
            assert found.bound == pytest.approx(expected.objective, rel=1e-6)
            wrong += over._inside is None
    assert wrong > 0, "in some worlds the option that was let in must not be the best"
