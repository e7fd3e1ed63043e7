"""The service side against plain arithmetic: order entry, picking, transport, response time."""

import numpy as np
import pytest

from servicepolicy_models.means import RateBand, ShippingFrequency
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.audit.matrix import Activity
from servicepolicy_optimizer.audit.transport_cost import DEPARTURES_A_YEAR_PER_WEEKLY, charge, shipments
from tests.optimizer.audit.small_question import ORDERS, PIECES, VISITS, decided, facts, scenario

A_ORDERS, A_LINES, A_VISITS, A_KG = 4.0, 8.0, 6.0, 16.0


def audited(policy=None, **changes):
    return audit(scenario(**changes), facts(), policy or decided())


def cost_of_a(**changes):
    return audited(**changes).cost_by_segment["A", "X", "*"]


def test_response_cost_counts_orders_lines_errors_labour_and_returns():
    channel = {
        "name": "web",
        "cost_per_order": 1.5,
        "cost_per_line": 0.25,
        "labour_hours_per_order": 0.1,
        "labour_hours_per_line": 0.05,
        "labour_cost_per_hour": 30,
        "error_share_of_lines": 0.02,
        "cost_per_error": 40,
    }
    terms = [{"returns_share_of_lines": 0.1, "cost_per_returned_line": 7}]
    hours = A_ORDERS * 0.1 + A_LINES * 0.05
    by_hand = A_ORDERS * 1.5 + A_LINES * (0.25 + 0.02 * 40) + hours * 30 + A_LINES * 0.1 * 7
    assert cost_of_a(channels=[channel], terms=terms).response == pytest.approx(by_hand)
    uses = {use.name: use.used for use in audited(channels=[channel]).uses}
    assert uses["channel web labour"] == pytest.approx(7 * 0.1 + 14 * 0.05)


def test_small_orders_pay_a_surcharge_as_the_order_values_tell():
    terms = [{"minimum_order_value": 50, "small_order_surcharge": 8}]
    assert cost_of_a(terms=terms).response == pytest.approx(-A_ORDERS * 0.25 * 8)


def test_small_orders_pay_a_surcharge_as_the_terms_tell():
    terms = [{"minimum_order_value": 50, "small_order_surcharge": 8, "small_order_share": 0.4}]
    assert cost_of_a(terms=terms).response == pytest.approx(-A_ORDERS * 0.4 * 8)


def test_later_terms_refine_earlier_ones_field_by_field():
    terms = [
        {"value_added_cost_per_line": 1.0, "minimum_order_value": 20},
        {"customer_class": "A", "value_added_cost_per_line": 3.0},
        {"customer_class": "B", "value_added_cost_per_line": 9.0},
    ]
    found = audited(terms=terms)
    assert found.cost_by_segment["A", "X", "*"].warehousing == pytest.approx(A_LINES * 3)
    assert found.policy.segments[0].terms.minimum_order_value == 20


def test_picking_costs_lines_pieces_and_orders():
    process = {"name": "wave", "cost_per_line": 0.6, "cost_per_piece": 0.2, "cost_per_order": 1.1}
    by_hand = A_LINES * 0.6 + A_LINES * 0.2 + A_ORDERS * 1.1
    assert cost_of_a(processes=[process]).warehousing == pytest.approx(by_hand)


def test_a_location_s_own_figures_stand_for_the_process_s():
    process = {
        "name": "wave",
        "cost_per_line": 0.6,
        "cost_per_piece": 0.2,
        "at": [{"location": "Leeds", "cost_per_line": 1.0}],
    }
    assert cost_of_a(processes=[process]).warehousing == pytest.approx(A_LINES * 1.0 + A_LINES * 0.2)


def mode(*bands, hours=30, **more):
    return [{"name": "road", "lanes": [{"bands": list(bands), "time": {"mean_hours": hours}, **more}]}]


def test_each_order_is_a_shipment_charged_by_its_weight():
    band = {"cost_per_shipment": 4, "cost_per_kg": 0.5, "minimum_charge": 5.2}
    by_hand = sum(
        VISITS["A", region] * max(5.2, 4 + 0.5 * PIECES["A", region] * 2 / VISITS["A", region])
        for region in ("North", "South")
    )
    found = audited(modes=mode(band, co2e_kg_per_kg=0.3, co2e_kg_per_shipment=1.2))
    assert found.cost_by_segment["A", "X", "*"].transport == pytest.approx(by_hand)
    assert found.co2e_kg_per_year == pytest.approx(0.3 * 28 + 1.2 * 11)
    assert {use.name: use.used for use in found.uses}["mode road"] == pytest.approx(28)


def test_the_most_specific_lane_counts():
    lane = {"bands": [{"cost_per_shipment": 1}], "time": {"mean_hours": 1}}
    lanes = [
        lane,
        lane | {"region": "South", "bands": [{"cost_per_shipment": 10}]},
        lane | {"location": "Leeds", "bands": [{"cost_per_shipment": 100}]},
        lane | {"location": "Leeds", "region": "South", "bands": [{"cost_per_shipment": 1000}]},
    ]
    by_hand = VISITS["A", "North"] * 100 + VISITS["A", "South"] * 1000
    assert cost_of_a(modes=[{"name": "road", "lanes": lanes}]).transport == pytest.approx(by_hand)
    by_hand = VISITS["A", "North"] * 1 + VISITS["A", "South"] * 10
    assert cost_of_a(modes=[{"name": "road", "lanes": lanes[:2]}]).transport == pytest.approx(by_hand)
    by_hand = (VISITS["A", "North"] + VISITS["A", "South"]) * 100
    assert cost_of_a(modes=[{"name": "road", "lanes": lanes[1:3]}]).transport == pytest.approx(by_hand)


