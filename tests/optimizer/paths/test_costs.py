"""Every cost and use of a path by hand arithmetic."""

import numpy as np
import pytest

from servicepolicy_optimizer.paths import every_path, facility_costs
from servicepolicy_optimizer.paths.pricing import share_below
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.paths.worlds import facts, regions, scenario


def only_path(world, demand, segment=("A", "A", "*"), deployment="central"):
    (path,) = every_path(world, demand, resolve_targets(world, demand)).paths[segment, deployment]
    return path


def channel(**fields):
    return {"channels": [{"name": "EDI"} | fields]}


def test_order_entry_errors_and_labour():
    """100 orders, 200 lines: 200 + 100 + 200 × 2 % × 30 + (100 × 0.1 + 200 × 0.05) × 40."""
    means = channel(
        cost_per_order=2,
        cost_per_line=0.5,
        error_share_of_lines=0.02,
        cost_per_error=30,
        labour_hours_per_order=0.1,
        labour_hours_per_line=0.05,
        labour_cost_per_hour=40,
    )
    path = only_path(scenario(**means), facts())
    assert path.response_cost == pytest.approx(200 + 100 + 120 + 800)
    assert path.channel_labour_hours == pytest.approx(20)


def test_returns_are_paid_and_small_orders_pay():
    """Returns 200 × 10 % × 4; a quarter of 100 orders is below 50 and pays 3."""
    terms = {
        "returns_share_of_lines": 0.1,
        "cost_per_returned_line": 4,
        "minimum_order_value": 50,
        "small_order_surcharge": 3,
    }
    assert only_path(scenario(**channel(), terms=[terms]), facts()).response_cost == pytest.approx(80 - 75)


def test_a_given_share_of_small_orders_stands_for_the_order_values():
    terms = {"minimum_order_value": 50, "small_order_share": 0.4, "small_order_surcharge": 3}
    assert only_path(scenario(**channel(), terms=[terms]), facts()).response_cost == pytest.approx(-120)


@pytest.mark.parametrize(
    ("percentiles", "value", "share"),
    [
        (np.linspace(0, 100, 101), 37.5, 0.375),
        (np.full(101, 20.0), 20.0, 0.0),
        (np.full(101, 20.0), 20.01, 1.0),
        (np.repeat([10.0, 30.0], [51, 50]), 30.0, 0.51),
        (np.zeros(101), 50.0, 0.0),
        (np.full(101, np.nan), 50.0, 0.0),
        (np.linspace(0, 100, 101), 0.0, 0.0),
    ],
)
def test_share_of_orders_below_a_value(percentiles, value, share):
    assert share_below(percentiles, value) == pytest.approx(share)


def test_warehouse_work():
    """200 lines × (1 + 0.3) + 600 pieces × 0.2 + 100 orders × 1.5."""
    process = {"name": "wave", "cost_per_line": 1, "cost_per_piece": 0.2, "cost_per_order": 1.5}
    world = scenario(processes=[process], terms=[{"value_added_cost_per_line": 0.3}])
    assert only_path(world, facts()).warehousing_cost == pytest.approx(260 + 120 + 150)


def test_a_location_has_its_own_figures_where_it_has_any():
    """North from Leeds at its own line cost, South from Rome at its own piece cost."""
    lines, pieces = np.array([30.0, 50.0]), np.array([10.0, 20.0])
    world = scenario(
        segmentation=regions("North", "South"),
        processes=[
            {
                "name": "wave",
                "cost_per_line": 1,
                "cost_per_piece": 2,
                "at": [
                    {"location": "Leeds", "cost_per_line": 0.0},
                    {"location": "Rome", "cost_per_piece": 5},
                ],
            }
        ],
        locations=[{"name": "Leeds", "cost_per_piece": 99}, {"name": "Rome"}],
        deployments=[{"name": "split", "serves": {"North": "Leeds", "*": "Rome"}}],
    )
    demand = facts(["North", "South"], lines_per_year=lines, pieces_per_year=pieces)
    path = only_path(world, demand, deployment="split")
    assert path.warehousing_cost == pytest.approx(30 * 0 + 10 * 2 + 50 * 1 + 20 * 5)
    assert path.lines_per_day == pytest.approx({"Leeds": 30 / 250, "Rome": 50 / 250})


def lane(**fields):
    return {"bands": [{"cost_per_shipment": 1}], "time": {"mean_hours": 4}} | fields


def test_transport_charges_each_visit_by_its_weight():
    """Half of 80 visits weigh 2 kg (minimum 6), half 20 kg (1 + 8)."""
    road = lane(bands=[{"minimum_charge": 6, "cost_per_shipment": 1, "cost_per_kg": 0.4}], co2e_kg_per_kg=0.1)
    world = scenario(modes=[{"name": "Road", "lanes": [road | {"co2e_kg_per_shipment": 0.5}]}])
    weights = np.repeat([2.0, 20.0], 5)
    path = only_path(world, facts(order_visits_per_year=80.0, visit_weight_kg=weights))
    assert path.transport_cost == pytest.approx(40 * 6 + 40 * 9)
    assert path.weight_kg == pytest.approx(80 * 11)
    assert path.co2e_kg == pytest.approx(0.1 * 880 + 0.5 * 80)


