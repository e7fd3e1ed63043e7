"""Files of order lines -> a checked table; all complaints about the input, at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_optimizer.intake.checks import history_findings, line_findings, order_of_rows
from servicepolicy_optimizer.intake.dates import format_findings, read_other_date_orders
from servicepolicy_optimizer.intake.extent import extent
from servicepolicy_optimizer.intake.fields import Field, Kind
from servicepolicy_optimizer.intake.files import DAMAGED, Unreadable, Unsteady, kind_of
from servicepolicy_optimizer.intake.loaded import Loaded, Writing
from servicepolicy_optimizer.intake.loading import read_fields
from servicepolicy_optimizer.intake.workspace import Workspace

if TYPE_CHECKING:
    from servicepolicy_optimizer.many_lines.parquet_lines import ParquetLines


@dataclass(frozen=True)
class OrderTable:
    """Checked order lines in a workspace. `table`, a view, has exactly the columns of ORDER_TABLE_COLUMNS."""

    desk: Workspace
    table: str
    source: OrderLines
    file_name: str
    rows: int
    findings: tuple[Finding, ...]
    is_copied: bool = True
    """Whether the cells are in the workspace; else every question reads the file."""
    numbers: "ParquetLines | None" = None
    """All lines in numbers, where the file was read so."""

    def has(self, field: str) -> bool:
        """Whether the file carries this optional field."""
        return any(one.name == field and one.column is not None for one in order_line_fields(self.source))

    def days(self) -> tuple[date, date]:
        """The first and the last day of all lines."""
        if self.numbers is not None:
            return self.numbers.first_day, self.numbers.last_day
        found: tuple[date, date] = self.desk.connection.execute(
            f"SELECT min(ordered_at)::DATE, max(ordered_at)::DATE FROM {self.table}"
        ).fetchall()[0]
        return found

    def texts(self, field: str) -> str:
        """The SQL of the different texts of a field, under its name, without NULL."""
        if self.numbers is not None:
            return f"(SELECT DISTINCT trim(text) AS {field} FROM {self.numbers.listed[field]})"
        return f"(SELECT {field} FROM {self.table} WHERE {field} IS NOT NULL GROUP BY {field})"

    def nameless_orders(self) -> str:
        """The SQL of the numbers of orders (order_number) with a line that names no customer."""
        if self.numbers is not None:
            return f"(SELECT text AS order_number FROM {self.numbers.listed['nameless_order']})"
        nameless = "WHERE customer IS NULL" if self.has("customer") else ""
        return f"(SELECT order_number FROM {self.table} {nameless} GROUP BY order_number)"


ORDER_TABLE_COLUMNS = {
    "row": "BIGINT",
    "order_number": "VARCHAR",
    "item": "VARCHAR",
    "pieces": "DOUBLE",
    "ordered_at": "TIMESTAMP",
    "price": "DOUBLE",
    "customer": "VARCHAR",
    "region": "VARCHAR",
    "description": "VARCHAR",
    "unit_cost": "DOUBLE",
    "line_weight_kg": "DOUBLE",
}
"""Column -> DuckDB type of the checked table. `row` counts as the file's reader does; the first five are
never NULL but for `price`."""


def order_line_fields(source: OrderLines) -> tuple[Field, ...]:
    """The fields of an order line and the columns that the scenario maps to them."""
    columns = source.columns
    return (
        Field("order_number", columns.order, Kind.TEXT, required=True),
        Field("item", columns.item, Kind.TEXT, required=True),
        Field("pieces", columns.quantity, Kind.NUMBER, required=True),
        Field("ordered_at", columns.date, Kind.TIME, required=True),
        Field("price", columns.price, Kind.NUMBER),
        Field("customer", columns.customer, Kind.TEXT),
        Field("region", columns.region, Kind.TEXT),
        Field("description", columns.description, Kind.TEXT),
        Field("unit_cost", columns.unit_cost, Kind.NUMBER),
        Field("line_weight_kg", columns.weight_kg, Kind.NUMBER),
    )


def read_order_lines(
    source: OrderLines, path: Path, desk: Workspace, today: date | None = None, *, copied: bool = False
) -> OrderTable:
    """Read a file of order lines into the workspace and check every row. `copied`: no question reads the file
    again.

    Raises OrderLinesRejected with everything that blocks: a file that cannot be read, missing columns, broken
    lines, empty required cells, unreadable numbers and dates, dates that cannot be (with `today`, also dates
    after it). What does not block comes back as findings.
    """
    fields = order_line_fields(source)
    if wrong := format_findings(source, desk):
        raise OrderLinesRejected(wrong)
    desk.tell(0.0, "rows")
    if not copied:
        try:
            return _read(source, path, fields, desk, today, copied=False)
        except FOUND_LATE as trouble:
            if desk.is_short(trouble):
                raise
    return _read(source, path, fields, desk, today, copied=True)


FOUND_LATE = (*DAMAGED, Unsteady)
"""What a question can come upon in a file that is read where it is. A copy takes every cell, and says what is
wrong with the file; what is wrong with us is raised there again."""


def _read(
    source: OrderLines,
    path: Path,
    fields: Sequence[Field],
    desk: Workspace,
    today: date | None,
    *,
    copied: bool,
) -> OrderTable:
    numbers = None if copied else _numbers(source, path, fields, desk, today)
    try:
        writing, rows = Writing(source.date_format, source.decimal), numbers.store.rows if numbers else None
        loaded = read_fields(path, source.sheet, fields, desk, writing, streamed=not copied, sound_rows=rows)
    except Unreadable as trouble:
        raise OrderLinesRejected(trouble.findings) from trouble
    if numbers is None:
        findings = _checked(loaded, fields, desk, source, today)
    else:
        findings = [*loaded.findings, *order_of_rows(loaded, numbers.backward)]
    table = desk.fresh("order_line")
    desk.connection.execute(
        f"CREATE VIEW {table} AS SELECT {', '.join(ORDER_TABLE_COLUMNS)} FROM {loaded.table}"
    )
    is_copied = loaded.stored is not None
    return OrderTable(desk, table, source, loaded.file_name, loaded.rows, tuple(findings), is_copied, numbers)


def _numbers(
    source: OrderLines, path: Path, fields: Sequence[Field], desk: Workspace, today: date | None
) -> "ParquetLines | None":
    """All lines in numbers and checked, where they are many in a sound Parquet file; else None."""
    if not desk.is_here or kind_of(path) != "parquet" or history_findings(source):
        return None
    if extent(path).lines < desk.arrays_from_lines:
        return None
    # A compiler comes with it.
    from servicepolicy_optimizer.many_lines.parquet_lines import read_parquet_lines

    return read_parquet_lines(path, fields, today, desk)


def _checked(
    loaded: Loaded, fields: Sequence[Field], desk: Workspace, source: OrderLines, today: date | None
) -> list[Finding]:
    """What is found in the rows; raise OrderLinesRejected with what blocks."""
    desk.tell(0.15, "checks")
    dates = read_other_date_orders(loaded, desk, source)
    findings = [*loaded.findings, *dates, *line_findings(loaded, fields, desk, source, today)]
    if any(one.severity is Severity.ERROR for one in dates):
        # That the dates are ambiguous says all; that each row cannot be read follows from it.
        findings = [one for one in findings if one.rule != "table.unreadable_date"]
    if blocking := [one for one in findings if one.severity is Severity.ERROR]:
        raise OrderLinesRejected(blocking)
    return findings


def with_history(table: OrderTable, first_day: date | None, last_day: date | None) -> OrderTable:
    """The same lines with another history window, for fitting on one part and replaying the rest."""
    window = {
        "history_from": first_day.isoformat() if first_day else table.source.history_from,
        "history_to": last_day.isoformat() if last_day else table.source.history_to,
    }
    return replace(table, source=table.source.model_copy(update=window))
