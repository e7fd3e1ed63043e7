"""The profiles of random small files equal what plain loops over the rows find."""

from collections import defaultdict
from datetime import date, timedelta

import narwhals as nw
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.profile import PatternName, VariabilityName
from servicepolicy_optimizer.profile import activity, place
from servicepolicy_optimizer.profile.account_rows import CUSTOMER_ROWS, ITEM_ROWS, customer_rows, item_rows
from servicepolicy_optimizer.profile.activity_sums import (
    ActivityFrames,
    accounts,
    activity_frames,
    items_of_lowest_class,
    sums_by,
)
from servicepolicy_optimizer.profile.concentration import concentration
from servicepolicy_optimizer.profile.patterns import PATTERNS, ItemPeriods, pattern_of, variability_of
from tests.optimizer.profile import plain_loops as plain
from tests.optimizer.profile.questions import cleaned_lines, order_lines, question, rules, write_lines

SOURCE = order_lines()
SCENARIO = question(
    SOURCE,
    items={"unit_cost": 2.0},
    segmentation={
        "customers": {"classes": ["A", "B"], "cut_offs": [0.4]},
        "items": {"classes": ["X", "Y"], "cut_offs": [0.4], "measure": "pieces"},
        "regions": [{"name": "N", "values": ["north"]}, {"name": "rest", "values": ["*"]}],
    },
)
FIRST = ("o0", "X", 4, "2021-01-01", 3.0, "k1", "north")
LAST = ("o9", "Y", 2, "2021-03-20", 3.0, "k2", "south")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["o1", "o2", "o3", "o4"]),
        st.sampled_from(["X", "Y", "Z"]),
        st.integers(1, 9),
        st.integers(0, 78).map(lambda day: str(date(2021, 1, 1) + timedelta(days=day))),
        st.sampled_from([1.0, 2.5, 4.0]),
        st.sampled_from(["k1", "k2", "k3", None]),
        st.sampled_from(["north", "south"]),
    ),
    min_size=8,
    max_size=25,
).map(lambda rows: [FIRST, *dict.fromkeys(rows), LAST])


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_every_cell_is_what_loops_over_the_rows_find(desk, tmp_path, rows):
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), SOURCE)
    found = activity(SCENARIO, cleaned)
    demand = plain.demand_rows(rows)
    spent = plain.totals((one[1][1], one[5] * one[6]) for one in demand if one[1][0])
    customer_class = plain.cut(spent, [0.4], False, 1)
    item_class = plain.cut(plain.totals((one[2], one[5]) for one in demand), [0.4], False, 1)
    cells = defaultdict(list)
    for one in demand:
        i, j = customer_class[one[1][1]] if one[1][0] else 1, item_class[one[2]]
        for cell in ((i, j, "*"), (i, j, "N" if one[3] == "north" else "rest"), (i,), ("j", j), ()):
            cells[cell].append(one)
    check(found.total, cells[()], demand)
    for cell in found.cells:
        i, j = "AB".index(cell.customer_class), "XY".index(cell.item_class)
        check(cell.activity, cells[i, j, cell.region], demand)
    for i, one in enumerate(found.customers.classes):
        check(one.activity, cells[i,], demand)
        values = [spent[code] for code, index in customer_class.items() if index == i]
        assert (one.measure_from, one.measure_to) == (
            pytest.approx((min(values), max(values))) if values else (None, None)
        )
    for j, one in enumerate(found.items.classes):
        check(one.activity, cells["j", j], demand)
    check_accounts(found, demand)
    only = [item for item in item_class if all(one in cells[1,] for one in demand if one[2] == item)]
    assert found.lowest_class_only.items == len(only)
    sold = sum(one[5] for one in demand if one[2] in only)
    assert found.lowest_class_only.pieces_share == pytest.approx(sold / sum(one[5] for one in demand))
    filled = {(one[2], one[4] // 7) for one in demand if one[4] // 7 < 11}
    assert found.zero_period_share == pytest.approx(1 - len(filled) / 11 / len(item_class))


def check(found, lines, demand):
    revenue = sum(one[5] * one[6] for one in lines)
    pieces = sum(one[5] for one in lines)
    assert found.customers == len({one[1] for one in lines})
    assert found.items == len({one[2] for one in lines})
    assert found.orders == len({(one[0], one[1]) for one in lines})
    assert found.lines == len(lines)
    assert found.pieces == pytest.approx(pieces)
    assert found.revenue == pytest.approx(revenue)
    assert found.margin == pytest.approx(revenue - 2.0 * pieces)
    assert found.revenue_share == pytest.approx(revenue / sum(one[5] * one[6] for one in demand))
    assert found.margin_of_revenue == pytest.approx((revenue - 2.0 * pieces) / revenue if revenue else 0.0)


def check_accounts(found, demand):
    for side, place_ in ((found.customers, 1), (found.items, 2)):
        margin = plain.totals((one[place_], one[5] * (one[6] - 2.0)) for one in demand)
        shown = min(10, len(margin))
        best, worst = sorted(margin.values(), reverse=True)[:shown], sorted(margin.values())[:shown]
        assert [one.margin for one in side.best] == pytest.approx(best)
        assert [one.margin for one in side.worst] == pytest.approx(worst)


def test_the_sums_are_the_same_on_another_engine(desk, tmp_path):
    rows = [
        FIRST,
        LAST,
        ("o1", "X", 3, "2021-02-01", 4.0, None, "south"),
        ("o1", "Z", 1, "2021-02-01", 1.0, None, "north"),
    ]
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), SOURCE)
    placement = place(SCENARIO, cleaned, None, None)
    frames = activity_frames(placement, (2, 2, 2))
    customers, items = (
        nw.from_native(one.to_native().df()).lazy() for one in (frames.customers, frames.items)
    )
    in_pandas = ActivityFrames(customers, items, frames.orders)
    for by in ((), ("i",), ("j",), ("i", "j"), ("i", "j", "r")):
        assert sums_by(in_pandas, by) == sums_by(frames, by)
    assert items_of_lowest_class(in_pandas, 1) == items_of_lowest_class(frames, 1)
    for side in ("customer", "item"):
        ours, theirs = (accounts(one, side).collect().rows() for one in (frames, in_pandas))
        assert [[float(x) for x in row] for row in ours] == [[float(x) for x in row] for row in theirs]


