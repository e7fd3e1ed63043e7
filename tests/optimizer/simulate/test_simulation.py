"""A finished policy, played: what is told, and what must not change it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from servicepolicy_models.simulation import SimulationSettings, Verdict
from servicepolicy_optimizer.simulate import simulate
from tests.optimizer.simulate.small_question import document, put_to, question, solved


@pytest.mark.parametrize("stock_policy", ["pooled", "separate", "rationed"])
def test_single_pieces_get_what_was_planned(stock_policy):
    """Where the plan is exact (Poisson, fixed lead times), the play finds it: fill rate, stock and hours."""
    asked = question(stock_policy)
    found = asked.simulated(years=12.0, runs=6, seed=2)
    for segment in found.segments:
        got = segment.service.unit_fill_rate
        # Waiting lines of the better class are served first: it fares a little better than planned.
        slack = 0.012 if stock_policy == "rationed" else 0.002
        assert abs(got.mean - segment.planned_fill_rate) < slack + 2 * got.half_width
        assert segment.service.on_time_share.mean == pytest.approx(
            segment.planned_on_time_probability, abs=0.004
        )
        assert segment.service.mean_response_hours.mean == pytest.approx(
            segment.planned_mean_response_hours, rel=0.01
        )
    assert found.on_hand_value.mean == pytest.approx(found.planned_on_hand_value, rel=0.01)
    yearly = sum(row.demand_pieces_per_year for row in asked.policy.items)
    assert found.service.pieces_per_year.mean == pytest.approx(yearly, rel=0.01)


def test_the_same_seed_gives_the_same_answer_whoever_plays():
    asked = question("rationed", (3.0, 15.0))
    with ThreadPoolExecutor(3) as pool:
        spread = simulate(
            asked.scenario, asked.facts, asked.policy, SimulationSettings(years=2, runs=4), each=pool.map
        )
    assert spread == asked.simulated()
    assert spread != asked.simulated(seed=2)


def test_the_order_of_the_items_does_not_matter():
    """Scenario and policy list their items the other way round."""
    asked = question("rationed", (3.0, 15.0))
    given = document("rationed", (3.0, 15.0))
    given["demand"]["items"] = given["demand"]["items"][::-1]
    turned = put_to(given, asked.policy.model_copy(update={"items": asked.policy.items[::-1]}))
    one, other = asked.simulated(), turned.simulated()
    assert other.segments == one.segments
    assert other.items == one.items[::-1]


def test_a_higher_reorder_point_never_fills_less():
    """The same customers and lead times come, whatever the reorder points are."""
    asked = question("pooled", (3.0, 15.0))
    fills = []
    for more in (-2, 0, 2, 5):
        items = tuple(
            one.model_copy(update={"reorder_point_pieces": one.reorder_point_pieces + more})
            for one in asked.policy.items
        )
        fills.append(asked.with_policy(items=items).simulated().service.unit_fill_rate.mean)
    assert fills == sorted(fills)
    assert fills[0] < fills[-1]


def test_money_scales_and_service_does_not():
    cheap, dear = question("pooled"), document("pooled")
    for item in dear["demand"]["items"]:
        item["unit_cost"], item["unit_price"] = 100 * item["unit_cost"], 100 * item["unit_price"]
    costly = put_to(dear, cheap.policy).simulated()
    cheap = cheap.simulated()
    assert costly.on_hand_value.mean == pytest.approx(100 * cheap.on_hand_value.mean)
    assert costly.service == cheap.service


def test_pieces_are_accounted_for():
    for whole_lines in (False, True):
        found = question("rationed", (3.0, 15.0)).simulated(whole_lines=whole_lines)
        balance = found.balance
        assert balance.asked_pieces == pytest.approx(balance.delivered_pieces + balance.waiting_pieces)
        asked = sum(item.pieces for item in found.items)
        yearly = found.service.pieces_per_year.mean * found.settings.years * found.settings.runs
        assert asked == pytest.approx(yearly)
        filled = sum(item.pieces * (item.unit_fill_rate or 0.0) for item in found.items)
        assert 0 < filled <= asked


def test_totals_agree_between_segments_and_classes():
    """By pieces: the segments' fill rates weighted by what they asked for give that of all."""
    found = question("rationed", (3.0, 15.0)).simulated(runs=1)
    rows = [one.service for one in found.segments]
    pieces = [row.pieces_per_year.mean for row in rows]
    fill = sum(row.unit_fill_rate.mean * amount for row, amount in zip(rows, pieces, strict=True))
    assert fill / sum(pieces) == pytest.approx(found.service.unit_fill_rate.mean)
    assert sum(pieces) == pytest.approx(found.service.pieces_per_year.mean)
    assert found.on_hand_value.mean == pytest.approx(
        sum(one.on_hand_value.mean for one in found.item_classes)
    )


