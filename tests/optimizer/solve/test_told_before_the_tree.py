"""What is told before any tree is what the tree tells."""

from dataclasses import replace
from typing import Any

import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import arrays, optimum, solved, with_whole_columns
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Outcome, relaxed, run
from servicepolicy_optimizer.solve.optimum import at_root
from tests.optimizer.master.worlds import Shape, world

TIGHT = Shape(options=2, likely=0.8)
EXACT = Limits(relative_gap=0.0)


@pytest.mark.parametrize("whole", [False, True])
def test_what_cannot_be_kept_in_parts_cannot_be_kept_whole(whole: bool) -> None:
    none_in_parts, some = 0, 0
    for seed in range(60):
        problem = arrays(build(*world(seed, TIGHT)))
        problem = with_whole_columns(problem) if whole else problem
        found, tree = solved(problem, EXACT), run(problem, EXACT)
        assert (found.held, found.objective) == (tree.held, pytest.approx(tree.objective))
        none_in_parts += run(relaxed(problem), EXACT).held is Held.INFEASIBLE
        some += found.held is Held.OPTIMAL
    assert none_in_parts >= 3 and some >= 3


def test_the_root_denies_only_what_the_tree_denies() -> None:
    denied, some = 0, 0
    for seed in range(60):
        problem = with_whole_columns(arrays(build(*world(seed, TIGHT))))
        plain, doubted = solved(problem, EXACT), solved(problem, EXACT, doubtful=True)
        assert (doubted.held, doubted.option, doubted.path) == (plain.held, plain.option, plain.path)
        assert doubted.objective == plain.objective and doubted.weight == plain.weight
        in_parts = run(relaxed(problem), EXACT).held is Held.OPTIMAL
        root = at_root(problem, EXACT)
        denied += in_parts and root is not None and root.held is Held.INFEASIBLE
        some += plain.held is Held.OPTIMAL
    assert denied >= 1 and some >= 3


def test_what_is_asked_before_the_tree_takes_of_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    limits, given = Limits(relative_gap=0.0, time_limit_seconds=100.0), []

    def slow(problem: Arrays, limits: Limits, *others: Any, **more: Any) -> Outcome:
        given.append(limits.time_limit_seconds)
        return replace(run(problem, limits, *others, **more), seconds=30.0)

    monkeypatch.setattr(optimum, "run", slow)
    for seed in range(60):
        given.clear()
        problem = with_whole_columns(arrays(build(*world(seed, TIGHT))))
        solved(problem, limits, doubtful=True)
        if len(given) >= 3:
            break
    assert given[:3] == [100.0, 70.0, 40.0]
