"""Every cleaning rule takes what it should and nothing else, and is counted."""

from datetime import date

import pytest

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_optimizer.intake import read_order_lines, with_history
from servicepolicy_optimizer.profile import clean
from tests.optimizer.profile.questions import cleaned_lines, order_lines, rules, write_lines

GOOD = ("o1", "x", 4, "2021-01-04", 2.5, "k1", "N")


@pytest.fixture
def tidy(desk, tmp_path):
    """Clean these rows by these rules; return the cleaned lines."""

    def tidy_rows(rows, **changes):
        source = order_lines(cleaning=CleaningRules(**changes))
        return cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), source)

    return tidy_rows


def left(cleaned):
    """(order, pieces) of what remains, in the order of the file."""
    return cleaned.desk.connection.execute(
        f"SELECT order_number, pieces FROM {cleaned.lines} ORDER BY row"
    ).fetchall()


def taken(cleaned):
    """Rule -> (rows, pieces, value) of the steps that took something; the sums must hold."""
    first, *steps, kept = cleaned.waterfall
    for name in ("rows", "pieces", "value"):
        gone = sum(getattr(one, name) for one in steps)
        assert getattr(first, name) - gone == pytest.approx(getattr(kept, name), abs=1e-9)
    assert {one.rule for one in steps if one.rows or one.rows_reduced} <= set(rules(cleaned.findings))
    return {one.rule: (one.rows, one.pieces, one.value) for one in steps if one.rows or one.pieces}


def test_clean_lines_stay_as_they_are(tidy):
    cleaned = tidy([GOOD, ("o2", "y", 1, "2021-01-05", 1.0, None, None)])
    assert left(cleaned) == [("o1", 4.0), ("o2", 1.0)]
    assert taken(cleaned) == {}


@pytest.mark.parametrize(
    ("row", "changes", "rule"),
    [
        (GOOD, {}, "demand.duplicate_row"),
        (("o1", " X ", 4, "2021-01-04", 2.5, "k1", "N"), {}, "demand.duplicate_row"),
        (
            ("o2", "POST", 1, "2021-01-05", 18, "k1", "N"),
            {"non_product_pattern": "^POST$"},
            "demand.non_product",
        ),
        (("o2", "x", 0, "2021-01-05", 1, "k1", "N"), {}, "demand.zero_pieces"),
        (("o2", "x", -9, "2021-01-05", 0, None, "N"), {}, "demand.write_off"),
        (("o2", "x", 1, "2021-01-05", 0, "k1", "N"), {}, "demand.zero_price"),
        (("o2", "x", 1, "2021-01-05", -11, "k1", "N"), {}, "demand.negative_price"),
        (("o2", "x", 1, "2021-01-05", None, "k1", "N"), {}, "demand.no_price"),
        (("o2", "x", 1, "2021-01-05", 1, None, "N"), {"missing_customer": "drop"}, "demand.missing_customer"),
        (("o2", "x", -1, "2021-01-05", 1, "k2", "N"), {}, "demand.return"),
        (("C2", "x", 1, "2021-01-05", 1, "k2", "N"), {"cancellation_order_pattern": "^C"}, "demand.return"),
        (
            ("o2", "x", 1, "2021-02-09", 1, "k1", "N"),
            {"drop_incomplete_last_month": True},
            "demand.incomplete_month",
        ),
    ],
)
def test_a_rule_takes_its_line(tidy, row, changes, rule):
    cleaned = tidy([GOOD, row], **changes)
    assert left(cleaned) == [("o1", 4.0)]
    value = row[2] * (row[4] or 0)
    assert taken(cleaned) == {rule: (1, row[2], value)}
    assert rules(cleaned.findings)[rule] == 1


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        (GOOD, {"drop_exact_duplicates": False}),
        (("o1", "x", 4, "2021-01-04", 2.5, "k1", "S"), {}),
        (("o2", "X", 4, "2021-01-04", 2.5, "k1", "N"), {"item_code_upper_case": False}),
        (("o2", "x", 1, "2021-01-05", 0, "k1", "N"), {"drop_zero_price": False}),
        (("o2", "x", 1, "2021-01-05", None, "k1", "N"), {"drop_zero_price": False}),
        (("o2", "x", 1, "2021-01-05", 1, None, "N"), {"missing_customer": "classify_by_order"}),
        (("o2", "POSTER", 1, "2021-01-05", 1, "k1", "N"), {"non_product_pattern": "^POST$"}),
        (("o2", "x", 1, "2021-02-09", 1, "k1", "N"), {"drop_incomplete_last_month": False}),
        (("o2", "x", 1, "2021-02-26", 1, "k1", "N"), {"drop_incomplete_last_month": True}),
    ],
)
def test_a_rule_leaves_what_it_does_not_mean(tidy, row, changes):
    cleaned = tidy([GOOD, row], **changes)
    assert len(left(cleaned)) == 2
    assert taken(cleaned) == {}


