"""Rules that every order line must keep; all findings of all rules come together, each with its first
rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import error, note
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_optimizer.intake.examples import EXAMPLES
from servicepolicy_optimizer.intake.fields import Field, Kind
from servicepolicy_optimizer.intake.files import Unsteady
from servicepolicy_optimizer.intake.loaded import Loaded
from servicepolicy_optimizer.intake.workspace import Workspace

FIRST_YEAR, LAST_YEAR = 1970, 2100
"""A date outside is a slip of the pen."""

LARGEST_NUMBER = 1e9
"""A quantity, price, cost or weight beyond is one too; and below it sums of squares stay exact."""

SMALLEST_QUANTITY = 1e-6
"""A quantity nearer to nothing is one too."""


@dataclass(frozen=True)
class RowRule:
    """A condition that no row may meet."""

    breaks: str
    """SQL condition that is true for a row that breaks the rule."""
    shown: str
    """SQL expression of what is shown of such a row."""
    what: str
    """Sentence with {rows} and {shown}."""
    rule: str
    mend: str
    severity: Severity = Severity.ERROR


def line_findings(
    loaded: Loaded, fields: Sequence[Field], desk: Workspace, source: OrderLines, today: date | None
) -> list[Finding]:
    """Check all rows, and their order."""
    return [
        *row_findings(loaded, fields, desk, source, today),
        *order_of_rows(loaded, _backward(loaded, desk)),
    ]


def row_findings(
    loaded: Loaded, fields: Sequence[Field], desk: Workspace, source: OrderLines, today: date | None
) -> list[Finding]:
    """Check all rows in one pass, each by itself."""
    rules = [*cell_rules(fields), _some_of_a_piece(), *_never_negative()]
    if not (window := history_findings(source)):
        rules += date_rules(source, today)
    return [*window, *broken_rules(loaded, rules, desk)]


def cell_rules(fields: Sequence[Field]) -> list[RowRule]:
    """Required cells are filled; numbers and times are readable; what must not be negative is not."""
    rules = []
    for field in fields:
        if field.column is None:
            continue
        column, unread = f"column '{field.column}'", f"unread_{field.name}"
        empty = f"{field.name} IS NULL" + ("" if field.kind is Kind.TEXT else f" AND {unread} IS NULL")
        if field.required:
            what = f"{column} is empty at {{rows}}."
            rules.append(
                RowRule(empty, "''", what, "table.empty_cell", "Fill the cells, or remove the rows.")
            )
        if field.kind is not Kind.TEXT:
            rules += _readable(field, column, unread)
    return rules


def _readable(field: Field, column: str, unread: str) -> list[RowRule]:
    """A number or date that can be read, and a number of a possible size."""
    number = field.kind is Kind.NUMBER
    what = f"{column} holds no {'number' if number else 'date'} at {{rows}}: {{shown}}."
    if not number:
        mend = "Write dates as 2011-12-31 or 2011-12-31 08:26, or say demand.date_format."
        return [RowRule(f"{unread} IS NOT NULL", unread, what, "table.unreadable_date", mend)]
    mend = "Write plain numbers such as 1234.5, or say demand.decimal."
    large = f"{column} is beyond {LARGEST_NUMBER:,.0f} at {{rows}}: {{shown}}."
    return [
        RowRule(f"{unread} IS NOT NULL", unread, what, "table.unreadable_number", mend),
        RowRule(
            f"abs({field.name}) > {LARGEST_NUMBER}",
            f"{field.name}::VARCHAR",
            large,
            "table.number_out_of_range",
            "Correct the cells.",
        ),
    ]


def _some_of_a_piece() -> RowRule:
    """What is ordered is none, or enough not to vanish in sums of nine decimals."""
    return RowRule(
        breaks=f"pieces <> 0 AND abs(pieces) < {SMALLEST_QUANTITY}",
        shown="pieces::VARCHAR",
        what=f"the quantity is below {SMALLEST_QUANTITY:.6f} at {{rows}}: {{shown}}.",
        rule="table.number_out_of_range",
        mend="Correct the cells, or give another unit of quantity.",
    )


def _never_negative() -> list[RowRule]:
    """Costs and weights of a line are zero or more."""
    mend = "Give zero or more, or leave the cell empty."
    return [
        RowRule(
            breaks=f"{name} < 0 AND pieces > 0",
            shown=f"{name}::VARCHAR",
            what=f"{name} is negative at {{rows}}: {{shown}}.",
            rule="table.number_out_of_range",
            mend=mend,
        )
        for name in ("unit_cost", "line_weight_kg")
    ]


def inside_history(source: OrderLines) -> str:
    """The SQL condition that a line's date lies in the scenario's history window, whose dates are valid."""
    window = []
    if source.history_from is not None:
        window.append(f"ordered_at >= DATE '{date.fromisoformat(source.history_from)}'")
    if source.history_to is not None:
        window.append(f"ordered_at < DATE '{date.fromisoformat(source.history_to)}' + INTERVAL 1 DAY")
    return " AND ".join(window) or "true"


def date_rules(source: OrderLines, today: date | None) -> list[RowRule]:
    """Dates inside the history window are possible, and not after today where today is known."""
    inside = inside_history(source)
    # The first of all moments that a file can hold is none that the database can write.
    shown = (
        "CASE WHEN year(ordered_at) < -9999 THEN 'long before the year 1' "
        "ELSE strftime(ordered_at, '%Y-%m-%d') END"
    )
    mend = "Correct the dates, or leave them out by demand.history_from and demand.history_to."
    # `infinity` is read as a date, and has no year.
    of_this_age = f"coalesce(year(ordered_at) BETWEEN {FIRST_YEAR} AND {LAST_YEAR}, false)"
    rules = [
        RowRule(
            breaks=f"NOT {of_this_age} AND ordered_at IS NOT NULL AND {inside}",
            shown=shown,
            what="the date is not of this age at {rows}: {shown}.",
            rule="order_lines.impossible_date",
            mend=mend,
        )
    ]
    if today is not None:
        after = f"ordered_at >= DATE '{today}' + INTERVAL 1 DAY AND year(ordered_at) <= {LAST_YEAR}"
        rules.append(
            RowRule(
                breaks=f"{after} AND {inside}",
                shown=shown,
                what="the date lies in the future at {rows}: {shown}.",
                rule="order_lines.future_date",
                mend=mend,
            )
        )
    return rules


def broken_rules(loaded: Loaded, rules: Sequence[RowRule], desk: Workspace) -> list[Finding]:
    """One finding a broken rule, with the number of rows that break it and the first of them."""
    if not rules:
        return []
    # Counting is cheap and mostly finds nothing; rows are looked up for the broken rules only.
    counts = desk.connection.execute(
        f"SELECT {', '.join(f'count(*) FILTER ({rule.breaks})' for rule in rules)} FROM {loaded.table}"
    ).fetchall()[0]
    return [_broken(loaded, rule, count, desk) for rule, count in zip(rules, counts, strict=True) if count]


def _broken(loaded: Loaded, rule: RowRule, count: int, desk: Workspace) -> Finding:
    first = desk.connection.execute(
        f"SELECT row, {rule.shown} FROM {loaded.table} WHERE {rule.breaks} ORDER BY row LIMIT {EXAMPLES}"
    ).fetchall()
    if not first:
        raise Unsteady
    rows = [row for row, _ in first]
    texts = ", ".join(f"'{text}'" for text in dict.fromkeys(str(shown)[:40] for _, shown in first))
    return Finding(
        where=f"{loaded.file_name}, {loaded.row_word} {rows[0]}",
        what=rule.what.format(rows=loaded.row_names(rows, count), shown=texts),
        rule=rule.rule,
        mend=rule.mend,
        severity=rule.severity,
        count=count,
    )


def history_findings(source: OrderLines) -> list[Finding]:
    """The history window is made of two dates in order."""
    days: dict[str, date] = {}
    findings = []
    for name in ("history_from", "history_to"):
        text = getattr(source, name)
        if text is None:
            continue
        try:
            days[name] = date.fromisoformat(text)
        except ValueError:
            findings.append(
                error(
                    f"/demand/{name}",
                    f"'{text}' is no date.",
                    "order_lines.history",
                    "Write it as 2011-12-31.",
                )
            )
    if len(days) == 2 and days["history_from"] > days["history_to"]:
        what = f"the history ends ({days['history_to']}) before it begins ({days['history_from']})."
        findings.append(
            error("/demand/history_to", what, "order_lines.history", "Swap or correct the two dates.")
        )
    return findings


def _backward(loaded: Loaded, desk: Workspace) -> int:
    """How many rows are older than the row above."""
    count: int = desk.connection.execute(
        "SELECT count(*) FROM "
        f"(SELECT ordered_at < lag(ordered_at) OVER () AS back FROM {loaded.table}) WHERE back"
    ).fetchall()[0][0]
    return count


def order_of_rows(loaded: Loaded, backward: int) -> list[Finding]:
    """Rows out of date order do no harm (they are sorted where it matters), but say something of the file."""
    if not backward:
        return []
    what = f"{backward:,} rows are older than the row above them; they were put in order."
    return [note(loaded.file_name, what, "order_lines.row_order", backward)]
