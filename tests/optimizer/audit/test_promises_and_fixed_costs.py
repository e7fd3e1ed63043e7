"""What is asked, what is promised, and who pays for what is opened."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.audit.asked import Asked, asked_of
from servicepolicy_optimizer.audit.response_time import ResponseTime, promised_rung, rung_for_otif
from tests.optimizer.audit.small_question import decided, facts, scenario

FILL_RATE = 0.9026
SEGMENT = ("A", "X", "*")


def audited(policy=None, **changes):
    return audit(scenario(**changes), facts(), policy or decided())


def test_later_targets_refine_earlier_ones_and_the_scenario_s_probability_stands_in():
    targets = [
        {"fill_rate": 0.9, "response_hours": 48},
        {"customer_class": "A", "fill_rate": 0.95},
        {"customer_class": "B", "fill_rate": 0.5, "on_time_probability": 0.6},
    ]
    assert asked_of(scenario(targets=targets), SEGMENT, ["North"]) == Asked(0.95, 0.95, None, 48, None)


def test_one_promise_for_several_regions_takes_the_strictest():
    targets = [
        {"region": "North", "fill_rate": 0.9, "response_hours": 48},
        {"region": "South", "fill_rate": 0.7, "response_hours": 24, "otif": 0.6},
    ]
    question = scenario(targets=targets)
    assert asked_of(question, SEGMENT, ["North", "South"]) == Asked(0.95, 0.9, None, 24, 0.6)
    assert asked_of(question, SEGMENT, ["North"]) == Asked(0.95, 0.9, None, 48, None)


def test_cycle_service_replaces_a_fill_rate_said_earlier_and_the_reverse():
    cycle = [{"fill_rate": 0.9}, {"cycle_service_level": 0.8}]
    assert asked_of(scenario(targets=cycle), SEGMENT, ["North"]) == Asked(0.95, None, 0.8, None, None)
    assert asked_of(scenario(targets=cycle[::-1]), SEGMENT, ["North"]) == Asked(0.95, 0.9, None, None, None)


@pytest.mark.parametrize(
    ("target", "promised"),
    [({}, 0.9), ({"fill_rate": 0.8}, 0.9), ({"fill_rate": 0.902}, 0.902), ({"fill_rate": 0.97}, 0.97)],
)
def test_the_promise_is_the_highest_rung_reached_or_what_is_asked(target, promised):
    assert audited(targets=[target]).policy.segments[0].promised_fill_rate == promised


def test_nobody_is_promised_more_than_a_better_class():
    shelves = {("Leeds", "A"): {"reorder_point_pieces": 0.0}, ("Leeds", "B"): {"reorder_point_pieces": 5.0}}
    policy = decided(stock_policy="separate", shelves=shelves)
    free = audited(policy, targets=[])
    bound = audited(policy, targets=[], rules={"better_customer_never_served_worse": True})
    assert [row.promised_fill_rate for row in free.policy.segments] == [0.75, 0.995]
    assert [row.promised_fill_rate for row in bound.policy.segments] == [0.75, 0.75]


def test_where_few_promises_are_allowed_a_lower_rung_may_be_promised():
    policy = decided()
    rows = [
        row.model_copy(update={"promised_fill_rate": 0.85, "promised_response_hours": 72})
        for row in policy.segments
    ]
    policy = policy.model_copy(update={"segments": tuple(rows)})
    found = audited(policy, rules={"distinct_promises_at_most": 1})
    assert {(row.promised_fill_rate, row.promised_response_hours) for row in found.policy.segments} == {
        (0.85, 72)
    }
    free = audited(policy)
    assert {(row.promised_fill_rate, row.promised_response_hours) for row in free.policy.segments} == {
        (0.9, 36)
    }


LADDER = np.array([24.0, 48.0, 72.0])


def rung(within, **asked):
    return promised_rung(ResponseTime(LADDER, np.array(within), 0.0), Asked(0.9, **asked))


def test_the_response_promise_is_the_fastest_rung_kept_often_enough():
    assert rung([0.5, 0.92, 1.0]) == 1
    assert rung([0.5, 0.92, 1.0], response_hours=48) == 1
    assert rung([0.5, 0.8, 0.95], response_hours=48) == 2
    assert rung([0.5, 0.6, 0.7]) is None


def test_a_planned_fill_rate_is_promised_as_fast_as_keeps_on_time_in_full():
    def slower(fill_rate, **asked):
        got = ResponseTime(LADDER, np.array([0.91, 0.95, 1.0]), 0.0)
        return rung_for_otif(got, Asked(0.9, **asked), fill_rate)

    assert slower(0.95, otif=0.9) == 1
    assert slower(0.99, otif=0.9) == 0
    assert slower(0.95, otif=0.94) == 2
    assert slower(0.95, otif=0.94, response_hours=48) is None
    assert slower(0.95, otif=0.96) is None


def test_with_an_otif_target_a_slower_promise_stands_as_it_is_claimed():
    claimed = decided().segments[0].model_copy(update={"promised_response_hours": 72})
    policy = decided().model_copy(update={"segments": (claimed, *decided().segments[1:])})
    target = {"customer_class": "A", "otif": 0.5}
    assert audited(policy, targets=[target]).policy.segments[0].promised_response_hours == 72
    assert audited(policy, targets=[{}]).policy.segments[0].promised_response_hours == 36
    late = audited(policy, targets=[target | {"response_hours": 48}])
    assert "A/X: response within 72 h is later than the 48 h asked." in late.broken


FIXED = {
    "channels": [{"name": "web", "fixed_cost_per_year": 100}, {"name": "phone", "fixed_cost_per_year": 7000}],
    "processes": [
        {"name": "wave", "fixed_cost_per_year": 20, "at": [{"location": "London", "fixed_cost_per_year": 30}]}
    ],
    "modes": [
        {"name": "road", "fixed_cost_per_year": 5, "lanes": [{"bands": [{}], "time": {"mean_hours": 30}}]}
    ],
    "supply": [{"name": "maker", "lead_time_mean_days": 45, "fixed_cost_per_year": 11}],
    "locations": [
        {"name": "Leeds", "fixed_cost_per_year": 1000},
        {"name": "London", "fixed_cost_per_year": 2000},
    ],
    "deployments": [
        {"name": "central", "serves": {"*": "Leeds"}},
        {"name": "split", "serves": {"North": "Leeds", "South": "London"}},
    ],
}


def test_what_is_used_is_paid_once_in_its_own_part_of_the_cost():
    found = audited(**FIXED)
    assert (found.cost.response, found.cost.transport, found.cost.supply) == pytest.approx((100, 5, 11))
    assert found.cost.warehousing == pytest.approx(1000 + 20)


def test_fixed_costs_are_shared_by_lines():
    by_segment = audited(**FIXED).cost_by_segment
    assert by_segment["A", "X", "*"].response == pytest.approx(100 * 8 / 14)
    assert by_segment["B", "X", "*"].warehousing == pytest.approx(1020 * 6 / 14)


def test_a_segment_shares_only_in_the_locations_that_serve_it():
    rows = {("Leeds", "*"): {}, ("London", "*"): {}}
    policy = decided(deployment="split", shelves=rows, regions=("North", "South"))
    segmentation = scenario().segmentation.model_dump() | {"promise_by_region": True}
    found = audited(policy, segmentation=segmentation, **FIXED)
    by_segment = found.cost_by_segment
    assert by_segment["A", "X", "North"].warehousing == pytest.approx((1000 + 20) * 6 / 10)
    assert by_segment["B", "X", "South"].warehousing == pytest.approx((2000 + 30) * 2 / 4)
    assert found.cost.warehousing == pytest.approx(3050)


@settings(deadline=None, max_examples=25)
@given(
    r=st.integers(-1, 8),
    q=st.integers(1, 30),
    split=st.booleans(),
    rate=st.floats(0.01, 1),
    money=st.floats(0.1, 50),
)
def test_the_segments_add_up_to_the_whole(r, q, split, rate, money):
    own = {"reorder_point_pieces": float(r), "order_quantity_pieces": float(q)}
    shelves = {("Leeds", "*"): own} | ({("London", "*"): own} if split else {})
    policy = decided(deployment="split" if split else "central", shelves=shelves)
    reaction = [{"shortage_factor": money, "demand_lost_share_per_day": 0.01}]
    found = audited(policy, carrying_rate_per_year=rate, stockout_reactions=reaction, **FIXED)
    parts = found.cost_by_segment.values()
    for part, whole in found.cost:
        assert sum(getattr(one, part) for one in parts) == pytest.approx(whole, rel=1e-9)
    stocked = found.cost_by_item_class["X"]
    assert stocked.inventory == pytest.approx(found.cost.inventory, rel=1e-9)


def test_a_worse_class_is_promised_what_was_asked_for_it():
    targets = [{"customer_class": "A", "fill_rate": 0.5}, {"customer_class": "B", "fill_rate": 0.902}]
    bound = audited(targets=targets, rules={"better_customer_never_served_worse": True})
    assert [row.promised_fill_rate for row in bound.policy.segments] == [0.9, 0.902]
    assert bound.broken == ()
