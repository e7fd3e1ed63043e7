"""Which rule takes a line away: the first that applies, so that every line is counted once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

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
    takes: Callable[[Mapping[str, Any]], Any]
    """The same condition (n,) over lines in arrays: `item` is -1 for no product, `price` no number for none,
    `day` counts from 1970."""
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
            "demand.outside_history",
            "outside the history window",
            f"NOT ({inside_history(table.source)})",
            _outside(table.source.history_from, table.source.history_to),
        )
    ]
    if rules.drop_exact_duplicates:
        what = "equal to an earlier row in every mapped column"
        asked.append(
            Verdict("demand.duplicate_row", what, "is_duplicate", lambda lines: lines["is_duplicate"])
        )
    if rules.non_product_pattern:
        what = "of postage, fees, vouchers, samples: no product"
        asked.append(Verdict("demand.non_product", what, "item IS NULL", lambda lines: lines["item"] < 0))
    asked.append(
        Verdict("demand.zero_pieces", "of zero pieces", "pieces = 0", lambda lines: lines["pieces"] == 0)
    )
    if table.has("price"):
        asked.append(_write_off(table.has("customer")))
        if rules.drop_zero_price:
            asked += _without_price()
    if table.has("customer") and rules.missing_customer is MissingCustomer.DROP:
        what = "without a customer, dropped as asked"
        asked.append(Verdict("demand.missing_customer", what, "nameless", lambda lines: lines["nameless"]))
    return asked


def _outside(first: str | None, last: str | None) -> Callable[[Mapping[str, Any]], Any]:
    """Whether lines were ordered before the first or after the last day."""
    epoch = date(1970, 1, 1).toordinal()
    from_day = None if first is None else date.fromisoformat(first).toordinal() - epoch
    to_day = None if last is None else date.fromisoformat(last).toordinal() - epoch

    def outside(lines: Mapping[str, Any]) -> Any:
        day = lines["day"]
        found = np.zeros(len(day), np.bool_)
        if from_day is not None:
            found |= day < from_day
        if to_day is not None:
            found |= day > to_day
        return found

    return outside


def _write_off(has_customer: bool) -> Verdict:
    """`nameless` is true of all lines where the file has no customers, and is not asked."""
    unknown = "nameless AND " if has_customer else ""
    return Verdict(
        "demand.write_off",
        "of stock written off: negative, without customer and price",
        f"pieces < 0 AND {unknown}coalesce(price, 0) <= 0",
        lambda lines: (lines["pieces"] < 0) & lines["nameless"] & ~(lines["price"] > 0),
    )


def _without_price() -> list[Verdict]:
    return [
        Verdict(
            "demand.no_price", "without a price", "price IS NULL", lambda lines: np.isnan(lines["price"])
        ),
        Verdict(
            "demand.zero_price",
            "at price zero: samples, gifts, corrections",
            "price = 0",
            lambda lines: lines["price"] == 0,
        ),
        Verdict(
            "demand.negative_price",
            "at a negative price: bookkeeping",
            "price < 0",
            lambda lines: lines["price"] < 0,
        ),
    ]
