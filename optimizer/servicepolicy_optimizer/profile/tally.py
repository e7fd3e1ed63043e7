"""One pass over the judged lines for all that is counted before they are numbered."""

from dataclasses import dataclass

from servicepolicy_models.demand import CleaningRules
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.duplicates import item_code
from servicepolicy_optimizer.profile.sums import decimal_sum


@dataclass(frozen=True)
class Counted:
    """Tables of what is counted, items and customers with their dense numbers."""

    tally: str
    """See `tallied`."""
    kept: int
    """The step of the tally that is demand."""
    items: str
    customers: str
    customer_regions: str
    """All three as in CleanedLines."""
    spellings: str
    """Table (recorded_item, item): every spelling of an item's code, and the item's number."""


def counted(netted: str, tally: str, kept: int, desk: Workspace) -> Counted:
    """Number the items and customers of the demand."""
    customers, regions = _customers(netted, kept, desk)
    items, spellings = _items(tally, kept, desk), desk.fresh("spelling")
    desk.connection.execute(
        f"CREATE TABLE {spellings} AS SELECT DISTINCT recorded_item, items.item "
        f"FROM {tally} AS tally JOIN {items} AS items ON items.code = tally.item"
    )
    return Counted(tally, kept, items, customers, regions, spellings)


def tallied(netted: str, rules: CleaningRules, desk: Workspace) -> str:
    """A table (step, recorded_item, description, item, rows, pieces, value, left_pieces, left_value,
    reduced).

    As many rows as items, spellings and descriptions have steps, however many lines there are. Amounts are
    exact decimals, over rows as recorded but for what is `left` after cancellations.
    """
    tally = desk.fresh("tally")
    desk.connection.execute(
        f"""
        CREATE TABLE {tally} AS
        SELECT *, {item_code(rules, "recorded_item")} AS item FROM (
            SELECT step, recorded_item, description, count(*) AS rows, {decimal_sum("pieces")} AS pieces,
                {decimal_sum("value")} AS value, {decimal_sum("left_pieces")} AS left_pieces,
                {decimal_sum("left_pieces * coalesce(price, 0)")} AS left_value,
                count(*) FILTER (left_pieces < pieces) AS reduced
            FROM {netted} GROUP BY ALL
        )
        """
    )
    return tally


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


def _customers(netted: str, kept: int, desk: Workspace) -> tuple[str, str]:
    """The tables `customers` and `customer_regions` of CleanedLines, in one pass over the lines."""
    buyer, customers, regions = (desk.fresh(stem) for stem in ("buyer", "customer", "customer_region_lines"))
    # Without a customer, the order's number stands for one.
    desk.connection.execute(
        f"CREATE TABLE {buyer} AS SELECT customer AS code, "
        "CASE WHEN customer IS NULL THEN order_number END AS order_number, region, count(*) AS lines "
        f"FROM {netted} WHERE step = {kept} GROUP BY ALL"
    )
    desk.connection.execute(
        f"CREATE TABLE {customers} AS "
        "SELECT CAST(row_number() OVER (ORDER BY code, order_number) - 1 AS INTEGER) AS customer, "
        f"code, order_number FROM (SELECT DISTINCT code, order_number FROM {buyer})"
    )
    desk.connection.execute(
        f"CREATE TABLE {regions} AS SELECT customer, region, lines FROM {buyer} AS buyer "
        f"JOIN {customers} AS customers ON customers.code IS NOT DISTINCT FROM buyer.code "
        "AND customers.order_number IS NOT DISTINCT FROM buyer.order_number"
    )
    desk.connection.execute(f"DROP TABLE {buyer}")
    return customers, regions