def test_each_region_ships_over_its_own_lane():
    world = scenario(
        segmentation=regions("North", "South"),
        modes=[
            {
                "name": "Road",
                "lanes": [
                    lane(region="North", bands=[{"cost_per_shipment": 3}], time={"mean_hours": 10}),
                    lane(bands=[{"cost_per_shipment": 7}], time={"mean_hours": 40}),
                ],
            }
        ],
    )
    lines = np.array([150.0, 50.0])
    path = only_path(world, facts(["North", "South"], lines_per_year=lines, orders_per_year=[20.0, 30.0]))
    assert path.transport_cost == pytest.approx(20 * 3 + 30 * 7)
    assert path.mean_response_hours == pytest.approx(4 + 0.75 * 10 + 0.25 * 40)
    # 14 h for three lines in four, 44 h for the fourth: 95 % needs the rung of 48 h.
    assert (path.promised_response_hours, path.on_time_probability) == (48.0, pytest.approx(1.0))


def test_the_probability_is_mixed_by_lines():
    world = scenario(
        segmentation=regions("North", "South"),
        on_time_probability=0.7,
        modes=[{"name": "Road", "lanes": [lane(region="North"), lane(time={"mean_hours": 40})]}],
    )
    path = only_path(world, facts(["North", "South"], lines_per_year=[150.0, 50.0]))
    assert (path.promised_response_hours, path.on_time_probability) == (8.0, pytest.approx(0.75))


def test_a_collected_frequency_waits_half_an_interval_on_average():
    world = scenario(frequencies=[{"name": "twice a week", "shipments_per_week": 2}])
    path = only_path(world, facts())
    assert path.mean_response_hours == pytest.approx(4 + 20 + 42)
    # U(0, 84) + 24 h is within 108 h; 95 % within 103.8 h.
    assert (path.promised_response_hours, path.on_time_probability) == (120.0, pytest.approx(1.0))


def test_demand_lost_to_a_slow_promise():
    """24 h promised, 4 h the fastest rung: 2 % a day × 20/24 × (1000 − 600)."""
    reaction = {"customer_class": "A", "demand_lost_share_per_day": 0.02}
    world = scenario(stockout_reactions=[reaction])
    assert only_path(world, facts()).lost_sales_cost == pytest.approx(0.02 * 20 / 24 * 400)
    assert only_path(world, facts(), ("B", "A", "*")).lost_sales_cost == 0.0
    assert only_path(world, facts(revenue_per_year=500.0)).lost_sales_cost == 0.0
    uncounted = scenario(stockout_reactions=[reaction], count_lost_sales=False)
    assert only_path(uncounted, facts()).lost_sales_cost == 0.0


def test_no_more_than_all_demand_is_lost():
    world = scenario(stockout_reactions=[{"demand_lost_share_per_day": 1.0}])
    slow = facts()
    assert only_path(world, slow).lost_sales_cost == pytest.approx(min(1.0, 20 / 24) * 400)
    by_ship = scenario(
        stockout_reactions=[{"demand_lost_share_per_day": 1.0}],
        modes=[{"name": "Ship", "lanes": [lane(time={"mean_hours": 200})]}],
    )
    assert only_path(by_ship, slow).lost_sales_cost == pytest.approx(400)


FIXED = {
    "channels": [{"name": "EDI", "fixed_cost_per_year": 10}],
    "processes": [
        {
            "name": "wave",
            "fixed_cost_per_year": 20,
            "only_at_listed": True,
            "at": [{"location": "Leeds"}, {"location": "Rome", "fixed_cost_per_year": 5}],
        },
    ],
    "locations": [
        {"name": "Leeds", "fixed_cost_per_year": 7},
        {"name": "Rome"},
        {"name": "Oslo", "fixed_cost_per_year": 8},
    ],
    "supply": [{"name": "maker", "lead_time_mean_days": 10, "fixed_cost_per_year": 3}],
}


def test_facilities_have_a_cost_a_year():
    modes = [
        {"name": "Road", "lanes": [lane()], "fixed_cost_per_year": 2},
        {"name": "Air", "lanes": [lane()]},
    ]
    assert facility_costs(scenario(**FIXED, modes=modes)) == {
        "channel:EDI": 10,
        "process:wave@Leeds": 20,
        "process:wave@Rome": 5,
        "mode:Road": 2,
        "location:Leeds": 7,
        "location:Oslo": 8,
        "supply:maker": 3,
    }


def test_a_path_needs_the_facilities_of_its_own_means_where_it_has_demand():
    world = scenario(
        **FIXED,
        segmentation=regions("North", "South"),
        deployments=[{"name": "split", "serves": {"North": "Leeds", "South": "Rome"}}],
    )
    both = only_path(world, facts(["North", "South"]), deployment="split")
    assert both.facilities == ("channel:EDI", "process:wave@Leeds", "process:wave@Rome")
    ordered = np.array([0.0, 9.0])
    south = facts(["North", "South"], lines_per_year=ordered, pieces_per_year=ordered)
    assert only_path(world, south, deployment="split").facilities == ("channel:EDI", "process:wave@Rome")
