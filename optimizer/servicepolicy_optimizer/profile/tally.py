"""What is counted of the numbered lines: steps of the waterfall, items, customers and their regions."""

from dataclasses import dataclass
from datetime import date

from servicepolicy_models.demand import CleaningRules
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.codes import Codes
from servicepolicy_optimizer.profile.duplicates import item_code
from servicepolicy_optimizer.profile.numbered_lines import Numbered
from servicepolicy_optimizer.profile.sums import decimal_null, decimal_sum


@dataclass(frozen=True)
class Counted:
    """Tables of what is counted."""

    tally: str
    """See `tallied`."""
    kept: int
    """The step of the tally that is demand."""
    items: str
    customers: str
    customer_regions: str
    """All three as in CleanedLines."""
    renumbered: str | None
    """Table (given, item): the number of an item among the codes of the file, and among those in demand; None
    where they are the same."""


def counted(numbered: Numbered, tally: str, known: Codes, kept: int, desk: Workspace) -> Counted:
    """Find the items and customers of the demand."""
    customers, regions = _customers(numbered, known, kept, desk)
    items = _items(tally, kept, desk)
    return Counted(tally, kept, items, customers, regions, _renumbered(items, known, desk))


def tallied(
    numbered: Numbered, first_day: date, known: Codes, rules: CleaningRules, table: OrderTable
) -> str:
    """A table (step, recorded_item, description, item, is_reduced, unpriced, rows, pieces, value,
    left_pieces, left_value, first_day, last_day, costed_pieces, cost, weighed_pieces, weight_kg).

    As many rows as items, spellings and descriptions have steps, however many lines there are. Amounts are
    exact decimals, over rows as recorded but for what is `left` of demand after cancellations. Only of lines
    that a cancellation reduced is what is left added up by itself: of others it is what was recorded. The
    last four are NULL where the file has no unit cost, or no weight.
    """
    desk = table.desk
    if numbered.arrays is None:
        added = _added(numbered.lines, table)
    else:
        from servicepolicy_optimizer.many_lines.counted_arrays import added_arrays

        sizes = known.size(known.spellings, desk), known.size(known.descriptions, desk)
        added = added_arrays(numbered.arrays, *sizes, first_day, desk)
    tally = desk.fresh("tally")
    words, description = "", "CAST(NULL AS VARCHAR) AS description"
    if known.descriptions is not None:
        words = f"LEFT JOIN {known.descriptions} AS wordings USING (wording)"
        description = "wordings.description"
    desk.connection.execute(
        f"""
        CREATE TABLE {tally} AS
        SELECT step, spelt.recorded_item, {description}, {item_code(rules, "spelt.recorded_item")} AS item,
            is_reduced, unpriced, rows, pieces, value,
            CASE WHEN is_reduced THEN less_pieces ELSE pieces END AS left_pieces,
            CASE WHEN is_reduced THEN less_value ELSE value END AS left_value,
            first_day, last_day, costed_pieces, cost, weighed_pieces, weight_kg
        FROM {added} AS added JOIN {known.spellings} AS spelt USING (spelling) {words}
        """
    )
    return tally


def _added(numbered: str, table: OrderTable) -> str:
    """A view of the sums by step, spelling, wording, and whether a line is reduced and has a price."""
    added, less = table.desk.fresh("added"), "left_pieces < pieces"
    table.desk.connection.execute(
        f"""
        CREATE VIEW {added} AS
        SELECT step, spelling, wording, left_pieces < pieces AS is_reduced, price IS NULL AS unpriced,
            count(*) AS rows, min(day) AS first_day, max(day) AS last_day,
            {decimal_sum("pieces")} AS pieces,
            {decimal_sum("pieces * coalesce(price, 0)")} AS value,
            {decimal_sum("left_pieces", less)} AS less_pieces,
            {decimal_sum("left_pieces * coalesce(price, 0)", less)} AS less_value,
            {", ".join(_of_optional_columns(table))}
        FROM {numbered} GROUP BY step, spelling, wording, left_pieces < pieces, price IS NULL
        """
    )
    return added


def _of_optional_columns(table: OrderTable) -> list[str]:
    """The sums that stand for an item's unit cost and weight, where the file has them."""
    absent, costed, weighed = decimal_null(), "unit_cost > 0", "line_weight_kg IS NOT NULL"
    cost = (decimal_sum("left_pieces", costed), decimal_sum("left_pieces * unit_cost", costed))
    weight = (
        decimal_sum("left_pieces", weighed),
        decimal_sum("line_weight_kg * left_pieces / nullif(pieces, 0)"),
    )
    cost, weight = (
        sums if table.has(column) else (absent, absent)
        for column, sums in (("unit_cost", cost), ("line_weight_kg", weight))
    )
    names = ("costed_pieces", "cost", "weighed_pieces", "weight_kg")
    return [f"{sums} AS {name}" for name, sums in zip(names, (*cost, *weight), strict=True)]


def _items(tally: str, kept: int, desk: Workspace) -> str:
    """The table `items` of CleanedLines. Of several descriptions the most frequent, then the first."""
    items = desk.fresh("item")
    desk.connection.execute(
        f"""
        CREATE TABLE {items} AS
        SELECT CAST(row_number() OVER (ORDER BY code) - 1 AS INTEGER) AS item, code, description FROM (
            SELECT item AS code, description, row_number() OVER (
                PARTITION BY item ORDER BY description IS NULL, rows DESC, description
            ) AS turn
            FROM (
                SELECT item, description, sum(rows) AS rows FROM {tally} WHERE step = {kept}
                GROUP BY item, description
            ) AS described
        ) AS ordered WHERE turn = 1
        """
    )
    return items


def _renumbered(items: str, known: Codes, desk: Workspace) -> str | None:
    """See `Counted.renumbered`."""
    renumbered = desk.fresh("renumbered")
    desk.connection.execute(
        f"CREATE TABLE {renumbered} AS SELECT DISTINCT spelt.item AS given, items.item "
        f"FROM {known.spellings} AS spelt JOIN {items} AS items ON items.code = spelt.code"
    )
    moved = desk.connection.execute(f"SELECT 1 FROM {renumbered} WHERE given <> item LIMIT 1").fetchall()
    return renumbered if moved else None


def _customers(numbered: Numbered, known: Codes, kept: int, desk: Workspace) -> tuple[str, str]:
    """The tables `customers` and `customer_regions` of CleanedLines."""
    if numbered.arrays is None:
        buyers = (
            f"(SELECT customer, place, count(*) AS lines FROM {numbered.lines} WHERE step = {kept} "
            "GROUP BY customer, place)"
        )
    else:
        from servicepolicy_optimizer.many_lines.counted_arrays import region_arrays

        sizes = known.size(known.customers, desk), known.size(known.regions, desk)
        buyers = region_arrays(numbered.arrays, kept, *sizes, desk)
    customers, regions = desk.fresh("customer"), desk.fresh("customer_region_lines")
    named = "" if known.regions is None else f"LEFT JOIN {known.regions} AS places USING (place)"
    desk.connection.execute(
        f"CREATE TABLE {regions} AS SELECT customer, place, "
        f"{'places.region' if named else 'CAST(NULL AS VARCHAR) AS region'}, lines "
        f"FROM {buyers} AS buyer {named}"
    )
    desk.connection.execute(
        f"CREATE TABLE {customers} AS SELECT * FROM {known.customers} "
        f"WHERE customer IN (SELECT customer FROM {regions})"
    )
    return customers, regions
