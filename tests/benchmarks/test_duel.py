"""Who duels solves the same problem, and what failed is told as failed."""

from functools import partial

import pytest

from benchmarks import run as bench
from benchmarks import wide_master
from benchmarks.duel import Duel, fight
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve.arrays import arrays
from servicepolicy_optimizer.solve.highs import run
from servicepolicy_optimizer.synthetic import Matrix
from tests.benchmarks.contestants import breaks, what_it_got, works_in_a_child

WEIGHTS_IN_THOUSANDTHS = 2e-3


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    return wide_master.prepare(Matrix(3, 1, 3), 60.0, tmp_path_factory.mktemp("duel"))


@pytest.fixture(scope="module")
def cost(material):
    return wide_master.highs(material.written).objective


@pytest.mark.parametrize("name", [*wide_master.INSTALLED, *wide_master.PEERS])
def test_everyone_finds_the_same_cost(material, cost, name):
    if name in wide_master.NEEDS:
        pytest.importorskip(wide_master.NEEDS[name])
    contestant = {**wide_master.INSTALLED, **wide_master.PEERS}[name]
    reached = contestant(wide_master.handed(name, material))
    assert reached.objective == pytest.approx(cost, rel=WEIGHTS_IN_THOUSANDTHS)
    assert reached.bound <= cost * (1 + WEIGHTS_IN_THOUSANDTHS)


def test_the_whole_matrix_is_that_of_the_model_with_all_paths(material, cost):
    asked, whole = material.asked, material.written.problem
    problem = arrays(build(asked.scenario, asked.choices))
    assert whole.matrix.shape == problem.matrix.shape
    assert whole.matrix.nnz == problem.matrix.nnz
    assert sorted(whole.cost) == pytest.approx(sorted(problem.cost))
    assert run(problem, asked.scenario.limits).objective == pytest.approx(cost, rel=2e-4)


def test_a_limit_of_its_own_is_kept(material):
    def seconds(one):
        return one.scenario.limits.time_limit_seconds

    assert wide_master.within(7.0, seconds, material.written) == 7.0
    assert seconds(material.written) == 60.0


def nothing(folder):
    return 0


def test_a_contestant_that_breaks_is_told_as_failed():
    duel = Duel("Breaking", "It breaks.", "none", nothing, {"it": breaks}, partial(str))
    bouts, size = fight(duel)
    assert bouts[0].reached is None
    assert "| it | failed |" in bench.duel_section("breaking", duel, bouts, size)


def test_a_contestant_is_handed_what_it_reads():
    def handed(name, material):
        return material[name]

    duel = Duel(
        "Handed", "", "", material_of_two, {"little": what_it_got, "much": what_it_got}, str, handed=handed
    )
    bouts, _ = fight(duel)
    assert [bout.reached.objective for bout in bouts] == [1.0, 4.0]


def material_of_two(folder):
    return {"little": "x", "much": "xxxx"}


def test_what_a_child_of_a_contestant_takes_is_counted():
    (bout,), _ = fight(Duel("Children", "", "", nothing, {"child": works_in_a_child}, partial(str)))
    # The child's own seconds are finer than those that its parent is told of it.
    assert bout.seconds > 0.9 * bout.reached.objective > 0.0
