"""Every promise, capacity, budget and rule broken once, and said in words with amounts."""

import pytest

from servicepolicy_optimizer.audit import audit
from tests.optimizer.audit.small_question import DOCUMENT, decided, facts, scenario


def broken(policy=None, **changes):
    return audit(scenario(**changes), facts(), policy or decided()).broken


def test_a_policy_that_keeps_everything_breaks_nothing():
    assert broken() == ()


def test_a_multiple_of_less_than_a_piece_asks_for_nothing():
    # Four pieces are no multiple of 0.97, and no number of whole pieces below 97 is one.
    supply = [{"name": "maker", "lead_time_mean_days": 45, "order_multiple_pieces": 0.97}]
    assert not any("multiple" in sentence for sentence in broken(supply=supply))


SEPARATE = {
    "stock_policy": "separate",
    "shelves": {("Leeds", "A"): {"reorder_point_pieces": 0.0}, ("Leeds", "B"): {"reorder_point_pieces": 5.0}},
}
CHANNELS = [{"name": "web"}, {"name": "phone"}]
FREQUENCIES = [{"name": "each order"}, {"name": "weekly", "shipments_per_week": 1}]
LEEDS_AND_LONDON = {"locations": [{"name": "Leeds"}, {"name": "London"}]}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"targets": [{"customer_class": "A", "fill_rate": 0.95}]},
            "A/X: fill rate 0.90334 is below the 0.95 asked.",
        ),
        (
            {"targets": [{"customer_class": "B", "response_hours": 24}]},
            "B/X: response within 36 h is later than the 24 h asked.",
        ),
        (
            {"targets": [{"customer_class": "B", "otif": 0.91}]},
            "B/X: on time in full 0.90334 is below the 0.91 asked.",
        ),
        (
            {"fill_rate_basis": "every_item", "targets": [{"customer_class": "A", "fill_rate": 0.91}]},
            "A/X: fill rate of the worst item 0.90334 is below the 0.91 asked.",
        ),
        (
            {
                "fill_rate_basis": "every_item",
                "targets": [{"customer_class": "A", "cycle_service_level": 0.76}],
            },
            "A/X: cycle service of the worst item 0.75034 is below the 0.76 asked.",
        ),
        (
            {"channels": [{"name": "web", "labour_hours_per_line": 1, "labour_capacity_hours_per_year": 10}]},
            "channel web labour: 14 hours/year used, 10 allowed, 4 over.",
        ),
        (
            {"processes": [{"name": "wave", "capacity_lines_per_day": 0.03}]},
            "process wave at Leeds: 0.0383562 lines/day used, 0.03 allowed, 0.00835616 over.",
        ),
        (
            {"locations": [{"name": "Leeds", "capacity_lines_per_day": 0.03}]},
            "location Leeds: 0.0383562 lines/day used, 0.03 allowed, 0.00835616 over.",
        ),
        (
            {"locations": [{"name": "Leeds", "storage_capacity_m3": 0.02}]},
            "storage Leeds: 0.028229 m3 used, 0.02 allowed, 0.00822899 over.",
        ),
        (
            {"modes": [DOCUMENT["modes"][0] | {"capacity_kg_per_year": 20}]},
            "mode road: 28 kg/year used, 20 allowed, 8 over.",
        ),
        (
            {"budgets": {"inventory_value": 20}},
            "budget inventory value: 28.229 EUR used, 20 allowed, 8.22899 over.",
        ),
        (
            {"budgets": {"total_cost": 5}, "channels": [{"name": "web", "cost_per_line": 0.5}]},
            "budget total cost: 7 EUR/year used, 5 allowed, 2 over.",
        ),
        (
            {
                "budgets": {"co2e_kg": 20},
                "supply": [{"name": "maker", "lead_time_mean_days": 45, "co2e_kg_per_kg": 1}],
            },
            "budget CO2e: 28 kg/year used, 20 allowed, 8 over.",
        ),
        (
            {"channels": [{"name": "web", "customer_classes": ["B"]}]},
            "A/X: channel web is for classes B only.",
        ),
        (
            {"processes": [{"name": "wave", "item_classes": []}]},
            "A/X: process wave is for classes  only.",
        ),
        (
            {"modes": [DOCUMENT["modes"][0] | {"customer_classes": ["A"]}]},
            "B/X: mode road is for classes A only.",
        ),
        (
            {"processes": [{"name": "wave", "at": [{"location": "London"}], "only_at_listed": True}]}
            | LEEDS_AND_LONDON,
            "A/X: process wave does not exist at Leeds.",
        ),
        (
            {"supply": [{"name": "maker", "lead_time_mean_days": 45, "item_classes": []}]},
            "item class X: supply option maker is for classes  only.",
        ),
        (
            {"deployments": [{"name": "central", "serves": {"*": "Leeds"}, "item_classes": []}]},
            "item class X: deployment central is for classes  only.",
        ),
        ({"stock_policies": ["separate"]}, "item class X: stock policy pooled is not offered."),
        (
            {"supply": [{"name": "maker", "lead_time_mean_days": 45, "minimum_order_pieces": 10}]},
            "item bolt at Leeds: orders 4 pieces, maker takes 10 or more.",
        ),
        (
            {"supply": [{"name": "maker", "lead_time_mean_days": 45, "order_multiple_pieces": 3}]},
            "item bolt at Leeds: orders 4 pieces, not a multiple of 3.",
        ),
        (
            {"rules": {"fixed": [{"customer_class": "A", "channel": "phone"}]}, "channels": CHANNELS},
            "A/X: channel phone is fixed, web is used.",
        ),
        (
            {"rules": {"forbidden": [{"region": "South", "channel": "web", "supply": "maker"}]}},
            "A/X: channel web, supply maker is forbidden.",
        ),
        (
            {
                "rules": {"distinct_promises_at_most": 1},
                "targets": [{"customer_class": "A", "fill_rate": 0.902}],
            },
            None,
        ),
    ],
)
def test_each_is_said_with_its_amounts(changes, sentence):
    said = broken(**changes)
    assert (sentence or "2 different promises are made; 1 are allowed.") in said


