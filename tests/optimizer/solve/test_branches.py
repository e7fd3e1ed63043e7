"""A tree of few branches against the solver's own search."""

from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_models.proof import Held, Stopped
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import arrays, branches, optimum, solved
from servicepolicy_optimizer.solve.branches import by_few_branches, may_take_few
from servicepolicy_optimizer.solve.highs import Session, relaxed, run
from tests.optimizer.master.worlds import Shape, world

EXACT = Limits(relative_gap=0.0)
SHAPE = Shape(items=2, regions=2, columns=6, likely=0.3)


@pytest.fixture(scope="module")
def worlds():
    """Problems whose relaxation mixes what is integral, with their relaxation and their optimum."""
    found = []
    for seed in range(150):
        problem = arrays(build(*world(seed, SHAPE)))
        mixed = run(relaxed(problem), EXACT)
        if mixed.held is not Held.OPTIMAL:
            continue
        decided = mixed.values[problem.integral]
        if not np.array_equal(decided, np.round(decided)):
            found.append((problem, mixed, run(problem, EXACT)))
    return found


def test_what_few_branches_tell_is_the_optimum(worlds):
    told = 0
    for problem, mixed, expected in worlds:
        found = by_few_branches(problem, mixed, EXACT)
        if found.outcome is None:
            continue
        told += 1
        assert found.outcome.held is expected.held and found.outcome.stopped is Stopped.CONVERGED
        assert found.outcome.row_prices is None and found.outcome.seconds >= mixed.seconds
        if expected.values is None:
            assert found.outcome.values is None
            continue
        assert found.outcome.objective == pytest.approx(expected.objective, rel=1e-7)
        assert found.outcome.bound == pytest.approx(expected.objective, rel=1e-7)
        values = found.outcome.values
        assert np.abs(values[problem.integral] - np.round(values[problem.integral])).max() <= 1e-9
        within = problem.matrix @ values
        assert (within >= problem.row_lower - 1e-6).all() and (within <= problem.row_upper + 1e-6).all()
    assert told > 10


def test_what_takes_more_is_left_with_a_bound_that_holds(worlds, monkeypatch):
    monkeypatch.setattr(branches, "MOST_RUNS", 2)
    left = 0
    for problem, mixed, expected in worlds:
        found = by_few_branches(problem, mixed, Limits(relative_gap=0.01))
        if found.outcome is None:
            left += 1
        elif found.outcome.bound is not None:
            assert found.outcome.bound <= expected.objective * (1 + 1e-7)
            assert found.outcome.objective <= found.outcome.bound * 1.01 + 1e-6
    assert left > 3


def test_the_answer_is_the_same_whoever_searches(worlds, monkeypatch):
    for problem, _, expected in worlds:
        with_both = solved(problem, EXACT)
        with monkeypatch.context() as patched:
            patched.setattr(optimum, "may_take_few", lambda problem, relaxation: False)
            alone = solved(problem, EXACT)
        assert with_both.held is alone.held is expected.held
        if alone.objective is not None:
            assert with_both.objective == pytest.approx(alone.objective, rel=1e-7)


def test_no_time_leaves_it_to_others(worlds):
    problem, mixed, _ = worlds[0]
    found = by_few_branches(problem, mixed, Limits(time_limit_seconds=1e-9))
    assert found.outcome is None or found.outcome.stopped is Stopped.CONVERGED


def test_all_runs_together_take_half_of_the_time_at_most(worlds, monkeypatch):
    of_each = []

    class Slow(Session):
        def run(self, seconds=60.0):
            of_each.append(seconds)
            return replace(super().run(), seconds=7.0)

    monkeypatch.setattr(branches, "Session", Slow)
    for problem, mixed, _ in worlds:
        of_each.clear()
        by_few_branches(problem, mixed, Limits(time_limit_seconds=60.0))
        assert of_each == [max(30.0 - 7.0 * n, 0.0) for n in range(len(of_each))]
        assert len(of_each) <= 6


def test_runs_without_an_answer_prove_nothing(worlds, monkeypatch):
    class Silent(Session):
        def run(self, seconds=60.0):
            return replace(super().run(), held=Held.NOTHING, objective=None, bound=None, values=None)

    monkeypatch.setattr(branches, "Session", Silent)
    for problem, mixed, _ in worlds:
        assert by_few_branches(problem, mixed, EXACT).outcome is None


def test_where_most_is_integral_nobody_tries(worlds):
    problem, mixed, _ = worlds[0]
    whole = replace(problem, integral=np.ones_like(problem.integral))
    assert not may_take_few(whole, mixed)
    assert not may_take_few(problem, replace(mixed, held=Held.NOTHING))
