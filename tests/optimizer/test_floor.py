"""The floor lies below every policy of whole items, and close to the best."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from servicepolicy_models.proof import Held, Stopped
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import floor, item_by_item, pipeline
from servicepolicy_optimizer.floor import ENOUGH_GAP, enough_for, item_level_bound
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, Question, question
from servicepolicy_optimizer.refine import refined
from servicepolicy_optimizer.settle import objective, settle
from servicepolicy_optimizer.solve import MasterSolution, solve
from servicepolicy_optimizer.wide import as_it_is
from servicepolicy_optimizer.wide.master import Plain
from tests.optimizer.every_rung import cheapest
from tests.optimizer.small_inline import small_scenario


def in_silence(stage: str, done: float, word: str) -> None:
    pass


def asked_of(scenario: Scenario) -> Question:
    return question(scenario, inline_facts(scenario), Known(), in_silence)


@cache
def plain_world(seed: int) -> Question:
    return asked_of(small_scenario(seed))


@cache
def best_and_bound(seed: int) -> tuple[float | None, float | None]:
    """Of a plain world: what its best policy costs, and its floor."""
    return cheapest(plain_world(seed)), item_level_bound(plain_world(seed))


@pytest.mark.parametrize("seed", range(20))
def test_no_policy_of_whole_items_costs_less_than_the_floor(seed: int) -> None:
    best, bound = best_and_bound(seed)
    assert best is not None and bound is not None
    assert bound <= best + 1e-7 * abs(best)


@pytest.mark.parametrize("seed", range(8))
def test_nor_with_a_budget(seed: int) -> None:
    free = plain_world(seed)
    value = sum(float(columns.stock_value.min()) for columns in free.choices.columns.values())
    for share in (0.3, 0.6, 1.2):
        asked = asked_of(small_scenario(seed, budgets={"inventory_value": share * value}))
        best = cheapest(asked, inventory_value=share * value)
        bound = item_level_bound(asked)
        if best is not None:
            assert bound is not None and bound <= best + 1e-7 * abs(best)


@pytest.mark.parametrize("share", [None, 0.3, 0.6])
@pytest.mark.parametrize("seed", range(12))
def test_nor_than_what_the_prices_of_refining_prove(seed: int, share: float | None) -> None:
    """What they prove is no more than the floor raised as far as it goes, within its tolerance."""
    free = plain_world(seed)
    value = sum(float(columns.stock_value.min()) for columns in free.choices.columns.values())
    limit = None if share is None else share * value
    asked = free if limit is None else asked_of(small_scenario(seed, budgets={"inventory_value": limit}))
    found = refined(asked.scenario, asked.facts, asked.choices, asked.room, asked.curves, lambda number: None)
    best = cheapest(asked) if limit is None else cheapest(asked, inventory_value=limit)
    if found.floor is None or best is None:
        return
    raised = item_level_bound(asked.with_curves(found.curves), found.master, found.prices)
    assert found.floor <= best + 1e-7 * abs(best)
    assert raised is not None and found.floor <= raised + 3e-6 * abs(raised)


def test_a_bound_that_is_enough_is_raised_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever round comes to it, it is the last."""
    stopped_early = 0
    for seed in range(20):
        asked = plain_world(seed)
        _, rounds = raised_in_rounds(asked, np.inf, monkeypatch)
        for number, reached in enumerate(rounds):
            if reached <= max(rounds[:number], default=-np.inf):
                continue
            for enough in (reached, reached - 1e-9 * abs(reached)):
                assert raised_in_rounds(asked, enough, monkeypatch) == (reached, rounds[: number + 1])
            master, cost = as_it_is(asked), reached / (1.0 - ENOUGH_GAP)
            assert enough_for(cost) == pytest.approx(reached)
            assert master.item_level_bound(cost - 1e-9 * cost) == reached
            stopped_early += reached < max(rounds)
    assert stopped_early > 3, "some bounds must take more than one round"


def raised_in_rounds(
    asked: Question, enough: float, monkeypatch: pytest.MonkeyPatch
) -> tuple[float | None, list[float]]:
    """The bound, and what each round proved."""
    rounds: list[float] = []

    def counted(*model_and_limits: Any) -> MasterSolution:
        lowest = solve(*model_and_limits)
        assert lowest.bound is not None
        rounds.append(lowest.bound)
        return lowest

    with monkeypatch.context() as patched:
        patched.setattr(floor, "solve", counted)
        return item_level_bound(asked, enough=enough), rounds


def test_what_refining_proved_is_taken_where_it_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    settled = settle(asked_of(small_scenario(1)), in_silence)
    cost = objective(settled)
    assert cost is not None and cost > 0
    enough, as_mixed = enough_for(cost), replace(settled.solution, objective=cost)
    sought = replace(settled, solution=as_mixed, item_level_bound=lambda cost: cost / 2)
    for known, told in ((enough, enough), (enough - 1e-6 * cost, cost / 2), (None, cost / 2)):
        assert pipeline._item_level_bound(replace(sought, floor=known)) == told


def test_what_refining_proved_is_not_lost_where_time_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = as_it_is(asked_of(small_scenario(1)))
    assert isinstance(plain, Plain)
    master = replace(plain, floor=100.0)
    monkeypatch.setattr(floor, "solve", lambda *asked: MasterSolution(Held.NOTHING, Stopped.TIME_LIMIT))
    assert master.item_level_bound(1000.0) == 100.0
    assert replace(master, floor=None).item_level_bound(1000.0) is None


def test_a_budget_raises_the_floor() -> None:
    """Its price reaches the cuts: without it the floor would be the same as without the budget."""
    raised = 0
    for seed in range(6):
        free, (_, lowest) = plain_world(seed), best_and_bound(seed)
        value = sum(float(columns.stock_value.min()) for columns in free.choices.columns.values())
        for share in (0.4, 0.8):
            within = small_scenario(seed, budgets={"inventory_value": share * value})
            bound = item_level_bound(asked_of(within))
            if bound is not None and lowest is not None:
                assert bound >= lowest - 1e-6 * abs(lowest)
                raised += bound > lowest * (1 + 1e-4)
    assert raised > 3


def test_the_floor_is_close_to_the_best_policy() -> None:
    """One or two items in a class: a mix of rungs is furthest from whole items, yet within some percent."""
    gaps = []
    for seed in range(30):
        best, bound = best_and_bound(seed)
        assert best is not None and bound is not None
        gaps.append((best - bound) / abs(best))
    assert np.median(gaps) < 0.02


def test_fill_rates_of_every_item_have_no_such_floor() -> None:
    asked = asked_of(small_scenario(1, fill_rate_basis="every_item"))
    assert item_level_bound(asked) is None
