"""The columns of lines in numbers: as the tables of `profile.codes` number texts."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.line_groups import look_up
from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.intake.sql import text
from servicepolicy_optimizer.many_lines.line_store import Batch, LineStore
from servicepolicy_optimizer.many_lines.parquet_lines import NO_OTHERS, ParquetLines
from servicepolicy_optimizer.many_lines.stored_lines import Column, as_stored
from servicepolicy_optimizer.profile.numbered_lines import Judging

FIRST_ROW = 1
"""How a Parquet file's first row is called."""


def stated_columns(store: LineStore) -> Mapping[str, Column]:
    """Columns that a statement has numbered."""
    whole = ("spelling", "item", "customer", "place", "wording")
    return {name: as_stored(name) for name in store.columns} | {name: _widened(name) for name in whole}


def _widened(name: str) -> Column:
    return Column((name,), lambda batch, first, size: batch[name].astype(np.int32))


def numbered_columns(table: OrderTable, numbers: ParquetLines, judging: Judging) -> Mapping[str, Column]:
    """Columns of lines that are stored with numbers in the order in which texts were met."""
    known, find = judging.known, _Find(table, numbers)
    spelt = find.of("item", known.spellings, "recorded_item", "spelling")
    made = find.of("item", known.spellings, "recorded_item", "item")
    customers = NO_OTHERS
    if table.has("customer"):
        customers = find.of("customer", known.customers, "code", "customer")
    singles = find.of("nameless_order", known.customers, "order_number", "customer", len(numbers.order_lines))
    columns = {name: as_stored(name) for name in numbers.store.columns} | {
        "row": Column((), lambda batch, first, size: np.arange(first + FIRST_ROW, first + FIRST_ROW + size)),
        "pieces": Column(("pieces",), lambda batch, first, size: batch["pieces"].astype(np.float64)),
        "spelling": _looked_up("item", spelt),
        "item": _looked_up("item", made),
        "customer": _looked_up("customer", customers, singles),
        "nameless": Column(("customer",), lambda batch, first, size: batch["customer"] < 0),
        "back": find.cancels(judging.rules.cancellation_order_pattern),
        "place": _nothing(),
        "wording": _nothing(),
    }
    if known.regions is not None:
        columns["place"] = _looked_up("region", find.of("region", known.regions, "region", "place"))
    if known.descriptions is not None:
        wordings = find.of("description", known.descriptions, "description", "wording")
        columns["wording"] = _looked_up("description", wordings)
    return columns


class _Find:
    """What tables say of the texts that were met."""

    def __init__(self, table: OrderTable, numbers: ParquetLines) -> None:
        self._run, self._listed = table.desk.connection.execute, numbers.listed
        self._orders = len(numbers.order_lines)

    def of(self, field: str, table: str, column: str, wanted: str, texts: int | None = None) -> Any:
        """(texts,) the number `wanted` in the row of a table in which the text is in a column; -1 for none.

        `texts`: how many there are, where not all of them are listed.
        """
        found = self._run(
            f"SELECT listed.number, coalesce(found.{wanted}, -1) AS wanted "
            f"FROM {self._listed[field]} AS listed "
            f"LEFT JOIN (SELECT {column}, {wanted} FROM {table} WHERE {column} IS NOT NULL) AS found "
            f"ON found.{column} = trim(listed.text)"
        ).fetchnumpy()
        wanted_of = np.full(len(found["number"]) if texts is None else texts, -1, np.int32)
        wanted_of[found["number"]] = found["wanted"]
        return wanted_of

    def cancels(self, pattern: str | None) -> Column:
        """Whether a line is a cancellation: see `verdicts.is_cancellation`."""
        if not pattern:
            return Column(("pieces",), lambda batch, first, size: batch["pieces"] < 0)
        listed = self._listed["order_number"]
        found = self._run(
            f"SELECT number FROM {listed} WHERE regexp_matches(text, {text(pattern)})"
        ).fetchnumpy()
        said = np.zeros(self._orders, np.bool_)
        said[found["number"]] = True

        def back(batch: Batch, first: int, size: int) -> Any:
            return (batch["pieces"] < 0) | said[batch["order_key"]]

        return Column(("pieces", "order_key"), back)


def _looked_up(name: str, of: Any, others: Any = NO_OTHERS) -> Column:
    def worked(batch: Batch, first: int, size: int) -> Any:
        found = np.empty(size, np.int32)
        look_up(batch[name], of, others, found)
        return found

    return Column((name,), worked)


def _nothing() -> Column:
    return Column((), lambda batch, first, size: np.full(size, -1, np.int32))
