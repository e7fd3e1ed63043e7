"""Every line in its place: customer class, item class, region."""

from dataclasses import dataclass

from servicepolicy_models.demand import MissingCustomer
from servicepolicy_models.errors import OrderLinesRejected, error
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.segmentation import Measure
from servicepolicy_optimizer.intake.tables import SideTable
from servicepolicy_optimizer.profile.classes import Ranked, classify
from servicepolicy_optimizer.profile.clean import CleanedLines
from servicepolicy_optimizer.profile.regions import assign_regions, region_values
from servicepolicy_optimizer.profile.sums import exact_sum
from servicepolicy_optimizer.profile.worth import worth_of_items


@dataclass(frozen=True)
class Placement:
    """Where every line, customer and item belongs. All are tables or views in the workspace of `cleaned`."""

    cleaned: CleanedLines
    placed: str
    """View (row, order_number, customer, named, item, day, pieces, revenue, cost, weight_kg, i, j, r): class
    and region indices.
    """
    worth: str
    """Table of the items' worth: see `worth.Worth`."""
    item_class: str
    """Table (number, class) of items."""
    customer_class: str
    """Table (number, class) of customers."""
    item_rank: Ranked
    customer_rank: Ranked
    findings: tuple[Finding, ...]


def place(
    scenario: Scenario, cleaned: CleanedLines, item_table: SideTable | None, customer_table: SideTable | None
) -> Placement:
    """Find the worth of items, the classes and the regions; raise OrderLinesRejected with all that blocks."""
    desk, segmentation = cleaned.desk, scenario.segmentation
    worth = worth_of_items(cleaned, item_table, scenario.items)
    findings = [*cleaned.findings, *worth.findings, *(customer_table.findings if customer_table else ())]
    findings += _measure_findings(scenario, item_table, customer_table)
    value = desk.fresh("valued")
    desk.connection.execute(
        f"CREATE VIEW {value} AS SELECT lines.row, lines.order_number, lines.customer, lines.item, "
        f"lines.region, lines.day, "
        "lines.pieces, lines.pieces * coalesce(lines.price, worth.unit_price) AS revenue, "
        "lines.pieces * worth.unit_cost AS cost, "
        "coalesce(lines.line_weight_kg, lines.pieces * worth.unit_weight_kg) AS weight_kg "
        f"FROM {cleaned.lines} AS lines JOIN {worth.table} AS worth USING (item)"
    )
    customer_region = region_values(cleaned, customer_table)
    region_of, region_findings = assign_regions(cleaned, segmentation.regions, customer_region)
    items = _ranked_items(scenario, cleaned, worth.table)
    customers = _ranked_customers(scenario, cleaned, value, customer_table)
    item_class, item_findings = classify(items, segmentation.items, desk)
    customer_class, customer_findings = classify(customers, segmentation.customers, desk)
    findings += [*region_findings, *item_findings, *customer_findings]
    if blocking := [one for one in findings if one.severity is Severity.ERROR]:
        raise OrderLinesRejected(blocking)
    placed = desk.fresh("placed")
    desk.connection.execute(
        f"""
        CREATE VIEW {placed} AS
        SELECT valued.row, valued.order_number, valued.customer, customers.code IS NOT NULL AS named,
            valued.item,
            valued.day, valued.pieces, valued.revenue, valued.cost, valued.weight_kg,
            of_customer.class AS i, of_item.class AS j, region_of.region AS r
        FROM {value} AS valued
        JOIN {cleaned.customers} AS customers USING (customer)
        JOIN {customer_class} AS of_customer ON of_customer.number = valued.customer
        JOIN {item_class} AS of_item ON of_item.number = valued.item
        JOIN {customer_region} AS customer_region USING (customer)
        JOIN {region_of} AS region_of ON region_of.region_value = coalesce(valued.region,
            customer_region.region_value)
        """
    )
    return Placement(
        cleaned=cleaned,
        placed=placed,
        worth=worth.table,
        item_class=item_class,
        customer_class=customer_class,
        item_rank=items,
        customer_rank=customers,
        findings=tuple(findings),
    )


def _measure_findings(
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
    Measure.REVENUE: exact_sum("revenue"),
    Measure.PIECES: exact_sum("pieces"),
    Measure.LINES: "count(*)",
    Measure.MARGIN: exact_sum("revenue - cost"),
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


def _ranked_items(scenario: Scenario, cleaned: CleanedLines, worth: str) -> Ranked:
    table = cleaned.desk.fresh("ranked_item")
    measure = _ITEM_MEASURE.get(scenario.segmentation.items.measure, "0")
    cleaned.desk.connection.execute(
        f"CREATE VIEW {table} AS SELECT item AS number, code, CAST({measure} AS DOUBLE) AS measure, "
        f"item_class AS given, true AS ranked FROM {worth}"
    )
    return Ranked(table, "items", cleaned.rules.item_code_upper_case)


def _ranked_customers(
    scenario: Scenario, cleaned: CleanedLines, value: str, customer_table: SideTable | None
) -> Ranked:
    """Customers by measure; without a name they are ranked only if every order is, or if the scenario says
    so.
    """
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
        WITH measured AS (SELECT customer, CAST({measure} AS DOUBLE) AS measure FROM {value} GROUP BY
            customer)
        SELECT customers.customer AS number, coalesce(customers.code, customers.order_number) AS code,
            measure,
            given.customer_class AS given, {"true" if all_ranked else "customers.code IS NOT NULL"} AS ranked
        FROM {cleaned.customers} AS customers JOIN measured USING (customer)
        LEFT JOIN {given} AS given ON given.customer = customers.code
        """
    )
    return Ranked(table, "customers")
