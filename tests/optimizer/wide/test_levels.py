"""Rows by response time take nothing from what may be decided, and much from what may be mixed."""

from dataclasses import replace

import pytest

from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solve, solved
from servicepolicy_optimizer.solve.arrays import arrays
from servicepolicy_optimizer.solve.highs import relaxed, run
from servicepolicy_optimizer.wide import levels
from servicepolicy_optimizer.wide.levels import with_levels
from tests.optimizer.master.worlds import Shape, world
from tests.optimizer.wide.test_price_and_fix import EXACTLY

SHAPES = {
    "ordered": Shape(customers=3, options=3, paths=6, likely=0.1, ordered=1.0),
    "two regions": Shape(items=2, regions=2, by_region=True, options=2, paths=5, likely=0.1, ordered=1.0),
    "counted promises": Shape(items=1, options=2, columns=2, paths=5, likely=0.1, distinct=True, ordered=1.0),
}
WORLDS = 60


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_optimum_is_the_same_and_the_relaxation_is_higher(shape):
    higher, feasible = 0, 0
    for seed in range(WORLDS):
        scenario, choices = world(seed, shape)
        model = build(scenario, choices)
        plain, tight = solve(model, EXACTLY), solved(with_levels(arrays(model)), EXACTLY)
        assert (seed, tight.held) == (seed, plain.held)
        if plain.objective is None:
            continue
        feasible += 1
        assert (seed, tight.objective) == (seed, pytest.approx(plain.objective, rel=1e-7))
        problem = arrays(model)
        mixed, levelled = (run(relaxed(one), EXACTLY).objective for one in (problem, with_levels(problem)))
        assert levelled >= mixed * (1 - 1e-9)
        higher += levelled > mixed * (1 + 1e-6)
    assert feasible > 1
    assert higher or shape.distinct, "some mixes must be cut off"


def test_a_path_that_takes_no_time_counts_as_the_fastest():
    found = 0
    for seed in range(WORLDS):
        scenario, choices = world(seed, SHAPES["ordered"])
        paths = {key: tuple(a_day_faster(path) for path in ways) for key, ways in choices.paths.items()}
        model = build(scenario, replace(choices, paths=paths))
        plain, tight = solve(model, EXACTLY), solved(with_levels(arrays(model)), EXACTLY)
        assert tight.held is plain.held
        if plain.objective is not None:
            found += 1
            assert tight.objective == pytest.approx(plain.objective, rel=1e-7)
    assert found > 3


def a_day_faster(path):
    return replace(path, promised_response_hours=path.promised_response_hours - 24.0)


def test_very_many_different_times_stay_a_sum():
    scenario, choices = world(0, SHAPES["ordered"])
    problem = arrays(build(scenario, choices))
    assert with_levels(problem).matrix.shape > problem.matrix.shape
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(levels, "MOST_LEVELS", 0)
        assert with_levels(problem).matrix.shape == problem.matrix.shape


def test_what_is_enough_ends_the_search():
    models = (build(*world(seed, Shape(options=3, paths=8))) for seed in range(WORLDS))
    model, best = next((m, found) for m in models if (found := solve(m, EXACTLY)).objective is not None)
    early = solved(arrays(model), EXACTLY, enough=2.0 * best.objective)
    assert best.objective <= early.objective <= 2.0 * best.objective
    assert early.bound <= best.objective * (1 + 1e-9)