def test_a_line_is_counted_by_the_first_rule_only(tidy):
    gift = ("o2", "POST", 1, "2021-01-05", 0, "k1", "N")
    cleaned = tidy([GOOD, gift, gift], non_product_pattern="POST")
    assert taken(cleaned) == {"demand.duplicate_row": (1, 1, 0), "demand.non_product": (1, 1, 0)}


def test_a_cancelled_order_leaves_no_demand_and_a_reduced_one_less(tidy):
    rows = [
        GOOD,
        ("o2", "x", 10, "2021-01-05", 2, "k1", "N"),
        ("C3", "x", -4, "2021-01-06", 2.5, "k1", "N"),
        ("C4", "x", -3, "2021-01-07", 2, "k1", "N"),
        ("C5", "x", -9, "2021-01-08", 2, "k1", "N"),
        ("o6", "y", 1, "2021-01-09", 2, "k1", "N"),
    ]
    cleaned = tidy(rows, cancellation_order_pattern="^C")
    assert left(cleaned) == [("o6", 1.0)]
    # C3 takes o1 back exactly; C4 takes 3 of o2, C5 its other 7, and 2 of C5 match nothing.
    assert taken(cleaned) == {
        "demand.cancellation": (3, -16, -34),
        "demand.cancelled_line": (2, 14, 30),
    }


def test_pieces_taken_off_a_line_that_stays(tidy):
    cleaned = tidy([GOOD, ("C2", "X", -1, "2021-01-06", 9, "k1", "N")])
    assert left(cleaned) == [("o1", 3.0)]
    assert taken(cleaned) == {"demand.cancellation": (1, -1, -9), "demand.reduced_line": (0, 1, 2.5)}


def test_without_matching_cancellations_are_returns(tidy):
    cleaned = tidy([GOOD, ("C2", "x", -4, "2021-01-06", 2.5, "k1", "N")], match_cancellations=False)
    assert left(cleaned) == [("o1", 4.0)]
    assert taken(cleaned) == {"demand.return": (1, -4, -10)}


def test_lines_without_a_customer_are_never_matched(tidy):
    cleaned = tidy([("o1", "x", 4, "2021-01-04", 1, None, "N"), ("o2", "x", -4, "2021-01-05", 1, None, "N")])
    assert left(cleaned) == [("o1", 4.0)]


def test_without_a_customer_column_an_order_is_cancelled_under_its_own_number(desk, tmp_path):
    columns = ("order", "item", "quantity", "date")
    rows = [("o1", "x", 4, "2021-01-04"), ("o1", "x", -4, "2021-01-05"), ("o2", "x", 4, "2021-01-04")]
    source = order_lines(columns={name: name for name in columns})
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows, columns), source)
    assert left(cleaned) == [("o2", 4.0)]


def test_the_history_window_narrows_the_lines_and_the_span(desk, tmp_path):
    rows = [(f"o{day}", "x", 1, f"2021-01-{day:02d} 23:59:59", 1, "k", "N") for day in (1, 10, 20, 30)]
    table = read_order_lines(order_lines(), write_lines(tmp_path / "lines.csv", rows), desk)
    whole = clean(table, CleaningRules())
    part = clean(with_history(table, date(2021, 1, 5), date(2021, 1, 25)), CleaningRules())
    assert (whole.span_days, part.span_days) == (30, 21)
    assert [order for order, _ in left(part)] == ["o10", "o20"]
    assert taken(part) == {"demand.outside_history": (2, 2, 2)}
    last_day = clean(with_history(table, None, date(2021, 1, 20)), CleaningRules())
    assert [order for order, _ in left(last_day)] == ["o1", "o10", "o20"]
    early = clean(with_history(table, date(2020, 1, 1), None), CleaningRules())
    assert early.first_day == date(2021, 1, 1)


