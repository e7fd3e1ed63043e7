"""By what customers and items are ranked before they are cut into classes."""

from servicepolicy_models.demand import MissingCustomer
from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.segmentation import Measure
from servicepolicy_optimizer.intake.tables import SideTable
from servicepolicy_optimizer.profile.classes import Ranked
from servicepolicy_optimizer.profile.clean import CleanedLines


def measure_findings(
    scenario: Scenario, item_table: SideTable | None, customer_table: SideTable | None
) -> list[Finding]:
    """Measures that cannot be taken on their side, or not without a table."""
    sides = (
        ("customers", scenario.segmentation.customers, customer_table, "customer_class"),
        ("items", scenario.segmentation.items, item_table, "item_class"),
    )
    findings = []
    for side, classification, table, column in sides:
        where = f"/segmentation/{side}/measure"
        if classification.measure is Measure.GIVEN and (table is None or column not in table.given):
            what = f"the classes of {side} are given, but no table gives them."
            mend = f"Name the table and its {column} column in demand, or rank by another measure."
            findings.append(error(where, what, "segmentation.no_class_column", mend))
        if side == "customers" and classification.measure is Measure.DEMAND_PER_HOLDING_COST:
            what = "customers cannot be ranked by demand per holding cost."
            findings.append(
                error(where, what, "segmentation.measure", "Choose revenue, pieces, lines or margin.")
            )
    return findings


_CUSTOMER_MEASURE = {
    Measure.REVENUE: "sum(revenue)",
    Measure.PIECES: "sum(pieces)",
    Measure.LINES: "sum(lines)",
    Measure.MARGIN: "sum(revenue - cost)",
}

_ITEM_MEASURE = {
    Measure.REVENUE: "revenue",
    Measure.PIECES: "pieces",
    Measure.LINES: "lines",
    Measure.MARGIN: "revenue - pieces * unit_cost",
    Measure.DEMAND_PER_HOLDING_COST: "pieces / unit_cost",
}
"""Demand per holding cost: pieces / (carrying rate x unit cost); span and rate are the same for all and do
not rank.
"""


def ranked_items(scenario: Scenario, cleaned: CleanedLines, worth: str) -> Ranked:
    """Items by measure, with the class that the item table gives."""
    table = cleaned.desk.fresh("ranked_item")
    measure = _ITEM_MEASURE.get(scenario.segmentation.items.measure, "0")
    cleaned.desk.connection.execute(
        f"CREATE VIEW {table} AS SELECT item AS number, code, CAST({measure} AS DOUBLE) AS measure, "
        f"item_class AS given, true AS ranked FROM {worth}"
    )
    return Ranked(table, "items", cleaned.rules.item_code_upper_case)


def ranked_customers(
    scenario: Scenario, cleaned: CleanedLines, customer_sums: str, customer_table: SideTable | None
) -> Ranked:
    """Customers by measure; without a name they are ranked only if all are, or the scenario says so."""
    table = cleaned.desk.fresh("ranked_customer")
    measure = _CUSTOMER_MEASURE.get(scenario.segmentation.customers.measure, "0")
    all_ranked = not cleaned.order_table.has("customer") or (
        cleaned.rules.missing_customer is MissingCustomer.CLASSIFY_BY_ORDER
        and scenario.segmentation.customers.measure is not Measure.GIVEN
    )
    given = (
        customer_table.table
        if customer_table
        else "(SELECT NULL::VARCHAR AS customer, NULL::VARCHAR AS customer_class)"
    )
    cleaned.desk.connection.execute(
        f"""
        CREATE TABLE {table} AS
        WITH measured AS (SELECT customer, CAST({measure} AS DOUBLE) AS measure FROM {customer_sums}
            GROUP BY customer)
        SELECT customers.customer AS number, coalesce(customers.code, customers.order_number) AS code,
            measure,
            given.customer_class AS given, {"true" if all_ranked else "customers.code IS NOT NULL"} AS ranked
        FROM {cleaned.customers} AS customers JOIN measured USING (customer)
        LEFT JOIN {given} AS given ON given.customer = customers.code
        """
    )
    return Ranked(table, "customers")
