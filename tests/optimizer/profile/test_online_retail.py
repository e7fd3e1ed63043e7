"""The whole Online Retail file (D. Chen 2015, CC BY 4.0): real dirt, recounted with pandas and plain
loops.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from servicepolicy_models.demand import CleaningRules, ColumnMap, OrderLines
from servicepolicy_optimizer.intake import read_order_lines, workspace
from servicepolicy_optimizer.profile import activity, clean, facts
from tests.optimizer.profile import plain_loops as plain
from tests.optimizer.profile.questions import question

ROWS = 541_909
NOT_PRODUCTS = r"^(POST|DOT|M|D|S|C2|CRUK|PADS|B|BANK CHARGES|AMAZONFEE|DCGS.*|GIFT.*)$"
SOURCE = OrderLines(
    columns=ColumnMap(
        order="InvoiceNo",
        item="StockCode",
        quantity="Quantity",
        date="InvoiceDate",
        price="UnitPrice",
        customer="CustomerID",
        region="Country",
        description="Description",
    ),
    cleaning=CleaningRules(cancellation_order_pattern="^C", non_product_pattern=NOT_PRODUCTS),
)
SCENARIO = question(
    SOURCE,
    items={"unit_cost_share_of_price": 0.5, "unit_weight_kg": 0.2},
    segmentation={
        "customers": {},
        "items": {},
        "regions": [{"name": "UK", "values": ["United Kingdom"]}, {"name": "abroad", "values": ["*"]}],
    },
)


@pytest.fixture(scope="module")
def file(shared):
    """The file as published."""
    path = shared / "data/online-retail/online_retail.parquet"
    if not path.is_file():
        pytest.skip(f"no {path.name} in the shared data")
    return path


@pytest.fixture(scope="module")
def found(file):
    """Everything that is asked of the file, once."""
    with workspace() as desk:
        cleaned = clean(read_order_lines(SOURCE, file, desk), SOURCE.cleaning)
        lines = desk.connection.execute(
            f"SELECT lines.row, lines.pieces, items.code FROM {cleaned.lines} AS lines JOIN {cleaned.items} "
            f"AS items USING (item)"
        ).df()
        yield SimpleNamespace(
            cleaned=cleaned, lines=lines, facts=facts(SCENARIO, cleaned), profile=activity(SCENARIO, cleaned)
        )


@pytest.fixture(scope="module")
def recorded(file):
    """The file in pandas, with the code in upper case and a row number."""
    frame = pd.read_parquet(file)
    frame["item"] = frame.StockCode.str.strip().str.upper()
    frame["row"] = np.arange(1, len(frame) + 1)
    frame["value"] = frame.Quantity * frame.UnitPrice
    return frame


@pytest.fixture(scope="module")
def steps(found):
    """The waterfall by rule."""
    return {step.rule: step for step in found.cleaned.waterfall}


def test_the_waterfall_adds_up_from_all_rows_to_what_remains(found, recorded):
    first, *taken, kept = found.cleaned.waterfall
    assert first.rows == ROWS and first.pieces == recorded.Quantity.sum()
    assert first.value == pytest.approx(9_747_747.934, abs=1e-3)
    assert first.rows - sum(step.rows for step in taken) == kept.rows == len(found.lines)
    assert first.pieces - sum(step.pieces for step in taken) == kept.pieces == found.lines.pieces.sum()
    assert first.value - sum(step.value for step in taken) == pytest.approx(kept.value, abs=1e-5)


def test_every_step_takes_what_a_recount_takes(steps, recorded):
    columns = [
        "InvoiceNo",
        "item",
        "Description",
        "Quantity",
        "InvoiceDate",
        "UnitPrice",
        "CustomerID",
        "Country",
    ]
    again = recorded.duplicated(columns)
    assert steps["demand.duplicate_row"].rows == again.sum() == 5268
    left = recorded[~again]
    for rule, gone in (
        ("demand.non_product", lambda f: f.item.str.fullmatch(NOT_PRODUCTS[1:-1])),
        ("demand.write_off", lambda f: (f.Quantity < 0) & f.CustomerID.isna() & (f.UnitPrice <= 0)),
        ("demand.zero_price", lambda f: f.UnitPrice == 0),
        ("demand.negative_price", lambda f: f.UnitPrice < 0),
    ):
        taken = left[gone(left)]
        assert steps[rule].rows == len(taken)
        assert steps[rule].pieces == taken.Quantity.sum()
        assert steps[rule].value == pytest.approx(taken.value.sum(), abs=1e-6)
        left = left[~gone(left)]
    backs = (left.Quantity < 0) | left.InvoiceNo.str.startswith("C")
    assert steps["demand.cancellation"].rows + steps["demand.return"].rows == backs.sum()


def test_cancellations_take_back_what_a_loop_takes_back(found, recorded):
    columns = [
        "InvoiceNo",
        "item",
        "Description",
        "Quantity",
        "InvoiceDate",
        "UnitPrice",
        "CustomerID",
        "Country",
    ]
    left = recorded[~recorded.duplicated(columns) & (recorded.UnitPrice > 0)]
    left = left[~left.item.str.fullmatch(NOT_PRODUCTS[1:-1])]
    known = left[left.CustomerID.notna()]
    touched = known.merge(known.loc[known.Quantity < 0, ["CustomerID", "item"]].drop_duplicates())
    expected = left[left.Quantity > 0].set_index("row").Quantity.astype(float)
    for (customer, item), group in touched.groupby(["CustomerID", "item"]):
        events = {
            row: (customer, item, moment, abs(pieces), pieces < 0)
            for row, moment, pieces in zip(group.row, group.InvoiceDate, group.Quantity, strict=True)
        }
        for row, pieces in plain.left_after_cancellations(events).items():
            if not events[row][4]:
                expected[row] = pieces
    expected = expected[expected > 0].sort_index()
    got = found.lines.set_index("row").pieces.sort_index()
    assert list(got.index) == list(expected.index)
    assert np.array_equal(got, expected)


def test_the_two_huge_orders_vanish(found, recorded):
    huge = recorded[recorded.Quantity.isin([74_215, 80_995])]
    assert len(huge) == 2
    assert not set(huge.row) & set(found.lines.row)
    assert found.lines.pieces.max() < 5000


def test_items_segments_and_lines_tell_the_same_demand(found, steps, recorded):
    demand, kept = found.facts, steps["demand.kept"]
    days, years = 374, 374 / 365
    assert found.cleaned.span_days == days
    assert len(demand.items.items) == found.lines.code.nunique()
    assert demand.items.pieces_per_day.sum() * days == pytest.approx(kept.pieces)
    assert demand.items.lines_per_day.sum() * days == pytest.approx(kept.rows)
    assert demand.segments.pieces_per_year.sum() * years == pytest.approx(kept.pieces)
    assert demand.segments.lines_per_year.sum() * years == pytest.approx(kept.rows)
    assert demand.segments.revenue_per_year.sum() * years == pytest.approx(kept.value)
    assert demand.segments.weight_kg_per_year.sum() * years == pytest.approx(kept.pieces * 0.2)
    orders = recorded[recorded.row.isin(found.lines.row)].InvoiceNo.nunique()
    assert demand.segments.orders_per_year.sum() * years == pytest.approx(orders, abs=1e-4)
    assert found.profile.total.orders == orders
    by_item = found.lines.groupby("code").pieces.sum()
    assert demand.items.pieces_per_day.sum(axis=1) * days == pytest.approx(
        by_item.loc[list(demand.items.items)]
    )


def test_the_weekly_variance_of_every_item_is_what_pandas_finds(found, recorded):
    lines = found.lines.merge(recorded[["row", "InvoiceDate"]], on="row")
    week = (lines.InvoiceDate.dt.normalize() - pd.Timestamp("2010-12-01")).dt.days // 7
    weekly = lines.assign(week=week)[week < 53].pivot_table(
        index="code", columns="week", values="pieces", aggfunc="sum", fill_value=0.0
    )
    weekly = weekly.reindex(columns=range(53), fill_value=0.0)
    position = {item: n for n, item in enumerate(found.facts.items.items)}
    # Demand that a class has only in the three days after the last whole week has no variance over weeks.
    weekly = weekly.drop(index=lines.code[week == 53].unique(), errors="ignore")
    assert len(weekly) > 1500
    rows = [position[item] for item in weekly.index]
    whole = found.facts.items.covariance_pieces2_per_day[rows].sum(axis=(1, 2))
    assert whole == pytest.approx(weekly.var(axis=1).to_numpy() / 7, rel=1e-9)
    assert np.all(np.linalg.eigvalsh(found.facts.items.covariance_pieces2_per_day) > -1e-6)


def test_classes_hold_5_15_and_80_percent_of_those_that_are_named(found):
    named = found.profile.customers.classes
    assert [one.name for one in named] == ["A", "B", "C"]
    count = 4324
    assert [named[0].activity.customers, named[1].activity.customers] == [217, 648]
    assert np.ceil(0.05 * count) == 217 and np.ceil(0.2 * count) == 217 + 648
    assert named[0].measure_from >= named[1].measure_to and named[1].measure_from >= named[2].measure_to
    assert np.bincount(found.facts.items.item_class).tolist() == [190, 568, 3028]


def test_the_profile_adds_up(found):
    profile = found.profile
    for parts in (
        [c for c in profile.cells if c.region == "*"],
        [c for c in profile.cells if c.region != "*"],
        profile.customers.classes,
        profile.items.classes,
    ):
        for name in ("lines", "pieces", "revenue", "margin", "revenue_share", "margin_share"):
            whole = sum(getattr(one.activity, name) for one in parts)
            assert whole == pytest.approx(getattr(profile.total, name)), name
    assert profile.total.margin == pytest.approx(profile.total.revenue / 2)
    assert sum(one.items for one in profile.patterns) == profile.total.items
    assert sum(one.items for one in profile.variability) == profile.total.items


def test_findings_say_what_was_found(found):
    told = {one.rule: one.count for one in found.facts.findings}
    assert told["demand.duplicate_row"] == 5268
    assert told["demand.code_case"] == 109
    assert told["demand.customer_regions"] == 8
    assert told["demand.missing_customer"] > 131_000
    assert {"demand.return", "demand.late_item", "demand.ended_item", "demand.customer_regions"} <= set(told)


def test_the_same_file_gives_the_same_hash(found, file, tmp_path):
    with workspace(tmp_path, memory_limit="400MB", threads=1) as desk:
        again = facts(SCENARIO, clean(read_order_lines(SOURCE, file, desk), SOURCE.cleaning))
    assert again.sha256 == found.facts.sha256
