"""The few lines that a cancellation can touch: those of its customer and item."""

from servicepolicy_models.demand import CleaningRules
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.profile.cancellations import match_cancellations
from servicepolicy_optimizer.profile.duplicates import item_code
from servicepolicy_optimizer.profile.verdicts import Some, Verdict, is_cancellation, judged

JUDGED = ("row", "order_number", "item", "pieces", "ordered_at", "price", "customer")
"""What the cleaning rules ask of a line."""


def netted_rows(
    table: OrderTable, rules: CleaningRules, asked: list[Verdict], duplicates: str | None
) -> str | None:
    """Match cancellations to lines: see `match_cancellations`; None where none is matched. Without a customer
    column, an order is cancelled under its own number.

    All lines are looked through for cancellations, then for the lines of their customers and items, which
    get a number together: a trade. Only of these few it is asked whether another rule takes them.
    """
    if not rules.match_cancellations:
        return None
    desk, buyer = table.desk, "customer" if table.has("customer") else "order_number"
    back, trade, near = (desk.fresh(stem) for stem in ("back", "trade", "near"))
    columns, run = ", ".join(f"lines.{name}" for name in JUDGED), desk.connection.execute
    run(f"CREATE TABLE {back} AS SELECT {columns} FROM {table.table} AS lines WHERE {is_cancellation(rules)}")
    canceling = judged(table, rules, asked, duplicates, Some(back, JUDGED))
    run(
        f"CREATE TABLE {trade} AS SELECT CAST(row_number() OVER (ORDER BY buyer, item) AS BIGINT) AS trade, "
        f"buyer, item FROM (SELECT DISTINCT {buyer} AS buyer, item FROM {canceling} "
        f"WHERE verdict IS NULL AND back AND {buyer} IS NOT NULL)"
    )
    if not run(f"SELECT 1 FROM {trade} LIMIT 1").fetchall():
        return None
    run(
        f"CREATE TABLE {near} AS SELECT {columns}, trades.trade FROM {table.table} AS lines "
        f"JOIN {trade} AS trades ON trades.buyer = lines.{buyer} "
        f"AND trades.item = {item_code(rules, 'lines.item')}"
    )
    of_trades, events = (
        judged(table, rules, asked, duplicates, Some(near, (*JUDGED, "trade"))),
        desk.fresh("event"),
    )
    run(
        f"CREATE VIEW {events} AS SELECT row, trade, ordered_at, abs(pieces) AS pieces, back "
        f"FROM {of_trades} WHERE verdict IS NULL"
    )
    return match_cancellations(events, desk)
