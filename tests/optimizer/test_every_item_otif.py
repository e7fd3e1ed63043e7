"""On time in full, promised for every item: the stock that it needs is no rung of the promise ladder."""

import pytest

from servicepolicy_models.proof import Held
from tests.optimizer.simulate.small_question import document, solved


def answer_to(otif, **changes):
    targets = [{"otif": otif, "response_hours": 240}]
    return solved(document(fill_rate_basis="every_item", targets=targets, **changes)).policy


@pytest.mark.parametrize("stock_policy", ["pooled", "rationed"])
def test_more_than_the_highest_rung_is_kept_where_stock_can_keep_it(stock_policy):
    """Every path here is in time as good as always; the ladder of promises ends at 99.5 %."""
    policy = answer_to(0.996, stock_policies=[stock_policy], limits={"rungs": 60})
    assert policy.proof.held is Held.OPTIMAL
    assert all(one.least_item_fill_rate * one.on_time_probability >= 0.996 for one in policy.segments)
