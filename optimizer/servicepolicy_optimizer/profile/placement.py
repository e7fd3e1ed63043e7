"""Every line in its place: customer class, item class, region."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.intake.tables import SideTable
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.classes import Ranked, classify
from servicepolicy_optimizer.profile.clean import CleanedLines
from servicepolicy_optimizer.profile.ranking import measure_findings, ranked_customers, ranked_items
from servicepolicy_optimizer.profile.regions import assign_regions, region_values
from servicepolicy_optimizer.profile.sums import money_sums
from servicepolicy_optimizer.profile.worth import worth_of_items

if TYPE_CHECKING:
    from servicepolicy_optimizer.many_lines.demand_arrays import PlacedArrays


@dataclass(frozen=True)
class Placement:
    """Where every line, customer and item belongs. All are tables or views in the workspace of `cleaned`."""

    cleaned: CleanedLines
    placed: str
    """View (row, order_number, customer, named, item, day, pieces, revenue, cost, weight_kg, i, j, r), with
    order numbers as in `CleanedLines.keyed`.

    i, j, r are the indices of customer class, item class and region.
    """
    located: str
    """The view `placed` without `named` and i, which a line has from its customer."""
    arrays: "PlacedArrays | None"
    """The lines of `located`, where they are arrays."""
    worth: str
    """Table of the items' worth: see `worth.Worth`."""
    item_class: str
    """Table (number, class) of items."""
    customer_class: str
    """Table (number, class) of customers."""
    customer_sums: str
    """Table (customer, j, r, lines, pieces, revenue, cost): the lines added up, amounts as exact decimals."""
    item_rank: Ranked
    customer_rank: Ranked
    findings: tuple[Finding, ...]

    def customer_classes(self) -> Any:
        """(customers,) class by number, 0 for a number without demand."""
        found = self.cleaned.desk.connection.execute(
            f"SELECT number, class FROM {self.customer_class}"
        ).fetchnumpy()
        number = np.asarray(found["number"], np.intp)
        classes = np.zeros(int(number.max()) + 1, np.int32)
        classes[number] = found["class"]
        return classes


def place(
    scenario: Scenario, cleaned: CleanedLines, item_table: SideTable | None, customer_table: SideTable | None
) -> Placement:
    """Find the worth of items, the classes and the regions; raise OrderLinesRejected with all that blocks."""
    desk, segmentation = cleaned.desk, scenario.segmentation
    desk.tell(0.7, "classes")
    worth = worth_of_items(cleaned, item_table, scenario.items)
    items = ranked_items(scenario, cleaned, worth.table)
    item_class, item_findings = classify(items, segmentation.items, desk)
    customer_region = region_values(cleaned, customer_table)
    region_of, region_findings = assign_regions(cleaned, segmentation.regions, customer_region)
    looked_up = _looked_up(cleaned, worth.table, item_class, customer_region, region_of)
    located, arrays = _located(cleaned, looked_up), _arrays(scenario, cleaned, looked_up)
    customer_sums = _customer_sums(located, desk) if arrays is None else arrays.customer_sums()
    customers = ranked_customers(scenario, cleaned, customer_sums, customer_table)
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
        placed=_placed(cleaned, located, customer_class),
        located=located,
        arrays=arrays,
        worth=worth.table,
        item_class=item_class,
        customer_class=customer_class,
        customer_sums=customer_sums,
        item_rank=items,
        customer_rank=customers,
        findings=findings,
    )


@dataclass(frozen=True)
class _LookedUp:
    """Tables of what is known of a line's item, place and customer."""

    item_place: str
    """(item, j, unit_price, unit_cost, unit_weight_kg)"""
    named: str | None
    """(place, region); None where lines name no region."""
    at_home: str
    """(customer, region)"""


def _looked_up(
    cleaned: CleanedLines, worth: str, item_class: str, customer_region: str, region_of: str
) -> _LookedUp:
    item_place = cleaned.desk.fresh("item_place")
    cleaned.desk.connection.execute(
        f"CREATE TABLE {item_place} AS SELECT item, class AS j, unit_price, unit_cost, unit_weight_kg "
        f"FROM {worth} JOIN {item_class} AS of_item ON of_item.number = item"
    )
    return _LookedUp(item_place, *_regions_by_number(cleaned, customer_region, region_of))