def test_a_forbidden_combination_is_free_where_one_of_its_means_differs():
    rules = {"forbidden": [{"channel": "web", "deployment": "other"}]}
    deployments = [*DOCUMENT["deployments"], {"name": "other", "serves": {"*": "Leeds"}}]
    assert broken(rules=rules, deployments=deployments) == ()


def test_collecting_orders_that_must_leave_alone_is_said():
    policy = decided(path={"frequency": "weekly"})
    said = broken(policy, frequencies=FREQUENCIES, terms=[{"consolidation": False}], targets=[])
    assert "A/X: orders must not be collected, yet they leave by frequency weekly." in said


def test_a_promise_that_no_rung_keeps_is_said():
    slow = [{"name": "road", "lanes": [{"bands": [{}], "time": {"mean_hours": 400}}]}]
    assert "A/X: probability of keeping 336 h 0 is below the 0.95 asked." in broken(modes=slow, targets=[])


def test_better_customers_served_worse_are_named_with_what_they_get():
    rules = {"better_customer_never_served_worse": True}
    assert broken(decided(**SEPARATE), rules=rules, targets=[]) == (
        "better customers are served worse: A/X gets fill rate 0.754448, B/X gets fill rate 0.999966.",
    )


def test_better_customers_promised_slower_are_named_with_what_they_get():
    slow = {"customer_class": "A", "otif": 0.9}
    lane = {"bands": [{}], "time": {"mean_hours": 30, "sd_hours": 8}}
    rules = {"better_customer_never_served_worse": True}
    policy = decided()
    first = policy.segments[0].model_copy(update={"promised_response_hours": 120})
    policy = policy.model_copy(update={"segments": (first, *policy.segments[1:])})
    said = broken(policy, rules=rules, targets=[slow], modes=[{"name": "road", "lanes": [lane]}])
    assert said == ("better customers are served worse: A/X gets 120 h, B/X gets 48 h.",)


def test_two_channels_for_one_customer_class_are_said():
    segmentation = DOCUMENT["segmentation"] | {"promise_by_region": True}
    policy = decided(regions=("North", "South"))
    rows = [
        row.model_copy(update={"channel": "phone"})
        if row.region == "South" and row.customer_class == "A"
        else row
        for row in policy.segments
    ]
    said = broken(
        policy.model_copy(update={"segments": tuple(rows)}),
        segmentation=segmentation,
        channels=CHANNELS,
        rules={"one_channel_per_customer_class": True},
    )
    assert said == ("customer class A has 2 channels, one is allowed: phone, web.",)


def test_what_orders_nothing_breaks_nothing():
    idle = facts()
    for name in ("lines_per_year", "pieces_per_year"):
        getattr(idle.segments, name)[1] = 0.0
    idle.items.pieces_per_day[:, [1, 3]] = 0.0
    said = audit(
        scenario(targets=[{"customer_class": "B", "fill_rate": 0.999, "response_hours": 1}]), idle, decided()
    )
    assert said.broken == ()
    assert said.cost_by_segment["B", "X", "*"].objective == 0


def test_orders_without_a_line_or_a_piece_cost_nothing():
    idle = facts()
    for name in ("lines_per_year", "pieces_per_year"):
        getattr(idle.segments, name)[1] = 0.0
    idle.items.pieces_per_day[:, [1, 3]] = 0.0
    channels = [{"name": "web", "cost_per_order": 3, "fixed_cost_per_year": 10}]
    found = audit(scenario(channels=channels), idle, decided())
    assert found.cost_by_segment["B", "X", "*"].objective == 0
    assert found.cost.response == pytest.approx(4 * 3 + 10)
