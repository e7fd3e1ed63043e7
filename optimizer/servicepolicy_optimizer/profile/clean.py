"""Order lines -> demand: what is not demand is taken away by stated rules, and every rule is counted."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.errors import OrderLinesRejected, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.profile import WaterfallStep
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.codes import codes
from servicepolicy_optimizer.profile.duplicates import duplicate_rows
from servicepolicy_optimizer.profile.numbered_lines import Judging, numbered_lines
from servicepolicy_optimizer.profile.oddities import oddities
from servicepolicy_optimizer.profile.tally import Counted, counted, tallied
from servicepolicy_optimizer.profile.trades import cancelled_trades
from servicepolicy_optimizer.profile.verdicts import verdicts
from servicepolicy_optimizer.profile.waterfall import kept, waterfall, waterfall_findings

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
    desk.tell(0.2, "duplicates")
    duplicates = duplicate_rows(table, rules)
    desk.tell(0.3, "cancellations")
    known = codes(table, rules)
    trades = cancelled_trades(table, rules, known)
    first_day, last_day = _history(rules, table, desk)
    desk.tell(0.4, "lines")
    judging = Judging(asked, rules, known, duplicates, trades, first_day, last_day)
    numbered = numbered_lines(table, judging)
    desk.tell(0.6, "counts")
    tally = tallied(numbered, known, rules, table)
    steps = waterfall(tally, asked, desk)
    if steps[-1].rows == 0:
        what = "no line is left after cleaning."
        mend = "Look at the findings: a column or a pattern of the cleaning rules does not fit the file."
        raise OrderLinesRejected(
            [*waterfall_findings(steps, asked), error(table.file_name, what, "demand.nothing_left", mend)]
        )
    found = counted(numbered, tally, known, kept(asked), desk)
    lines = _lines(numbered, found, desk)
    findings = [*waterfall_findings(steps, asked), *oddities(found, table, rules, desk)]
    return CleanedLines(
        desk,
        lines,
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


def _history(rules: CleaningRules, table: OrderTable, desk: Workspace) -> tuple[date, date]:
    """First and last day of the file, narrowed by the window and by an incomplete last month."""
    first, last = desk.connection.execute(
        f"SELECT min(ordered_at)::DATE, max(ordered_at)::DATE FROM {table.table}"
    ).fetchall()[0]
    first_day = max(first, date.fromisoformat(table.source.history_from or first.isoformat()))
    last_day = min(last, date.fromisoformat(table.source.history_to or last.isoformat()))
    days_missing = monthrange(last_day.year, last_day.month)[1] - last_day.day
    if rules.drop_incomplete_last_month and days_missing > FULL_MONTH_TOLERANCE_DAYS:
        last_day = last_day.replace(day=1) - timedelta(days=1)
    return first_day, last_day


def _lines(numbered: str, found: Counted, desk: Workspace) -> str:
    """The view `lines` of CleanedLines."""
    lines = desk.fresh("demand_line")
    item, join = "numbered.item", ""
    if found.renumbered is not None:
        item, join = "moved.item", f"JOIN {found.renumbered} AS moved ON moved.given = numbered.item"
    desk.connection.execute(
        f"CREATE VIEW {lines} AS SELECT numbered.row, numbered.order_number, numbered.customer, {item}, "
        "numbered.place, numbered.day, numbered.left_pieces AS pieces, numbered.price, numbered.unit_cost, "
        "numbered.line_weight_kg * numbered.left_pieces / numbered.pieces AS line_weight_kg "
        f"FROM {numbered} AS numbered {join} WHERE numbered.step = {found.kept}"
    )
    return lines


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
