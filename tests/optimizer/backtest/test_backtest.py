"""The whole backtest on worlds whose law is known, and on histories that prove nothing."""

import numpy as np
import pytest

from servicepolicy_optimizer.backtest import backtest
from servicepolicy_optimizer.backtest.provable import thin_evidence
from tests.optimizer.backtest.worlds import history, nobody, plan, random_lines, scenario

STEADY = random_lines(11, items=120, days=420, lines_a_day=0.7)


@pytest.fixture(scope="module")
def steady():
    """A steady world, promised three fill rates."""
    asked = plan(promises=(0.8, 0.9, 0.97), first_judged_day=196)
    costs = np.random.default_rng(1).lognormal(1, 1, 120)
    return backtest(scenario(), history(STEADY, 420, unit_cost=costs), asked, nobody)


def test_promises_hold_where_the_future_is_like_the_past(steady):
    assert steady.proved
    for one in steady.promises:
        assert one.achieved_fill_rate == pytest.approx(one.promised_fill_rate, abs=0.01)
        assert one.achieved_without_catch_up == pytest.approx(one.promised_fill_rate, abs=0.015)


def test_a_higher_promise_takes_more_stock(steady):
    values = [one.stock_value for one in steady.promises]
    assert values == sorted(values)
    reorder = {}
    for row in steady.items:
        reorder.setdefault(row.item, []).append(row.reorder_point_pieces)
    assert all(points == sorted(points) for points in reorder.values())


def test_the_textbook_at_equal_service_is_as_good_and_dearer(steady):
    for one in steady.promises:
        assert one.textbook.stock_value_at_equal_service > one.stock_value
        assert one.textbook.target_at_equal_service > one.textbook.achieved_fill_rate


def test_segments_add_up_to_the_whole(steady):
    for one in steady.promises:
        pieces = sum(segment.pieces for segment in one.segments)
        got = sum(segment.pieces * segment.achieved_fill_rate for segment in one.segments)
        assert got / pieces == pytest.approx(one.achieved_fill_rate)
        assert sum(period.pieces for period in one.periods) == pytest.approx(pieces)
        by_period = sum(period.pieces * period.achieved_fill_rate for period in one.periods)
        assert by_period / pieces == pytest.approx(one.achieved_fill_rate)
        assert one.achieved_of_all_pieces < one.achieved_fill_rate
        assert [segment.is_target for segment in one.segments] == [one.promised_fill_rate == 0.9] * 4


def test_what_is_short_is_told_by_item_and_order(steady):
    worst = steady.promises[0]
    shorts = [one.pieces_short for one in worst.short_items]
    assert shorts == sorted(shorts, reverse=True)
    total = sum(segment.pieces * (1 - segment.achieved_fill_rate) for segment in worst.segments)
    assert 0 < sum(shorts) <= total
    assert all(0 < one.pieces_short <= one.pieces for one in worst.short_orders)


def test_money_scales_and_promises_do_not(steady):
    costs = 100 * np.random.default_rng(1).lognormal(1, 1, 120)
    asked = plan(promises=(0.9,), first_judged_day=196)
    dear = backtest(scenario(), history(STEADY, 420, unit_cost=costs), asked, nobody).promises[0]
    assert dear.stock_value == pytest.approx(100 * steady.promises[1].stock_value)
    assert dear.achieved_fill_rate == steady.promises[1].achieved_fill_rate


def test_growth_is_caught_up_with():
    """Demand doubles in the judged half year: without catching up the promise is missed by more."""
    random = np.random.default_rng(2)
    lines = [
        line
        for line in random_lines(4, items=80, days=392, lines_a_day=1.2, size=2.0)
        if random.random() < 0.5 + 0.5 * min(1.0, max(0.0, (line[0] - 196) / 140))
    ]
    one = backtest(scenario(), history(lines, 392), plan(first_judged_day=196), nobody).promises[0]
    assert abs(one.achieved_fill_rate - 0.9) < 0.02
    assert one.periods[-1].planned_fill_rate != 0.9


