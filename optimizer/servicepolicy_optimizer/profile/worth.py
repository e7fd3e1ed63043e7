"""What an item costs, sells for, weighs and measures: the item table first, then the order lines, then the
defaults.
"""

from dataclasses import dataclass

from servicepolicy_models.demand import ItemDefaults
from servicepolicy_models.errors import error, note, warning
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.intake.examples import first_codes, listed
from servicepolicy_optimizer.intake.sql import rows_of
from servicepolicy_optimizer.intake.tables import SideTable
from servicepolicy_optimizer.profile.clean import CleanedLines


@dataclass(frozen=True)
class Worth:
    """A table with a row for each item with demand.

    Columns: item, code, in_table, item_class, lines, pieces, unit_cost, unit_price, unit_weight_kg,
    unit_volume_m3, revenue.
    """

    table: str
    findings: tuple[Finding, ...]


_NOTHING_KNOWN = {
    "item": "VARCHAR",
    "unit_cost": "DOUBLE",
    "unit_price": "DOUBLE",
    "unit_weight_kg": "DOUBLE",
    "unit_volume_m3": "DOUBLE",
    "item_class": "VARCHAR",
}


def _number(value: float | None) -> str:
    """A number of the scenario in SQL, to the last bit; NULL where there is none."""
    return "CAST(NULL AS DOUBLE)" if value is None else f"CAST({value!r} AS DOUBLE)"


def _double(decimals: str, condition: str = "") -> str:
    """An exact sum of exact sums."""
    only = f" FILTER ({condition})" if condition else ""
    return f"CAST(sum({decimals}){only} AS DOUBLE)"


def worth_of_items(cleaned: CleanedLines, item_table: SideTable | None, defaults: ItemDefaults) -> Worth:
    """Join what is known of every item with demand.

    Unit cost: item table, else the pieces-weighted mean of the lines' unit cost, else `defaults.unit_cost`,
    else `defaults.unit_cost_share_of_price` of the average price. Unit price: average paid, else item table,
    else default, else unit cost. Weight: item table, else the mean of the lines' weights, else default. An
    item whose unit cost is still unknown is an error.
    """
    desk, table = cleaned.desk, cleaned.desk.fresh("worth")
    given = item_table.table if item_table else rows_of(_NOTHING_KNOWN, [])
    cost, share, price, weight, volume = (
        _number(one)
        for one in (
            defaults.unit_cost,
            defaults.unit_cost_share_of_price,
            defaults.unit_price,
            defaults.unit_weight_kg,
            defaults.unit_volume_m3,
        )
    )
    desk.connection.execute(
        f"""
        CREATE TABLE {table} AS
        WITH paid AS (
            SELECT item, CAST(sum(rows) AS BIGINT) AS lines, {_double("left_pieces")} AS pieces,
                {_double("left_value")} / {_double("left_pieces", "NOT unpriced")} AS price,
                {_double("cost")} / {_double("costed_pieces")} AS cost,
                {_double("weight_kg")} / {_double("weighed_pieces")} AS weight_kg
            FROM {cleaned.item_sums} GROUP BY item
        ), known AS (
            SELECT items.item, items.code, given.item IS NOT NULL AS in_table, given.item_class, paid.lines,
                paid.pieces,
                coalesce(given.unit_cost, paid.cost, {cost}, {share} * coalesce(paid.price, given.unit_price,
                    {price})) AS unit_cost,
                coalesce(paid.price, given.unit_price, {price}) AS known_price,
                coalesce(given.unit_weight_kg, paid.weight_kg, {weight}) AS unit_weight_kg,
                coalesce(given.unit_volume_m3, {volume}) AS unit_volume_m3
            FROM {cleaned.items} AS items JOIN paid ON paid.item = items.item
            LEFT JOIN {given} AS given ON given.item = items.code
        )
        SELECT item, code, in_table, item_class, lines, pieces, unit_cost,
            coalesce(known_price, unit_cost) AS unit_price, unit_weight_kg, unit_volume_m3,
            pieces * coalesce(known_price, unit_cost) AS revenue
        FROM known ORDER BY item
        """
    )
    return Worth(table, (*_without_cost(cleaned, table), *_table_findings(cleaned, table, item_table)))


def _without_cost(cleaned: CleanedLines, table: str) -> list[Finding]:
    count, examples = first_codes(cleaned.desk, f"{table} WHERE unit_cost IS NULL OR unit_cost <= 0")
    if not count:
        return []
    what = f"{count} items have no unit cost above zero: {listed(examples, count)}."
    mend = (
        "Give an item table with unit costs (demand.item_table), a unit cost column, items.unit_cost, "
        "or items.unit_cost_share_of_price with a price column."
    )
    return [error("/items", what, "demand.no_unit_cost", mend).model_copy(update={"count": count})]


def _table_findings(cleaned: CleanedLines, table: str, item_table: SideTable | None) -> list[Finding]:
    """Items that the item table does not know, and items of the table that nobody ordered."""
    if item_table is None:
        return []
    unknown, examples = first_codes(cleaned.desk, f"{table} WHERE NOT in_table")
    idle = cleaned.desk.connection.execute(
        f"SELECT count(*) FROM {item_table.table} WHERE item NOT IN (SELECT code FROM {table})"
    ).fetchall()[0][0]
    findings = list(item_table.findings)
    if unknown:
        what = f"{unknown} items with demand are not in the table: {listed(examples, unknown)}."
        mend = "Add them; until then the order lines and the scenario's defaults stand in."
        findings.append(warning(item_table.file_name, what, "demand.item_not_in_table", mend, unknown))
    if idle:
        findings.append(
            note(
                item_table.file_name,
                f"{idle:,} items of the table have no demand.",
                "demand.item_without_demand",
                idle,
            )
        )
    return findings
