"""The stock side against plain arithmetic: what a shelf delivers, holds and costs."""

import math

import numpy as np
import pytest

from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.audit.shelf import delivery, shelves_of
from tests.optimizer.audit.small_question import (
    UNIT_COST,
    UNIT_KG,
    UNIT_M3,
    UNIT_PRICE,
    decided,
    facts,
    scenario,
)

PIECES_PER_YEAR = 14.0


def poisson(mean):
    """P(D = 0), P(D = 1), ... as far as it matters."""
    return [math.exp(-mean) * mean**k / math.factorial(k) for k in range(60)]


def shelf_by_hand(r, q, mean):
    """Fill rate and stock on hand of unit Poisson demand: the position is uniform on r + 1 .. r + Q."""
    chance = poisson(mean)
    levels = range(r + 1, r + q + 1)
    fill = sum(sum(chance[:y]) for y in levels) / q
    on_hand = sum(sum((y - k) * chance[k] for k in range(y)) for y in levels) / q
    return fill, on_hand


FILL_RATE, ON_HAND = shelf_by_hand(2, 4, PIECES_PER_YEAR / 365 * 45)


def test_the_shelf_is_the_one_of_hopp_and_spearman():
    assert pytest.approx((0.903, 2.823), abs=5e-4) == (FILL_RATE, ON_HAND)


def supplied(**changes):
    return [{"name": "maker", "lead_time_mean_days": 45, **changes}]


def audited(policy=None, **changes):
    return audit(scenario(**changes), facts(), policy or decided())


def test_fill_rate_and_pieces_short_follow_from_the_reorder_point():
    found = audited()
    assert found.fill_rate == pytest.approx(FILL_RATE, rel=1e-12)
    assert found.policy.segments[0].pieces_short_per_year == pytest.approx(8 * (1 - FILL_RATE), rel=1e-9)
    assert found.policy.segments[1].pieces_short_per_year == pytest.approx(6 * (1 - FILL_RATE), rel=1e-9)


def test_inventory_cost_is_the_carrying_rate_on_the_stock_at_purchase_price():
    found = audited(carrying_rate_per_year=0.25, supply=supplied(unit_cost_factor=1.2))
    assert found.cost.inventory == pytest.approx(0.25 * ON_HAND * UNIT_COST * 1.2)
    assert found.stock_value.total == pytest.approx(ON_HAND * 12.0)


def test_stock_on_hand_is_cycle_and_safety_stock():
    found = audited(supply=supplied(lead_time_mean_days=20))
    mean = PIECES_PER_YEAR / 365 * 20
    _, on_hand = shelf_by_hand(2, 4, mean)
    backorders = on_hand - (2 + 2.5 - mean)
    assert found.stock_value.safety == pytest.approx((2 - mean + backorders) * UNIT_COST)
    assert found.stock_value.cycle == pytest.approx(2.5 * UNIT_COST)


def test_a_reorder_point_below_the_mean_leaves_cycle_stock_only():
    shelf = {("Leeds", "*"): {"reorder_point_pieces": -1.0}}
    found = audited(decided(shelves=shelf))
    assert found.stock_value.safety == 0
    assert found.stock_value.cycle > 0


def test_under_periodic_review_the_review_period_is_protected_too():
    review_days = 60.0
    found = audited(supply=supplied(review_days=review_days, lead_time_mean_days=10))
    mean_l, mean_lr = PIECES_PER_YEAR / 365 * 10, PIECES_PER_YEAR / 365 * 70
    before, after = shelf_by_hand(2, 4, mean_l)[1], shelf_by_hand(2, 4, mean_lr)[1]
    assert found.stock_value.total == pytest.approx((before + after) / 2 * UNIT_COST)
    backorders = ((before - (4.5 - mean_l)) + (after - (4.5 - mean_lr))) / 2
    assert found.stock_value.safety == pytest.approx(max(2 - mean_lr + backorders, 0) * UNIT_COST)


def test_pipeline_stock_counts_where_it_is_owned_with_the_location_s_own_lead_time():
    far = [{"name": "Leeds", "extra_lead_time_days": 5}]
    owned = audited(supply=supplied(owns_pipeline=True, lead_time_mean_days=40), locations=far)
    assert owned.stock_value.pipeline == pytest.approx(PIECES_PER_YEAR / 365 * 45 * UNIT_COST)
    assert audited(locations=far).stock_value.pipeline == 0
    assert owned.fill_rate == pytest.approx(FILL_RATE)


