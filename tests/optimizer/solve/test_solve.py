"""What is held and why it stopped are told apart, and infeasible is an answer."""

from dataclasses import replace

import highspy
import pyomo.environ as pyo
import pytest

from servicepolicy_models.errors import SolverFailed
from servicepolicy_models.proof import Held, Stopped
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import arrays, optimum, solve, solved
from servicepolicy_optimizer.solve.highs import relaxed, run
from tests.optimizer.master.worlds import Shape, replace_parts, world

EXACT = Limits(relative_gap=0.0)


@pytest.fixture(scope="module")
def small():
    return world(4, Shape(items=1, regions=2))


def test_an_optimum_comes_with_its_bound(small):
    solution = solve(build(*small), EXACT)
    assert (solution.held, solution.stopped) == (Held.OPTIMAL, Stopped.CONVERGED)
    assert solution.bound == pytest.approx(solution.objective, rel=1e-6)
    assert set(solution.path) == set(small[1].targets)
    assert set(solution.option) == set(small[1].options)
    assert solution.size["variables"] > 0 and solution.size["constraints"] > 0


def test_infeasible_is_an_answer(small):
    scenario, choices = small
    solution = solve(build(replace_parts(scenario, budgets={"inventory_value": 0.0}), choices), EXACT)
    assert (solution.held, solution.stopped) == (Held.INFEASIBLE, Stopped.CONVERGED)
    assert solution.objective is None and not solution.option


def test_no_time_gives_nothing_or_something_but_never_a_wrong_proof():
    scenario, choices = world(7, Shape(customers=3, items=3, options=9, paths=40, columns=6, likely=0.1))
    solution = solve(build(scenario, choices), Limits(time_limit_seconds=1e-3))
    assert solution.stopped is Stopped.TIME_LIMIT
    assert solution.held in (Held.NOTHING, Held.FEASIBLE, Held.OPTIMAL)
    assert (solution.objective is None) == (solution.held is Held.NOTHING)


def test_a_model_without_bound_is_a_failure_that_says_so():
    model = pyo.ConcreteModel()
    model.x = pyo.Var(domain=pyo.NonNegativeReals)
    model.y = pyo.Var(domain=pyo.Binary)
    model.row = pyo.Constraint(expr=model.x >= model.y)
    model.cost = pyo.Objective(expr=-model.x)
    with pytest.raises(SolverFailed, match=r"solve: HiGHS stopped with 'Unbounded'"):
        solve(model, EXACT)


def test_a_relaxation_that_fails_leaves_the_tree(small, monkeypatch):
    told, runs = solve(build(*small), EXACT), []

    def failing_first(problem, *more, **named):
        runs.append(problem)
        if len(runs) == 1:
            raise SolverFailed([])
        return run(problem, *more, **named)

    monkeypatch.setattr(optimum, "run", failing_first)
    assert solve(build(*small), EXACT).objective == pytest.approx(told.objective)


def test_seconds_of_the_relaxation_count_in_the_limit(small, monkeypatch):
    limits, seconds = Limits(relative_gap=0.0, time_limit_seconds=30.0), []

    def slow(problem, within, *more, **named):
        seconds.append(within.time_limit_seconds)
        told = run(problem, within, *more, **named)
        # A relaxation that ended by its limit says nothing, and has taken so long.
        return replace(told, held=Held.NOTHING, seconds=20.0) if len(seconds) == 1 else told

    monkeypatch.setattr(optimum, "run", slow)
    assert solve(build(*small), limits).held is Held.OPTIMAL
    assert seconds[:2] == [30.0, 10.0]


def test_the_same_question_gives_the_same_answer(small):
    first, second = solve(build(*small), EXACT), solve(build(*small), EXACT)
    assert (first.option, first.weight, first.path) == (second.option, second.weight, second.path)


def test_an_earlier_solution_is_a_start_even_when_the_question_has_changed(small):
    scenario, choices = small
    first = solve(build(scenario, choices), EXACT)
    again = solve(build(scenario, choices), EXACT, start=first)
    assert again.objective == pytest.approx(first.objective)
    unknown = solve(build(*world(5, Shape(customers=3, items=2))), EXACT, start=first)
    assert unknown.held in (Held.OPTIMAL, Held.INFEASIBLE)


def test_a_start_is_held_when_there_is_no_time_to_find_another():
    scenario, choices = world(7, Shape(customers=3, items=3, options=9, paths=40, columns=6, likely=0.1))
    model = build(scenario, choices)
    first = solve(model, Limits(relative_gap=0.5))
    again = solve(model, Limits(time_limit_seconds=1e-3), start=first)
    assert again.stopped is Stopped.TIME_LIMIT
    assert again.objective <= first.objective * (1 + 1e-9)


def test_what_does_not_cost_less_is_not_looked_for_and_that_is_proven():
    found, none = 0, 0
    for seed in range(60):
        model = build(*world(seed, Shape(items=2, options=3, paths=6)))
        best = solve(model, EXACT)
        if best.objective is None:
            assert solved(arrays(model), EXACT, less_than=1.0).objective is None
            continue
        above, below = best.objective * 1.01, best.objective * 0.99
        with_room = solved(arrays(model), EXACT, less_than=above)
        assert with_room.objective == pytest.approx(best.objective, rel=1e-7)
        assert with_room.bound <= best.objective * (1 + 1e-9)
        without = solved(arrays(model), EXACT, less_than=below)
        assert without.held is not Held.OPTIMAL and without.held is not Held.INFEASIBLE
        assert without.bound <= below
        if without.bound == below:
            none += 1
        assert without.objective is None or without.objective >= best.objective * (1 - 1e-9)
        found += 1
    assert found > 10
    assert none == found, "that nothing costs less must be proven"


def test_where_only_unscaled_rows_show_that_nothing_keeps_them_the_solver_is_asked_for_it(small, monkeypatch):
    """As for a budget of a synthetic wholesaler, whose relaxation ended as 'Unknown' by every other road."""

    class Scaled(highspy.Highs):
        """Knows nothing while it scales."""

        told = highspy.HighsModelStatus.kUnknown

        def run(self):
            ended = super().run()
            if not self.getOptionValue("simplex_scale_strategy")[1]:
                self.told = super().getModelStatus()
            return ended

        def getModelStatus(self):
            return self.told

    told = run(relaxed(arrays(build(*small))), EXACT)
    monkeypatch.setattr(highspy, "Highs", Scaled)
    assert run(relaxed(arrays(build(*small))), EXACT).objective == pytest.approx(told.objective)