@pytest.mark.parametrize(
    ("days", "changes", "rule"),
    [
        (60, {"first_judged_day": 40}, "backtest.history_too_short"),
        (200, {"first_judged_day": 150, "lead_time_days": 90}, "backtest.history_too_short"),
        (300, {"first_judged_day": 250, "lead_time_days": 100}, "backtest.lead_time_too_long"),
        (200, {"first_judged_day": 400}, "backtest.nothing_to_judge"),
    ],
)
def test_a_history_that_proves_nothing_is_told_so(days, changes, rule):
    known = history(random_lines(1, items=10, days=days), days)
    found = backtest(scenario(), known, plan(**changes), nobody)
    assert not found.proved
    assert not found.promises
    assert rule in [one.rule for one in found.findings]
    assert all(one.mend for one in found.findings)


def test_without_a_promise_nothing_is_judged():
    known = history(random_lines(1, items=10, days=300), 300)
    found = backtest(scenario(targets=[]), known, plan(promises=()), nobody)
    assert not found.proved
    assert [one.rule for one in found.findings] == ["backtest.nothing_promised"]


def test_targets_stand_in_for_promises():
    known = history(random_lines(1, items=10, days=300), 300)
    targets = [{"fill_rate": 0.8}, {"customer_class": "A", "fill_rate": 0.95}]
    found = backtest(scenario(targets=targets), known, plan(promises=()), nobody)
    assert found.plan.promises == (0.8, 0.95)
    segments = [one for promise in found.promises for one in promise.segments]
    asked = [(one.customer_class, one.promised_fill_rate) for one in segments if one.is_target]
    assert asked == [("B", 0.8)] * 2 + [("A", 0.95)] * 2


@pytest.mark.parametrize("lines", [1, 2])
def test_an_item_or_two_ordered_once_break_nothing(lines):
    known = history([(day * 50, 0, 0, 5) for day in range(lines)] + [(299, 0, 0, 1)], 300)
    found = backtest(scenario(), known, plan(), nobody)
    assert found.proved
    assert found.promises[0].segments[0].standard_error is None
    assert "backtest.segment_unsure" in [one.rule for one in found.findings]


def test_the_same_question_has_the_same_answer(steady):
    asked = plan(promises=(0.9,), lead_time_sd_days=3, first_judged_day=196, seed=5)
    known = history(STEADY, 420)
    one, again = (backtest(scenario(), known, asked, nobody) for _ in range(2))
    assert one == again
    other = backtest(scenario(), known, asked.model_copy(update={"seed": 6}), nobody)
    assert other.promises[0].stock_value != one.promises[0].stock_value


def test_where_no_line_can_be_promised_nothing_is_proved():
    """Every item is ordered once: whatever is ordered for it comes too late."""
    lines = [(day, day, 0, 2) for day in range(300)]
    found = backtest(scenario(), history(lines, 300), plan(), nobody)
    assert not found.proved
    assert not found.promises
    assert [one.rule for one in found.findings if one.severity == "error"] == [
        "backtest.nothing_promised_came"
    ]


def test_promises_to_a_part_of_the_pieces_are_told_to_be_so():
    """One steady item among many that come once: of all pieces no promise can be kept."""
    once = [(day, 1 + day, 0, 8) for day in range(300)]
    lines = [*once, *((day, 0, 1, 2) for day in range(0, 300, 2))]
    found = backtest(scenario(), history(lines, 300), plan(quote_above_quantile=None), nobody)
    assert found.proved
    (told,) = [one for one in found.findings if one.rule == "backtest.pieces_not_promised"]
    # 132 judged days: 8 pieces a day of new items beside 1 of the steady one.
    assert told.what.startswith("88.9% of the pieces")


def test_all_pieces_promised_is_nothing_to_tell():
    assert "backtest.pieces_not_promised" not in [
        one.rule
        for one in backtest(
            scenario(), history(STEADY, 420), plan(quote_above_quantile=None, promises=(0.9,)), nobody
        ).findings
    ]


@pytest.mark.parametrize(("lines", "sure"), [(20, False), (149, False), (150, True)])
def test_weeks_that_do_not_differ_are_no_proof_from_few_lines(steady, lines, sure):
    """Without one short piece the standard error is 0, however few the lines: rule of three."""
    (one,) = steady.promises[:1]
    spotless = one.segments[0].model_copy(
        update={"achieved_fill_rate": 1.0, "standard_error": 0.0, "lines": lines}
    )
    told = thin_evidence((one.model_copy(update={"segments": (spotless,)}),))
    assert (not told) is sure
