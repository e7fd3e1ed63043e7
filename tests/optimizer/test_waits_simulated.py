"""Laws, waits and lost sales through the whole road: asked in a scenario, named and audited in the answer."""

import numpy as np
import pytest

from servicepolicy_models import Scenario
from servicepolicy_models.consistency import check
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.inventory.shelf_laws import lawful_demand
from servicepolicy_optimizer.inventory.waiting import base_stock_wait_within
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from tests.optimizer.inventory.test_shelf_laws import figures, fill
from tests.optimizer.test_answers_simulated import GEOMETRIC, LEAD_TIME_DAYS, LINES_PER_DAY, UNIT, question

LUMPY = (np.array([1.0, 3.0, 12.0]), np.array([0.6, 0.3, 0.1]))
RESPONSE_HOURS = 10.0


def with_sizes(stock_policy, sizes, **changes):
    """The played question with its order sizes told, and fill rates low enough for waits to matter."""
    document = question(stock_policy, 0, sizes, 0.0).model_dump(mode="json")
    told = [{"pieces": float(x), "share": float(p)} for x, p in zip(*sizes, strict=True)]
    for item in document["demand"]["items"]:
        for pool in item["demand"]:
            pool |= {"order_sizes": told, "order_size_second_moment_pieces2": None}
    document["targets"] = [{"fill_rate": 0.6, "response_hours": 96}]
    return Scenario.model_validate(document | changes)


def answered(scenario):
    facts = inline_facts(scenario)
    return facts, recommend(scenario, facts, clock=lambda: 0.0, tell=lambda stage, done, word: None)


def waits_of_pieces(item, lines_per_day, sizes, rng, lines=250_000):
    """Days that each piece waits under (r, nQ): piece c has come when everything ordered a lead time ago is c
    or more.
    """
    r, q = item.reorder_point_pieces, item.order_quantity_pieces
    days = np.cumsum(rng.exponential(1 / lines_per_day, lines))
    pieces = rng.choice(sizes[0], lines, p=sizes[1]).astype(int)
    asked = np.cumsum(pieces)
    ordered = asked + r + 1 + np.mod(q - 1 - asked, q)  # position after ordering + all that was asked
    number = np.arange(1, asked[-1] + 1)
    comes_with = np.searchsorted(ordered, number)
    day = np.repeat(days, pieces)
    in_stock = number <= r + q
    beyond = np.minimum(comes_with, lines - 1)
    arrives = np.where(in_stock, 0.0, days[beyond] + LEAD_TIME_DAYS)
    known = comes_with < lines
    return np.maximum(arrives - day, 0.0)[known]


@pytest.mark.parametrize("sizes", [UNIT, LUMPY, GEOMETRIC], ids=["unit", "lumpy", "geometric"])
def test_waits_are_those_of_played_pieces(sizes):
    _, policy = answered(with_sizes("pooled", sizes))
    rng = np.random.default_rng(1)
    in_time = pieces = waited = 0.0
    for item in policy.items:
        assert item.distribution == "compound"
        waits = waits_of_pieces(item, LINES_PER_DAY[item.item], sizes, rng)
        assert item.mean_wait_days["A"] == pytest.approx(waits.mean(), rel=0.05, abs=0.01)
        assert item.unit_fill_rate["A"] == pytest.approx((waits == 0).mean(), abs=0.01)
        rate = item.demand_pieces_per_year
        promised = policy.segments[0].promised_response_hours
        in_time += rate * (waits <= (promised - RESPONSE_HOURS) / 24).mean()
        pieces, waited = pieces + rate, waited + rate * waits.mean()
    for segment in policy.segments:
        assert segment.delivered_on_time == pytest.approx(in_time / pieces, abs=0.01)
        assert segment.delivered_on_time >= segment.otif - 1e-9
        assert segment.mean_wait_days == pytest.approx(waited / pieces, rel=0.05)


def test_a_wrong_wait_is_noticed_by_the_audit():
    scenario = with_sizes("rationed", LUMPY)
    facts, policy = answered(scenario)
    assert audit(scenario, facts, policy).differences == ()
    first = policy.segments[0]
    for field in ("mean_wait_days", "delivered_on_time"):
        wrong = first.model_copy(update={field: getattr(first, field) + 1e-3})
        changed = policy.model_copy(update={"segments": (wrong, *policy.segments[1:])})
        (finding,) = audit(scenario, facts, changed).differences
        assert finding.where == f"/segments/0/{field}"
    item = policy.items[0].model_copy(update={"mean_wait_days": {"A": 9.0, "B": 9.0}})
    found = audit(scenario, facts, policy.model_copy(update={"items": (item, *policy.items[1:])}))
    assert {one.where for one in found.differences} == {f"/items/0/mean_wait_days/{name}" for name in "AB"}


def test_one_for_one_waits_are_exact():
    shelf = lawful_demand(figures([(1, 1)], 2.0, lead=3.0))
    for day in (0.0, 1.0, 2.5, 3.0):
        found = fill(shelf.with_lead_time(3.0 - day, 0.0).figures, 7, 1)
        assert found == pytest.approx(float(base_stock_wait_within(2.0, 3.0, 8, day)), abs=1e-9)


def test_the_law_that_is_asked_for_is_the_law_in_the_answer():
    laws = [{"law": "gamma"}, {"item_class": "X", "law": "negative_binomial"}]
    for given, expected in ((laws[:1], "gamma"), (laws, "negative_binomial"), ([], "compound")):
        _, policy = answered(with_sizes("pooled", LUMPY, demand_laws=given))
        assert {item.distribution for item in policy.items} == {expected}
        reason = "asked for in the scenario" if given else "order sizes are known; lines come at random"
        assert {item.distribution_reason for item in policy.items} == {reason}


def test_lost_sales_run_through_the_whole_road():
    lost = with_sizes("pooled", LUMPY, stockout_reactions=[{"shortage": "lost"}])
    facts, policy = answered(lost)
    assert audit(lost, facts, policy).differences == ()
    assert all(segment.mean_wait_days == 0 for segment in policy.segments)
    for segment in policy.segments:
        assert segment.delivered_on_time == pytest.approx(segment.otif, rel=1e-12)
    # nobody waits, so a reorder point below zero would never order
    assert all(item.reorder_point_pieces >= 0 for item in policy.items)


def test_lost_sales_that_no_formula_serves_are_refused():
    mixed = [{"shortage": "lost"}, {"customer_class": "A"}]
    rules = [one.rule for one in check(with_sizes("rationed", LUMPY, stockout_reactions=mixed))]
    assert {"shortage.mixed", "shortage.rationed"} <= set(rules)


def test_reserves_with_large_lines_are_told():
    for policy, sizes, told in (
        ("rationed", LUMPY, True),
        ("rationed", UNIT, False),
        ("pooled", LUMPY, False),
    ):
        scenario = with_sizes(policy, sizes)
        scenario = scenario.model_copy(update={"targets": question(policy, 0, sizes, 0.0).targets})
        _, answer = answered(scenario)
        reserved = any(any(row.critical_level_pieces.values()) for row in answer.items)
        rules = {finding.rule for finding in answer.findings}
        assert ("stock.reserves_and_large_lines" in rules) == (told and reserved)
        assert not told or reserved
