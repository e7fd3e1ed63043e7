"""Two lists against every choice of rungs, and the tree above them against the solver."""

from itertools import product

import numpy as np
import pytest

from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.realise import by_lists, by_solver, two_lists
from servicepolicy_optimizer.realise.by_lists import searched
from servicepolicy_optimizer.realise.by_solver import chosen_in_time
from servicepolicy_optimizer.realise.group import Effort, Group
from servicepolicy_optimizer.realise.relaxed_group import RelaxedGroup
from servicepolicy_optimizer.realise.two_lists import cheapest_pair

WORTH = 1e-6
EFFORT = Effort(WORTH, 2_000, Limits())


def group_of(seed, items, rungs=4):
    """Items whose rungs cost more the less they are short, one to four rows, some with both sides; and a
    choice that keeps them.
    """
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 5))
    size = rng.choice([1.0, 8.0], (items, 1))
    cost = np.sort(rng.uniform(0, 50, (items, rungs)) * size, axis=1)
    use = np.sort(rng.uniform(0, 9, (rows, items, rungs)) * size, axis=2)[:, :, ::-1]
    known = rng.integers(0, rungs, items)
    comes_to = use[:, np.arange(items), known].sum(axis=1)
    least = np.where(rng.random(rows) < 0.3, comes_to * 0.7, -np.inf)
    return Group(cost, use, least, comes_to * rng.choice([1.0, 1.2], rows)), known


def every_choice(group, allowed):
    rungs = [np.flatnonzero(of_item) for of_item in allowed]
    return (np.array(one) for one in product(*rungs))


def any_prices(group, seed):
    rng = np.random.default_rng(seed)
    return group.at(rng.uniform(-9, 2, len(group.rows)))


@pytest.mark.parametrize("seed", range(60))
def test_at_any_prices_the_cheapest_allowed_choice_is_found_and_proven(seed):
    group, known = group_of(seed, items=1 + seed % 5)
    allowed = np.random.default_rng(seed).random(group.cost.shape) < 0.8
    allowed[np.arange(known.size), known] = True
    found = cheapest_pair(group, any_prices(group, seed), allowed, group.total(known))
    least = min(group.total(one) for one in every_choice(group, allowed) if group.keeps(one))
    held = known if found.chosen is None else found.chosen
    assert found.is_proven
    assert group.keeps(held) and allowed[np.arange(known.size), held].all()
    assert group.total(held) == pytest.approx(least)


def test_most_are_cheaper_than_what_was_known():
    """The test above would pass if nothing was ever found."""
    groups = [group_of(seed, items=5) for seed in range(40)]
    found = [
        cheapest_pair(group, any_prices(group, 1), group.cost >= 0, group.total(known))
        for group, known in groups
    ]
    assert sum(one.chosen is not None for one in found) > 20


@pytest.mark.parametrize("seed", range(20))
def test_a_bound_at_any_prices_is_below_every_choice(seed):
    group, _ = group_of(seed, items=4)
    least = min(group.total(one) for one in every_choice(group, group.cost >= 0) if group.keeps(one))
    assert any_prices(group, seed).bound <= least + 1e-9


@pytest.mark.parametrize("longest", [2, 6])
def test_lists_that_lose_choices_prove_only_what_is_so(longest, monkeypatch):
    monkeypatch.setattr(two_lists, "LONGEST", longest)
    proven = 0
    for seed in range(60):
        group, known = group_of(seed, items=5)
        everything = group.cost >= 0
        found = cheapest_pair(group, any_prices(group, seed), everything, group.total(known))
        best = min(group.total(one) for one in every_choice(group, everything) if group.keeps(one))
        held = known if found.chosen is None else found.chosen
        assert group.keeps(held) and group.total(held) <= group.total(known)
        if found.is_proven:
            proven += 1
            assert group.total(held) <= best + 1e-9
    assert 0 < proven < 60


@pytest.mark.parametrize("few", [None, 4])
@pytest.mark.parametrize("seed", range(30))
def test_a_tree_above_short_lists_finds_the_best_of_all(seed, few, monkeypatch):
    if few is not None:
        monkeypatch.setattr(two_lists, "LONGEST", few)
        monkeypatch.setattr(by_lists, "MOST_NODES", 400)
    group, known = group_of(seed, items=5)
    everything = group.cost >= 0
    mixed = RelaxedGroup(group, everything, EFFORT.limits).mixed()
    found = searched(group, group.at(mixed.price), known, EFFORT)
    # A mix is kept clear of its sides by more than the solver's tolerance.
    inside = Group(group.cost, group.rows, group.least + 2e-4, group.most - 2e-4)
    best = min(group.total(one) for one in every_choice(group, everything) if group.keeps(one))
    kept = [group.total(one) for one in every_choice(group, everything) if inside.keeps(one)]
    assert found.is_done and found.in_time
    assert group.keeps(found.chosen) and group.total(found.chosen) >= best - 1e-9
    assert group.total(found.chosen) <= min([*kept, group.total(known)]) + 1e-3


@pytest.mark.parametrize("seed", range(12))
def test_it_costs_no_more_than_by_the_solver_alone(seed, monkeypatch):
    group, known = group_of(seed, items=24, rungs=12)
    effort = Effort(1e-3 * group.total(known), 200, Limits())
    by_both, _ = chosen_in_time(group, known, effort)
    monkeypatch.setattr(by_solver, "FEW_ROWS", 0)
    by_tree, _ = chosen_in_time(group, known, effort)
    assert group.keeps(by_both) and group.total(by_both) <= group.total(by_tree) + effort.worth


def test_prices_that_are_far_off_lead_to_the_same():
    """They are where the search begins: a poor one costs time, not money."""
    for seed in range(10):
        group, known = group_of(seed, items=5)
        at_nothing, _ = chosen_in_time(group, known, EFFORT, np.zeros(len(group.rows)))
        assert group.total(at_nothing) == pytest.approx(group.total(chosen_in_time(group, known, EFFORT)[0]))


def test_rungs_of_equal_worth_that_nothing_parts_are_left_to_the_solver():
    """Rungs that cost the same are as near as each other: lists lose those that keep the rows."""
    items = 40
    cost, use = np.tile([0.0, 0.0, 5.0], (items, 1)), np.tile([[9.0, 1.0, 0.0]], (1, items, 1))
    known = np.full(items, 2)
    group = Group(cost, use, np.array([-np.inf]), np.array([items + 1.0]))
    found = searched(group, group.at(np.zeros(1)), known, EFFORT)
    assert not found.is_done
    assert group.total(chosen_in_time(group, known, EFFORT, np.zeros(1))[0]) == 0.0


@pytest.mark.parametrize("rows", [1, 9])
def test_where_nothing_costs_anything_poor_prices_do_no_harm(rows):
    group = Group(np.zeros((2, 2)), np.ones((rows, 2, 2)), np.full(rows, -np.inf), np.full(rows, 3.0))
    known = np.zeros(2, dtype=np.intp)
    chosen, in_time = chosen_in_time(group, known, Effort(0.0, 100, Limits()), np.full(rows, -1.0))
    assert chosen is known and in_time