def test_supply_cost_has_premium_ordering_and_inbound_freight():
    found = audited(
        supply=supplied(
            unit_cost_factor=1.1,
            fixed_cost_per_order=30,
            inbound_cost_per_piece=0.5,
            inbound_cost_per_kg=0.2,
            inbound_cost_share_of_value=0.05,
        ),
        locations=[{"name": "Leeds", "inbound_cost_per_piece": 0.1, "inbound_cost_per_kg": 0.3}],
    )
    premium = PIECES_PER_YEAR * (11 - 10)
    ordering = PIECES_PER_YEAR / 4 * 30
    freight = PIECES_PER_YEAR * (0.5 + 0.1) + PIECES_PER_YEAR * UNIT_KG * (0.2 + 0.3)
    by_value = PIECES_PER_YEAR * 11 * 0.05
    assert found.cost.supply == pytest.approx(premium + ordering + freight + by_value)
    assert found.policy.item_classes[0].replenishment_orders_per_year == pytest.approx(3.5)


def test_a_quantity_break_lowers_the_price_of_every_piece():
    breaks = [{"from_pieces": 4, "unit_cost_factor": 0.9}, {"from_pieces": 5, "unit_cost_factor": 0.5}]
    found = audited(supply=supplied(quantity_breaks=breaks))
    assert found.cost.supply == pytest.approx(PIECES_PER_YEAR * (9 - 10))
    assert found.stock_value.total == pytest.approx(ON_HAND * 9)


def at_most(most):
    """E[min(D, most)] of a review period of 73 days, 2.8 pieces on average."""
    return sum(min(d, most) * math.exp(-2.8) * 2.8**d / math.factorial(d) for d in range(60))


@pytest.mark.parametrize(
    ("quantity", "review_days", "orders"),
    [
        (4.0, 0, 3.5),
        (0.5, 0, 14.0),
        (0.0, 0, 14.0),
        (4.0, 73, 5 * at_most(4) / 4),
        (1.0, 73, 5 * at_most(1)),
        (0.0, 73, 5 * (1 - math.exp(-2.8))),
    ],
)
def test_an_order_is_placed_by_a_line_or_at_a_review_with_demand(quantity, review_days, orders):
    shelf = {("Leeds", "*"): {"order_quantity_pieces": quantity, "review_days": review_days}}
    found = audited(decided(shelves=shelf), supply=supplied(review_days=review_days))
    assert found.policy.item_classes[0].replenishment_orders_per_year == pytest.approx(orders)


def test_warehousing_has_storage_and_handling():
    found = audited(locations=[{"name": "Leeds", "storage_cost_per_m3_year": 70, "cost_per_piece": 0.4}])
    assert found.cost.warehousing == pytest.approx(ON_HAND * UNIT_M3 * 70 + PIECES_PER_YEAR * 0.4)
    assert found.policy.item_classes[0].storage_m3 == pytest.approx(ON_HAND * UNIT_M3)


def test_inbound_co2e_is_by_weight():
    found = audited(supply=supplied(co2e_kg_per_kg=1.5))
    assert found.co2e_kg_per_year == pytest.approx(PIECES_PER_YEAR * UNIT_KG * 1.5)


REACTION = {
    "customer_class": "A",
    "wait": 0.4,
    "substitute": 0.3,
    "buy_elsewhere_once": 0.2,
    "leave": 0.1,
    "cost_per_waiting_piece": 2.0,
    "cost_per_substituted_piece": 3.0,
    "lost_share_of_price": 0.5,
    "leaving_multiple_of_price": 4.0,
}


def test_lost_sales_are_each_segment_s_own_pieces_short():
    found = audited(stockout_reactions=[REACTION, {"customer_class": "B", "shortage_factor": 0.6}])
    of_a = 0.4 * 2 + 0.3 * 3 + (0.2 * 0.5 + 0.1 * 4) * UNIT_PRICE
    assert found.cost_by_segment["A", "X", "*"].lost_sales == pytest.approx(8 * (1 - FILL_RATE) * of_a)
    assert found.cost_by_segment["B", "X", "*"].lost_sales == pytest.approx(
        6 * (1 - FILL_RATE) * 0.6 * UNIT_PRICE
    )
    assert found.cost.total == 0


