"""Whole items keep budgets where the master mixes columns: the worlds in which giving back broke them."""

import pytest

from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.answer.stock import stock_of
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.settle import settle
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
