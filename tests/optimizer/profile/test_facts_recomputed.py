"""Facts of random small files equal what plain loops over the rows find."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_optimizer.intake import read_order_lines
from servicepolicy_optimizer.profile import clean, facts
from tests.optimizer.profile import plain_loops as plain
from tests.optimizer.profile.questions import order_lines, question, write_lines

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["o1", "o2", "o3", "o4", "C5", "C6"]),
        st.sampled_from(["x", "X ", "y", "z"]),
        st.sampled_from([1, 2, 3, 5, 10, -1, -2, 0]),
        st.integers(0, 79).map(lambda day: str(np.datetime64("2021-01-01") + day)),
        st.sampled_from([1.0, 2.5, 4.0, 0.0, None]),
        st.sampled_from(["k1", "k2", "k3", None]),
        st.sampled_from(["north", "south", "west"]),
    ),
    min_size=15,
    max_size=40,
)
FIRST = ("o0", "x", 4, "2021-01-01", 3.0, "k1", "north")
LAST = ("o9", "y", 2, "2021-03-20", 3.0, "k2", "south")
DAYS, PERIODS = 79, 11
SCALE = 365 / DAYS
RULES = CleaningRules(cancellation_order_pattern="^C")
SOURCE = order_lines(cleaning=RULES)


def scenario(by_value):
    side = {
        "classes": ["A", "B"],
        "cut_by": "share_of_value" if by_value else "share_of_count",
        "cut_offs": [0.4],
    }
    regions = [{"name": "N", "values": ["north"]}, {"name": "rest", "values": ["*"]}]
    return question(
        SOURCE,
        items={"unit_cost_share_of_price": 0.5, "unit_weight_kg": 0.25},
        segmentation={"customers": side, "items": {**side, "measure": "pieces"}, "regions": regions},
    )


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, by_value=st.booleans())
def test_facts_are_what_loops_over_the_rows_find(desk, tmp_path, rows, by_value):
    rows = [FIRST, *[row for row in rows if row[3] <= LAST[3]], LAST]
    path = write_lines(tmp_path / "lines.csv", rows)
    found = facts(scenario(by_value), clean(read_order_lines(SOURCE, path, desk), RULES))

    demand = plain.demand_rows(rows)
    items = sorted({one[2] for one in demand})
    assert found.items.items == tuple(items)
    item_class = plain.cut(plain.totals((one[2], one[5]) for one in demand), [0.4], by_value, 1)
    assert list(found.items.item_class) == [item_class[item] for item in items]
    spent = plain.totals((one[1][1], one[5] * one[6]) for one in demand if one[1][0])
    customer_class = plain.cut(spent, [0.4], by_value, 1)

    def place(one):
        i = customer_class[one[1][1]] if one[1][0] else 1
        return i, item_class[one[2]], 0 if one[3] == "north" else 1

    check_items(found.items, items, demand, place)
    check_segments(found.segments, demand, place)


def check_items(found, items, demand, place):
    for n, item in enumerate(items):
        mine = [(place(one)[2] * 2 + place(one)[0], *one[4:]) for one in demand if one[2] == item]
        pieces, paid = sum(one[2] for one in mine), sum(one[2] * one[3] for one in mine)
        assert found.unit_price[n] == pytest.approx(paid / pieces)
        assert found.unit_cost[n] == pytest.approx(0.5 * paid / pieces)
        cov = plain.covariance([one[:3] for one in mine], PERIODS, 7)
        for a in range(4):
            sizes = [one[2] for one in mine if one[0] == a]
            assert found.pieces_per_day[n, a] == pytest.approx(sum(sizes) / DAYS)
            assert found.lines_per_day[n, a] == pytest.approx(len(sizes) / DAYS)
            second = sum(size**2 for size in sizes) / len(sizes) if sizes else 0.0
            assert found.order_size_second_moment_pieces2[n, a] == pytest.approx(second)
            for b in range(4):
                expected = cov.get((a, b), 0.0)
                if a == b and sizes and not any(one[0] == a and one[1] < PERIODS * 7 for one in mine):
                    expected = second * len(sizes) / DAYS
                assert found.covariance_pieces2_per_day[n, a, b] == pytest.approx(expected, abs=1e-9)


def check_segments(found, demand, place):
    visits, order_lines_of, order_value = defaultdict(list), defaultdict(int), defaultdict(float)
    for one in demand:
        order = (one[0], one[1])
        visits[place(one), order].append(one)
        order_lines_of[order] += 1
        order_value[order] += one[5] * one[6]
    for cell in np.ndindex(2, 2, 2):
        mine = {order: lines for (at, order), lines in visits.items() if at == cell}
        lines = [one for of_order in mine.values() for one in of_order]
        share = sum(len(of_order) / order_lines_of[order] for order, of_order in mine.items())
        named = {order[1] for order in mine if order[1][0]}
        single = {order[1] for order in mine if not order[1][0]}
        assert found.orders_per_year[cell] == pytest.approx(share * SCALE)
        assert found.order_visits_per_year[cell] == pytest.approx(len(mine) * SCALE)
        assert found.lines_per_year[cell] == pytest.approx(len(lines) * SCALE)
        assert found.pieces_per_year[cell] == pytest.approx(sum(one[5] for one in lines) * SCALE)
        assert found.weight_kg_per_year[cell] == pytest.approx(sum(one[5] for one in lines) * 0.25 * SCALE)
        assert found.revenue_per_year[cell] == pytest.approx(sum(one[5] * one[6] for one in lines) * SCALE)
        assert found.customers[cell] == pytest.approx(len(named) + len(single) * SCALE)
        if mine:
            weights = [sum(one[5] for one in of_order) * 0.25 for of_order in mine.values()]
            assert found.visit_weight_kg[cell] == pytest.approx(plain.bins(weights))
            values = [order_value[order] for order in mine]
            expected = [plain.percentile(values, share / 100) for share in range(101)]
            assert found.order_value_quantiles[cell] == pytest.approx(expected)


@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_at_different_moments_changes_nothing(desk, tmp_path, rows, seed):
    rows = list({row[3]: row for row in rows}.values())
    hashes = []
    for _ in range(2):
        path = write_lines(tmp_path / "lines.csv", rows)
        try:
            cleaned = clean(read_order_lines(SOURCE, path, desk), RULES)
            hashes.append(facts(scenario(False), cleaned).sha256)
        except OrderLinesRejected as nothing_left:
            hashes.append([one.rule for one in nothing_left.findings])
        seed.shuffle(rows)
    assert hashes[0] == hashes[1]
