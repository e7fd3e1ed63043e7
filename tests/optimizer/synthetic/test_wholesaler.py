"""The synthetic wholesaler: the same from the same seed, and as uneven and dirty as it says."""

import numpy as np
import pandas as pd
import pytest

from servicepolicy_optimizer.synthetic import wholesaler
from servicepolicy_optimizer.synthetic.dirt import (
    CASH_SHARE_OF_ORDERS,
    DUPLICATE_SHARE_OF_LINES,
    LOWER_CASE_SHARE_OF_LINES,
    RETURNED_SHARE_OF_LINES,
    SAMPLE_SHARE_OF_LINES,
)
from servicepolicy_optimizer.synthetic.tables import ITEMS, ORDER_LINES

LINES = 25_000


@pytest.fixture(scope="module")
def made():
    return wholesaler(np.random.default_rng(7))


@pytest.fixture(scope="module")
def sold(made):
    """Lines of demand: no returns, samples, freight or duplicates."""
    table = made.order_lines.drop_duplicates()
    table = table.query("quantity_pieces > 0 and unit_price_eur > 0 and item_no != 'FREIGHT'")
    return table.assign(item_no=table["item_no"].str.upper())


def test_the_same_seed_gives_the_same_tables_and_another_seed_others(made):
    again, other = wholesaler(np.random.default_rng(7)), wholesaler(np.random.default_rng(8))
    pd.testing.assert_frame_equal(again.order_lines, made.order_lines)
    pd.testing.assert_frame_equal(again.items, made.items)
    assert not other.order_lines.equals(made.order_lines)


def test_the_tables_are_as_declared(made):
    ORDER_LINES.validate(made.order_lines)
    ITEMS.validate(made.items)
    assert made.order_lines["order_date"].is_monotonic_increasing


def test_all_demand_is_there(sold, made):
    # Two lines of one order may be equal by chance and count as a duplicate.
    assert 0.995 * LINES <= len(sold) <= LINES
    assert sold["customer_no"].nunique() <= 300
    assert set(sold["item_no"]) <= set(made.items["item_no"])
    assert len(made.items) == 400


def test_two_years_of_working_days(sold):
    days = sold["order_date"]
    assert (days.dt.year.unique() == [2023, 2024]).all()
    assert days.dt.day_of_week.max() == 4
    assert not ((days.dt.month == 12) & (days.dt.day >= 24)).any()


def test_a_fifth_of_the_customers_buys_most_and_some_items_fly(sold):
    revenue = sold["quantity_pieces"] * sold["unit_price_eur"]
    for side, count in (("customer_no", 60), ("item_no", 80)):
        ranked = revenue.groupby(sold[side]).sum().sort_values(ascending=False)
        assert 0.65 < ranked.head(count).sum() / revenue.sum() < 0.9


def test_orders_are_lumpy_and_autumn_is_busy(sold):
    pieces = sold["quantity_pieces"]
    assert pieces.std() > 1.5 * pieces.mean()
    lines_by_month = sold.groupby(sold["order_date"].dt.month).size()
    assert lines_by_month[11] > 1.3 * lines_by_month[5]


def test_the_dirt_is_as_much_as_it_says(made):
    table = made.order_lines
    returned = table["quantity_pieces"] < 0
    assert returned.sum() == pytest.approx(LINES * RETURNED_SHARE_OF_LINES, abs=1)
    assert table.loc[returned, "order_no"].str.startswith("C").all()
    assert (table["unit_price_eur"] == 0).sum() == pytest.approx(LINES * SAMPLE_SHARE_OF_LINES, abs=1)
    assert table.duplicated().sum() >= LINES * DUPLICATE_SHARE_OF_LINES - 1
    lower = table["item_no"].str.islower().sum()
    assert lower == pytest.approx(LINES * LOWER_CASE_SHARE_OF_LINES, abs=2)
    orders = table[~returned].groupby("order_no")["customer_no"].first()
    assert orders.isna().mean() == pytest.approx(CASH_SHARE_OF_ORDERS, abs=0.001)


def test_every_text_says_that_it_is_synthetic(made):
    assert made.order_lines["description"].str.contains("ynthetic").all()
    assert made.items["description"].str.contains("ynthetic").all()


def test_the_smallest_wholesaler_has_one_line():
    tiny = wholesaler(np.random.default_rng(1), customers=1, items=1, lines=1)
    assert len(tiny.order_lines) == 1
