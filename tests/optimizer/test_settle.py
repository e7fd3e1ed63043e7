"""Whole items keep budgets where the master mixes columns: the worlds in which giving back broke them."""

import pytest

from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.answer.stock import stock_of
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.settle import objective, settle
from servicepolicy_optimizer.stock_limits import beyond
from tests.optimizer.small_inline import small_scenario


@pytest.mark.parametrize(("seed", "share"), [(0, 0.8), (7, 0.95), (9, 0.7)])
def test_what_is_given_back_of_whole_columns_breaks_no_budget(
    seed: int, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    free = small_scenario(seed)
    facts = inline_facts(free)
    usual = settle(question(free, facts, Known(), in_silence), in_silence)
    assert usual.decided is not None
    value = stock_of(usual.question.room, usual.decided).value().total
    tight = small_scenario(seed, budgets={"inventory_value": round(share * value, 2)})
    found = settle(question(tight, facts, Known(), in_silence), in_silence)
    assert found.decided is not None and beyond(found.question, found.decided) == {}


@pytest.mark.parametrize("seed", [21, 42, 115])
def test_no_stock_policy_by_itself_costs_less(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option with the cheapest mix may have dear whole items: few items lose much against their mix."""
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    rules = {"better_customer_never_served_worse": True}
    free = small_scenario(seed, rules=rules)
    facts = inline_facts(free)
    found = objective(settle(question(free, facts, Known(), in_silence), in_silence))
    for policy in free.stock_policies:
        only = small_scenario(seed, rules=rules, stock_policies=[policy])
        alone = objective(settle(question(only, facts, Known(), in_silence), in_silence))
        assert found is not None and (alone is None or found <= alone + 1e-6 * abs(alone))
