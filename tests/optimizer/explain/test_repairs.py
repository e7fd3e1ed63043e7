"""Repairs of small whole scenarios, against every policy of whole items that there is."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicepolicy_models.changes import Aim, ChangeKind, Level, RepairWishes
from servicepolicy_models.errors import NothingToRepair
from servicepolicy_models.merge_patch import merge_patch, merged
from servicepolicy_models.repairs import Repair, Repairs
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.explain import repairs as repairs_module
from servicepolicy_optimizer.explain.changed import with_promise
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.repairs import repaired, repairs
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.recall import NOTHING_KEPT, InMemory
from tests.optimizer.every_rung import cheapest
from tests.optimizer.explain.tight_worlds import LADDER, with_budget
from tests.optimizer.small_inline import small_scenario

MANY = RepairWishes(repairs_at_most=20, look_at_most=60)


def found_for(scenario: Scenario, wishes: RepairWishes = MANY) -> Repairs:
    return repairs(scenario, inline_facts(scenario), lambda: 0.0, in_silence, wishes)


def tight(seed: int) -> Scenario:
    """A world whose stock budget is a little too small for its promises."""
    return with_budget(seed, 0.93)


def best(scenario: Scenario, budget: float) -> float | None:
    return cheapest(question(scenario, inline_facts(scenario), Known(), in_silence), budget)


@pytest.mark.parametrize("seed", [0, 5])
def test_single_changes_and_their_costs_are_those_that_trying_every_rung_finds(seed: int) -> None:
    scenario = tight(seed)
    budget = scenario.budgets.inventory_value
    assert budget is not None
    found = found_for(scenario)
    assert found.complete and found.level is Level.ITEM_BY_ITEM and not found.unconfirmed
    expected: dict[tuple[str, float], float] = {}
    targets = question(scenario, inline_facts(scenario), Known(), in_silence).choices.targets
    for segment, target in targets.items():
        for rung in sorted({*scenario.promise_ladder.fill_rates, 0.0}, reverse=True):
            if rung >= target.fill_rate:
                continue
            cost = best(with_promise(scenario, segment, ChangeKind.FILL_RATE, rung), budget)
            if cost is not None:
                expected[f"{segment[0]}/{segment[1]}", rung] = cost
                break
    single = [one for one in found.repairs if len(one.changes) == 1]
    told = {
        (one.changes[0].where, one.changes[0].after): one.cost_per_year
        for one in single
        if one.changes[0].kind is ChangeKind.FILL_RATE
    }
    assert told == pytest.approx(expected)
    budgets = [one for one in single if one.changes[0].kind is ChangeKind.BUDGET]
    assert [one.amounts for one in budgets][:1] == ["least"]
    for one in budgets:
        after = one.changes[0].after
        assert after is not None and best(scenario, after) == pytest.approx(one.cost_per_year)
    least = budgets[0].changes[0].after
    assert least is not None and best(scenario, least * (1 - 2e-3)) is None
    assert found.reference is not None
    assert best(scenario, 1e9) == pytest.approx(found.reference.cost_per_year)
    assert budgets[-1].cost_per_year == pytest.approx(found.reference.cost_per_year)


PROMISED = [(i, j, "*") for j in "XY" for i in "AB"]


@pytest.mark.parametrize("seed", [0, 2])
def test_pairs_of_promises_are_those_that_trying_every_pair_finds(seed: int) -> None:
    scenario = with_budget(seed, 0.6)
    budget = scenario.budgets.inventory_value
    assert budget is not None
    targets = question(scenario, inline_facts(scenario), Known(), in_silence).choices.targets
    segments = [segment for segment in PROMISED if targets[segment].fill_rate > 0]
    alone = {s for s in segments if best(lowered(scenario, {s: 0.0}), budget) is not None}
    expected = {
        frozenset(pair)
        for pair in combinations([s for s in segments if s not in alone], 2)
        if best(lowered(scenario, dict.fromkeys(pair, 0.0)), budget) is not None
    }
    found = found_for(scenario, RepairWishes(untouchable=(Aim(kind="budget"),), repairs_at_most=20))
    pairs = [one for one in found.repairs if len(one.changes) == 2]
    named = {"/".join(s[:2]): s for s in segments}
    told = [{named[c.where]: c.after or 0.0 for c in one.changes} for one in pairs]
    assert {frozenset(rungs) for rungs in told} == expected and expected
    for one, rungs in zip(pairs, told, strict=True):
        assert best(lowered(scenario, rungs), budget) == pytest.approx(one.cost_per_year)
        for segment, rung in rungs.items():
            above = [r for r in scenario.promise_ladder.fill_rates if rung < r < targets[segment].fill_rate]
            if above:
                less = rungs | {segment: min(above)}
                assert best(lowered(scenario, less), budget) is None


def lowered(scenario: Scenario, rungs: dict[tuple[str, str, str], float]) -> Scenario:
    for segment, rung in rungs.items():
        scenario = with_promise(scenario, segment, ChangeKind.FILL_RATE, rung)
    return scenario


def test_a_set_that_is_not_enough_after_all_takes_back_that_all_are_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = tight(0)
    monkeypatch.setattr(repairs_module, "children_of", lambda parent, correction: iter(()))
    found = found_for(scenario)
    assert found.unconfirmed and not found.complete and not found.repairs


@pytest.mark.parametrize("seed", [7])
def test_a_child_is_a_scenario_of_its_own_with_the_cost_that_was_told(seed: int) -> None:
    scenario = tight(seed)
    found = found_for(scenario)
    assert found.repairs and found.reference is not None
    for one in found.repairs[:3]:
        child = repaired(scenario, one)
        assert child.name != scenario.name and "repair of" in child.notes[-1]
        policy = recommend(child, inline_facts(child), lambda: 0.0, in_silence)
        assert policy.cost is not None and policy.proof.audit_difference is not None
        assert policy.cost.objective == pytest.approx(one.cost_per_year)
        difference = one.cost_per_year - found.reference.cost_per_year
        assert one.cost_difference_per_year == pytest.approx(difference)
        again = Repair.model_validate_json(one.model_dump_json())
        assert repaired(scenario, again) == child


@pytest.mark.parametrize("seed", [0, 3])
def test_what_is_kept_meanwhile_changes_no_repair(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    scenario = tight(seed)
    facts, recall = inline_facts(scenario), Counted()
    asked = (scenario, facts, lambda: 0.0, in_silence, MANY)
    assert repairs(*asked, memory=Memory(recall=recall)) == repairs(
        *asked, memory=Memory(recall=NOTHING_KEPT)
    )
    assert recall.found > 0


class Counted(InMemory):
    """Counts what is found again."""

    def __init__(self) -> None:
        super().__init__(100_000_000)
        self.found = 0

    def get(self, key: str) -> bytes | None:
        value = super().get(key)
        self.found += value is not None
        return value


def test_what_may_not_be_touched_is_in_no_repair_and_nothing_allowed_is_an_answer() -> None:
    scenario = tight(0)
    protected = found_for(scenario, RepairWishes(untouchable=(Aim(customer_class="A"),)))
    assert protected.repairs
    assert not [c for one in protected.repairs for c in one.changes if c.where.startswith("A/")]
    nothing = found_for(scenario, RepairWishes(untouchable=(Aim(),)))
    assert (nothing.repairs, nothing.complete) == ((), True)
    assert nothing.sentences[0].startswith("No set of the changes that are allowed")


def test_a_promise_faster_than_every_path_is_impossible_whatever_is_paid() -> None:
    scenario = small_scenario(1, promise_ladder=LADDER)
    hurried = [*scenario.targets, {"customer_class": "A", "item_class": "X", "response_hours": 24.0}]
    found = found_for(scenario.model_validate(scenario.model_dump() | {"targets": _dumped(hurried)}))
    (impossible,) = found.impossible
    assert (impossible.where, impossible.promised) == ("A/X", 24.0)
    assert impossible.possible == pytest.approx(30.0, abs=0.2)  # the mode takes 30 h, nothing else any time
    assert "the fastest path takes 30" in impossible.sentence
    assert found.repairs[0].changes[0].sentence == "Promise A/X within 36 h instead of 24 h"
    assert found.repairs[0].cost_difference_per_year == pytest.approx(0.0, abs=1e-6)


def test_a_forbidden_choice_that_leaves_nothing_can_be_given_up() -> None:
    scenario = small_scenario(1)
    rules = {"forbidden": [{"customer_class": "A", "channel": "web"}, {"mode": "road"}]}
    found = found_for(scenario.model_validate(scenario.model_dump() | {"rules": rules}))
    assert [one.sentence.split(":")[0] for one in found.repairs] == ["Drop the forbidden choice mode road"]
    child = repaired(scenario.model_validate(scenario.model_dump() | {"rules": rules}), found.repairs[0])
    assert [choice.channel for choice in child.rules.forbidden] == ["web"]


def test_too_few_different_promises_are_allowed_to_be_more() -> None:
    """Three segments that nobody can serve alike: A must be fast and B cannot."""
    modes = [
        {"name": "road", "customer_classes": ["B"], **_lane(60)},
        {"name": "air", "customer_classes": ["A"], **_lane(20)},
    ]
    targets = [{"customer_class": "A", "response_hours": 24.0, "fill_rate": 0.8}, {"fill_rate": 0.6}]
    told = small_scenario(
        1, promise_ladder=LADDER, modes=modes, targets=targets[::-1], rules={"distinct_promises_at_most": 1}
    )
    sentences = [one.changes[0].sentence for one in found_for(told).repairs if len(one.changes) == 1]
    assert "Allow 2 different promises instead of 1" in sentences


def _lane(hours: float) -> dict[str, Any]:
    return {"lanes": [{"bands": [{"cost_per_shipment": 4}], "time": {"mean_hours": hours}}]}


def test_a_feasible_scenario_has_nothing_to_repair() -> None:
    with pytest.raises(NothingToRepair):
        found_for(small_scenario(0))


def _dumped(targets: Any) -> list[Any]:
    return [one if isinstance(one, dict) else one.model_dump(exclude_unset=True) for one in targets]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, JSON)
def test_a_merge_patch_leads_from_one_document_to_the_other(before: Any, after: Any) -> None:
    # RFC 7396 cannot say null inside an object: it means "absent".
    before, after = _without_none(before), _without_none(after)
    assert merged(before, merge_patch(before, after)) == after


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_none(one) for name, one in value.items() if one is not None}
    return value
