"""Order lines -> demand: what is not demand is taken away by stated rules, and every rule is counted."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.errors import OrderLinesRejected, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.profile import WaterfallStep
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.codes import Codes, codes
from servicepolicy_optimizer.profile.duplicates import duplicate_rows
from servicepolicy_optimizer.profile.numbered_lines import Judging, Numbered, numbered_lines
from servicepolicy_optimizer.profile.oddities import oddities
from servicepolicy_optimizer.profile.tally import Counted, counted, tallied
from servicepolicy_optimizer.profile.trades import cancelled_trades
from servicepolicy_optimizer.profile.verdicts import verdicts
from servicepolicy_optimizer.profile.waterfall import kept, waterfall, waterfall_findings

if TYPE_CHECKING:
    from servicepolicy_optimizer.many_lines.demand_arrays import DemandArrays

FULL_MONTH_TOLERANCE_DAYS = 3
"""A month whose last recorded day is this near its end is whole: nobody works on a weekend or a holiday."""


@dataclass(frozen=True)
class CleanedLines:
    """Demand in a workspace: tables with dense numbers for codes, and how it came about.

    `lines`: row, order_number, customer (number), item (number), place (number of the region that the line
    names, or NULL), day (days since `first_day`), pieces > 0 after cancellations, price (NULL without one),
    unit_cost, line_weight_kg (in proportion to the pieces left). `items`: item (number 0 .. N-1 in the order
    of the codes), code, description. `customers`: customer (number, in the order of the codes; numbers of
    customers without demand are left out), code (NULL for a customer that stands for an order without one),
    order_number. `customer_regions`: customer (number), place and region as the lines name it, lines.
    `item_sums`: item (number), code, is_reduced, unpriced, and the lines added up as in `tally.tallied`.
    """

    desk: Workspace
    lines: str
    keyed: str
    """The view `lines`, with numbers for orders where they have some: none of them is looked up."""
    orders: str | None
    """Table (number, order_number) where `order_number` of `keyed` is a number; None: it is the text."""
    arrays: "DemandArrays | None"
    """The lines of demand, where they are arrays."""
    items: str
    customers: str
    customer_regions: str
    item_sums: str
    order_table: OrderTable
    rules: CleaningRules
    first_day: date
    last_day: date
    waterfall: tuple[WaterfallStep, ...]
    """From all rows of the file to what remains: the first step holds all, the last what is left."""
    findings: tuple[Finding, ...]

    @property
    def span_days(self) -> int:
        """Calendar days from the first to the last day of the history, both included."""
        return (self.last_day - self.first_day).days + 1


def clean(table: OrderTable, rules: CleaningRules) -> CleanedLines:
    """Apply the cleaning rules to checked order lines.

    Order of the rules: history window, exact duplicates, non-products, zero pieces, write-offs, prices,
    customers, cancellations and returns, last month. Raises OrderLinesRejected when a pattern of the rules is
    no regular expression, or when nothing remains.
    """
    desk = table.desk
    _check_patterns(rules)
    asked = verdicts(table, rules)
    known = codes(table, rules)
    first_day, last_day = _history(rules, table)
    numbered = _numbered(table, Judging(asked, rules, known, None, None, first_day, last_day))
    desk.tell(0.6, "counts")
    tally = tallied(numbered, first_day, known, rules, table)
    steps = waterfall(tally, asked, desk)
    if steps[-1].rows == 0:
        what = "no line is left after cleaning."
        mend = "Look at the findings: a column or a pattern of the cleaning rules does not fit the file."
        raise OrderLinesRejected(
            [*waterfall_findings(steps, asked), error(table.file_name, what, "demand.nothing_left", mend)]
        )
    found = counted(numbered, tally, known, kept(asked), desk)
    lines, keyed = _lines(numbered, found, desk)
    findings = [*waterfall_findings(steps, asked), *oddities(found, table, rules, desk)]
    return CleanedLines(
        desk,
        lines,
        keyed,
        numbered.orders,
        _arrays(numbered, found, known, (first_day, last_day), desk),
        found.items,
        found.customers,
        found.customer_regions,
        _item_sums(found, desk),
        table,
        rules,
        first_day,
        last_day,
        tuple(steps),
        (*table.findings, *findings),
    )


def _numbered(table: OrderTable, judging: Judging) -> Numbered:
    """All lines in numbers, as arrays where they are many; `judging` yet without duplicates and trades."""
    desk, rules = table.desk, judging.rules
    if desk.is_here and table.rows >= desk.arrays_from_lines:
        # A compiler comes with it.
        from servicepolicy_optimizer.many_lines.numbered_arrays import numbered_arrays

        desk.tell(0.3, "lines")
        return numbered_arrays(table, judging)
    desk.tell(0.2, "duplicates")
    duplicates = duplicate_rows(table, rules)
    desk.tell(0.3, "cancellations")
    trades = cancelled_trades(table, rules, judging.known)
    desk.tell(0.4, "lines")
    return numbered_lines(table, replace(judging, duplicates=duplicates, trades=trades))


def _check_patterns(rules: CleaningRules) -> None:
    names = ("cancellation_order_pattern", "non_product_pattern")
    patterns = [(name, pattern) for name in names if (pattern := getattr(rules, name))]
    if not patterns:
        return
    findings = []
    with duckdb.connect(config={"threads": 1}) as trial:
        for name, pattern in patterns:
            try:
                trial.execute("SELECT regexp_matches('', ?)", [pattern]).fetchall()
            except duckdb.Error as trouble:
                what = f"`{pattern}` is no regular expression: {str(trouble).splitlines()[0]}."
                mend = "Write it in RE2 syntax, such as ^C."
                findings.append(error(f"/demand/cleaning/{name}", what, "demand.pattern", mend))
    if findings:
        raise OrderLinesRejected(findings)


def _history(rules: CleaningRules, table: OrderTable) -> tuple[date, date]:
    """First and last day of the file, narrowed by the window and by an incomplete last month."""
    first, last = table.days()
    first_day = max(first, date.fromisoformat(table.source.history_from or first.isoformat()))
    last_day = min(last, date.fromisoformat(table.source.history_to or last.isoformat()))
    days_missing = monthrange(last_day.year, last_day.month)[1] - last_day.day
    if rules.drop_incomplete_last_month and days_missing > FULL_MONTH_TOLERANCE_DAYS:
        last_day = last_day.replace(day=1) - timedelta(days=1)
    return first_day, last_day


def _lines(numbered: Numbered, found: Counted, desk: Workspace) -> tuple[str, str]:
    """The views `lines` and `keyed` of CleanedLines."""
    lines = keyed = desk.fresh("demand_line")
    item, join = "numbered.item", ""
    if found.renumbered is not None:
        item, join = "moved.item", f"JOIN {found.renumbered} AS moved ON moved.given = numbered.item"
    desk.connection.execute(
        f"CREATE VIEW {keyed} AS SELECT numbered.row, numbered.order_number, numbered.customer, {item}, "
        "numbered.place, numbered.day, numbered.left_pieces AS pieces, numbered.price, numbered.unit_cost, "
        "numbered.line_weight_kg * numbered.left_pieces / numbered.pieces AS line_weight_kg "
        f"FROM {numbered.lines} AS numbered {join} WHERE numbered.step = {found.kept}"
    )
    if numbered.orders is not None:
        lines = desk.fresh("demand_line")
        desk.connection.execute(
            f"CREATE VIEW {lines} AS SELECT keyed.* REPLACE (orders.order_number AS order_number) "
            f"FROM {keyed} AS keyed JOIN {numbered.orders} AS orders ON orders.number = keyed.order_number"
        )
    return lines, keyed


def _arrays(
    numbered: Numbered, found: Counted, known: Codes, days: tuple[date, date], desk: Workspace
) -> "DemandArrays | None":
    """The lines of demand as arrays, where the numbered lines are."""
    if numbered.arrays is None:
        return None
    from servicepolicy_optimizer.many_lines.demand_arrays import DemandArrays

    moved = np.arange(known.size(known.spellings, desk), dtype=np.int32)
    if found.renumbered is not None:
        pairs = desk.connection.execute(f"SELECT given, item FROM {found.renumbered}").fetchnumpy()
        moved[:] = -1
        moved[pairs["given"]] = pairs["item"]
    sizes = (known.size(table, desk) for table in (numbered.orders, known.customers, known.regions))
    return DemandArrays(
        desk, numbered.arrays, found.kept, moved, days[0], (days[1] - days[0]).days + 1, *sizes
    )


def _item_sums(found: Counted, desk: Workspace) -> str:
    """The view `item_sums` of CleanedLines."""
    sums = desk.fresh("item_sum")
    desk.connection.execute(
        f"CREATE VIEW {sums} AS SELECT items.item, items.code, is_reduced, unpriced, rows, left_pieces, "
        f"left_value, first_day, last_day, costed_pieces, cost, weighed_pieces, weight_kg "
        f"FROM {found.tally} AS tally JOIN {found.items} AS items ON items.code = tally.item "
        f"WHERE step = {found.kept}"
    )
    return sums