def test_shares_stand_in_the_order_they_must():
    found = question("rationed", (3.0, 15.0)).simulated()
    for one in found.segments:
        got = one.service
        assert got.otif.mean <= min(got.unit_fill_rate.mean, 1.0)
        assert got.order_fill_rate.mean <= got.line_fill_rate.mean + 0.05
        assert got.on_time_share_with_wait.mean <= got.on_time_share.mean
        assert got.mean_response_hours.mean <= got.mean_response_hours_with_wait.mean
        hours = [got.response_hours[share].mean for share in ("0.5", "0.9", "0.95", "0.99")]
        assert hours == sorted(hours)


def test_whole_lines_fill_fewer_pieces_at_once():
    asked = question("pooled", (3.0, 15.0))
    split, whole = (asked.simulated(whole_lines=one).service for one in (False, True))
    assert whole.unit_fill_rate.mean < split.unit_fill_rate.mean
    assert whole.line_fill_rate.mean == pytest.approx(split.line_fill_rate.mean)


def test_one_run_has_no_interval_and_several_have_a_narrower_one():
    asked = question("pooled", (3.0, 15.0))
    one, few, many = (asked.simulated(runs=runs).service.unit_fill_rate for runs in (1, 4, 25))
    assert one.half_width is None
    assert many.half_width < few.half_width


def test_a_promise_that_does_not_hold_is_called_broken():
    asked = question("pooled")
    items = tuple(one.model_copy(update={"reorder_point_pieces": -1.0}) for one in asked.policy.items)
    found = asked.with_policy(items=items).simulated()
    assert {one.fill_verdict for one in found.segments} == {Verdict.BROKEN}
    assert found.promises_broken == 4
    assert found.promises == 8


def test_where_every_item_is_promised_one_item_breaks_it():
    asked = question("pooled")
    worst = max(asked.policy.items, key=lambda one: one.unit_fill_rate.get("B", 0.0))
    items = tuple(
        one.model_copy(update={"reorder_point_pieces": -1.0, "order_quantity_pieces": 1.0})
        if one == worst
        else one
        for one in asked.policy.items
    )
    modest = tuple(one.model_copy(update={"promised_fill_rate": 0.5}) for one in asked.policy.segments)
    broken_one = asked.with_policy(items=items, segments=modest, fill_rate_basis="every_item")
    found = broken_one.simulated(years=20.0)
    broken = {one.item_class: one.items_below_promise for one in found.segments if one.items_below_promise}
    assert set(broken) == {worst.item_class}
    for one in found.segments:
        if one.items_below_promise:
            assert one.fill_verdict is Verdict.BROKEN


def test_lead_times_that_vary_cost_service():
    steady, given = question("pooled"), document("pooled")
    given["supply"][0]["lead_time_sd_days"] = 5
    varying = put_to(given, steady.policy).simulated(years=10.0, in_sequence=True)
    assert varying.service.unit_fill_rate.mean < steady.simulated(years=10.0).service.unit_fill_rate.mean


def test_cycle_service_is_judged_item_by_item():
    """It is promised for every item: five that hold more than enough do not make up for a sixth."""
    targets = [{"cycle_service_level": 0.8, "response_hours": 48}]
    given = document(fill_rate_basis="every_item", targets=targets)
    asked = solved(given)
    kept = asked.simulated(years=20.0, runs=3)
    assert {one.fill_verdict for one in kept.segments} == {Verdict.KEPT}
    items = tuple(
        one.model_copy(update={"reorder_point_pieces": 0.0 if one.item == "X0" else 30.0})
        for one in asked.policy.items
    )
    found = put_to(given, asked.policy.model_copy(update={"items": items})).simulated(years=20.0, runs=3)
    for segment in found.segments:
        assert segment.service.cycle_service_level.mean > 0.8
        short = segment.item_class == "X"
        assert segment.fill_verdict is (Verdict.BROKEN if short else Verdict.KEPT)
        assert (segment.items_below_promise > 0) is short
