"""Every line in its place: customer class, item class, region."""

from dataclasses import dataclass

from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.intake.tables import SideTable
from servicepolicy_optimizer.profile.classes import Ranked, classify
from servicepolicy_optimizer.profile.clean import CleanedLines
from servicepolicy_optimizer.profile.ranking import measure_findings, ranked_customers, ranked_items
from servicepolicy_optimizer.profile.regions import assign_regions, region_values
from servicepolicy_optimizer.profile.worth import worth_of_items


@dataclass(frozen=True)
class Placement:
    """Where every line, customer and item belongs. All are tables or views in the workspace of `cleaned`."""

    cleaned: CleanedLines
    placed: str
    """View (row, order_number, customer, named, item, day, pieces, revenue, cost, weight_kg, i, j, r).

    i, j, r are the indices of customer class, item class and region.
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
    valued = _valued(cleaned, worth.table)
    customer_region = region_values(cleaned, customer_table)
    region_of, region_findings = assign_regions(cleaned, segmentation.regions, customer_region)
    items = ranked_items(scenario, cleaned, worth.table)
    customers = ranked_customers(scenario, cleaned, valued, customer_table)
    item_class, item_findings = classify(items, segmentation.items, desk)
    customer_class, customer_findings = classify(customers, segmentation.customers, desk)
    findings = (
        *cleaned.findings,
        *worth.findings,
        *(customer_table.findings if customer_table else ()),
        *measure_findings(scenario, item_table, customer_table),
        *region_findings,
        *item_findings,
        *customer_findings,
    )
    if blocking := [one for one in findings if one.severity is Severity.ERROR]:
        raise OrderLinesRejected(blocking)
    return Placement(
        cleaned=cleaned,
        placed=_placed(cleaned, valued, (customer_class, item_class, customer_region, region_of)),
        worth=worth.table,
        item_class=item_class,
        customer_class=customer_class,
        item_rank=items,
        customer_rank=customers,
        findings=findings,
    )


def _valued(cleaned: CleanedLines, worth: str) -> str:
    """A view of the lines with what they are worth, cost and weigh."""
    view = cleaned.desk.fresh("valued")
    cleaned.desk.connection.execute(
        f"""
        CREATE VIEW {view} AS
        SELECT lines.row, lines.order_number, lines.customer, lines.item, lines.region, lines.day,
            lines.pieces, lines.pieces * coalesce(lines.price, worth.unit_price) AS revenue,
            lines.pieces * worth.unit_cost AS cost,
            coalesce(lines.line_weight_kg, lines.pieces * worth.unit_weight_kg) AS weight_kg
        FROM {cleaned.lines} AS lines JOIN {worth} AS worth USING (item)
        """
    )
    return view


def _placed(cleaned: CleanedLines, valued: str, tables: tuple[str, str, str, str]) -> str:
    """A view of the valued lines with class and region indices; what is known of a buyer is joined once."""
    customer_class, item_class, customer_region, region_of = tables
    customer_place, placed = cleaned.desk.fresh("customer_place"), cleaned.desk.fresh("placed")
    cleaned.desk.connection.execute(
        f"""
        CREATE TABLE {customer_place} AS
        SELECT customer, code IS NOT NULL AS named, class AS i, region_value
        FROM {cleaned.customers} JOIN {customer_region} USING (customer)
        JOIN {customer_class} AS of_customer ON of_customer.number = customer
        """
    )
    cleaned.desk.connection.execute(
        f"""
        CREATE VIEW {placed} AS
        SELECT valued.row, valued.order_number, valued.customer, buyer.named, valued.item, valued.day,
            valued.pieces, valued.revenue, valued.cost, valued.weight_kg,
            buyer.i, of_item.class AS j, region_of.region AS r
        FROM {valued} AS valued
        JOIN {customer_place} AS buyer USING (customer)
        JOIN {item_class} AS of_item ON of_item.number = valued.item
        JOIN {region_of} AS region_of ON region_of.region_value = coalesce(valued.region, buyer.region_value)
        """
    )
    return placed
