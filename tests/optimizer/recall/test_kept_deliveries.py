"""What an audit keeps of a shelf is found again for the same demand and decisions, and for no others."""

from dataclasses import fields, replace

import numpy as np
import pytest

from servicepolicy_models.errors import AuditFailed
from servicepolicy_models.means import StockPolicy
from servicepolicy_optimizer.audit.shelf import Delivery, Shelf, delivery, shelves_of
from servicepolicy_optimizer.audit.waiting import ShelfWaits, shelf_waits
from servicepolicy_optimizer.audited import audited_policy
from servicepolicy_optimizer.inventory.shelf_laws import Law
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.recall import InMemory
from servicepolicy_optimizer.recalled_shelves import recalled_delivery, recalled_waits
from tests.optimizer.small_inline import small_scenario


def bits(given: Delivery | ShelfWaits) -> list[bytes]:
    named = {one.name: getattr(given, one.name) for one in fields(given)}
    return [np.ascontiguousarray(one).tobytes() for one in named.values() if not isinstance(one, Shelf)]


def others(shelf: Shelf) -> list[Shelf]:
    """The shelf with each of its fields changed."""
    supply, location, levels = shelf.supply, shelf.location, shelf.critical_level_pieces
    reserved = levels + np.arange(levels.shape[1])
    of_supply = [
        {"lead_time_mean_days": supply.lead_time_mean_days + 3.0},
        {"lead_time_sd_days": supply.lead_time_sd_days + 1.0},
        {"review_days": supply.review_days + 7.0},
    ]
    return [
        *(replace(shelf, supply=supply.model_copy(update=one)) for one in of_supply),
        replace(shelf, location=location.model_copy(update={"extra_lead_time_days": 5.0})),
        replace(shelf, regions=shelf.regions[:1]),
        replace(shelf, customer_class="A"),
        replace(shelf, items=shelf.items[:-1], **{
            name: getattr(shelf, name)[:-1]
            for name in ("rows", "reorder_point_pieces", "order_quantity_pieces", "critical_level_pieces")
        }),
        replace(shelf, reorder_point_pieces=shelf.reorder_point_pieces + 1.0),
        replace(shelf, order_quantity_pieces=shelf.order_quantity_pieces + 2.0),
        replace(shelf, stock_policy=StockPolicy.RATIONED),
        replace(shelf, stock_policy=StockPolicy.RATIONED, critical_level_pieces=reserved),
        replace(shelf, lost=not shelf.lost),
        replace(shelf, asked_law=int(Law.NORMAL)),
        replace(shelf, asks_cycle_service=not shelf.asks_cycle_service),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [0, 1, 4])
def test_every_decision_of_a_shelf_stands_in_its_key(seed):
    scenario = small_scenario(seed)
    facts = inline_facts(scenario)
    policy = recommend(scenario, facts, lambda: 0.0, in_silence)
    recall = InMemory(100_000_000)
    for shelf in shelves_of(scenario, facts, policy):
        for one in (shelf, *others(shelf), shelf):
            assert bits(recalled_delivery(recall, facts, one)) == bits(delivery(facts, one))
            assert bits(recalled_waits(recall, facts, one, [9.0, 99.0])) == bits(
                shelf_waits(facts, one, [9.0, 99.0])
            )


def test_a_policy_that_says_something_else_fails_though_its_shelves_are_known():
    scenario = small_scenario(1)
    facts = inline_facts(scenario)
    known = Known(recall=InMemory(100_000_000))
    policy = recommend(scenario, facts, lambda: 0.0, in_silence, known=known)
    asked = question(scenario, facts, known, in_silence)
    assert audited_policy(asked, policy).proof.audit_difference == policy.proof.audit_difference
    first, *rest = policy.items
    lower = first.model_copy(update={"reorder_point_pieces": first.reorder_point_pieces + 3.0})
    with pytest.raises(AuditFailed):
        audited_policy(asked, policy.model_copy(update={"items": (lower, *rest)}))
