"""Which rule takes a line away: the first that applies, so that every line is counted once."""

from dataclasses import dataclass

from servicepolicy_models.demand import CleaningRules, MissingCustomer
from servicepolicy_optimizer.intake.checks import inside_history
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.intake.sql import text


@dataclass(frozen=True)
class Verdict:
    """A cleaning rule that takes whole lines away."""

    rule: str
    sentence: str
    condition: str
    """SQL condition over a line of `numbered_lines`, `is_duplicate` and `nameless`: without a customer."""
    mend: str = ""
    """Not empty: the reader must know (a warning)."""


def is_cancellation(rules: CleaningRules, line: str = "") -> str:
    """A line is a cancellation or a return when its pieces are negative or its order number says so.

    `line` is the name of its table with a dot, where another has an order number too.
    """
    named = rules.cancellation_order_pattern
    said = f" OR regexp_matches({line}order_number, {text(named)})" if named else ""
    return f"({line}pieces < 0{said})"


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
        what = "of postage, fees, vouchers, samples: no product"
        asked.append(Verdict("demand.non_product", what, "item IS NULL"))
    asked.append(Verdict("demand.zero_pieces", "of zero pieces", "pieces = 0"))
    if table.has("price"):
        unknown = "nameless AND " if table.has("customer") else ""
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
        asked.append(Verdict("demand.missing_customer", "without a customer, dropped as asked", "nameless"))
    return asked
