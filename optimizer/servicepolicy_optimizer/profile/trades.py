"""Which customers cancelled some of which item: only there can a line be matched with a cancellation."""

from servicepolicy_models.demand import CleaningRules
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.profile.codes import Codes
from servicepolicy_optimizer.profile.verdicts import is_cancellation


def cancelled_trades(table: OrderTable, rules: CleaningRules, known: Codes) -> str | None:
    """A table (trade, customer, item): a number for each customer and item, themselves numbers, with a line
    that is a cancellation; None where there is none, or none is to be matched. Without a customer column, an
    order is cancelled under its own number.

    All lines are looked through for cancellations, whichever rule takes them.
    """
    if not rules.match_cancellations:
        return None
    desk = table.desk
    trade, run = desk.fresh("trade"), desk.connection.execute
    code, buyer = ("code", "customer") if table.has("customer") else ("order_number", "order_number")
    run(
        f"""
        CREATE TABLE {trade} AS
        SELECT CAST(row_number() OVER (ORDER BY customer, item) AS BIGINT) AS trade, customer, item FROM (
            SELECT DISTINCT buyers.customer, spelt.item FROM (
                SELECT {buyer} AS buyer, item AS recorded_item FROM {table.table}
                WHERE {is_cancellation(rules)}
            ) AS back
            JOIN {known.spellings} AS spelt ON spelt.recorded_item = back.recorded_item
            JOIN {known.customers} AS buyers ON buyers.{code} = back.buyer
            WHERE spelt.item IS NOT NULL
        ) AS cancelled
        """
    )
    return trade if run(f"SELECT 1 FROM {trade} LIMIT 1").fetchall() else None
