"""Which rule takes a line away: the first that applies, so that every line is counted once."""

from dataclasses import dataclass

from servicepolicy_models.demand import CleaningRules, MissingCustomer
from servicepolicy_optimizer.intake.checks import inside_history
from servicepolicy_optimizer.intake.order_lines import ORDER_TABLE_COLUMNS, OrderTable
from servicepolicy_optimizer.intake.sql import text
from servicepolicy_optimizer.profile.duplicates import item_code


@dataclass(frozen=True)
class Verdict:
    """A cleaning rule that takes whole lines away."""

    rule: str
    sentence: str
    condition: str
    """SQL condition over a line and `is_duplicate`."""
    mend: str = ""
    """Not empty: the reader must know (a warning)."""


def is_cancellation(rules: CleaningRules) -> str:
    """A line is a cancellation or a return when its pieces are negative or its order number says so."""
    named = rules.cancellation_order_pattern
    return "pieces < 0" + (f" OR regexp_matches(order_number, {text(named)})" if named else "")


def verdicts(table: OrderTable, rules: CleaningRules) -> list[Verdict]:
    """The rules in the order in which they are asked."""
    asked = [
        Verdict(
            "demand.outside_history", "outside the history window", f"NOT ({inside_history(table.source)})"
        )
    ]
    if rules.drop_exact_duplicates:
        asked.append(
            Verdict("demand.duplicate_row", "equal to an earlier row in every mapped column", "is_duplicate")
        )
    if rules.non_product_pattern:
        condition = f"regexp_matches(item, {text(rules.non_product_pattern)})"
        asked.append(
            Verdict("demand.non_product", "of postage, fees, vouchers, samples: no product", condition)
        )
    asked.append(Verdict("demand.zero_pieces", "of zero pieces", "pieces = 0"))
    if table.has("price"):
        unknown = "customer IS NULL AND " if table.has("customer") else ""
        write_off = f"pieces < 0 AND {unknown}coalesce(price, 0) <= 0"
        asked.append(
            Verdict(
                "demand.write_off", "of stock written off: negative, without customer and price", write_off
            )
        )
        if rules.drop_zero_price:
            asked.append(Verdict("demand.no_price", "without a price", "price IS NULL"))
            asked.append(
                Verdict("demand.zero_price", "at price zero: samples, gifts, corrections", "price = 0")
            )
            asked.append(Verdict("demand.negative_price", "at a negative price: bookkeeping", "price < 0"))
    if table.has("customer") and rules.missing_customer is MissingCustomer.DROP:
        asked.append(
            Verdict("demand.missing_customer", "without a customer, dropped as asked", "customer IS NULL")
        )
    return asked


@dataclass(frozen=True)
class Some:
    """Some of the lines, and what of them: `lines` is a table or view with these columns."""

    lines: str
    columns: tuple[str, ...]


def judged(
    table: OrderTable,
    rules: CleaningRules,
    asked: list[Verdict],
    singled: str | None,
    some: Some | None = None,
) -> str:
    """Return a view of the lines with `verdict` (index of the rule that takes it, or NULL), `back`, and
    `left_pieces` after cancellations.

    `singled`: the few rows of which more is known, as (row, is_duplicate, left_pieces); None: there are none.
    `some`: the lines that are judged; None: all of the table.
    """
    lines, columns = (some.lines, some.columns) if some else (table.table, tuple(ORDER_TABLE_COLUMNS))
    as_read = ", ".join(f"lines.{name}" for name in columns if name != "item")
    view = table.desk.fresh("judged")
    cases = " ".join(f"WHEN {verdict.condition} THEN {number}" for number, verdict in enumerate(asked))
    known, join = ("false AS is_duplicate, abs(pieces) AS left_pieces", "") if singled is None else (
        "singled.row IS NOT NULL AND singled.is_duplicate AS is_duplicate, "
        "coalesce(singled.left_pieces, abs(pieces)) AS left_pieces",
        f"LEFT JOIN {singled} AS singled USING (row)",
    )  # fmt: skip
    table.desk.connection.execute(
        f"""
        CREATE VIEW {view} AS
        SELECT *, CASE {cases} END AS verdict FROM (
            SELECT {as_read}, {item_code(rules)} AS item, item AS recorded_item, {known},
                {is_cancellation(rules)} AS back, pieces * coalesce(price, 0) AS value
            FROM {lines or table.table} AS lines {join}
        )
        """
    )
    return view
