"""Rows that say in every mapped column what an earlier row says."""

import numpy as np

from servicepolicy_models.demand import CleaningRules
from servicepolicy_optimizer.intake.checks import inside_history
from servicepolicy_optimizer.intake.order_lines import ORDER_TABLE_COLUMNS, OrderTable

_NOT_COMPARED = {"row", "item"}
"""The number of a row is its own, and the item is compared as it counts."""


def item_code(rules: CleaningRules, recorded: str = "item") -> str:
    """The SQL of the code under which a line's item counts."""
    return f"upper({recorded})" if rules.item_code_upper_case else recorded


def duplicate_rows(table: OrderTable, rules: CleaningRules) -> str | None:
    """A table (row) of all but the first of equal rows inside the history, or None where all rows differ or
    none shall be dropped.

    Rows are told apart by a hash: 8 bytes a row, whatever their texts are. The few that share a hash are then
    compared in full.
    """
    if not rules.drop_exact_duplicates:
        return None
    desk = table.desk
    mapped = [name for name in ORDER_TABLE_COLUMNS if name not in _NOT_COMPARED and table.has(name)]
    columns = ", ".join([item_code(rules), *mapped])
    # A text's own hash is taken once for each text of a packed column; one of several texts, row by row.
    mark = f"hash(hash({item_code(rules)}), hash(order_number), pieces, ordered_at)"
    inside = inside_history(table.source)
    shared, duplicate = _shared(mark, inside, table), desk.fresh("duplicate")
    if not desk.connection.execute(f"SELECT count(*) FROM {shared}").fetchall()[0][0]:
        return None
    desk.connection.execute(
        f"""
        CREATE TABLE {duplicate} AS
        SELECT row FROM (
            SELECT row, row_number() OVER (PARTITION BY {columns} ORDER BY row) AS turn
            FROM {table.table} WHERE {inside} AND {mark} IN (SELECT mark FROM {shared})
        ) WHERE turn > 1
        """
    )
    return duplicate


def _shared(mark: str, inside: str, table: OrderTable) -> str:
    """A table (mark) of the hashes that more than one row has.

    To sort numbers is several times as quick as to count them in groups of one.
    """
    desk, shared = table.desk, table.desk.fresh("shared_hash")
    hashes = f"SELECT {mark} AS mark FROM {table.table} WHERE {inside}"
    if not desk.is_here:
        desk.connection.execute(
            f"CREATE TABLE {shared} AS SELECT mark FROM ({hashes}) AS hashes "
            "GROUP BY mark HAVING count(*) > 1"
        )
        return shared
    marks = np.asarray(desk.connection.execute(hashes).fetchnumpy()["mark"], np.uint64)
    marks.sort()
    arrays = desk.fresh("sorted_hash")
    desk.connection.register(arrays, {"mark": np.unique(marks[1:][marks[1:] == marks[:-1]])})
    desk.connection.execute(f"CREATE TABLE {shared} AS SELECT mark FROM {arrays}")
    desk.connection.unregister(arrays)
    return shared
