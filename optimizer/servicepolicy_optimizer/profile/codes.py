"""Every text of a file gets a number once, so that lines are told apart by numbers and never by texts.

Listing the different texts of one column, and looking a line's text up among them, is quick: Parquet and the
database itself keep a column as its few texts and, line by line, which of them it is.
"""

from dataclasses import dataclass

from servicepolicy_models.demand import CleaningRules, MissingCustomer
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.intake.sql import text
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.duplicates import item_code


@dataclass(frozen=True)
class Codes:
    """Tables of the texts of a file with their numbers, which rise with the texts; what is not demand has
    numbers too.
    """

    spellings: str
    """(recorded_item, spelling, code, item): every spelling of an item's code has a number, and items that
    are products have one. Spellings that count as one code have one item."""
    customers: str
    """(customer, code, order_number): first those with a code, then orders that stand for a customer."""
    some_without_code: bool
    """Whether an order stands for a customer."""
    regions: str | None
    """(place, region); None where the lines name no region."""
    descriptions: str | None
    """(wording, description); None where the lines have none."""

    def size(self, table: str | None, desk: Workspace) -> int:
        """How many rows one of the tables has; 0 where there is none."""
        found = [] if table is None else desk.connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        return int(found[0][0]) if found else 0


def codes(table: OrderTable, rules: CleaningRules) -> Codes:
    """List and number the items, customers, regions and descriptions."""
    singles = _singles(table, rules)
    return Codes(
        _spellings(table, rules),
        _customers(table, singles),
        singles is not None,
        _listed(table, "region", "place") if table.has("region") else None,
        _listed(table, "description", "wording") if table.has("description") else None,
    )


def _spellings(table: OrderTable, rules: CleaningRules) -> str:
    name, pattern = table.desk.fresh("spelling"), rules.non_product_pattern
    is_product = f"NOT regexp_matches(code, {text(pattern)})" if pattern else "true"
    table.desk.connection.execute(
        f"""
        CREATE TABLE {name} AS
        SELECT recorded_item, CAST(row_number() OVER (ORDER BY recorded_item) - 1 AS INTEGER) AS spelling,
            code, CASE WHEN is_product THEN CAST(dense_rank() OVER (
                PARTITION BY is_product ORDER BY code
            ) - 1 AS INTEGER) END AS item
        FROM (SELECT *, {is_product} AS is_product FROM (
            SELECT item AS recorded_item, {item_code(rules)} AS code FROM {table.texts("item")} AS listed
        ) AS spelt) AS judged
        """
    )
    return name


def _singles(table: OrderTable, rules: CleaningRules) -> str | None:
    """A table (order_number) of the orders without a customer; None where there is none, or they are no
    demand.
    """
    if table.has("customer") and rules.missing_customer is MissingCustomer.DROP:
        return None
    name, run = table.desk.fresh("single"), table.desk.connection.execute
    run(f"CREATE TABLE {name} AS SELECT order_number FROM {table.nameless_orders()} AS nameless")
    return name if run(f"SELECT 1 FROM {name} LIMIT 1").fetchall() else None


def _customers(table: OrderTable, singles: str | None) -> str:
    name, groups = table.desk.fresh("customer_code"), []
    if table.has("customer"):
        groups.append(
            "SELECT customer AS code, CAST(NULL AS VARCHAR) AS order_number "
            f"FROM {table.texts('customer')} AS listed"
        )
    if singles is not None:
        groups.append(f"SELECT CAST(NULL AS VARCHAR) AS code, order_number FROM {singles}")
    table.desk.connection.execute(
        f"CREATE TABLE {name} AS SELECT CAST(row_number() OVER (ORDER BY code, order_number) - 1 AS INTEGER) "
        f"AS customer, code, order_number FROM ({' UNION ALL '.join(groups)}) AS every"
    )
    return name


def _listed(table: OrderTable, column: str, number: str) -> str:
    name = table.desk.fresh(number)
    table.desk.connection.execute(
        f"CREATE TABLE {name} AS SELECT CAST(row_number() OVER (ORDER BY {column}) - 1 AS INTEGER) AS "
        f"{number}, {column} FROM {table.texts(column)} AS every"
    )
    return name
