"""Rows of a file in the workspace: a view of typed fields, and what could not be read in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from servicepolicy_models.errors import note
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.intake.examples import listed
from servicepolicy_optimizer.intake.fields import Field, Kind, recorded, value
from servicepolicy_optimizer.intake.files import OpenFile
from servicepolicy_optimizer.intake.workspace import Workspace


@dataclass(frozen=True)
class Loaded:
    """Rows in the workspace. For every number and time field f, `unread_f` holds what could not be read."""

    table: str
    """A view with `row` and the fields, without blank rows."""
    file_name: str
    row_word: str
    rows: int
    findings: tuple[Finding, ...]
    stored: str | None = None
    """The table below the view, for who changes cells; None where every question reads the file itself."""

    def row_names(self, rows: Sequence[int], count: int) -> str:
        """`line 118` or `lines 118, 902, ... (12 in all)`.

        >>> Loaded("t", "o.csv", "line", 9, ()).row_names([3, 4], 2)
        'lines 3, 4'
        """
        in_all = f" ({count} in all)" if count > len(rows) else ""
        return f"{self.row_word}{'s' if count > 1 else ''} {listed(rows, count)}{in_all}"


@dataclass(frozen=True)
class Writing:
    """How a file writes dates and numbers, where it holds them as text."""

    date_format: str | None = None
    decimal: str = "."


@dataclass(frozen=True)
class Rows:
    """How many rows a file has."""

    filled: int
    blank: int
    """Without any of the mapped columns."""


def column_types(file: OpenFile) -> dict[str, str]:
    """Column -> DuckDB type, as the file gives it."""
    return dict(zip(file.relation.columns, (str(one) for one in file.relation.dtypes), strict=True))


def read_columns(types: Mapping[str, str], fields: Sequence[Field], writing: Writing) -> list[str]:
    """The SQL of every field, and of what could not be read; `types` are those of the file's columns."""
    columns = []
    for field in fields:
        sql_type = types.get(field.column or "", "")
        read = value(field, sql_type, writing.date_format, writing.decimal)
        columns.append(f"{read} AS {field.name}")
        if field.kind is not Kind.TEXT:
            said = recorded(field, sql_type)
            columns.append(f"CASE WHEN ({read}) IS NULL THEN {said} END AS unread_{field.name}")
    return columns


def blank(types: Mapping[str, str], fields: Sequence[Field]) -> str:
    """The SQL condition that a row says nothing in any of the mapped columns."""
    said = [recorded(field, types[field.column]) for field in fields if field.column is not None]
    return f"COALESCE({', '.join(said)}) IS NULL"


def viewed(file: OpenFile, columns: str, below: str, row: str, rows: Rows, desk: Workspace) -> Loaded:
    """A view of `columns` of the table or view `below`, numbered, without blank rows."""
    table, findings = desk.fresh("line"), list(file.findings)
    where = "WHERE NOT blank" if rows.blank else ""
    desk.connection.execute(f"CREATE VIEW {table} AS SELECT {row} AS row, {columns} FROM {below} {where}")
    if rows.blank:
        what = f"{rows.blank:,} rows without any of the mapped columns were left out."
        findings.append(note(file.path.name, what, "table.blank_rows", rows.blank))
    return Loaded(table, file.path.name, file.row_word, rows.filled, tuple(findings))
