"""A policy that was priced and fixed is the policy of the whole model, with the same proof."""

from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer import settle as settling
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.floor import ENOUGH_GAP, item_level_bound
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.rivals import policy_of
from servicepolicy_optimizer.settle import objective, settle
from servicepolicy_optimizer.synthetic import Matrix, distributor
from servicepolicy_optimizer.wide import generation, prepared
from servicepolicy_optimizer.wide.generation import PathRelaxation, mixed_options
from servicepolicy_optimizer.wide.item_bound import over_all_rungs
from servicepolicy_optimizer.wide.master import Plain, Wide
from tests.optimizer.small_inline import small_scenario

TWELVE = Matrix(2, 2, 3)


def question_of(kept, room, seed=3, matrix=TWELVE, **limits):
    """Few segments and few means: small enough for the whole model. room: factor on capacities."""
    document = distributor(np.random.default_rng(seed), matrix)
    for means, field in (
        ("channels", "labour_capacity_hours_per_year"),
        ("processes", "capacity_lines_per_day"),
        ("modes", "capacity_kg_per_year"),
    ):
        document[means] = [one | {field: one[field] * room} for one in document[means][:kept]]
    document["limits"] = {"relative_gap": 1e-6} | limits
    scenario = read_scenario(document)
    return question(scenario, inline_facts(scenario), Known(), in_silence)


def settled(asked):
    """Settled by price and fix."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settling, "prepared", lambda asked, tell: prepared(asked, tell, most_paths=0))
        return settle(asked, in_silence)


@pytest.fixture(scope="module")
def asked():
    """A question with a policy."""
    return question_of(kept=3, room=1.3)


@pytest.fixture(scope="module")
def whole(asked):
    """As it is."""
    return settle(asked, in_silence)


@pytest.fixture(scope="module")
def fixed(asked):
    """Priced and fixed."""
    return settled(asked)


def test_the_decision_is_the_same_within_the_gap(whole, fixed):
    assert whole.solution.held is fixed.solution.held is Held.OPTIMAL
    assert fixed.solution.objective == pytest.approx(whole.solution.objective, rel=3e-5)
    assert objective(fixed) == pytest.approx(objective(whole), rel=1e-3)
    # Each refined its own columns, so the two masters are not quite the same.
    assert fixed.solution.bound <= whole.solution.objective * (1 + 3e-5)


def test_fewer_variables_were_solved(whole, fixed):
    assert fixed.solution.size["variables"] < whole.solution.size["variables"]


def test_the_audit_finds_what_the_policy_says(asked, fixed):
    found = audit(asked.scenario, asked.facts, policy_of(fixed))
    assert not found.broken
    assert not found.differences


def test_its_floor_is_below_every_policy_and_near_the_floor_of_the_whole_model(asked, whole, fixed):
    bound = item_level_bound(whole.question)
    assert fixed.floor <= objective(whole) * (1 + 1e-9)
    assert fixed.floor <= bound * (1 + 1e-6)
    assert fixed.floor == pytest.approx(bound, rel=2e-2)


def test_what_no_policy_can_keep_is_proven_infeasible():
    asked = question_of(kept=2, room=0.3)
    assert settled(asked).solution.held is Held.INFEASIBLE
    assert settle(asked, in_silence).solution.held is Held.INFEASIBLE


def test_the_size_decides(asked):
    assert isinstance(prepared(asked, lambda number: None, most_paths=0), Wide)
    small = replace(asked, scenario=asked.scenario.model_copy(update={"limits": asked.scenario.limits}))
    assert isinstance(prepared(small, lambda number: None), Plain)


def test_the_bound_of_the_item_level_knows_the_branches(whole, fixed):
    plain, cost = item_level_bound(whole.question), objective(fixed)
    bound = fixed.item_level_bound(cost)
    assert fixed.floor <= bound <= min(cost, objective(whole)) * (1 + 1e-9)
    assert bound >= min(plain * (1 - 1e-4), cost * (1 - ENOUGH_GAP) * (1 - 1e-9))


def test_more_is_proven_where_more_is_sought(whole, fixed):
    """A policy of twice the cost needs less of a proof, one of no more than the floor none at all."""
    cost = objective(fixed)
    bounds = [fixed.item_level_bound(one) for one in (fixed.floor, cost, 2 * cost)]
    assert bounds[0] == pytest.approx(fixed.floor, rel=1e-9)
    assert all(one <= objective(whole) * (1 + 1e-9) for one in bounds)


def test_columns_are_refined_where_options_are_whole():
    """With the prices of the root alone, what a branch could still save was a thousandth of its cost."""
    document = distributor(np.random.default_rng(7), Matrix(6, 3, 2))
    scenario = read_scenario(document)
    asked = question(scenario, inline_facts(scenario), Known(), in_silence)
    found = prepared(asked, lambda number: None, most_paths=0)
    over = PathRelaxation(found.asked.scenario, found.asked.choices)
    branch, node = {}, over.solve()
    while mixed := mixed_options(over, node.few):
        branch[max(mixed, key=node.few.__getitem__)] = 1.0
        over.hold(branch)
        node = over.solve()
    assert branch
    assert over_all_rungs(found.asked, over, node).bound >= node.bound * (1 - 1e-4)


@pytest.mark.parametrize("negligible", [1e-8, 0.03, 0.3])
def test_all_rungs_cost_no_more_than_any_policy_whatever_the_prices_know(negligible, monkeypatch):
    """Prices of few columns, and of few paths: what they do not know they must not prove."""
    monkeypatch.setattr(generation, "NEGLIGIBLE", negligible)
    for seed in range(6):
        asked = question_of(9, 2.0, seed, Matrix(2, 2, 1), price_levels=4)
        node = (over := PathRelaxation(asked.scenario, asked.choices)).solve()
        assert node.held is Held.OPTIMAL
        assert over_all_rungs(asked, over, node).bound <= objective(settle(asked, in_silence)) * (1 + 1e-9)


def test_a_capacity_of_which_no_path_uses_anything_limits_nothing():
    channels = [
        {"name": "EDI", "cost_per_line": 0.5, "labour_capacity_hours_per_year": 0.0},
        {"name": "phone", "cost_per_line": 3.0, "labour_hours_per_line": 0.1},
    ]
    scenario = small_scenario(2, channels=channels)
    asked = question(scenario, inline_facts(scenario), Known(), in_silence)
    own, plain = (
        prepared(asked, lambda number: None, most_paths=most).solved(scenario).solution for most in (0, 1000)
    )
    assert own.held is plain.held is Held.OPTIMAL
    assert own.objective == pytest.approx(plain.objective, rel=1e-4)


def test_stock_that_costs_far_more_than_serving_is_no_reason_to_miss_its_cost():
    """What a shelf costs least is a row of the floor: were it cheaper to miss, costs would have no bottom."""
    told = small_scenario(2, processes=[{"name": "wave", "capacity_lines_per_day": 1e-3}])
    items = [one.model_copy(update={"unit_cost": one.unit_cost * 1e6}) for one in told.demand.items]
    scenario = told.model_copy(update={"demand": told.demand.model_copy(update={"items": tuple(items)})})
    asked = question(scenario, inline_facts(scenario), Known(), in_silence)
    assert prepared(asked, lambda number: None, most_paths=0).impossible()
