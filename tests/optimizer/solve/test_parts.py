"""Only the parts that the relaxation leaves open are decided by a tree, and the whole comes to the same."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import block_diag, csc_array

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solved
from servicepolicy_optimizer.solve.arrays import Arrays, arrays
from servicepolicy_optimizer.solve.highs import relaxed, run
from servicepolicy_optimizer.solve.parts import undecided
from tests.optimizer.master.worlds import Shape, world

EXACT = Limits(relative_gap=0.0)
PROBLEMS = 60
SHAPES = {
    "two item classes": Shape(items=2, options=2, paths=4, likely=0.2),
    "two regions": Shape(items=2, regions=2, options=2, paths=4, likely=0.2),
    "ordered": Shape(options=2, paths=4, likely=0.2, ordered=0.5),
}


def knapsacks(seed, how_many=4):
    """Some knapsacks beside some blends without an integer, and what is bought once for all of them.

    The last column stands in a row of every part and, with a value of its own, ties none to another.
    """
    rng = np.random.default_rng(seed)
    weights = [rng.integers(1, 12, size=(1, int(rng.integers(2, 6)))).astype(float) for _ in range(how_many)]
    size = sum(block.shape[1] for block in weights)
    room = np.array([block.sum() * rng.uniform(0.2, 0.8) for block in weights])
    shared = -rng.uniform(0.0, 2.0, size=(how_many, 1))
    matrix = np.block([[block_diag(weights).toarray(), shared], [np.zeros((1, size)), np.ones((1, 1))]])
    integral = np.concatenate([np.full(w.shape[1], n % 2 == 0) for n, w in enumerate(weights)] + [[True]])
    return Arrays(
        cost=np.append(-rng.integers(1, 20, size=size).astype(float), 3.0),
        constant=7.0,
        matrix=csc_array(matrix),
        row_lower=np.append(np.full(how_many, -np.inf), 1.0),
        row_upper=np.append(room, 1.0),
        lower=np.zeros(size + 1),
        upper=np.ones(size + 1),
        integral=integral,
        rows=tuple(("row", n) for n in range(how_many + 1)),
        columns=tuple(("column", n) for n in range(size + 1)),
    )


def test_the_parts_come_to_what_the_whole_comes_to():
    fewer = 0
    for seed in range(PROBLEMS):
        problem = knapsacks(seed)
        relaxation, expected = run(relaxed(problem), EXACT), run(problem, EXACT)
        left = undecided(problem, relaxation)
        if left is None:
            continue
        fewer += left.columns.size > 0
        found = left.whole(run(left.problem, EXACT))
        assert (seed, found.objective) == (seed, pytest.approx(expected.objective))
        assert (seed, found.bound) == (seed, pytest.approx(expected.objective))
        used = problem.matrix @ found.values
        assert (used <= problem.row_upper + 1e-6).all() and (used >= problem.row_lower - 1e-6).all()
        assert problem.cost @ found.values + problem.constant == pytest.approx(expected.objective)
        assert np.array_equal(found.values[problem.integral], np.round(found.values[problem.integral]))
    assert fewer > PROBLEMS / 2, "the problems must have parts that are settled and parts that are not"


def test_a_part_is_left_out_only_where_its_integers_are_whole():
    for seed in range(PROBLEMS):
        problem = knapsacks(seed)
        relaxation = run(relaxed(problem), EXACT)
        mixed = problem.integral & (relaxation.values != np.round(relaxation.values))
        left = undecided(problem, relaxation)
        assert left is None or set(np.flatnonzero(mixed)) <= set(left.columns.tolist())
        if left is not None:
            rows = {row[1] for row in left.problem.rows}
            assert {n for n in rows if n % 2} == set(), "a blend is settled by the relaxation"


def test_a_relaxation_that_was_not_finished_settles_nothing():
    problem = knapsacks(3)
    told = run(relaxed(problem), EXACT)
    assert undecided(problem, told) is not None
    assert undecided(problem, replace(told, held=Held.FEASIBLE)) is None
    assert undecided(problem, None) is None


def test_what_ties_all_columns_leaves_one_part():
    problem = knapsacks(3)
    everything = csc_array(np.vstack([problem.matrix.toarray(), np.ones((1, problem.cost.size))]))
    tied = replace(
        problem,
        matrix=everything,
        row_lower=np.append(problem.row_lower, -np.inf),
        row_upper=np.append(problem.row_upper, 5.5),
        rows=(*problem.rows, ("all", None)),
    )
    relaxation = run(relaxed(tied), EXACT)
    assert (relaxation.values[tied.integral] % 1.0).any(), "an integer must be mixed"
    assert undecided(tied, relaxation) is None
    assert undecided(problem, run(relaxed(problem), EXACT)) is not None


def test_a_part_without_a_solution_is_the_whole_without_one():
    problem = knapsacks(1)
    even = csc_array(np.vstack([problem.matrix.toarray(), np.eye(1, problem.cost.size) * 2.0]))
    # Twice a binary is never 1, though twice a half is.
    impossible = replace(
        problem,
        matrix=even,
        row_lower=np.append(problem.row_lower, 0.9),
        row_upper=np.append(problem.row_upper, 1.1),
        rows=(*problem.rows, ("even", None)),
    )
    assert undecided(impossible, run(relaxed(impossible), EXACT)) is not None
    assert solved(impossible, EXACT).held is Held.INFEASIBLE


def test_an_entry_of_zero_neither_ties_nor_forces():
    """Columns that join a model bring zeros with them."""
    problem = knapsacks(3)
    relaxation = run(relaxed(problem), EXACT)
    plain, mixed = undecided(problem, relaxation), problem.integral & (relaxation.values % 1.0 != 0.0)
    height, width = problem.matrix.shape
    row, column = problem.matrix.nonzero()
    everywhere = np.full(width, height), np.arange(width)
    alone = [height + 1], [int(np.flatnonzero(mixed)[0])]
    at = [np.concatenate(ends) for ends in zip((row, column), everywhere, alone, strict=True)]
    data = np.append(np.asarray(problem.matrix[row, column]), np.zeros(width + 1))
    zeros = replace(
        problem,
        matrix=csc_array((data, tuple(at)), shape=(height + 2, width)),
        row_lower=np.append(problem.row_lower, [0.0, 0.0]),
        row_upper=np.append(problem.row_upper, [0.0, 0.0]),
        rows=(*problem.rows, ("zeros", None), ("zero", None)),
    )
    assert zeros.matrix.nnz == problem.matrix.nnz + width + 1
    left = undecided(zeros, relaxation)
    assert left is not None and left.columns.tolist() == plain.columns.tolist()
    assert solved(zeros, EXACT).objective == pytest.approx(run(problem, EXACT).objective)


@pytest.mark.parametrize("by_bounds", [True, False])
def test_a_fraction_forced_on_an_integer_leaves_no_solution(by_bounds):
    """It ties nothing, and no other part tells that it cannot be."""
    problem = knapsacks(3)
    assert undecided(problem, run(relaxed(problem), EXACT)) is not None, "another part must be undecided"
    half = [problem.lower.copy(), problem.upper.copy(), problem.row_lower.copy(), problem.row_upper.copy()]
    for side in half[:2] if by_bounds else half[2:]:
        side[-1] = 0.5
    names = ("lower", "upper", "row_lower", "row_upper")
    forced = replace(problem, **dict(zip(names, half, strict=True)))
    if by_bounds:
        forced = replace(forced, matrix=csc_array(forced.matrix[:-1]), rows=forced.rows[:-1],
                         row_lower=forced.row_lower[:-1], row_upper=forced.row_upper[:-1])  # fmt: skip
    relaxation = run(relaxed(forced), EXACT)
    assert relaxation.held is Held.OPTIMAL and relaxation.values[-1] == 0.5
    assert solved(forced, EXACT).held is Held.INFEASIBLE


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_worlds_with_options_held_come_to_what_they_come_to_whole(shape):
    apart, held = 0, set()
    for seed in range(PROBLEMS):
        scenario, choices = world(seed, shape)
        first = {item_class: options[:1] for item_class, options in choices.options.items()}
        problem = arrays(build(scenario, replace(choices, options=first)))
        expected, found = run(problem, EXACT), solved(problem, EXACT)
        relaxation = run(relaxed(problem), EXACT)
        apart += undecided(problem, relaxation) is not None and relaxation.objective != expected.objective
        held.add(found.held)
        assert (seed, found.held) == (seed, expected.held)
        if expected.objective is not None:
            assert (seed, found.objective) == (seed, pytest.approx(expected.objective, rel=1e-7))
            again = solved(problem, EXACT, start=found)
            assert (seed, again.objective) == (seed, pytest.approx(expected.objective, rel=1e-7))
    assert held == {Held.OPTIMAL, Held.INFEASIBLE}, "the worlds must test both answers"
    assert apart > 2, "some worlds must fall apart and have an undecided part"