BANDS = (
    RateBand(from_kg=2, to_kg=10, minimum_charge=5, cost_per_kg=1),
    RateBand(from_kg=10, to_kg=100, cost_per_shipment=2, cost_per_kg=0.5),
)


@pytest.mark.parametrize(
    ("kg", "charged"),
    [
        (1.0, 5.0),
        (4.0, 5.0),
        (8.0, 8.0),
        (10.0, 7.0),
        (99.0, 51.5),
        (100.0, 54.0),
        (250.0, 3 * (2 + 250 / 6)),
    ],
)
def test_a_shipment_is_charged_by_its_band(kg, charged):
    assert charge(BANDS, np.array([kg]))[0] == pytest.approx(charged)


def activity(visits, customers, bins):
    return Activity(
        "all", visits, visits, visits, visits, visits * bins.mean(), 0, customers, bins, np.zeros(101)
    )


def test_collected_shipments_keep_the_kilograms_and_number_what_a_simulation_finds():
    bins, customers, visits = np.array([1.0, 4.0, 10.0]), 5.0, 400.0
    sent = shipments(ShippingFrequency(name="twice", shipments_per_week=2), activity(visits, customers, bins))
    assert sent.per_year @ sent.kg == pytest.approx(visits * bins.mean(), rel=1e-9)
    departures = 2 * DEPARTURES_A_YEAR_PER_WEEKLY
    rng = np.random.default_rng(1)
    waiting = rng.poisson(visits / customers / departures, size=200_000)
    simulated = np.mean(waiting > 0) * departures * customers
    assert sent.per_year.sum() == pytest.approx(simulated, rel=0.01)
    heavy = np.array([bins[rng.integers(0, 3, n)].sum() for n in waiting[:40_000] if n])
    second = sent.per_year @ sent.kg**2 / sent.per_year.sum()
    assert second == pytest.approx(np.mean(heavy**2), rel=0.02)


def test_orders_without_a_number_of_customers_are_hardly_collected():
    bins = np.array([3.0])
    sent = shipments(ShippingFrequency(name="weekly", shipments_per_week=1), activity(50.0, 0.0, bins))
    assert sent.per_year.sum() == pytest.approx(50, rel=0.01)


def test_a_rare_departure_sends_everything_together():
    bins = np.array([3.0])
    sent = shipments(ShippingFrequency(name="weekly", shipments_per_week=1), activity(50_000.0, 1.0, bins))
    assert sent.per_year.sum() == pytest.approx(365 / 7, rel=1e-9)
    assert sent.per_year @ sent.kg == pytest.approx(150_000, rel=1e-9)


def test_response_time_adds_the_stages_and_the_wait():
    found = audited(
        decided(path={"frequency": "twice"}),
        channels=[{"name": "web", "time": {"mean_hours": 2}}],
        processes=[{"name": "wave", "time": {"mean_hours": 10}}],
        frequencies=[{"name": "each order"}, {"name": "twice", "shipments_per_week": 2}],
        targets=[{"on_time_probability": 0.5}],
    )
    row = found.policy.segments[0]
    assert row.mean_response_hours == pytest.approx(2 + 10 + 30 + 42)
    assert row.promised_response_hours == 96
    assert row.on_time_probability == pytest.approx((96 - 42) / 84)


def test_regions_are_mixed_by_lines():
    lane = {"bands": [{}], "time": {"mean_hours": 20}}
    lanes = [lane, lane | {"region": "South", "time": {"mean_hours": 60}}]
    found = audited(modes=[{"name": "road", "lanes": lanes}], targets=[{"on_time_probability": 0.7}])
    of_a, of_b = found.policy.segments
    assert (of_a.promised_response_hours, of_a.on_time_probability) == (24, pytest.approx(6 / 8))
    assert (of_b.promised_response_hours, of_b.on_time_probability) == (72, pytest.approx(1.0))
    assert of_a.mean_response_hours == pytest.approx(20 * 6 / 8 + 60 * 2 / 8)


def test_a_slow_promise_loses_margin():
    slow = [{"demand_lost_share_per_day": 0.02, "wait": 1.0}]
    margin = 8 * (25 - 10)
    assert cost_of_a(stockout_reactions=slow).lost_sales == pytest.approx(0.02 * (36 - 4) / 24 * margin)
    all_lost = [{"demand_lost_share_per_day": 0.9, "wait": 1.0}]
    assert cost_of_a(stockout_reactions=all_lost).lost_sales == pytest.approx(margin)


def test_lines_are_counted_where_they_are_picked():
    changes = {
        "locations": [{"name": "Leeds"}, {"name": "London"}],
        "deployments": [{"name": "split", "serves": {"North": "Leeds", "South": "London"}}],
    }
    policy = decided(deployment="split", shelves={("Leeds", "*"): {}, ("London", "*"): {}})
    uses = {use.name: use.used for use in audited(policy, **changes).uses}
    assert uses["process wave at Leeds"] == pytest.approx(10 / 365)
    assert uses["location London"] == pytest.approx(4 / 365)


def test_what_segments_order_is_added_over_their_regions():
    row = audited().policy.segments[0]
    assert row.orders_per_year == ORDERS["A", "North"] + ORDERS["A", "South"]
    assert (row.lines_per_year, row.pieces_per_year, row.revenue_per_year) == (8, 8, 200)
