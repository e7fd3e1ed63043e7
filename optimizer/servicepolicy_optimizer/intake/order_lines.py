"""Files of order lines -> a checked table; all complaints about the input, at once."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_optimizer.intake.checks import empty_file, line_findings
from servicepolicy_optimizer.intake.dates import read_other_date_orders
from servicepolicy_optimizer.intake.fields import Field, Kind, missing_columns
from servicepolicy_optimizer.intake.files import Unreadable, open_file
from servicepolicy_optimizer.intake.loading import load
from servicepolicy_optimizer.intake.workspace import Workspace


@dataclass(frozen=True)
class OrderTable:
    """Checked order lines in a workspace. The table has exactly the columns of ORDER_TABLE_COLUMNS."""

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
"""Column -> DuckDB type of the checked table. `row` counts as the file's reader does; the first five are never NULL
but for `price`."""


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

    Raises OrderLinesRejected with everything that blocks: a file that cannot be read, missing columns, broken lines,
    empty required cells, unreadable numbers and dates, dates that cannot be (with `today`, also dates after it).
    What does not block comes back as findings.
    """
    try:
        file = open_file(path, source.sheet, desk)
    except Unreadable as trouble:
        raise OrderLinesRejected([trouble.finding]) from trouble
    fields = order_line_fields(source)
    if absent := missing_columns(fields, file.relation.columns, file.name):
        raise OrderLinesRejected(absent)
    loaded = load(file, fields, desk, source.date_format, source.decimal)
    if loaded.blocking:
        raise OrderLinesRejected(loaded.findings)
    if loaded.rows == 0:
        raise OrderLinesRejected([*loaded.findings, empty_file(file.name)])
    findings = [*file.findings, *loaded.findings, *read_other_date_orders(loaded, desk, source)]
    findings += line_findings(loaded, fields, desk, source, today)
    if any(one.severity is Severity.ERROR for one in findings):
        raise OrderLinesRejected([one for one in findings if one.severity is Severity.ERROR])
    return OrderTable(desk, loaded.table, source, file.name, loaded.rows, tuple(findings))


def with_history(table: OrderTable, first_day: date | None, last_day: date | None) -> OrderTable:
    """The same lines with another history window, for fitting on one part and replaying the rest."""
    window = {
        "history_from": first_day.isoformat() if first_day else table.source.history_from,
        "history_to": last_day.isoformat() if last_day else table.source.history_to,
    }
    return replace(table, source=table.source.model_copy(update=window))