def test_lost_sales_count_only_where_the_scenario_says_so():
    assert audited(stockout_reactions=[REACTION], count_lost_sales=False).cost.lost_sales == 0


def test_the_last_reaction_that_speaks_of_a_class_is_its_own():
    found = audited(stockout_reactions=[REACTION, {"customer_class": "*", "shortage_factor": 1.0}])
    assert found.cost.lost_sales == pytest.approx(14 * (1 - FILL_RATE) * UNIT_PRICE)


def test_a_class_of_stock_is_shared_among_its_segments_by_pieces():
    found = audited(carrying_rate_per_year=0.25)
    by_segment = found.cost_by_segment
    assert by_segment["A", "X", "*"].inventory == pytest.approx(found.cost.inventory * 8 / 14)
    assert by_segment["B", "X", "*"].inventory == pytest.approx(found.cost.inventory * 6 / 14)


def test_separate_shelves_meet_their_own_class_only():
    shelves = {("Leeds", "A"): {"reorder_point_pieces": 1.0}, ("Leeds", "B"): {"reorder_point_pieces": 0.0}}
    found = audited(decided(stock_policy="separate", shelves=shelves))
    assert found.fill_rate_by_segment["A", "X", "*"] == pytest.approx(shelf_by_hand(1, 4, 8 / 365 * 45)[0])
    assert found.fill_rate_by_segment["B", "X", "*"] == pytest.approx(shelf_by_hand(0, 4, 6 / 365 * 45)[0])


def test_two_locations_meet_their_own_regions_only():
    shelves = {("Leeds", "*"): {}, ("London", "*"): {"reorder_point_pieces": 0.0}}
    found = audited(
        decided(deployment="split", shelves=shelves),
        locations=[{"name": "Leeds"}, {"name": "London"}],
        deployments=[{"name": "split", "serves": {"North": "Leeds", "South": "London"}}],
    )
    north, south = shelf_by_hand(2, 4, 10 / 365 * 45)[0], shelf_by_hand(0, 4, 4 / 365 * 45)[0]
    assert found.fill_rate_by_segment["A", "X", "*"] == pytest.approx((6 * north + 2 * south) / 8)
    assert found.policy.segments[0].least_item_fill_rate == pytest.approx(south)


def test_a_reserve_without_levels_is_a_pooled_shelf():
    levels = {("Leeds", "*"): {"critical_level_pieces": {"A": 0.0, "B": 0.0}}}
    rationed = audited(decided(stock_policy="rationed", shelves=levels), carrying_rate_per_year=0.3)
    pooled = audited(carrying_rate_per_year=0.3)
    assert rationed.cost.inventory == pytest.approx(pooled.cost.inventory)
    assert rationed.fill_rate == pytest.approx(pooled.fill_rate)


def test_a_reserve_helps_the_best_class_and_is_a_part_of_the_safety_stock():
    levels = {("Leeds", "*"): {"critical_level_pieces": {"A": 0.0, "B": 1.0}, "reorder_point_pieces": 4.0}}
    found = audited(decided(stock_policy="rationed", shelves=levels))
    plain = audited(decided(shelves={("Leeds", "*"): {"reorder_point_pieces": 4.0}}))
    assert found.fill_rate_by_segment["A", "X", "*"] > plain.fill_rate
    assert found.fill_rate_by_segment["B", "X", "*"] < plain.fill_rate
    assert found.stock_value.reserve == pytest.approx(1.0 * UNIT_COST)
    assert found.stock_value.safety > 0


def test_more_stock_never_costs_less_and_never_fills_less():
    steps = [
        audited(
            decided(shelves={("Leeds", "*"): {"reorder_point_pieces": float(r)}}), carrying_rate_per_year=0.2
        )
        for r in range(-1, 8)
    ]
    assert np.all(np.diff([one.fill_rate for one in steps]) > 0)
    assert np.all(np.diff([one.cost.inventory for one in steps]) > 0)


def test_cycle_service_is_computed_where_somebody_asks_and_changes_nothing_else():
    silent, asking = (
        delivery(facts(), shelves_of(one, facts(), decided())[0])
        for one in (scenario(), scenario(targets=[{"cycle_service_level": 0.5}]))
    )
    assert np.isnan(silent.cycle_service_level).all()
    assert (asking.cycle_service_level > 0).all()
    for name in set(vars(silent)) - {"cycle_service_level"}:
        np.testing.assert_array_equal(getattr(silent, name), getattr(asking, name))
