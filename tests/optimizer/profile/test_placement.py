"""Classes, regions and worth: who is where, and what an item costs, on both sides and from every source."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicepolicy_models.demand import CustomerColumns, ItemColumns
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_models.segmentation import Classification, CutBy
from servicepolicy_optimizer.intake import read_customer_table, read_item_table
from servicepolicy_optimizer.profile import facts, place
from servicepolicy_optimizer.profile.classes import Ranked, classify
from tests.optimizer.profile import plain_loops as plain
from tests.optimizer.profile.questions import cleaned_lines, order_lines, question, rules, write_lines

ROWS = [
    ("o1", "a", 10, "2021-01-01", 1.0, "k1", "DE"),
    ("o2", "b", 1, "2021-01-02", 50.0, "k2", "FR"),
    ("o3", "c", 4, "2021-01-03", 5.0, "k3", "DE"),
    ("o4", "a", 2, "2021-01-04", 2.0, None, "CH"),
]
ONE = {"measure": "none", "classes": ["all"], "cut_offs": []}
EVERYWHERE = [{"name": "all", "values": ["*"]}]


@pytest.fixture
def asked(desk, tmp_path):
    """Answer a question about ROWS: the placement."""

    def ask(
        customers=ONE, items=ONE, regions=EVERYWHERE, tables=(None, None), rows=ROWS, cleaning=None, **changes
    ):
        source = order_lines(cleaning=cleaning or {})
        cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), source)
        segmentation = {"customers": customers, "items": items, "regions": regions}
        changes.setdefault("items", {"unit_cost": 0.5})
        return place(question(source, segmentation=segmentation, **changes), cleaned, *tables)

    return ask


def classes(placement, side):
    cleaned = placement.cleaned
    table, classed = (
        (cleaned.customers, placement.customer_class)
        if side == "customer"
        else (cleaned.items, placement.item_class)
    )
    found = cleaned.desk.connection.execute(
        f"SELECT coalesce(code, order_number), class FROM {table} AS every JOIN {classed} ON number = "
        f"every.{side}"
        if side == "customer"
        else f"SELECT code, class FROM {table} AS every JOIN {classed} ON number = every.{side}"
    ).fetchall()
    return dict(found)


def rejected(ask, **changes):
    with pytest.raises(OrderLinesRejected) as caught:
        ask(**changes)
    return [one.rule for one in caught.value.findings]


def ranked(measure, **changes):
    return {"measure": measure, "classes": ["A", "B"], "cut_offs": [0.3], **changes}


@pytest.mark.parametrize(
    ("measure", "best_customer", "best_item"),
    [("revenue", "k2", "B"), ("pieces", "k1", "A"), ("margin", "k2", "B")],
)
def test_measures_on_both_sides(asked, measure, best_customer, best_item):
    placement = asked(customers=ranked(measure), items=ranked(measure))
    assert classes(placement, "customer") == {k: int(k != best_customer) for k in ("k1", "k2", "k3", "o4")}
    assert classes(placement, "item") == {i: int(i != best_item) for i in "ABC"}


def test_lines_rank_by_lines_and_ties_go_by_name(asked):
    placement = asked(customers=ranked("lines"), items=ranked("lines", cut_offs=[0.4]))
    assert classes(placement, "customer") == {"k1": 0, "k2": 1, "k3": 1, "o4": 1}
    assert classes(placement, "item") == {"A": 0, "B": 0, "C": 1}


def test_items_by_demand_per_holding_cost(asked, tmp_path, desk):
    path = tmp_path / "items.csv"
    path.write_text("item,cost\na,24\nb,0.1\nc,5\n")
    table = read_item_table(ItemColumns(item="item", unit_cost="cost"), path, desk)
    placement = asked(items=ranked("demand_per_holding_cost"), tables=(table, None))
    assert classes(placement, "item") == {"B": 0, "C": 1, "A": 1}
    assert rejected(asked, customers=ranked("demand_per_holding_cost")) == ["segmentation.measure"]


def test_missing_customers_fall_into_the_lowest_class_or_are_classified(asked):
    lowest = asked(customers=ranked("revenue", cut_offs=[0.9]))
    assert classes(lowest, "customer") == {"k1": 0, "k2": 0, "k3": 0, "o4": 1}
    classified = asked(
        customers=ranked("revenue", cut_offs=[0.9]), cleaning={"missing_customer": "classify_by_order"}
    )
    assert classes(classified, "customer") == {"k1": 0, "k2": 0, "k3": 0, "o4": 0}


def test_given_classes_and_what_the_tables_do_not_know(asked, tmp_path, desk):
    path = tmp_path / "customers.csv"
    path.write_text("no,grade\nk1,B\nk2,A\n")
    table = read_customer_table(CustomerColumns(customer="no", customer_class="grade"), path, desk)
    given_ = {"measure": "given", "classes": ["A", "B", "C"], "cut_offs": []}
    placement = asked(customers=given_, tables=(None, table))
    assert classes(placement, "customer") == {"k1": 1, "k2": 0, "k3": 2, "o4": 2}
    assert rules(placement.findings)["segmentation.no_class"] == 1
    assert rejected(asked, customers={**given_, "classes": ["A", "Z"]}, tables=(None, table)) == [
        "segmentation.unknown_class"
    ]
    assert rejected(asked, customers=given_, items=given_) == ["segmentation.no_class_column"] * 2


def test_overrides_win_and_those_that_name_nobody_are_told(asked):
    placement = asked(items=ranked("revenue", overrides={"c": "A", "b ": "B", "zz": "A"}))
    assert classes(placement, "item") == {"A": 1, "B": 1, "C": 0}
    assert rules(placement.findings)["segmentation.override_unused"] == 1
    assert rules(placement.findings)["segmentation.override"] == 2


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    measures=st.dictionaries(
        st.text("abcd", min_size=1, max_size=3), st.sampled_from([-1.0, 0.0, 1.0, 2.0, 2.5, 9.0]), min_size=1
    ),
    cuts=st.lists(st.sampled_from([0.05, 0.2, 0.25, 0.5, 0.8]), unique=True, max_size=3).map(sorted),
    by_value=st.booleans(),
)
def test_cuts_are_what_a_loop_cuts(desk, measures, cuts, by_value):
    classification = Classification(
        classes=tuple("ABCD"[: len(cuts) + 1]),
        cut_offs=tuple(cuts),
        cut_by=CutBy.VALUE if by_value else CutBy.COUNT,
    )
    desk.connection.execute(
        "CREATE OR REPLACE TABLE ranked AS SELECT unnest(range(len($codes))) AS number, unnest($codes) AS "
        "code, "
        "unnest($measures::DOUBLE[]) AS measure, NULL AS given, true AS ranked",
        {"codes": list(measures), "measures": list(measures.values())},
    )
    table, _ = classify(Ranked("ranked", "items"), classification, desk)
    found = dict(
        desk.connection.execute(f"SELECT code, class FROM {table} JOIN ranked USING (number)").fetchall()
    )
    assert found == plain.cut(measures, cuts, by_value, len(cuts))


@pytest.mark.parametrize(
    ("count", "sizes"), [(100, [5, 15, 80]), (20, [1, 3, 16]), (10, [1, 1, 8]), (1, [1, 0, 0])]
)
def test_five_and_fifteen_percent_of_the_count(desk, count, sizes):
    desk.connection.execute(
        f"CREATE OR REPLACE TABLE ranked AS SELECT range AS number, lpad(range::VARCHAR, 5, '0') AS code, "
        f"{count} - range AS measure, NULL AS given, true AS ranked FROM range({count})"
    )
    table, _ = classify(Ranked("ranked", "items"), Classification(), desk)
    found = desk.connection.execute(f"SELECT class, count(*) FROM {table} GROUP BY 1").fetchall()
    assert [dict(found).get(number, 0) for number in range(3)] == sizes


def regions_of(placement):
    return [
        row[0]
        for row in placement.cleaned.desk.connection.execute(
            f"SELECT r FROM {placement.placed} ORDER BY row"
        ).fetchall()
    ]


def test_regions_take_their_values_and_the_star_takes_the_rest(asked):
    regions = [
        {"name": "D", "values": ["DE", "AT"]},
        {"name": "rest", "values": ["*"]},
        {"name": "F", "values": [" FR"]},
    ]
    assert regions_of(asked(regions=regions)) == [0, 2, 0, 1]


def test_values_that_no_region_takes_are_an_error(asked):
    assert rejected(asked, regions=[{"name": "D", "values": ["DE"]}]) == ["segmentation.no_region"]
    empty = [(*row[:6], None) for row in ROWS]
    two = [{"name": "D", "values": ["DE"]}, {"name": "F", "values": ["FR"]}]
    assert rejected(asked, regions=two, rows=empty) == ["segmentation.no_region"]
    assert regions_of(asked(regions=[{"name": "D"}], rows=empty)) == [0, 0, 0, 0]


def test_the_customer_table_gives_the_region_where_the_line_does_not(asked, tmp_path, desk):
    path = tmp_path / "customers.csv"
    path.write_text("no,land\nk1,FR\nk2,FR\n")
    table = read_customer_table(CustomerColumns(customer="no", region="land"), path, desk)
    rows = [(*ROWS[0][:6], None), ROWS[1], (*ROWS[2][:6], None), ROWS[3]]
    regions = [{"name": "F", "values": ["FR"]}, {"name": "rest", "values": ["*"]}]
    assert regions_of(asked(regions=regions, rows=rows, tables=(None, table))) == [0, 0, 1, 1]


def worth(placement, column):
    return dict(
        placement.cleaned.desk.connection.execute(f"SELECT code, {column} FROM {placement.worth}").fetchall()
    )


def test_the_unit_cost_comes_from_the_first_source_that_knows_it(desk, tmp_path):
    columns = ("order", "item", "quantity", "date", "price", "cost")
    rows = [
        ("o1", "a", 2, "2021-01-01", 8, 4),
        ("o2", "a", 1, "2021-01-02", 8, 1),
        ("o3", "b", 1, "2021-01-02", 8, 0),
    ]
    mapped = {**{name: name for name in columns if name != "cost"}, "unit_cost": "cost"}
    source = order_lines(columns=mapped)
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows, columns), source)
    path = tmp_path / "items.csv"
    path.write_text("item,cost\na,2.5\n")
    table = read_item_table(ItemColumns(item="item", unit_cost="cost"), path, desk)

    def cost(item_table, **defaults):
        scenario = question(source, items=defaults, segmentation={"customers": ONE, "items": ONE})
        return worth(place(scenario, cleaned, item_table, None), "unit_cost")

    assert cost(table, unit_cost=7) == {"A": 2.5, "B": 7}
    assert cost(None, unit_cost=7, unit_cost_share_of_price=0.5) == {"A": 3, "B": 7}
    assert cost(None, unit_cost_share_of_price=0.5) == {"A": 3, "B": 4}
    with pytest.raises(OrderLinesRejected) as caught:
        cost(table)
    assert [(one.rule, one.count) for one in caught.value.findings] == [("demand.no_unit_cost", 1)]


def test_price_weight_and_volume_from_the_table_or_the_defaults(tmp_path, desk):
    path = tmp_path / "items.csv"
    path.write_text("item,kg,m3,price\na,2,0.1,9\nq,1,1,1\n")
    columns = ItemColumns(item="item", unit_weight_kg="kg", unit_volume_m3="m3", unit_price="price")
    table = read_item_table(columns, path, desk)
    defaults = {"unit_cost": 1, "unit_weight_kg": 0.3, "unit_volume_m3": 0.5}
    source = order_lines()
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", ROWS), source)
    scenario = question(source, items=defaults, segmentation={"customers": ONE, "items": ONE})
    placement = place(scenario, cleaned, table, None)
    assert worth(placement, "unit_weight_kg") == {"A": 2, "B": 0.3, "C": 0.3}
    assert worth(placement, "unit_volume_m3") == {"A": 0.1, "B": 0.5, "C": 0.5}
    assert worth(placement, "unit_price") == {"A": 14 / 12, "B": 50, "C": 5}
    found = rules(placement.findings)
    assert (found["demand.item_not_in_table"], found["demand.item_without_demand"]) == (2, 1)


def test_without_a_price_the_item_table_or_the_cost_stands_in(desk, tmp_path):
    columns = ("order", "item", "quantity", "date")
    rows = [("o1", "a", 2, "2021-01-01"), ("o2", "b", 3, "2021-01-02")]
    source = order_lines(columns={name: name for name in columns})
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows, columns), source)
    path = tmp_path / "items.csv"
    path.write_text("item,cost,price\na,2,9\nb,4,\n")
    table = read_item_table(ItemColumns(item="item", unit_cost="cost", unit_price="price"), path, desk)
    found = facts(question(source, segmentation={"customers": ONE, "items": ONE}), cleaned, table)
    assert list(found.items.unit_price) == [9, 4]
    assert found.segments.revenue_per_year.sum() == pytest.approx((2 * 9 + 3 * 4) * 365 / 2)
    assert found.segments.customers.sum() == pytest.approx(365)


def test_everything_that_blocks_is_told_at_once(asked):
    found = rejected(
        asked,
        customers={"measure": "given", "classes": ["A"], "cut_offs": []},
        regions=[{"name": "D", "values": ["DE"]}],
        items=ONE,
        cleaning={},
    )
    assert sorted(found) == ["segmentation.no_class_column", "segmentation.no_region"]
