"""What is proven impossible is impossible: no policy of whole items keeps it."""

import pytest

from servicepolicy_models.proof import Held
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.impossible import impossible
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, Question, in_silence, question
from servicepolicy_optimizer.rivals import policy_of
from servicepolicy_optimizer.settle import settle
from tests.optimizer.small_inline import small_scenario

FEW_COLUMNS = {"rungs": 6, "price_levels": 4, "refinements": 0, "relative_gap": 1e-9}
"""So few that they keep less than the rungs behind them."""


def asked_of(seed: int, **changes: object) -> Question:
    given = {
        "rules": {"better_customer_never_served_worse": True},
        "stock_policies": ["separate"],
        "limits": FEW_COLUMNS,
    }
    scenario = small_scenario(seed, **(given | changes))
    return question(scenario, inline_facts(scenario), Known(), in_silence)


@pytest.mark.parametrize("seed", [53, 57, 59])
def test_an_order_between_classes_proves_nothing_against_a_policy_that_exists(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of the order have prices; their right-hand side is nothing, whatever the targets are."""
    free = settle(asked_of(seed), in_silence)
    budget = {"inventory_value": policy_of(free).stock_value.total * 0.999}  # type: ignore[union-attr]
    exact = settle(asked_of(seed, budgets=budget), in_silence)
    assert exact.item_by_item and exact.decided is not None

    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    asked = asked_of(seed, budgets=budget)
    assert not impossible(asked)
    assert settle(asked, in_silence).solution.held is not Held.INFEASIBLE


@pytest.mark.parametrize("ordered", [False, True])
def test_a_budget_for_next_to_nothing_is_proven_impossible(
    ordered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    rules = {"better_customer_never_served_worse": ordered}
    asked = asked_of(53, rules=rules, budgets={"inventory_value": 0.01}, limits={"rungs": 6})
    assert settle(asked, in_silence).solution.held is Held.INFEASIBLE
