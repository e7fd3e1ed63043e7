"""Whole items by the solver against every choice of rungs, and against the plain road."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from servicepolicy_models.rules import Limits
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer import settle as settling
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.realise import by_promises, by_solver
from servicepolicy_optimizer.realise.by_solver import chosen_by_solver
from servicepolicy_optimizer.realise.group import Effort, Group
from servicepolicy_optimizer.rivals import policy_of
from servicepolicy_optimizer.settle import objective, settle
from servicepolicy_optimizer.stock_limits import beyond
from tests.optimizer.small_inline import small_scenario

WORTH = 1e-6
EFFORT = Effort(WORTH, 1_000, Limits())


def group_of(seed):
    """Up to five items with four rungs, up to four rows, some with both sides; and a choice that keeps
    them.
    """
    rng = np.random.default_rng(seed)
    items, rungs, rows = int(rng.integers(1, 6)), 4, int(rng.integers(1, 5))
    cost = np.sort(rng.uniform(0, 50, (items, rungs)), axis=1)
    use = np.sort(rng.uniform(0, 9, (rows, items, rungs)), axis=2)[:, :, ::-1]
    known = rng.integers(0, rungs, items)
    comes_to = use[:, np.arange(items), known].sum(axis=1)
    most = comes_to * rng.choice([1.0, 1.2], rows)
    least = np.where(rng.random(rows) < 0.3, comes_to * 0.7, -np.inf)
    return Group(cost, use, least, most), known


def best_of_all(group):
    items, rungs = group.cost.shape
    every = (np.array(one) for one in product(range(rungs), repeat=items))
    return min(group.total(one) for one in every if group.keeps(one))


@pytest.mark.parametrize("seed", range(60))
def test_it_is_the_best_of_all_choices(seed):
    group, known = group_of(seed)
    chosen = chosen_by_solver(group, known, EFFORT)
    assert group.keeps(chosen)
    assert group.total(chosen) <= group.total(known)
    # a side that is kept exactly is kept clear of by the share INSIDE, so ties at a side may be passed over
    inside = Group(group.cost, group.rows, group.least + 2e-5, group.most - 2e-5)
    feasible_inside = [best_of_all(inside)] if inside.keeps(chosen) else []
    assert group.total(chosen) >= best_of_all(group) - 1e-9
    assert all(group.total(chosen) <= best + 2 * WORTH for best in feasible_inside)


def test_most_are_strictly_better_than_what_was_known():
    """The test above would pass if nothing was ever looked for."""
    better = sum(
        group.total(chosen_by_solver(group, known, EFFORT)) < group.total(known) - 1e-6
        for group, known in map(group_of, range(60))
    )
    assert better > 30


@pytest.mark.parametrize("few", [4, 8])
def test_with_few_rungs_looked_at_it_is_never_worse(few, monkeypatch):
    monkeypatch.setattr(by_solver, "MOST_RUNGS", few)
    for seed in range(20):
        group, known = group_of(seed)
        chosen = chosen_by_solver(group, known, EFFORT)
        assert group.keeps(chosen) and group.total(chosen) <= group.total(known)


def test_what_is_not_worth_it_is_left():
    group, known = group_of(3)
    assert chosen_by_solver(group, known, replace(EFFORT, worth=1e6)) is known


def settled(asked, monkeypatch, plain):
    with monkeypatch.context() as patched:
        patched.setattr(item_by_item, "MOST_COLUMNS", 0)
        if plain:
            patched.setattr(settling, "improved", lambda plan, decided: decided)
            patched.setattr(by_promises, "improved_in_time", lambda plan, decided, *_: (decided, True))
        return settle(asked, in_silence)


RULES = {"rules": {"better_customer_never_served_worse": True, "better_item_never_served_worse": True}}


@pytest.fixture(scope="module")
def plainly():
    """Asks a world without a budget, and settles it by the plain road; each world once."""
    known = {}

    def once(seed, rules):
        if (seed, rules) not in known:
            scenario = small_scenario(seed, **(RULES if rules else {}))
            asked = question(scenario, inline_facts(scenario), Known(), in_silence)
            with pytest.MonkeyPatch.context() as monkeypatch:
                known[seed, rules] = asked, settled(asked, monkeypatch, plain=True)
        return known[seed, rules]

    return once


@pytest.mark.parametrize("rules", [False, True], ids=["free", "with rules"])
@pytest.mark.parametrize("share", [None, 0.9])
def test_the_decision_is_never_worse_than_by_the_plain_road(rules, share, plainly, monkeypatch):
    better = 0
    for seed in range(30):
        asked, plain = plainly(seed, rules)
        if share is not None:
            free = policy_of(plain).stock_value
            value = {"budgets": {"inventory_value": share * (free.total if free else 1e9)}}
            scenario = small_scenario(seed, **(RULES if rules else {}), **value)
            asked = question(scenario, inline_facts(scenario), Known(), in_silence)
            plain = settled(asked, monkeypatch, plain=True)
        if plain.decided is None:
            continue
        found = settled(asked, monkeypatch, plain=False)
        assert objective(found) <= objective(plain) + 1e-9 * abs(objective(plain))
        better += objective(found) < objective(plain) - 1e-6 * abs(objective(plain))
        assert not beyond(found.question, found.decided)
        said = audit(asked.scenario, asked.facts, policy_of(found))
        assert not said.broken and not said.differences
    assert better > 0
