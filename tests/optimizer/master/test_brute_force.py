"""The master model finds what trying everything finds, or finds, like it, that there is nothing."""

from itertools import product

import pyomo.environ as pyo
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solve
from tests.optimizer.master.trying_everything import cheapest
from tests.optimizer.master.worlds import Shape, world

TO_THE_OPTIMUM = Limits(relative_gap=0.0)
SHAPES = {
    "three customer classes": Shape(customers=3, items=1, paths=3, columns=4),
    "two item classes": Shape(items=2, options=2),
    "two regions, one promise": Shape(items=1, regions=2),
    "two regions, two promises": Shape(items=1, regions=2, by_region=True, options=2),
    "every item": Shape(items=2, options=2, basis="every_item"),
    "every item, two regions": Shape(items=1, regions=2, basis="every_item"),
    "counted promises": Shape(items=1, options=2, columns=2, distinct=True),
    "counted promises, three classes": Shape(customers=3, items=1, options=2, columns=2, distinct=True),
    "counted promises, every item": Shape(
        items=1, regions=2, options=2, columns=2, distinct=True, basis="every_item"
    ),
    "ordered": Shape(options=2, likely=0.1, ordered=0.9),
    "ordered, counted promises": Shape(options=2, columns=2, distinct=True, likely=0.0, ordered=0.9),
    "many limits": Shape(items=1, regions=2, likely=0.6),
}
WORLDS = 40
SELDOM = {"better_customer_promise", "better_item_promise"}
"""Bind only where a third segment shares a promise: test_distinct_promises.py has such worlds."""


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_optimum_is_what_trying_everything_finds(shape):
    held = set()
    for seed in range(WORLDS):
        scenario, choices = world(seed, shape)
        solution = solve(build(scenario, choices), TO_THE_OPTIMUM)
        best = cheapest(scenario, choices)
        expected = Held.INFEASIBLE if best is None else Held.OPTIMAL
        assert (seed, solution.held) == (seed, expected)
        assert solution.objective == (None if best is None else pytest.approx(best, rel=1e-6))
        held.add(solution.held)
    assert held == {Held.OPTIMAL, Held.INFEASIBLE}, "the worlds must test both answers"


def test_every_rule_changes_the_optimum_of_some_world():
    """Else a rule could be lost without any world above noticing."""
    unseen = set(families(build(*world(0, Shape())))) - SELDOM
    for seed, shape in product(range(WORLDS), SHAPES.values()):
        model = build(*world(seed, shape))
        best = solve(model, TO_THE_OPTIMUM)
        unseen -= {family for family in sorted(unseen) if changes(best, model, family)}
        if not unseen:
            return
    assert unseen == set()


def families(model):
    return [family.local_name for family in model.component_objects(pyo.Constraint)]


def changes(best, model, family):
    """Whether the optimum is another without the family."""
    if not model.component(family):
        return False
    model.component(family).deactivate()
    without = solve(model, TO_THE_OPTIMUM)
    model.component(family).activate()
    if best.held != without.held:
        return True
    return best.objective is not None and without.objective < best.objective * (1 - 1e-6)
