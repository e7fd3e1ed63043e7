"""An answer that finds what others computed is the answer from nothing, to the last bit."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servicepolicy_models.consistency import require
from servicepolicy_models.demand import InlineDemand
from servicepolicy_models.errors import ScenarioRejected, warning
from servicepolicy_models.scenario import CurrentPromise, FillRateBasis, Scenario
from servicepolicy_models.targets import Target
from servicepolicy_optimizer import item_by_item, pipeline
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence
from servicepolicy_optimizer.recall import InMemory, Recall
from servicepolicy_optimizer.recalled_answer import known_answer
from tests.optimizer.small_inline import small_scenario

Find = Callable[[Scenario], Known | None]


def answer(scenario: Scenario, find: Find) -> str:
    """The policy as it is handed out, without the seconds it took; or the words with which the question is
    refused.
    """
    try:
        require(scenario)
        found = recommend(scenario, inline_facts(scenario), lambda: 0.0, in_silence, known=find(scenario))
    except ScenarioRejected as refused:
        return str(refused)
    proof = found.proof.model_copy(update={"seconds": {}, "solver_seconds": 0.0})
    return found.model_copy(update={"proof": proof}).model_dump_json()


def nothing_known(scenario: Scenario) -> None:
    """Every answer from nothing."""


FROM_NOTHING = dict[tuple[str, int], str]()


def answer_from_nothing(scenario: Scenario) -> str:
    """Computed once for a question and a road: an example comes back to its first question, others do too."""
    key = scenario.model_dump_json(), item_by_item.MOST_COLUMNS
    if key not in FROM_NOTHING:
        FROM_NOTHING[key] = answer(scenario, nothing_known)
    return FROM_NOTHING[key]


def bytes_known(recall: Recall) -> Find:
    """As in processes of their own: bytes are all they share."""
    return lambda scenario: Known(recall=recall)


def objects_known(memory: Memory) -> Find:
    """As in one process, question after question."""
    return lambda scenario: memory.of(scenario, inline_facts(scenario))


def whole_recall() -> InMemory:
    """Room for everything."""
    return InMemory(1_000_000_000)


def first(noun: Any, update: dict[str, Any]) -> tuple[Any, ...]:
    return (noun[0].model_copy(update=update), *noun[1:])


def patched(scenario: Scenario, patch: dict[str, float]) -> Scenario:
    """The scenario with some of its figures changed."""
    update: dict[str, Any] = {}
    for name, value in patch.items():
        match name:
            case "promise":
                update["targets"] = first(scenario.targets, {"fill_rate": 0.5 + 0.49 * value})
            case "no promise":
                update["targets"] = scenario.targets[1:]
            case "cycle service":
                said = {"fill_rate": None, "cycle_service_level": 0.6 + 0.3 * value}
                update["targets"] = first(scenario.targets, said)
                update["fill_rate_basis"] = FillRateBasis.EVERY_ITEM
            case "all cycle service" | "all fill rates":
                field = "cycle_service_level" if name == "all cycle service" else "fill_rate"
                update["targets"] = (Target.model_validate({field: 0.6 + 0.3 * value}),)
                update["fill_rate_basis"] = FillRateBasis.EVERY_ITEM
            case "in force":
                update["current_policy"] = (CurrentPromise(fill_rate=0.6 + 0.3 * value),)
            case "every item":
                update["fill_rate_basis"] = FillRateBasis.EVERY_ITEM
            case "budget":
                update["budgets"] = scenario.budgets.model_copy(update={"total_cost": 20_000 * value + 50})
            case "every promise":
                of_all = [
                    one.model_copy(update={"fill_rate": 0.3 + 0.69 * value}) for one in scenario.targets
                ]
                update["targets"] = tuple(of_all)
            case "hours":
                update["targets"] = first(scenario.targets, {"response_hours": 24.0 + 200 * value})
            case "order of customers":
                rules = {"better_customer_never_served_worse": value > 0.5}
                update["rules"] = scenario.rules.model_copy(update=rules)
            case "stock budget":
                update["budgets"] = scenario.budgets.model_copy(update={"inventory_value": 4_000 * value})
            case "carrying rate":
                update["carrying_rate_per_year"] = 0.1 + value
            case "freight":
                bands = first(scenario.modes[0].lanes[0].bands, {"cost_per_shipment": 8 * value})
                lanes = first(scenario.modes[0].lanes, {"bands": bands})
                update["modes"] = first(scenario.modes, {"lanes": lanes})
            case "inbound":
                update["supply"] = first(scenario.supply, {"inbound_cost_per_piece": value})
            case "lead time":
                update["supply"] = first(scenario.supply, {"lead_time_mean_days": 1 + 30 * value})
            case "storage":
                update["locations"] = first(scenario.locations, {"storage_cost_per_m3_year": 50 * value})
            case "lost sales":
                update["stockout_reactions"] = first(scenario.stockout_reactions, {"shortage_factor": value})
            case "demand":
                demand = scenario.demand.model_dump()
                for item in demand["items"]:
                    for pool in item["demand"]:
                        pool["pieces_per_day"] *= 0.5 + value
                        pool["lines_per_day"] *= 0.5 + value
                update["demand"] = InlineDemand.model_validate(demand)
    return scenario.model_copy(update=update)


NAMES = (
    "promise", "no promise", "cycle service", "every item", "budget", "stock budget", "carrying rate",
    "freight", "inbound", "lead time", "storage", "lost sales", "demand", "every promise", "hours",
    "order of customers", "all cycle service", "all fill rates", "in force",
)  # fmt: skip
PATCHES = st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1), min_size=1, max_size=3)


@pytest.mark.parametrize("most_columns", [0, item_by_item.MOST_COLUMNS], ids=["by mix", "item by item"])
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 30), patches=st.lists(PATCHES, min_size=1, max_size=3))
@example(seed=2, patches=[{"budget": 0.5}, {"cycle service": 0.5}, {"promise": 0.9, "budget": 0.01}])
@example(seed=5, patches=[{"every item": 0.0}, {"every item": 0.0, "promise": 0.5}])
@example(
    seed=2, patches=[{"all fill rates": 1.0, "in force": 1.0}, {"all cycle service": 1.0, "in force": 1.0}]
)
@example(seed=3, patches=[{"carrying rate": 0.9}, {"demand": 0.3}, {"lead time": 0.8}, {"storage": 0.9}])
def test_what_was_asked_before_changes_no_answer(most_columns, monkeypatch, seed, patches):
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", most_columns)
    scenario, recall, memory = small_scenario(seed), whole_recall(), Memory(recall=whole_recall())
    for asked in (scenario, *(patched(scenario, one) for one in patches), scenario):
        told = answer_from_nothing(asked)
        assert answer(asked, bytes_known(recall)) == told
        assert answer(asked, objects_known(memory)) == told


def changed_by_a_what_if() -> st.SearchStrategy[dict[str, float]]:
    """What a planner changes from one question to the next."""
    names = (
        "promise",
        "every promise",
        "budget",
        "stock budget",
        "carrying rate",
        "freight",
        "inbound",
        "demand",
    )
    return st.dictionaries(st.sampled_from(names), st.floats(0, 1), min_size=1, max_size=2)


@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 30),
    patches=st.lists(changed_by_a_what_if(), min_size=2, max_size=4),
    order=st.randoms(),
)
def test_the_order_of_what_ifs_changes_no_answer(monkeypatch, seed, patches, order):
    """Each patches the one before it; they are asked in one order, then once more in another."""
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    asked = [small_scenario(seed)]
    for patch in patches:
        asked.append(patched(asked[-1], patch))
    recall = whole_recall()
    told = [answer(one, bytes_known(recall)) for one in asked]
    shuffled = list(range(len(asked)))
    order.shuffle(shuffled)
    afterwards = whole_recall()
    for number in shuffled:
        assert answer(asked[number], bytes_known(afterwards)) == told[number]
        assert answer(asked[number], bytes_known(recall)) == told[number]
    assert answer_from_nothing(asked[-1]) == told[-1]


def test_the_same_question_again_is_read(monkeypatch):
    scenario, recall = small_scenario(3), whole_recall()
    told = answer(scenario, bytes_known(recall))
    monkeypatch.setattr(pipeline, "settle", None)
    assert answer(scenario, bytes_known(recall)) == told
    with pytest.raises(TypeError):
        answer(scenario, nothing_known)


def test_what_took_all_the_time_there_was_is_solved_again(monkeypatch):
    scenario, recall, seconds = small_scenario(3), whole_recall(), map(float, count())
    hurried = scenario.model_copy(
        update={"limits": scenario.limits.model_copy(update={"time_limit_seconds": 5.0})}
    )
    recommend(hurried, inline_facts(hurried), seconds.__next__, in_silence, known=Known(recall=recall))
    assert known_answer(recall, hurried, inline_facts(hurried)) is None


def test_what_was_found_of_the_demand_is_that_of_today():
    scenario, recall = small_scenario(3), whole_recall()
    facts = inline_facts(scenario)
    told = [
        recommend(scenario, one, lambda: 0.0, in_silence, known=Known(recall=recall)).findings
        for one in (facts, replace(facts, findings=(warning("/orders", "One line.", "a.code", "Look."),)))
    ]
    assert told[1] == (warning("/orders", "One line.", "a.code", "Look."), *told[0])
