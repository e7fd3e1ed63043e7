"""The lines of a file as arrays of numbers, judged as statements judge them."""

from dataclasses import replace
from itertools import chain

import numpy as np
import pyarrow as pa

from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.many_lines.judged_lines import Found, Wanted, judged_lines
from servicepolicy_optimizer.many_lines.numbering import TextNumbers
from servicepolicy_optimizer.many_lines.sql_tables import arrow_table
from servicepolicy_optimizer.many_lines.stored_lines import with_columns
from servicepolicy_optimizer.profile.numbered_lines import (
    OPTIONAL,
    Judging,
    Numbered,
    amounts,
    judged_by_itself,
    matched_lines,
    numbered_view,
)

DUPLICATE = "demand.duplicate_row"
NARROW = {"TINYINT": 127, "SMALLINT": 32_767}
WHOLE = ("item", "customer", "place", "wording")
"""Numbers that a line need not have: -1 in an array."""


def numbered_arrays(table: OrderTable, judging: Judging) -> Numbered:
    """Number all lines in one reading of the file; `judging` need not know duplicates and trades."""
    desk, alone = table.desk, replace(judging, duplicates=None, trades=None)
    wanted = _wanted(table, alone)
    found = judged_lines(wanted, desk)
    if len(found.alike):
        _drop_duplicates(found, wanted, table, alone)
    if found.near is not None:
        _match(found, found.near, table, alone)
    stored = desk.fresh("stored_line")
    desk.connection.register(stored, found.lines)
    # Nobody knows how long a stream is, and a join might be turned round, with all lines held in memory. The
    # statements name lines first, and then the few rows that they are looked up in.
    desk.connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    return Numbered(
        numbered_view(f"SELECT {_with_nulls(table)} FROM {stored}", table, judging),
        _orders(found.orders, table),
        found.lines,
    )


def _wanted(table: OrderTable, judging: Judging) -> Wanted:
    run, known, rules = table.desk.connection.execute, judging.known, judging.rules
    codes = run(
        f"SELECT dense_rank() OVER (ORDER BY code) AS code FROM {known.spellings} ORDER BY spelling"
    ).fetchnumpy()
    items = known.size(known.spellings, table.desk)
    sizes = {"item": items, "customer": known.size(known.customers, table.desk)}
    sizes |= {"place": known.size(known.regions, table.desk)}
    sizes |= {"wording": known.size(known.descriptions, table.desk)}
    named = " AND NOT nameless" if table.has("customer") else ""
    numbers = "".join(
        f", CAST(coalesce({name}, -1) AS {_narrowest(size)}) AS {name}" for name, size in sizes.items()
    )
    optional = "".join(f", coalesce({name}, 'nan') AS {name}" for name in OPTIONAL if table.has(name))
    statement = (
        f"SELECT row, order_number, CAST(spelling AS {_narrowest(items)}) AS spelling{numbers}, "
        f"ordered_at, pieces{optional}, "
        "CAST(back AS TINYINT) AS back, step, "
        f"CAST(back AND item IS NOT NULL{named} AS TINYINT) AS cancels "
        f"FROM ({judged_by_itself(table, judging)}) AS stepped"
    )
    return Wanted(
        statement,
        table.rows,
        items,
        np.asarray(codes["code"], np.int64),
        rules.drop_exact_duplicates,
        rules.match_cancellations,
    )


def _narrowest(size: int) -> str:
    """The SQL type of whole numbers below a size: what is written and read is bytes.

    >>> _narrowest(100), _narrowest(9_661), _narrowest(117_300)
    ('TINYINT', 'SMALLINT', 'INTEGER')
    """
    return next((kind for kind, most in NARROW.items() if size <= most), "INTEGER")


def _drop_duplicates(found: Found, wanted: Wanted, table: OrderTable, judging: Judging) -> None:
    """Lines that share a hash are compared in full: all but the first of equal ones go to their step."""
    desk, lines = table.desk, found.lines
    step = next(number for number, one in enumerate(judging.asked) if one.rule == DUPLICATE)
    names, _ = amounts(table)
    batches = (
        with_columns(batch, {"code": pa.array(wanted.code_of[batch.column("spelling").to_numpy()])})
        for batch in lines.at(found.alike)
    )
    first = next(batches)
    with arrow_table(
        pa.RecordBatchReader.from_batches(first.schema, chain([first], batches)), desk
    ) as shared:
        again = desk.connection.execute(
            "SELECT spot FROM (SELECT spot, row_number() OVER ("
            f"PARTITION BY code, order_key, pieces, ordered_at, customer, place, wording{names} ORDER BY row"
            f") AS turn FROM {shared}) AS every WHERE turn > 1"
        ).fetchnumpy()["spot"]
    lines.step[again] = step


def _match(found: Found, near: pa.Table, table: OrderTable, judging: Judging) -> None:
    """Cancellations are matched, and the lines of their trades judged again."""
    desk, lines = table.desk, found.lines
    step = pa.array(lines.step[near.column("spot").to_numpy()])
    with arrow_table(near.append_column("step", step), desk) as marked:
        asked = f"SELECT spot, row, trade, ordered_at, pieces, back <> 0 AS back, step FROM {marked}"
        matched = matched_lines(asked, "spot, pieces", table, judging)
    again = desk.connection.execute(
        f"SELECT spot, step, left_pieces, left_pieces <> abs(pieces) AS less FROM {matched} ORDER BY spot"
    ).fetchnumpy()
    lines.step[again["spot"]] = again["step"]
    less = np.asarray(again["less"], bool)
    lines.left_of = again["spot"][less], np.asarray(again["left_pieces"], float)[less]


def _with_nulls(table: OrderTable) -> str:
    """The SQL of the columns of stored lines, NULL where an array says that there is nothing."""
    whole = "".join(f", CASE WHEN {name} >= 0 THEN {name} END AS {name}" for name in WHOLE)
    optional = "".join(
        f", CASE WHEN NOT isnan({name}) THEN {name} END AS {name}" for name in OPTIONAL if table.has(name)
    )
    return f"row, order_key AS order_number, step, spelling{whole}, ordered_at, pieces, left_pieces{optional}"


def _orders(orders: TextNumbers, table: OrderTable) -> str:
    """The table `orders` of Numbered."""
    name = table.desk.fresh("order")
    number = pa.array(np.arange(orders.count, dtype=np.int32))
    table.desk.connection.register(name, pa.table({"number": number, "order_number": orders.texts()}))
    return name
