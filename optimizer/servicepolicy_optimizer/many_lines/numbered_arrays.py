"""The lines of a file as arrays of numbers, judged as statements judge them."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.many_lines.judged_lines import Wanted, is_late, judged_lines
from servicepolicy_optimizer.many_lines.matched_arrays import are_exact, left_whole
from servicepolicy_optimizer.many_lines.named_columns import numbered_columns, stated_columns
from servicepolicy_optimizer.many_lines.sql_tables import arrow_table, in_parts
from servicepolicy_optimizer.many_lines.statement_lines import statement_lines
from servicepolicy_optimizer.many_lines.stored_lines import StoredLines
from servicepolicy_optimizer.many_lines.stored_texts import stored_texts
from servicepolicy_optimizer.profile.numbered_lines import (
    OPTIONAL,
    Judging,
    Numbered,
    amounts,
    in_numbers,
    matched_lines,
    numbered_view,
)
from servicepolicy_optimizer.profile.waterfall import steps_of

DUPLICATE = "demand.duplicate_row"
NARROW = {"TINYINT": 127, "SMALLINT": 32_767}
TURNS = 8
"""Trades are matched in so many turns, which need less memory than all at once."""
WHOLE = ("item", "customer", "place", "wording")
"""Numbers that a line need not have: -1 in an array."""


def numbered_arrays(table: OrderTable, judging: Judging) -> Numbered:
    """Number and judge all lines; `judging` need not know duplicates and trades."""
    desk = table.desk
    lines, orders, order_lines = _stored(table, judging)
    codes = desk.connection.execute(
        f"SELECT dense_rank() OVER (ORDER BY code) AS code FROM {judging.known.spellings} ORDER BY spelling"
    ).fetchnumpy()["code"]
    items = judging.known.size(judging.known.spellings, desk)
    wanted = Wanted(judging, table.has("customer"), items, np.asarray(codes, np.int64), order_lines)
    concerned = judged_lines(lines, wanted)
    if len(concerned.alike):
        _drop_duplicates(concerned.alike, lines, wanted, table)
    if concerned.near is not None:
        _match(concerned.near, lines, table, judging)
    stored = desk.fresh("stored_line")
    desk.connection.register(stored, lines)
    # Nobody knows how long a stream is, and a join might be turned round, with all lines held in memory. The
    # statements name lines first, and then the few rows that they are looked up in.
    desk.connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    return Numbered(
        numbered_view(f"SELECT {_with_nulls(table)} FROM {stored}", table, judging), orders, lines
    )


def _stored(table: OrderTable, judging: Judging) -> tuple[StoredLines, str, Any]:
    """The lines, a table (number, order_number), and how many lines each order has (orders,)."""
    optional = [name for name in OPTIONAL if table.has(name)]
    streamed = ["row", "order_key", "spelling", *WHOLE, "ordered_at", "pieces", *optional]
    if table.numbers is not None:
        columns = numbered_columns(table, table.numbers, judging)
        lines = StoredLines(table.numbers.store, columns, streamed)
        return lines, _orders(table, table.numbers.listed["order_number"]), table.numbers.order_lines
    store, orders, order_lines = statement_lines(_statement(table, judging), table.desk)
    listed = stored_texts(orders.texts(), table.desk)
    return StoredLines(store, stated_columns(store), streamed), _orders(table, listed), order_lines


def _orders(table: OrderTable, listed: str) -> str:
    """The table `orders` of Numbered."""
    name = table.desk.fresh("order")
    table.desk.connection.execute(f"CREATE VIEW {name} AS SELECT number, text AS order_number FROM {listed}")
    return name


def _statement(table: OrderTable, judging: Judging) -> str:
    """The SQL of all lines in numbers."""
    known = judging.known
    items = known.size(known.spellings, table.desk)
    sizes = {"item": items, "customer": known.size(known.customers, table.desk)}
    sizes |= {"place": known.size(known.regions, table.desk)}
    sizes |= {"wording": known.size(known.descriptions, table.desk)}
    numbers = "".join(
        f", CAST(coalesce({name}, -1) AS {_narrowest(size)}) AS {name}" for name, size in sizes.items()
    )
    optional = "".join(f", coalesce({name}, 'nan') AS {name}" for name in OPTIONAL if table.has(name))
    return (
        f"SELECT row, order_number, CAST(spelling AS {_narrowest(items)}) AS spelling{numbers}, "
        f"ordered_at, pieces{optional}, back, nameless FROM ({in_numbers(table, judging)}) AS every"
    )


def _narrowest(size: int) -> str:
    """The SQL type of whole numbers below a size: what is written and read is bytes.

    >>> _narrowest(100), _narrowest(9_661), _narrowest(117_300)
    ('TINYINT', 'SMALLINT', 'INTEGER')
    """
    return next((kind for kind, most in NARROW.items() if size <= most), "INTEGER")


def _drop_duplicates(alike: Any, lines: StoredLines, wanted: Wanted, table: OrderTable) -> None:
    """Lines that share a hash are compared in full: all but the first of equal ones go to their step."""
    desk = table.desk
    step = next(number for number, one in enumerate(wanted.judging.asked) if one.rule == DUPLICATE)
    names, _ = amounts(table)
    compared = ["row", "order_key", "spelling", "pieces", "ordered_at", "customer", "place", "wording"]
    compared += [name for name in OPTIONAL if table.has(name)]
    batches = (
        pa.record_batch({**batch, "code": wanted.code_of[batch["spelling"]]})
        for batch in lines.at(alike, compared)
    )
    with arrow_table(in_parts(batches), desk) as shared:
        again = desk.connection.execute(
            "SELECT spot FROM (SELECT spot, row_number() OVER ("
            f"PARTITION BY code, order_key, pieces, ordered_at, customer, place, wording{names} ORDER BY row"
            f") AS turn FROM {shared}) AS every WHERE turn > 1"
        ).fetchnumpy()["spot"]
    lines.step[again] = step


def _match(near: Mapping[str, Any], lines: StoredLines, table: OrderTable, judging: Judging) -> None:
    """Cancellations are matched, and the lines of their trades judged again."""
    if table.numbers is None:  # rows of a statement come in any order
        near = {**near, **_joined(lines.at(near["spot"], ["row"]))}
    step = lines.step[near["spot"]]
    inexact = np.zeros(int(near["trade"].max(initial=-1)) + 1, np.bool_)
    inexact[near["trade"][~are_exact(near["pieces"])]] = True
    size, rest = np.abs(near["pieces"]), inexact[near["trade"]]
    left, is_whole = size.copy(), ~rest & (step >= len(judging.asked))  # what no other rule takes

    def matched(turn: int) -> tuple[Any, Any]:
        some = np.flatnonzero(is_whole & (near["trade"] % TURNS == turn))
        return some, left_whole({name: column[some] for name, column in near.items()})

    for some, its_left in lines.threads.each(matched, range(TURNS)):
        left[some] = its_left
    if rest.any():
        others = {name: column[rest] for name, column in near.items()}
        others |= _joined(lines.at(others["spot"], ["row"]))
        left[rest] = _left_by_statements(others, step[rest], table, judging)
    late = is_late(near["ordered_at"], judging)
    lines.step[near["spot"]] = steps_of(step, near["back"], left, size, late, len(judging.asked))
    less = left != size
    lines.left_of = near["spot"][less], left[less]


def _joined(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    every = list(parts)
    return {name: np.concatenate([one[name] for one in every]) for name in every[0]}


def _left_by_statements(near: Mapping[str, Any], step: Any, table: OrderTable, judging: Judging) -> Any:
    """(n,) what is left of the pieces of lines, not all of them whole."""
    desk, moment = table.desk, near["ordered_at"].view("datetime64[us]")
    with arrow_table(pa.table({**near, "ordered_at": moment, "step": step}), desk) as marked:
        asked = f"SELECT spot, row, trade, ordered_at, pieces, back, step FROM {marked}"
        matched = matched_lines(asked, "spot, pieces", table, judging)
    found = desk.connection.execute(f"SELECT left_pieces FROM {matched} ORDER BY spot").fetchnumpy()
    return np.asarray(found["left_pieces"], np.float64)


def _with_nulls(table: OrderTable) -> str:
    """The SQL of the columns of stored lines, NULL where an array says that there is nothing."""
    whole = "".join(f", CASE WHEN {name} >= 0 THEN {name} END AS {name}" for name in WHOLE)
    optional = "".join(
        f", CASE WHEN NOT isnan({name}) THEN {name} END AS {name}" for name in OPTIONAL if table.has(name)
    )
    return f"row, order_key AS order_number, step, spelling{whole}, ordered_at, pieces, left_pieces{optional}"