def test_an_incomplete_last_month_shortens_the_span(tidy):
    cleaned = tidy([GOOD, ("o2", "x", 1, "2021-02-09", 1, "k1", "N")], drop_incomplete_last_month=True)
    assert cleaned.last_day == date(2021, 1, 31)
    assert cleaned.span_days == 28


def test_weights_shrink_with_the_pieces(desk, tmp_path):
    columns = ("order", "item", "quantity", "date", "customer", "kg")
    rows = [("o1", "x", 4, "2021-01-04", "k", 8), ("o2", "x", -1, "2021-01-05", "k", -2)]
    source = order_lines(columns={**{name: name for name in columns if name != "kg"}, "weight_kg": "kg"})
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows, columns), source)
    found = desk.connection.execute(f"SELECT pieces, line_weight_kg FROM {cleaned.lines}").fetchall()
    assert found == [(3.0, 6.0)]


def test_oddities_are_counted(tidy, desk, tmp_path):
    cleaned = tidy(
        [GOOD, ("o2", "X", 1, "2021-01-05", 1, "k1", "S"), ("o3", "y", 1, "2021-01-05", 1, None, "S")]
    )
    found = rules(cleaned.findings)
    assert (
        found["demand.code_case"],
        found["demand.customer_regions"],
        found["demand.missing_customer"],
    ) == (1, 1, 1)


def test_nothing_left_is_told_with_the_reasons(tidy):
    with pytest.raises(OrderLinesRejected) as caught:
        tidy([GOOD], non_product_pattern="x|X")
    assert [one.rule for one in caught.value.findings] == ["demand.non_product", "demand.nothing_left"]


def test_patterns_that_are_none_are_told_together(tidy):
    with pytest.raises(OrderLinesRejected) as caught:
        tidy([GOOD], non_product_pattern="(", cancellation_order_pattern="[")
    assert [one.where for one in caught.value.findings] == [
        "/demand/cleaning/cancellation_order_pattern",
        "/demand/cleaning/non_product_pattern",
    ]


def test_a_quote_in_a_pattern_is_a_letter(tidy):
    assert len(left(tidy([GOOD], non_product_pattern="'; DROP TABLE x; --"))) == 1


def test_items_and_customers_that_are_no_demand_leave_no_trace_in_what_is(tidy):
    """Their codes stand before, between and behind those of the demand, so that all numbers would move."""
    demand = [
        ("o1", "b", 4, "2021-01-04", 2.5, "k2", "N"),
        ("o2", "B", 1, "2021-01-05", 2.5, "k4", "S"),
        ("o3", "d", 2, "2021-01-31", 1.0, "k2", "N"),
    ]
    nothing = [
        (f"n{number}", item, pieces, "2021-01-06", price, customer, "W")
        for number, (item, pieces, price, customer) in enumerate(
            [("a", 1, 0.0, "k1"), ("c", 0, 1.0, "k3"), ("e", -1, 2.0, "k5"), ("FEE", 1, 9.0, "k0")]
        )
    ]
    changes = {"item_code_upper_case": True, "non_product_pattern": "^FEE$"}

    def said(rows):
        cleaned = tidy(rows, **changes)
        run = cleaned.desk.connection.execute
        return [
            run(f"SELECT item, code FROM {cleaned.items} ORDER BY item").fetchall(),
            run(
                f"SELECT lines.order_number, item, code, region, pieces FROM {cleaned.lines} AS lines "
                f"JOIN {cleaned.customers} AS customers USING (customer) "
                f"JOIN {cleaned.customer_regions} AS regions USING (customer, place) ORDER BY 1"
            ).fetchall(),
            run(f"SELECT code FROM {cleaned.customers} ORDER BY customer").fetchall(),
        ]

    assert (
        said([*nothing, *demand])
        == said(demand)
        == [
            [(0, "B"), (1, "D")],
            [("o1", 0, "k2", "N", 4.0), ("o2", 0, "k4", "S", 1.0), ("o3", 1, "k2", "N", 2.0)],
            [("k2",), ("k4",)],
        ]
    )