def test_concentration_of_known_shapes():
    alike = concentration(np.ones(100))
    assert (alike.top_1_percent, alike.top_5_percent, alike.top_20_percent) == pytest.approx(
        (0.01, 0.05, 0.2)
    )
    assert alike.gini == pytest.approx(0.0)
    one_has_all = concentration(np.r_[np.zeros(99), 7.0])
    assert one_has_all.top_1_percent == 1.0 and one_has_all.gini == pytest.approx(0.99)
    assert concentration(np.arange(1.0, 11)).gini == pytest.approx(0.3)
    assert concentration(np.array([-5.0, 0.0])).gini == 0.0
    assert concentration(np.array([3.0])).top_1_percent == 1.0


def periods_of(*demands):
    return ItemPeriods(
        periods=len(demands[0]),
        filled_periods=np.array([np.count_nonzero(d) for d in demands]),
        pieces=np.array([float(sum(d)) for d in demands]),
        squares=np.array([float(np.square(d).sum()) for d in demands]),
    )


def test_patterns_of_known_demands():
    smooth, erratic = [5, 6, 5, 4, 5, 6, 5, 4, 5, 5], [1, 1, 1, 20, 1, 1, 1, 1, 1, 30]
    intermittent, lumpy, never = [0, 5, 0, 5, 0, 0, 6, 0, 5, 0], [0, 1, 0, 40, 0, 0, 1, 0, 1, 0], [0] * 10
    found = periods_of(smooth, erratic, intermittent, lumpy, never)
    assert [PATTERNS[code] for code in pattern_of(found)] == [
        PatternName.SMOOTH,
        PatternName.ERRATIC,
        PatternName.INTERMITTENT,
        PatternName.LUMPY,
        PatternName.INTERMITTENT,
    ]
    assert [list(VariabilityName)[code] for code in variability_of(found)] == ["X", "Z", "Z", "Z", "Z"]
    filled = np.array([d for d in lumpy if d], dtype=float)
    assert found.size_variation[3] == pytest.approx(filled.var(ddof=1) / filled.mean() ** 2)
    assert found.period_variation[0] == pytest.approx(np.std(smooth, ddof=1) / np.mean(smooth))
    assert found.interval_periods.tolist() == [1, 1, 2.5, 2.5, np.inf]


def test_rows_by_customer_and_item_keep_their_schema_and_add_up(desk, tmp_path):
    rows = [
        FIRST,
        LAST,
        ("o1", "X", 3, "2021-02-01", 4.0, None, "south"),
        ("o1", "Z", 1, "2021-02-01", 1.0, None, "north"),
    ]
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), SOURCE)
    placement = place(SCENARIO, cleaned, None, None)
    customers, items = customer_rows(SCENARIO, placement), item_rows(SCENARIO, placement, SOURCE)
    assert list(customers.columns) == list(CUSTOMER_ROWS.columns) and list(items.columns) == list(
        ITEM_ROWS.columns
    )
    assert customers.order_number.dropna().tolist() == ["o1"]
    assert customers.revenue.tolist() == [13.0, 12.0, 6.0] and items.revenue.tolist() == [24.0, 6.0, 1.0]
    assert items.item.tolist() == ["X", "Y", "Z"]
    assert customers.loc[0, ["orders", "items", "lines"]].tolist() == [1, 2, 2]
    assert str(items.first_day[0].date()) == "2021-01-01" and str(items.last_day[0].date()) == "2021-02-01"
    assert items.filled_periods.tolist() == [2, 0, 1]


def test_negative_prices_that_are_kept_make_negative_revenue(desk, tmp_path):
    source = order_lines(cleaning=CleaningRules(drop_zero_price=False))
    credit = ("o1", "Y", 3, "2021-02-01", -4.0, "k2", "south")
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", [FIRST, credit, LAST]), source)
    placement = place(SCENARIO, cleaned, None, None)
    customers, items = customer_rows(SCENARIO, placement), item_rows(SCENARIO, placement, source)
    assert customers.revenue.tolist() == [12.0, -6.0] and items.revenue.tolist() == [12.0, -6.0]
    assert items.unit_price.tolist() == pytest.approx([3.0, -6.0 / 5.0])


def test_a_day_of_history_has_no_patterns(desk, tmp_path):
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", [FIRST]), SOURCE)
    found = activity(SCENARIO, cleaned)
    assert (found.patterns, found.variability, found.zero_period_share) == ((), (), None)
    assert rules(found.findings)["demand.short_history"] == 1
    items = item_rows(SCENARIO, place(SCENARIO, cleaned, None, None), SOURCE)
    assert items.pattern.isna().all() and items.interval_periods.isna().all()
