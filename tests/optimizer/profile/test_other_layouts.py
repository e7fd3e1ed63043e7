"""Other real layouts: one day of a microchip maker, a sample database of a food trader, two days of gifts."""

import numpy as np
import pandas as pd
import pytest

from servicepolicy_models.demand import ColumnMap, CustomerColumns, ItemColumns, OrderLines
from servicepolicy_optimizer.intake import read_customer_table, read_item_table, read_order_lines
from servicepolicy_optimizer.profile import activity, clean, facts
from tests.optimizer.profile.questions import cleaned_lines, question, rules
from tests.optimizer.profile.test_online_retail import SOURCE as GIFTS

ONE = {"measure": "none", "classes": ["all"], "cut_offs": []}

CHIPS = OrderLines(
    columns=ColumnMap(
        order="Order ID",
        item="Product ID",
        quantity="Unit quantity",
        date="Order Date",
        customer="Customer",
        region="Destination Port",
        weight_kg="Weight",
    ),
    orders_arrive="poisson",
    days_covered=1,
)


@pytest.fixture
def folder(shared):
    """The shared data sets."""
    path = shared / "data"
    if not path.is_dir():
        pytest.skip("no data in the shared folder")
    return path


def test_a_day_of_orders_with_weights_and_without_prices(folder, desk):
    path = folder / "brunel-logistics/OrderList.csv.gz"
    frame = pd.read_csv(path, dtype={"Order ID": str, "Product ID": str})
    scenario = question(
        CHIPS,
        items={"unit_cost": 2.0},
        segmentation={
            "customers": {"measure": "pieces"},
            "items": {"measure": "pieces"},
            "regions": [{"name": "PORT09", "values": ["PORT09"]}],
        },
        days_per_year=250,
    )
    found = facts(scenario, cleaned_lines(desk, path, CHIPS))
    by_item = frame.groupby("Product ID")
    assert found.items.items == tuple(sorted(by_item.groups))
    order = list(found.items.items)
    assert found.items.pieces_per_day.sum(axis=1) == pytest.approx(by_item["Unit quantity"].sum()[order])
    assert found.items.lines_per_day.sum() == len(frame) == 9215
    squares = (frame["Unit quantity"].astype(float) ** 2).groupby(frame["Product ID"]).sum()
    variance = np.einsum("naa->n", found.items.covariance_pieces2_per_day)
    assert variance == pytest.approx(squares[order])
    assert found.items.unit_weight_kg == pytest.approx(
        (by_item.Weight.sum() / by_item["Unit quantity"].sum())[order]
    )
    assert found.segments.weight_kg_per_year.sum() == pytest.approx(frame.Weight.sum() * 250)
    assert found.segments.orders_per_year.sum() == pytest.approx(9215 * 250)
    assert found.segments.customers.sum() >= 46
    counted = np.bincount(found.items.item_class)
    assert counted.tolist() == [39, 116, 617] and counted.sum() == 772
    assert rules(found.findings)["demand.poisson"] == 1


def test_the_published_workbook_says_what_the_sheet_as_csv_says(folder, desk):
    book, sheet = folder / "brunel-logistics/supply_chain_logistics_problem.xlsx", "OrderList"
    columns = "item, pieces, ordered_at, customer, region, round(line_weight_kg, 6)"
    tables = [
        read_order_lines(CHIPS.model_copy(update={"sheet": sheet}), book, desk),
        read_order_lines(CHIPS, folder / "brunel-logistics/OrderList.csv.gz", desk),
    ]
    excel, csv = (
        desk.connection.execute(f"SELECT {columns} FROM {one.table} ORDER BY row").fetchall()
        for one in tables
    )
    assert excel == csv and len(csv) == 9215


def test_orders_in_two_tables_joined_with_an_item_and_a_customer_table(folder, desk, tmp_path):
    northwind = folder / "northwind"
    details, orders = (pd.read_csv(northwind / f"{name}.csv.gz") for name in ("order_details", "orders"))
    lines = details.merge(orders, on="order_id")
    path = tmp_path / "lines.parquet"
    lines.to_parquet(path)
    source = OrderLines(
        columns=ColumnMap(
            order="order_id",
            item="product_id",
            quantity="quantity",
            date="order_date",
            price="unit_price",
            customer="customer_id",
        ),
        period_days=14,
    )
    items = read_item_table(
        ItemColumns(item="product_id", unit_price="unit_price"), northwind / "products.csv.gz", desk
    )
    customers = read_customer_table(
        CustomerColumns(customer="customer_id", region="country"), northwind / "customers.csv.gz", desk
    )
    regions = [{"name": "Germany", "values": ["Germany"]}, {"name": "elsewhere", "values": ["*"]}]
    scenario = question(
        source,
        items={"unit_cost_share_of_price": 0.6},
        segmentation={
            "customers": {"cut_by": "share_of_value", "cut_offs": [0.8, 0.95]},
            "items": ONE,
            "regions": regions,
        },
    )
    cleaned = cleaned_lines(desk, path, source)
    found, profile = facts(scenario, cleaned, items, customers), activity(scenario, cleaned, items, customers)
    lines["value"] = lines.quantity * lines.unit_price
    days = 672
    assert cleaned.span_days == days
    assert found.segments.revenue_per_year.sum() * days / 365 == pytest.approx(lines.value.sum())
    country = pd.read_csv(northwind / "customers.csv.gz").set_index("customer_id").country
    german = lines[lines.customer_id.map(country) == "Germany"]
    assert found.segments.lines_per_year[:, :, 0].sum() * days / 365 == pytest.approx(len(german))
    assert profile.total.orders == 830 and profile.total.lines == 2155 and profile.total.customers == 89
    share = profile.customers.classes[0].activity.revenue_share
    best = lines.groupby("customer_id").value.sum().sort_values(ascending=False)
    smallest = best.iloc[profile.customers.classes[0].activity.customers - 1]
    assert share >= 0.8 > share - smallest / lines.value.sum()
    weekly = lines.assign(
        period=(pd.to_datetime(lines.order_date) - pd.Timestamp("1996-07-04")).dt.days // 14
    )
    table = weekly[weekly.period < days // 14].pivot_table(
        index="product_id", columns="period", values="quantity", aggfunc="sum", fill_value=0
    )
    table = table.reindex(columns=range(days // 14), fill_value=0)
    table.index = table.index.astype(str)
    whole = found.items.covariance_pieces2_per_day.sum(axis=(1, 2))
    assert whole == pytest.approx(table.loc[list(found.items.items)].var(axis=1) / 14)
    assert [one.rule for one in found.findings if one.severity.value == "error"] == []


def test_two_days_of_gifts_are_too_short_for_a_variance(folder, desk):
    path = folder / "online-retail/online_retail_2days_sample.csv.gz"
    cleaned = clean(read_order_lines(GIFTS, path, desk), GIFTS.cleaning)
    scenario = question(
        GIFTS, items={"unit_cost_share_of_price": 0.5}, segmentation={"customers": ONE, "items": ONE}
    )
    found = facts(scenario, cleaned)
    first, *taken, kept = cleaned.waterfall
    assert first.rows == 7042 and first.rows - sum(step.rows for step in taken) == kept.rows
    assert rules(found.findings)["demand.short_history"] == 1
    expected = found.items.lines_per_day * found.items.order_size_second_moment_pieces2
    assert np.einsum("naa->na", found.items.covariance_pieces2_per_day) == pytest.approx(expected)
