"""The item master and the customer table."""

import pytest

from servicepolicy_models.demand import CustomerColumns, ItemColumns
from servicepolicy_models.errors import TableRejected
from servicepolicy_optimizer.intake import read_customer_table, read_item_table

ITEMS = ItemColumns(
    item="item",
    unit_cost="cost",
    unit_price="price",
    unit_weight_kg="kg",
    unit_volume_m3="m3",
    item_class="class",
)
HEADER = "item,cost,price,kg,m3,class\n"


@pytest.fixture
def read(tmp_path, desk):
    """Read an item table of this text."""

    def read_text(text, **options):
        path = tmp_path / "items.csv"
        path.write_text(text, encoding="utf-8")
        return read_item_table(ITEMS, path, desk, **options)

    return read_text


def rejected(read, text, **options):
    with pytest.raises(TableRejected) as caught:
        read(text, **options)
    return [(one.rule, one.count) for one in caught.value.findings]


def rows(table):
    columns = "item, unit_cost, unit_price, unit_weight_kg, unit_volume_m3, item_class"
    return table.desk.connection.execute(f"SELECT {columns} FROM {table.table} ORDER BY row").fetchall()


def test_a_table_is_read(read):
    table = read(HEADER + "x1,2.5,4,0.1,0.001,A\ny2,,,,,\n")
    assert rows(table) == [("X1", 2.5, 4.0, 0.1, 0.001, "A"), ("Y2", None, None, None, None, None)]
    assert table.given == {
        "item",
        "unit_cost",
        "unit_price",
        "unit_weight_kg",
        "unit_volume_m3",
        "item_class",
    }


def test_codes_keep_their_case_where_the_rules_say_so(read):
    assert [row[0] for row in rows(read(HEADER + "x,1,,,,\nX,2,,,,\n", upper_case=False))] == ["x", "X"]


def test_equal_rows_count_once(read):
    table = read(HEADER + "x,1,,,,\nx,1,,,,\ny,1,,,,\nX,1,,,,\n")
    assert [row[0] for row in rows(table)] == ["X", "Y"]
    assert [(one.rule, one.count) for one in table.findings] == [("table.repeated_code", 2)]


def test_rows_that_contradict_each_other(read):
    assert rejected(read, HEADER + "x,1,,,,\nX,2,,,,\ny,1,,,,\ny,1,,,,B\n") == [("table.repeated_code", 2)]


def test_everything_wrong_at_once(read):
    found = rejected(read, HEADER + "x,0,-1,abc,-2,A\n,1,,,,\n")
    assert sorted(found) == [
        ("table.empty_cell", 1),
        ("table.number_out_of_range", 1),
        ("table.number_out_of_range", 1),
        ("table.number_out_of_range", 1),
        ("table.unreadable_number", 1),
    ]


def test_missing_columns_and_files(read, tmp_path, desk):
    assert rejected(read, "item,costs\nx,1\n") == [("table.missing_column", 1)] * 5
    assert rejected(read, HEADER) == [("table.empty", 1)]
    with pytest.raises(TableRejected, match="does not exist"):
        read_item_table(ITEMS, tmp_path / "absent.csv", desk)


def test_customers(tmp_path, desk):
    path = tmp_path / "customers.csv"
    path.write_text("no,grade,land\n7,A,DE\n8,,\n", encoding="utf-8")
    columns = CustomerColumns(customer="no", customer_class="grade", region="land")
    table = read_customer_table(columns, path, desk)
    found = desk.connection.execute(
        f"SELECT customer, customer_class, region FROM {table.table} ORDER BY row"
    ).fetchall()
    assert found == [("7", "A", "DE"), ("8", None, None)]
    assert read_customer_table(CustomerColumns(customer="no"), path, desk).given == {"customer"}
