"""All lines of a file as a table of numbers: written once, and read by whatever is counted or added up.

The lines of a trade in which something was cancelled are few. The table only marks them; they are matched,
and judged again, in a small table of their own.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from servicepolicy_models.demand import CleaningRules
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.profile.cancellations import match_cancellations
from servicepolicy_optimizer.profile.codes import Codes
from servicepolicy_optimizer.profile.verdicts import Verdict, is_cancellation
from servicepolicy_optimizer.profile.waterfall import step_of

if TYPE_CHECKING:
    from servicepolicy_optimizer.many_lines.stored_lines import StoredLines

OPTIONAL = ("price", "unit_cost", "line_weight_kg")
"""Amounts that a file need not have."""


@dataclass(frozen=True)
class Judging:
    """By what every line of a file is judged."""

    asked: list[Verdict]
    rules: CleaningRules
    known: Codes
    duplicates: str | None
    """Table (row) of the rows that are equal to an earlier one; None: there is none."""
    trades: str | None
    """Table (trade, customer, item) of those in which something was cancelled; None: there is none."""
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Numbered:
    """All lines of a file in numbers."""

    lines: str
    """A view (row, order_number, step, spelling, item, customer, place, wording, day, pieces, left_pieces,
    price, unit_cost, line_weight_kg), with NULL for what the file does not have. `step` is that of the
    waterfall, `left_pieces` what cancellations leave."""
    orders: str | None = None
    """Table (number, order_number) where `order_number` of the lines is a number; None: it is the text."""
    arrays: "StoredLines | None" = None
    """The lines that the view reads, where they are arrays."""


def numbered_lines(table: OrderTable, judging: Judging) -> Numbered:
    """Number all lines, by statements alone."""
    stored = _stored(table, judging)
    names, _ = amounts(table)
    read = f"row, order_number, step, spelling, item, customer, place, wording, ordered_at, pieces{names}"
    every = f"SELECT {read}, abs(pieces) AS left_pieces FROM {stored}"
    if judging.trades is not None:
        matched = _matched(stored, judging.trades, table, judging)
        every = f"{every} WHERE step >= 0 UNION ALL SELECT {read}, left_pieces FROM {matched}"
    return Numbered(numbered_view(every, table, judging))


def numbered_view(every: str, table: OrderTable, judging: Judging) -> str:
    """The view `lines` of Numbered, of lines that say when they were ordered."""
    lines, (names, absent) = table.desk.fresh("numbered"), amounts(table)
    table.desk.connection.execute(
        f"CREATE VIEW {lines} AS SELECT row, order_number, step, spelling, item, customer, place, wording, "
        f"date_diff('day', DATE '{judging.first_day}', CAST(ordered_at AS DATE)) AS day, "
        f"pieces, left_pieces{names}{absent} FROM ({every}) AS every"
    )
    return lines


def amounts(table: OrderTable) -> tuple[str, str]:
    """The SQL of the optional amounts that the file has, and of those that it has not."""
    names = "".join(f", {name}" for name in OPTIONAL if table.has(name))
    absent = "".join(f", CAST(NULL AS DOUBLE) AS {name}" for name in OPTIONAL if not table.has(name))
    return names, absent


def _stored(table: OrderTable, judging: Judging) -> str:
    """A table of all lines, each by itself: the step of a line of a trade in `trades` is -1 - its step."""
    stored, (names, _) = table.desk.fresh("stored_line"), amounts(table)
    table.desk.connection.execute(
        f"""
        CREATE TABLE {stored} AS
        SELECT row, order_number, CAST(CASE WHEN in_trade THEN -1 - step ELSE step END AS TINYINT) AS step,
            spelling, item, customer, place, wording, ordered_at, pieces{names}
        FROM ({judged_by_itself(table, judging)}) AS stepped
        """
    )
    return stored


def judged_by_itself(table: OrderTable, judging: Judging) -> str:
    """The SQL of all lines in numbers with the `step` that takes each by itself, `in_trade`, `nameless` and
    `back`.

    The texts come first: looked up as they lie in the file, they are looked up text by text and not line by
    line.
    """
    joins, in_trade, duplicate = "", "false", "false"
    if judging.trades is not None:
        joins += (
            f" LEFT JOIN {judging.trades} AS trades ON trades.customer = sale.customer "
            "AND trades.item = sale.item"
        )
        in_trade = "trades.trade IS NOT NULL"
    if judging.duplicates is not None:
        joins += f" LEFT JOIN {judging.duplicates} AS again ON again.row = sale.row"
        duplicate = "again.row IS NOT NULL"
    cases = " ".join(f"WHEN {one.condition} THEN {number}" for number, one in enumerate(judging.asked))
    return f"""
        SELECT *, {step_of(judging.asked)} AS step FROM (
            SELECT *, CASE {cases} END AS verdict, abs(pieces) AS left_pieces, {_late(judging)} AS late FROM (
                SELECT sale.*, {in_trade} AS in_trade, {duplicate} AS is_duplicate
                FROM ({in_numbers(table, judging)}) AS sale{joins}
            ) AS seen
        ) AS judged
        """


def _late(judging: Judging) -> str:
    return f"ordered_at >= DATE '{judging.last_day}' + INTERVAL 1 DAY"


def in_numbers(table: OrderTable, judging: Judging) -> str:
    """The SQL of the lines with numbers for their texts, `nameless` and `back`."""
    known, (names, _) = judging.known, amounts(table)
    customer, joins = _customer(known, table)
    place = wording = "CAST(NULL AS INTEGER)"
    if known.regions is not None:
        place = "places.place"
        joins.append(f"LEFT JOIN {known.regions} AS places ON places.region = lines.region")
    if known.descriptions is not None:
        wording = "wordings.wording"
        joins.append(
            f"LEFT JOIN {known.descriptions} AS wordings ON wordings.description = lines.description"
        )
    nameless = "lines.customer IS NULL" if table.has("customer") else "true"
    return f"""
        SELECT lines.row, lines.order_number, spelt.spelling, spelt.item, {customer} AS customer,
            {place} AS place, {wording} AS wording, lines.ordered_at, lines.pieces{names},
            {nameless} AS nameless, {is_cancellation(judging.rules, "lines.")} AS back
        FROM {table.table} AS lines
        JOIN {known.spellings} AS spelt ON spelt.recorded_item = lines.item
        {" ".join(joins)}
        """


def _customer(known: Codes, table: OrderTable) -> tuple[str, list[str]]:
    """The SQL of a line's customer, and the joins that it needs: by the customer's code, and where some lines
    have none, by the order that stands for one.
    """
    joins, found = [], []
    if table.has("customer"):
        joins.append(f"LEFT JOIN {known.customers} AS named ON named.code = lines.customer")
        found.append("named.customer")
    if known.some_without_code:
        order = "CASE WHEN lines.customer IS NULL THEN lines.order_number END"
        joins.append(
            f"LEFT JOIN (SELECT customer, order_number FROM {known.customers} WHERE code IS NULL) AS single "
            f"ON single.order_number = {order if table.has('customer') else 'lines.order_number'}"
        )
        found.append("single.customer")
    return (f"coalesce({', '.join(found)})" if len(found) > 1 else found[0]), joins


def _matched(stored: str, trades: str, table: OrderTable, judging: Judging) -> str:
    """A table of the lines of `trades` as in `stored`, with `left_pieces` and their step now."""
    names, _ = amounts(table)
    kept = f"row, order_number, spelling, item, customer, place, wording, ordered_at, pieces{names}"
    near = (
        f"SELECT {kept}, -1 - step AS step, {is_cancellation(judging.rules)} AS back, trade "
        f"FROM {stored} JOIN {trades} AS trades USING (customer, item) WHERE step < 0"
    )
    return matched_lines(near, kept, table, judging)


def matched_lines(marked: str, kept: str, table: OrderTable, judging: Judging) -> str:
    """A table of the columns `kept` of the lines of trades with a cancellation, with `left_pieces` and the
    step that takes them after matching. `marked`: SQL of the lines, with the step that takes each by itself,
    `back` and `trade`.

    Cancellations are matched among the lines that no other rule takes.
    """
    desk, run, taken = table.desk, table.desk.connection.execute, len(judging.asked)
    near, events, matched = desk.fresh("near"), desk.fresh("event"), desk.fresh("matched")
    run(
        f"CREATE TABLE {near} AS SELECT *, CASE WHEN step < {taken} THEN step END AS verdict "
        f"FROM ({marked}) AS marked"
    )
    run(
        f"CREATE VIEW {events} AS SELECT row, trade, ordered_at, abs(pieces) AS pieces, back "
        f"FROM {near} WHERE verdict IS NULL"
    )
    left = match_cancellations(events, desk)
    run(
        f"CREATE TABLE {matched} AS SELECT {kept}, left_pieces, {step_of(judging.asked)} AS step FROM ("
        f"SELECT near.*, {_late(judging)} AS late, "
        f"coalesce(left_over.left_pieces, abs(pieces)) AS left_pieces "
        f"FROM {near} AS near LEFT JOIN {left} AS left_over USING (row)) AS told"
    )
    return matched
