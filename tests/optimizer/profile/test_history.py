"""The time behind the figures: spans, periods, and what is done when they are too short."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.profile import facts
from servicepolicy_optimizer.profile.trends import trend_findings
from tests.optimizer.profile.questions import cleaned_lines, order_lines, question, rules, write_lines

DAYS = [str(date(2021, 1, 1) + timedelta(days=day)) for day in range(300)]
ONE = {"measure": "none", "classes": ["all"], "cut_offs": []}


@pytest.fixture
def told(desk, tmp_path):
    """The facts of lines (day, pieces) of one item from 2021-01-01 on, by this source."""

    def tell(lines, **changes):
        rows = [(f"o{n}", "x", pieces, DAYS[day], 1, "k", "N") for n, (day, pieces) in enumerate(lines)]
        source = order_lines(**changes)
        cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), source)
        scenario = question(source, items={"unit_cost": 1}, segmentation={"customers": ONE, "items": ONE})
        return facts(scenario, cleaned)

    return tell


DAILY = [(day, 1 + day % 2) for day in range(28)]


def test_days_are_counted_from_the_first_to_the_last_both_included(told):
    found = told([(0, 3), (9, 7)])
    assert found.items.pieces_per_day[0, 0] == 1.0
    assert found.segments.pieces_per_year.sum() == pytest.approx(365)
    assert "10 days of history" in next(one.what for one in found.findings if one.rule == "demand.history")


def test_days_covered_replace_the_calendar(told):
    found = told([(0, 3), (9, 7)], days_covered=5)
    assert found.items.pieces_per_day[0, 0] == 2.0


def test_fewer_than_eight_periods_make_a_compound_poisson_and_say_so(told):
    found = told(DAILY, period_days=4)
    assert found.items.covariance_pieces2_per_day[0, 0, 0] == pytest.approx((14 * 1 + 14 * 4) / 28)
    assert rules(found.findings)["demand.short_history"] == 1
    asked = told(DAILY, period_days=3, orders_arrive="poisson")
    assert asked.items.covariance_pieces2_per_day[0, 0, 0] == pytest.approx(70 / 28)
    assert (
        "demand.short_history" not in rules(asked.findings) and rules(asked.findings)["demand.poisson"] == 1
    )


def test_eight_whole_periods_give_a_variance_and_the_rest_is_left_out(told):
    # Nine periods of three days hold 4, 5, 4, 5 ...; the 28th day is left over.
    found = told(DAILY, period_days=3)
    sums = [sum(pieces for day, pieces in DAILY if day // 3 == period) for period in range(9)]
    mean = sum(sums) / 9
    assert found.items.covariance_pieces2_per_day[0, 0, 0] == pytest.approx(
        sum((x - mean) ** 2 for x in sums) / 8 / 3
    )
    assert "demand.poisson" not in rules(found.findings)


def test_periods_without_demand_count(told):
    found = told([(0, 8), (55, 0.5)])
    # Eight weeks: 8, 0, 0, 0, 0, 0, 0, 0.5.
    mean = 8.5 / 8
    expected = ((8 - mean) ** 2 + 6 * mean**2 + (0.5 - mean) ** 2) / 7 / 7
    assert found.items.covariance_pieces2_per_day[0, 0, 0] == pytest.approx(expected)


def test_days_covered_stretch_the_periods_too(told):
    # 24 days of trade in 28 calendar days: a period of 3 calendar days is 18/7 days of trade.
    plain, stretched = told(DAILY, period_days=3), told(DAILY, period_days=3, days_covered=24)
    ratio = stretched.items.covariance_pieces2_per_day / plain.items.covariance_pieces2_per_day
    assert ratio[0, 0, 0] == pytest.approx(28 / 24)


def test_items_first_sold_late_and_no_longer_sold_are_told(desk, tmp_path):
    rows = [(f"o{n}", "steady", 1, DAYS[n * 14], 1, "k", "N") for n in range(21)]
    rows += [(f"n{n}", "late", 1, DAYS[250 + n], 1, "k", "N") for n in range(12)]
    rows += [(f"e{n}", "ended", 2, DAYS[n], 1, "k", "N") for n in range(12)]
    rows += [(f"r{n}", "rare", 1, DAYS[270 + n], 1, "k", "N") for n in range(2)]
    source = order_lines()
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), source)
    found = facts(question(source, items={"unit_cost": 1}), cleaned).findings
    assert {rule: n for rule, n in rules(found).items() if rule.endswith("_item")} == {
        "demand.late_item": 1,
        "demand.ended_item": 1,
    }
    assert "20.3%" in next(one.what for one in found if one.rule == "demand.late_item")


def by_plain_counting(sold, days):
    """Items that came late, and that ended, by the days on which each was sold."""
    by_item = {}
    for item, day in sold:
        by_item.setdefault(item, set()).add(day)
    late = [one for one in by_item.values() if (days - min(one)) / days < 1e-4 ** (1 / len(one))]
    ended = [one for one in by_item.values() if (max(one) + 1) / days < 1e-4 ** (1 / len(one))]
    return len(late), len(ended)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 29), st.integers(1, 9), st.sampled_from([0, 270])),
        min_size=1,
        max_size=60,
    )
)
def test_late_and_ended_are_those_of_plain_counting(desk, tmp_path, asked):
    # Several lines a day: many lines are few days.
    sold = [("steady", 0), ("steady", 299)]
    sold += [(item, from_day + day) for item, day, times, from_day in asked for _ in range(times)]
    rows = [(f"o{n}", item, 1, DAYS[day], 1, "k", "N") for n, (item, day) in enumerate(sold)]
    source = order_lines()
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), source)
    told_of = {one.rule: one.count for one in trend_findings(cleaned)}
    found = told_of.get("demand.late_item", 0), told_of.get("demand.ended_item", 0)
    assert found == by_plain_counting(sold, 300)
