"""Which region a line belongs to: by the region column of the line, else of its customer."""

from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.segmentation import Region
from servicepolicy_optimizer.intake.sql import rows_of
from servicepolicy_optimizer.intake.tables import SideTable
from servicepolicy_optimizer.profile.clean import CleanedLines

EVERYTHING_ELSE = "*"
NO_VALUE = ""
"""Stands for a line without a region."""


def region_values(cleaned: CleanedLines, customer_table: SideTable | None) -> str:
    """A table (customer, region_value): each customer's region as the customer table has it, or ''."""
    table = cleaned.desk.fresh("customer_region")
    given = customer_table is not None and "region" in customer_table.given
    source = (
        customer_table.table
        if customer_table is not None and given
        else "(SELECT '' AS customer, '' AS region)"
    )
    cleaned.desk.connection.execute(
        f"CREATE TABLE {table} AS "
        f"SELECT customers.customer, coalesce(given.region, '{NO_VALUE}') AS region_value "
        f"FROM {cleaned.customers} AS customers "
        f"LEFT JOIN {source} AS given ON given.customer = customers.code"
    )
    return table


def assign_regions(
    cleaned: CleanedLines, regions: tuple[Region, ...], customer_region: str
) -> tuple[str, list[Finding]]:
    """Return a table (region_value, region) with the index of the region that takes each value, and findings.

    A value goes to the region that names it; else to the one with `*`. Where neither the lines nor the
    customers have a region and the scenario has a single region, that takes all. A value that no region takes
    is an error.
    """
    desk, table = cleaned.desk, cleaned.desk.fresh("region_of")
    values = desk.connection.execute(
        f"SELECT coalesce(region, region_value) AS value, sum(lines)::BIGINT FROM {cleaned.customer_regions} "
        f"JOIN {customer_region} USING (customer) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    rest = next((number for number, one in enumerate(regions) if EVERYTHING_ELSE in one.values), None)
    if rest is None and len(regions) == 1 and [value for value, _ in values] == [NO_VALUE]:
        rest = 0
    named = {
        value.strip(): number for number, one in reversed(list(enumerate(regions))) for value in one.values
    }
    taken = {value: named.get(value, rest) for value, _ in values}
    pairs = [(value, number) for value, number in taken.items() if number is not None]
    taking = rows_of({"region_value": "VARCHAR", "region": "INTEGER"}, pairs)
    desk.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM {taking} AS taking")
    homeless = [(value or "(empty)", count) for value, count in values if taken[value] is None]
    if not homeless:
        return table, []
    shown = ", ".join(f"'{value}' ({count} lines)" for value, count in homeless[:10]) + (
        " ..." if len(homeless) > 10 else ""
    )
    mend = "Add the values to a region, or give one region the value `*`, which takes what no other names."
    what = f"no region takes {shown}."
    finding = error("/segmentation/regions", what, "segmentation.no_region", mend)
    return table, [finding.model_copy(update={"count": sum(count for _, count in homeless)})]