def _located(cleaned: CleanedLines, known: _LookedUp) -> str:
    """A view of the lines with item class and region, and with what they are worth, cost and weigh; what is
    known of an item is joined once.
    """
    located, named = cleaned.desk.fresh("located"), known.named
    cleaned.desk.connection.execute(
        f"""
        CREATE VIEW {located} AS
        SELECT lines.row, lines.order_number, lines.customer, lines.item, lines.day, lines.pieces,
            lines.pieces * coalesce(lines.price, known.unit_price) AS revenue,
            lines.pieces * known.unit_cost AS cost,
            coalesce(lines.line_weight_kg, lines.pieces * known.unit_weight_kg) AS weight_kg,
            known.j, {"coalesce(said.region, buyer.region)" if named else "buyer.region"} AS r
        FROM {cleaned.keyed} AS lines
        JOIN {known.item_place} AS known USING (item)
        JOIN {known.at_home} AS buyer USING (customer)
        {f"LEFT JOIN {named} AS said USING (place)" if named else ""}
        """
    )
    return located


def _arrays(scenario: Scenario, cleaned: CleanedLines, known: _LookedUp) -> "PlacedArrays | None":
    """The same as arrays, where the lines are."""
    if cleaned.arrays is None:
        return None
    from servicepolicy_optimizer.many_lines.looked_up import placed_arrays

    segmentation = scenario.segmentation
    shape = len(segmentation.items.classes), len(segmentation.regions)
    return placed_arrays(cleaned.arrays, known.item_place, known.named, known.at_home, shape)


def _regions_by_number(cleaned: CleanedLines, customer_region: str, region_of: str) -> tuple[str | None, str]:
    """Tables (place, region) of what lines name, None where they name nothing, and (customer, region) of
    where customers are.
    """
    desk, at_home, named = cleaned.desk, cleaned.desk.fresh("at_home"), cleaned.desk.fresh("named_region")
    desk.connection.execute(
        f"CREATE TABLE {at_home} AS SELECT home.customer, region_of.region FROM {customer_region} AS home "
        f"LEFT JOIN {region_of} AS region_of USING (region_value)"
    )
    if not cleaned.order_table.has("region"):
        return None, at_home
    desk.connection.execute(
        f"CREATE TABLE {named} AS SELECT said.place, region_of.region FROM (SELECT DISTINCT place, region "
        f"FROM {cleaned.customer_regions} WHERE region IS NOT NULL) AS said "
        f"JOIN {region_of} AS region_of ON region_of.region_value = said.region"
    )
    return named, at_home


def _customer_sums(located: str, desk: Workspace) -> str:
    """See `Placement.customer_sums`."""
    sums = desk.fresh("customer_sum")
    desk.connection.execute(
        f"CREATE TABLE {sums} AS SELECT customer, j, r, count(*) AS lines, {money_sums()} "
        f"FROM {located} GROUP BY customer, j, r"
    )
    return sums


def _placed(cleaned: CleanedLines, located: str, customer_class: str) -> str:
    """A view of the located lines with the class of the customer, and whether it has a name."""
    customer_place, placed = cleaned.desk.fresh("customer_place"), cleaned.desk.fresh("placed")
    cleaned.desk.connection.execute(
        f"CREATE TABLE {customer_place} AS SELECT customer, code IS NOT NULL AS named, class AS i "
        f"FROM {cleaned.customers} JOIN {customer_class} AS of_customer ON of_customer.number = customer"
    )
    cleaned.desk.connection.execute(
        f"""
        CREATE VIEW {placed} AS
        SELECT located.row, located.order_number, located.customer, buyer.named, located.item, located.day,
            located.pieces, located.revenue, located.cost, located.weight_kg, buyer.i, located.j, located.r
        FROM {located} AS located JOIN {customer_place} AS buyer USING (customer)
        """
    )
    return placed
