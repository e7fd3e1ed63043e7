"""Files of order lines -> a checked table; all complaints about the input, at once."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_optimizer.intake.checks import line_findings
from servicepolicy_optimizer.intake.dates import format_findings, read_other_date_orders
from servicepolicy_optimizer.intake.fields import Field, Kind
from servicepolicy_optimizer.intake.files import Unreadable
from servicepolicy_optimizer.intake.loaded import Writing
from servicepolicy_optimizer.intake.loading import read_fields
from servicepolicy_optimizer.intake.workspace import Workspace


@dataclass(frozen=True)
class OrderTable:
    """Checked order lines in a workspace. `table`, a view, has exactly the columns of ORDER_TABLE_COLUMNS."""

    desk: Workspace
    table: str
    source: OrderLines
    file_name: str
    rows: int
    findings: tuple[Finding, ...]

    def has(self, field: str) -> bool:
        """Whether the file carries this optional field."""
        return any(one.name == field and one.column is not None for one in order_line_fields(self.source))


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
    source: OrderLines, path: Path, desk: Workspace, today: date | None = None
) -> OrderTable:
    """Read a file of order lines into the workspace and check every row.

    Raises OrderLinesRejected with everything that blocks: a file that cannot be read, missing columns, broken
    lines, empty required cells, unreadable numbers and dates, dates that cannot be (with `today`, also dates
    after it). What does not block comes back as findings.
    """
    fields = order_line_fields(source)
    if wrong := format_findings(source, desk):
        raise OrderLinesRejected(wrong)
    desk.tell(0.0, "rows")
    try:
        writing = Writing(source.date_format, source.decimal)
        loaded = read_fields(path, source.sheet, fields, desk, writing, streamed=True)
    except Unreadable as trouble:
        raise OrderLinesRejected(trouble.findings) from trouble
    desk.tell(0.15, "checks")
    dates = read_other_date_orders(loaded, desk, source)
    findings = [*loaded.findings, *dates, *line_findings(loaded, fields, desk, source, today)]
    if any(one.severity is Severity.ERROR for one in dates):
        # That the dates are ambiguous says all; that each row cannot be read follows from it.
        findings = [one for one in findings if one.rule != "table.unreadable_date"]
    if blocking := [one for one in findings if one.severity is Severity.ERROR]:
        raise OrderLinesRejected(blocking)
    table = desk.fresh("order_line")
    desk.connection.execute(
        f"CREATE VIEW {table} AS SELECT {', '.join(ORDER_TABLE_COLUMNS)} FROM {loaded.table}"
    )
    return OrderTable(desk, table, source, loaded.file_name, loaded.rows, tuple(findings))


def with_history(table: OrderTable, first_day: date | None, last_day: date | None) -> OrderTable:
    """The same lines with another history window, for fitting on one part and replaying the rest."""
    window = {
        "history_from": first_day.isoformat() if first_day else table.source.history_from,
        "history_to": last_day.isoformat() if last_day else table.source.history_to,
    }
    return replace(table, source=table.source.model_copy(update=window))
